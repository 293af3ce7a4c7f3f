# SPDX-License-Identifier: Apache-2.0
"""A file of a bank is booked, cut off with requests on the way, and booked anew: see bank_cut.sh. Says how many checks held."""

import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading

import bank_simulated as bank_of
from bank_simulated import ask, bulk, export, must, once, payments, run, submit

PATIENCE = 60
check = bank_of.Checks()


class Between:
    """Stands between one client and the service. Requests that have `word` in them are held from the first one on, `many` of them, or
    wait until `first` was called; everything else passes."""

    def __init__(self, word, many=0, nth=1, first=None):
        self.word, self.left, self.nth, self.first = word.encode(), many, nth, first
        self.held, self.answered, self.full = [], threading.Condition(), threading.Event()
        self.answers = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        host, port = os.environ["RECOURSE_URL"].rsplit("/", 1)[1].split(":")
        while True:
            client = self.listener.accept()[0]
            service = socket.create_connection((host, int(port)))
            threading.Thread(target=self._up, args=(client, service), daemon=True).start()
            threading.Thread(target=self._down, args=(service, client), daemon=True).start()

    @staticmethod
    def _read(of, size):
        """All of it; nothing where its other end is gone."""
        data = b""
        while len(data) < size:
            try:
                more = of.recv(size - len(data))
            except OSError:
                more = b""
            if not more:
                return b""
            data += more
        return data

    def _frames(self, of, to):
        to.sendall(self._read(of, 8))
        while True:
            head = self._read(of, 8)
            if not head:
                return
            yield head + self._read(of, struct.unpack(">Q", head)[0])

    def _up(self, client, service):
        for frame in self._frames(client, service):
            named = self.word in frame
            self.nth -= named
            if named and self.nth <= 0 and self.left > 0:
                self.left -= 1
                self.held.append((service, frame))
                if self.left == 0:
                    self.full.set()
                continue
            if named and self.nth <= 0 and self.first:
                first, self.first = self.first, None
                first()
            service.sendall(frame)

    def _down(self, service, client):
        for frame in self._frames(service, client):
            with self.answered:
                self.answers.add((service, frame[8:12]))
                self.answered.notify_all()
            try:
                client.sendall(frame)
            except OSError:  # it was killed: what it asked is decided all the same
                pass

    def release(self):
        """What was held is decided, in its order."""
        for service, frame in self.held:
            service.sendall(frame)
            with self.answered:
                here = self.answered.wait_for(lambda: (service, frame[8:12]) in self.answers, PATIENCE)
            check("what was held is answered", here)


def words_of(name, url):
    return ["bank-file", "book", name, "--url", url]


def shown(name):
    return ask("bank_file.show", key="bank", hash=hashlib.sha256(open(name, "rb").read()).hexdigest())


