# SPDX-License-Identifier: Apache-2.0
#
# import_changed.py RECOURSE KEY URL: FILES files of rows, each changed at random in ways that mean nothing or spoil the rows in which
# they are, are imported; then the ledger has each good row, as it was meant, and no bad one. SEED says which files.

import base64
import json
import os
import random
import subprocess
import sys

recourse, key, url = sys.argv[1:4]
FILES = int(os.environ["FILES"])
SEED = int(os.environ.get("SEED", "1"))
HEADINGS = [("entitlement", "卡号"), ("holder", "持卡人"), ("issuer", "发卡机构"), ("merchant", "商户"), ("channel", "渠道"),
	("unit", "单位"), ("quantity", "数量"), ("cost", "购买金额"), ("currency", "币种"), ("issued", "购买时间")]


def item(data, at):
	head, at = data[at], at + 1
	kind, size = head >> 5, head & 31
	if size >= 24:
		width = 1 << (size - 24)
		size, at = int.from_bytes(data[at:at + width], "big"), at + width
	if kind < 2:
		return (size if kind == 0 else -1 - size), at
	if kind < 4:
		value = data[at:at + size]
		return (value.decode() if kind == 3 else value), at + size
	if kind == 7:
		return None, at
	items = []
	for _ in range(size * (kind - 3)):
		one, at = item(data, at)
		items.append(one)
	return (items if kind == 4 else dict(zip(items[::2], items[1::2]))), at


def ask(*words):
	run = subprocess.run([recourse, "query", *words, "--json", "--key", key, "--url", url], capture_output=True)
	return json.loads(run.stdout)


def wide(text):
	return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def grouped(text):
	whole, point, rest = text.partition(".")
	return f"{int(whole):,}" + point + rest


def less(text):
	return text.rstrip("0").rstrip(".")


# A row: what is meant, and how it is written.
def row(rng, number, name):
	meant = {"entitlement": name, "holder": f"h-{number}", "issuer": "Y", "merchant": "M", "channel": "app", "unit": "L",
		"quantity": f"{rng.randrange(1, 5000000) / 1000:.3f}", "cost": f"{rng.randrange(1, 999999) / 100:.2f}", "currency": "CNY",
		"issued": f"2026-05-{rng.randrange(1, 29):02}T{rng.randrange(8, 24):02}:{rng.randrange(60):02}:00Z"}
	written = dict(meant)
	written["issued"] = rng.choice([written["issued"], local(written["issued"], rng)])
	for field in ("quantity", "cost"):
		written[field] = rng.choice([lambda x: x, less, less])(written[field])
	return meant, written


# The same in China, where it is eight hours later.
def local(time, rng):
	day, hour, minute = int(time[8:10]), int(time[11:13]) + 8, time[14:16]
	day, hour = day + hour // 24, hour % 24
	return rng.choice([f"2026/5/{day} {hour}:{minute}", f"2026年5月{day}日 {hour:02}:{minute}", f"2026-05-{day:02}T{hour:02}:{minute}:00+08:00"])


SPOILS = [
	lambda c, rng: c.update(entitlement="6.2226E+18"),
	lambda c, rng: c.update(entitlement="6.2226E18"),
	lambda c, rng: c.update(cost="1.2E5"),
	lambda c, rng: c.update(cost=c["cost"] + "x"),
	lambda c, rng: c.update(cost="-" + c["cost"]),
	lambda c, rng: c.update(cost="1,00"),
	lambda c, rng: c.update(quantity="1.23456"),
	lambda c, rng: c.update(quantity=""),
	lambda c, rng: c.update(quantity="0"),
	lambda c, rng: c.update(issued="4/5/2026"),
	lambda c, rng: c.update(issued="2026/2/30 10:00"),
	lambda c, rng: c.update(issued="2026/5/4 25:00"),
	lambda c, rng: c.update(holder="周某"),
	lambda c, rng: c.update(holder="13800138000"),
	lambda c, rng: c.update(merchant="nobody"),
	lambda c, rng: c.update(currency="XXX"),
	lambda c, rng: c.update(unit="nothing"),
	lambda c, rng: c.update(unit=""),
	lambda c, rng: c.update(entitlement="=" + c["entitlement"]),
	lambda c, rng: c.update(extra="x"),
	lambda c, rng: (c.pop("issued"), c.pop("currency")),
	lambda c, rng: c.update(holder='h"h', raw=True),
	lambda c, rng: c.update(holder="h\rh", raw=True),
	lambda c, rng: c.update(broken=True),
]


class File:
	def __init__(self, number):
		self.rng = rng = random.Random(SEED * 1000003 + number)
		self.number = number
		self.encoding = rng.choice(["utf-8", "utf-8-sig", "gb18030", "gb18030", "utf-16", "utf-16-be"])
		self.separator = rng.choice([",", ",", ";", "\t"])
		self.end = rng.choice(["\n", "\r\n"])
		self.good = {}
		self.rows = self.bad = 0
		self.parts = []
		self.tail = rng.choice(["", "", self.separator])
		chinese = rng.randrange(2)
		self.line([heading[chinese] for heading in HEADINGS])
		for index in range(rng.randrange(1, 30)):
			self.add(index)
		data = b"".join(self.parts)
		if rng.randrange(4) == 0:
			data = data[:-len(self.coded(self.end))]
		mark = {"utf-16": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-8-sig": b"\xef\xbb\xbf"}
		self.data = mark.get(self.encoding, b"") + data

	def coded(self, text):
		return text.encode({"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(self.encoding, self.encoding))

	def cell(self, text, raw):
		rng = self.rng
		if raw:
			return text
		quoted = any(c in text for c in self.separator + '"\r\n') or rng.randrange(6) == 0
		return '"' + text.replace('"', '""') + '"' if quoted else text

	def line(self, cells, raw=False, broken=False):
		text = self.separator.join(self.cell(cell, raw) for cell in cells) + self.tail + self.end
		data = self.coded(text)
		if broken:
			# Within a character of the encoding there is no such byte, whatever stands around it.
			data = {"utf-16": b"\x00\xd8", "utf-16-be": b"\xd8\x00"}.get(self.encoding, b"\xff") + data
		self.parts.append(data)

	def add(self, index):
		rng = self.rng
		meant, written = row(rng, index, f"t{SEED}-{self.number}-{index}")
		spoilt = rng.randrange(5) == 0
		self.rows += 1
		if rng.randrange(8) == 0:
			self.parts.append(self.coded(rng.choice(["", self.separator * 9]) + self.end))
		if spoilt:
			rng.choice(SPOILS)(written, rng)
			self.bad += 1
		else:
			self.good[meant["entitlement"]] = meant
			self.dress(written)
		raw, broken = written.pop("raw", False), written.pop("broken", False)
		self.line(list(written.values()), raw, broken)

	# What means nothing.
	def dress(self, written):
		rng = self.rng
		for field in written:
			if field in ("quantity", "cost") and self.separator != ";" and rng.randrange(3) == 0:
				written[field] = grouped(written[field])
			if rng.randrange(5) == 0:
				written[field] = wide(written[field])
			if rng.randrange(9) == 0:
				written[field] = rng.choice([" ", "\u3000", "\xa0"]) + written[field] + " "

	def run(self):
		name = f"changed-{self.number}.csv"
		with open(name, "wb") as out:
			out.write(self.data)
		words = [recourse, "import", "entitlements", name, "--json", "--zone", "Asia/Shanghai", "--key", key, "--url", url]
		words += ["--chunk", str(self.rng.choice([1, 3, 2000]))]
		if self.encoding == "gb18030":
			words += ["--encoding", "gb18030"]
		run = subprocess.run(words, capture_output=True, text=True)
		said = json.loads(run.stdout) if run.stdout else {}
		wanted = {"rows": self.rows, "accepted": len(self.good), "already_in": 0, "rejected": self.bad}
		came = {name: said.get(name) for name in wanted}
		rejects = os.path.exists(name + ".rejects.csv")
		if came != wanted or run.returncode != (1 if self.bad else 0) or rejects != (self.bad > 0):
			sys.exit(f"file {self.number} of SEED={SEED}: {came}, not {wanted}; exit code {run.returncode} {run.stderr}")
		if rejects:
			self.check_rejects(name + ".rejects.csv")

	# They are in the encoding of the file, and as they are they are refused once more, all of them.
	def check_rejects(self, name):
		words = [recourse, "import", "entitlements", name, "--json", "--zone", "Asia/Shanghai", "--key", key, "--url", url,
			"--rejects", "again.csv"]
		if self.encoding == "gb18030":
			words += ["--encoding", "gb18030"]
		run = subprocess.run(words, capture_output=True, text=True)
		said = json.loads(run.stdout) if run.stdout else {}
		if said.get("rejected") != self.bad or said.get("accepted") != 0:
			sys.exit(f"the rejects of file {self.number} of SEED={SEED}: {said} {run.stderr}")


# Bytes changed anywhere: it ends as it should, and what it counts adds up.
def shake(file):
	rng = file.rng
	data = bytearray(file.data)
	for _ in range(rng.randrange(1, 6)):
		at = rng.randrange(len(data))
		change = rng.randrange(3)
		if change == 0:
			data[at] = rng.randrange(256)
		elif change == 1:
			del data[at]
		else:
			data.insert(at, rng.choice(b'"\r\n,;\0\xff\x80='))
	with open("shaken.csv", "wb") as out:
		out.write(data)
	words = [recourse, "import", "entitlements", "shaken.csv", "--json", "--zone", "Asia/Shanghai", "--key", key, "--url", url]
	if file.encoding == "gb18030":
		words += ["--encoding", "gb18030"]
	run = subprocess.run(words, capture_output=True, text=True)
	if run.returncode not in (0, 1, 65):
		sys.exit(f"shaken file {file.number} of SEED={SEED}: exit code {run.returncode} {run.stderr}")
	if run.stdout:
		said = json.loads(run.stdout)
		if said["rows"] != said["accepted"] + said["already_in"] + said["rejected"]:
			sys.exit(f"shaken file {file.number} of SEED={SEED}: {said}")


def lots(first):
	found = {}
	while first is not None:
		page = ask("entry.list", f"from={first}", "limit=500")
		for one in page["entries"]:
			entry = item(base64.b64decode(one["bytes"]), 0)[0]
			if entry[10] == "entitlement.issue":
				found[entry[11]["entitlement"]] = entry[11]
		first = page.get("next") or page.get("next_entry")
	return found


first = ask("service.info")["entries"]
files = [File(number) for number in range(FILES)]
wanted = {}
for file in files:
	file.run()
	wanted.update(file.good)
found = lots(first)
if found.keys() != wanted.keys():
	sys.exit(f"lost {sorted(wanted.keys() - found.keys())[:5]}, taken {sorted(found.keys() - wanted.keys())[:5]}")
for name, meant in wanted.items():
	came = {field: found[name].get(field) for field in meant}
	if came != meant:
		sys.exit(f"{name}: {came}, not {meant}")
for file in files:
	shake(file)
print(f"{FILES} files, {len(wanted)} good rows, {sum(file.bad for file in files)} bad ones")