def cut_off(name, word, many=1, nth=1):
    """It is killed with that on the way."""
    between = Between(word, many=many, nth=nth)
    with subprocess.Popen([bank_of.RECOURSE, *words_of(name, between.url), "--key", "led/keys/bank"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) as child:
        check(f"{name}: {word} is on the way", between.full.wait(PATIENCE))
        child.kill()
    return between


def goes_on(name, held, word, pieces):
    """Begun anew; what is on the way is decided when it says that word for the first time, and is its own."""
    stood = []

    def decide():
        stood.append(shown(name))
        held.release()
        stood.append(shown(name))

    between = Between(word, first=decide)
    code, said, wrong = once(*words_of(name, between.url), key="bank")
    check(f"{name} goes on", code == 0 and not wrong, f"{code} {said} {wrong}")
    check(f"{name}: it was decided meanwhile", len(stood) == 2 and stood[0] != stood[1], stood)
    check(f"{name} is whole", shown(name).get("state") == "whole" and shown(name)["pieces"] == pieces, shown(name))
    code, said, wrong = run("bank-file", "book", name, key="bank")
    check(f"{name} once", code == 0 and "all of it is booked" in said, said + wrong)


def meets(name, word, first, *texts):
    """Begun, and what another does when it says that word is another's."""
    between = Between(word, first=first)
    code, said, wrong = once(*words_of(name, between.url), key="bank")
    check(f"{name} is another's", code == 1 and all(text in wrong for text in texts), f"{code} {said} {wrong}")


COUNT, LINES, EACH = 40, 2049, 5
ids = [f"c{number}" for number in range(COUNT)]
amounts = [1001] * COUNT
bank_of.distributed(ids, amounts, sum(amounts))
accounts = bank_of.Accounts()
accounts.add({id: f"62220{number:010d}" for number, id in enumerate(ids)})
bulk("payer", [("payout.instruct", {"claim": id, "payee": f"p-{id}"}) for id in ids])
bank = bank_of.Bank(0)
made = must("batch.make", run("submit", "batch.make", "batch=monday", "rail=bank", key="maker")) and ask("batch.show", batch="monday")
must("batch.check", run("submit", "batch.check", "batch=monday", f"count={made['count']}", f"total={made['total']}", key="checker"))
for words in export("monday", "monday.d")[1]:
    must("batch.sent", run("submit", *words, key="bank"))
left = bank.take("monday.d")
check("all are to be paid", len(left) == COUNT)


def notice(number):
    """Some payments, and so many receipts that it has two pieces."""
    name = f"notice-{number}.xml"
    paid = [left.pop() for _ in range(EACH)]
    bank.statement(name, 0, [bank.pay([id]) for id in paid] + [bank.receipt(1, f"r-{number}-{line}") for line in range(LINES)], notice=True)
    return name


bank.report("report.xml", [(id, "ACSP", None) for id in left])
goes_on("report.xml", cut_off("report.xml", "bank_file.piece"), "bank_file.piece", 1)
BEGIN, PIECE, ASKED, END = "bank_file.begin", "bank_file.piece", "bank.find_each", "bank_file.end"
cuts = [(BEGIN, 1, 1, BEGIN), (BEGIN, 1, 1, ASKED), (PIECE, 2, 1, PIECE), (PIECE, 2, 1, ASKED), (PIECE, 1, 2, PIECE), (END, 1, 1, END)]
for number, (word, many, nth, when) in enumerate(cuts, 1):
    name = notice(number)
    goes_on(name, cut_off(name, word, many, nth), when, 2)

# Another file of that id, and another first piece of this one: neither is its own.
name = notice(7)
other = {"file": name, "kind": "camt054", "hash": "ab" * 32, "number": 7, "unit": "CNY", "lines": 1, "credit": "0.01", "debit": "0.00"}
meets(name, BEGIN, lambda: submit("bank", [(BEGIN, other)]), f"bank_file.begin {name} refused", "[EXISTS]")
begun = ask("bank_file.show", key="bank", file=name)["entry"]
code, said, wrong = submit("bank", [("bank_file.give_up", {"entry": begun, "reason": "r"})], "--json")
must("by two people", run("submit", "proposal.approve", f"proposal={json.loads(said)['results'][0]['entry']}", key="checker"))
line = {"line": "r-7-0", "amount": "0.01", "unit": "CNY", "direction": "credit", "day": bank.day}
piece = [(PIECE, {"file": name, "piece": 1, "lines": 1, "credit": "0.01", "debit": "0.00"}), ("bank.line", line)]
meets(name, PIECE, lambda: must("a piece", submit("bank", piece)), "in other pieces than these [NOT_PERMITTED]")

# Two at it at once: each takes for its own what the other did.
bank.statement("notice-8.xml", 0, [bank.receipt(1, f"r-8-{line}") for line in range(2 * LINES)], notice=True)
both = [subprocess.Popen([bank_of.RECOURSE, "bank-file", "book", "notice-8.xml", "--key", "led/keys/bank"], stdout=subprocess.PIPE,
    stderr=subprocess.PIPE, text=True) for _ in range(2)]
for child in both:
    said, wrong = child.communicate()
    check("two at once", child.returncode == 0, said + wrong)
check("it is whole", shown("notice-8.xml")["state"] == "whole" and shown("notice-8.xml")["pieces"] == 3)
seen = {row["payment_id"]: row["state"] for row in payments("monday")}
settled = [id for id in seen if seen[id] == "settled"]
check("each was paid once", len(settled) == EACH * len(cuts) and set(settled) < set(bank.paid), settled)
print(f"{len(cuts) + 1} cuts, {check.held} checks held")
sys.exit(0)
