# SPDX-License-Identifier: Apache-2.0
"""Sixteen clients, one bank, and a server that is killed again and again: see bank_race.sh. Says how many checks held."""

import atexit
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import bank_simulated as bank_of
from bank_simulated import ask, export, fen, must, payments, run, submit

KILLS, SEED = int(os.environ["KILLS"]), int(os.environ["SEED"])
CLAIMS, CLIENTS, PATIENCE = max(40, KILLS), 16, 600


class Server:
    """The program on its ledger: killed at any time, and there again at the same address."""

    def __init__(self):
        self.listen = "tcp://127.0.0.1:0"
        self.begin()
        os.environ["RECOURSE_URL"] = self.listen

    def begin(self):
        log = open("serving", "a")
        self.child = subprocess.Popen([bank_of.RECOURSE, "serve", "led", "--listen", self.listen], stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.child.stdout:
            words = [word for word in line.split() if word.startswith("tcp://")]
            if words:
                self.listen = words[0]
                return
        raise SystemExit("the server does not come: " + open("serving").read()[-1000:])

    def leave(self):
        """With this program its server goes, too."""
        if self.child.poll() is None:
            self.child.kill()

    def end(self, how):
        self.child.send_signal(how)
        code = self.child.wait()
        self.child.stdout.close()
        return code


class World:
    """What all clients know: the bank, its files, and what was acknowledged, which is on disk before anybody goes on."""

    def __init__(self, bank):
        self.bank, self.lock, self.acknowledged, self.files, self.batches, self.sent = bank, threading.Lock(), [], [], [], set()
        self.list = os.open("acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.done, self.refused = threading.Event(), 0

    def heard(self, *what):
        with self.lock:
            os.write(self.list, (" ".join(what) + "\n").encode())
            os.fsync(self.list)
            self.acknowledged.append(what)

    def deliver(self, directory, chance):
        """The bank reads a batch's files, however often they come, and answers what is new in files of its own."""
        with self.lock:
            bank = self.bank
            new = bank.take(directory)
            if not new:
                return
            chance.shuffle(new)
            refused = new[: len(new) // 7]
            paid = new[len(refused) :]
            back = paid[: len(paid) // 7]
            name = f"report-{len(self.files)}.xml"
            bank.report(name, [(id, "RJCT", "MS03") if id in refused else (id, "ACSC", None) for id in new])
            self.files.append(name)
            joined = paid[: len(paid) // 3]
            lines = ([bank.pay(joined)] if joined else []) + [bank.pay([id]) for id in paid[len(joined) :]]
            for entries in (lines, [bank.send_back(id, "AC04", 50 * (place % 2)) for place, id in enumerate(back)]):
                if entries:
                    name = f"notice-{len(self.files)}.xml"
                    bank.statement(name, 0, entries, notice=True)
                    self.files.append(name)


class Client(threading.Thread):
    def __init__(self, world, number):
        super().__init__(daemon=True)
        self.world, self.name, self.chance = world, f"client-{number}", random.Random(SEED * CLIENTS + number)

    def run(self):
        work = [self.order] * 3 + [self.batch] * 2 + [self.book] * 5 + [self.by_hand] * 2 + [self.again] * 2
        while not self.world.done.is_set():
            self.chance.choice(work)()

    def some(self, of):
        with self.world.lock:
            return self.chance.choice(of) if of else None

    def say(self, key, name, request=None, **fields):
        """A retry has the same request now and then, and a new one otherwise: neither may do it twice."""
        options = ["--request", request] if request and self.chance.random() < 0.5 else []
        return submit(key, [(name, fields)], *options)[0] == 0

    def order(self):
        claim = f"c{self.chance.randrange(CLAIMS)}"
        if self.say("payer", "payout.instruct", f"order-{claim}", claim=claim, payee=f"p-{claim}"):
            self.world.heard("ordered", claim)

    def batch(self):
        with self.world.lock:
            batches = self.world.batches
            left = [name for name in batches if name not in self.world.sent]
            if len(left) < 3:
                batches.append(f"b-{len(batches)}")
            name = self.chance.choice((left or batches[-1:]) + batches[-2:])
        self.say("maker", "batch.make", f"make-{name}", batch=name, rail="bank")
        row = ask("batch.show", batch=name)
        if row.get("state") == "made":
            self.say("checker", "batch.check", f"check-{name}", batch=name, count=row["count"], total=row["total"])
        directory = f"{name}.{self.name}"
        code, sent, _ = export(name, directory)
        early = self.chance.random() < 0.3
        if code == 0 and early:
            self.world.deliver(directory, self.chance)
        told = [run("submit", *words, key="bank")[0] == 0 for words in sent]
        went = code == 0 and ask("batch.show", batch=name).get("state") == "sent"
        if went:
            self.world.deliver(directory, self.chance)
            self.world.sent.add(name)
        if went and all(told):
            self.world.heard("sent", name)
        shutil.rmtree(directory, ignore_errors=True)

    def book(self):
        name = self.some(self.world.files)
        if name is None:
            return
        code, _, wrong = run("bank-file", "book", name, key="bank", kill_after=self.chance.choice([0.05, 0.2, None, None]))
        if code == 0:
            self.world.heard("booked", name)
        elif code == 1:
            self.world.refused += 1

    def by_hand(self):
        """One line, or one word of the bank's, before or after the file that has it."""
        with self.world.lock:
            bank = self.world.bank
            id = self.chance.choice(list(bank.orders) or [None])
            line, paid = bank.line_of.get(id), id in bank.paid
        row = ask("payment.find", "bank", payment_id=id) if id else {}
        if "claim" not in row:
            return
        fields = {"claim": row["claim"], "order": row["order"]}
        if line and self.say("bank", "payout.settle", f"settle-{id}", bank_reference=line, **fields):
            self.world.heard("settled", id)
        elif not paid and self.say("bank", "payout.report", f"report-{id}", status="rejected", code="MS03", **fields):
            self.world.heard("rejected", id)

    def again(self):
        claim = f"c{self.chance.randrange(CLAIMS)}"
        self.say("payer", "payout.reissue", None, claim=claim, reason="r")


def all_payments(world):
    rows = {}
    for name in world.batches:
        if "error" not in ask("batch.show", batch=name):
            rows.update((row["payment_id"], row) for row in payments(name))
    return rows


def settled(rows):
    return {row["claim"] for row in rows.values() if row["state"] == "settled"}


def through(world):
    """Every claim is paid, and the bank has nothing that the ledger has not booked."""
    rows = all_payments(world)
    with world.lock:
        bank = world.bank
        kept = {id for id in bank.paid if id not in bank.back}
    whole = all(ask("bank_file.show", "bank", hash=hash_of(name)).get("state") == "whole" for name in world.files)
    return whole and len(settled(rows)) == CLAIMS and {id for id, row in rows.items() if row["state"] == "settled"} == kept


def hash_of(name):
    return must("sha256sum", (0, subprocess.run(["sha256sum", name], capture_output=True, text=True, check=True).stdout, "")).split()[0]


server = Server()
atexit.register(server.leave)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
must("the world", run("play", "--url", server.listen, "--keys", "led/keys", "--log-key", "@led/keys/log.pub", "world.case"))
ids = [f"c{number}" for number in range(CLAIMS)]
amounts = [1001 + number for number in range(CLAIMS)]
deposit = 3 * sum(amounts)
bank_of.distributed(ids, amounts, deposit)
bank_of.Accounts().add({id: f"62220{number:010d}" for number, id in enumerate(ids)})

world = World(bank_of.Bank(deposit))
clients = [Client(world, number) for number in range(CLIENTS)]
for client in clients:
    client.start()
chance = random.Random(SEED)
for kill in range(KILLS):
    time.sleep(chance.choice([0.02, 0.1, 0.3, 0.6, 1.0]) * chance.random())
    assert server.end(signal.SIGKILL) == -signal.SIGKILL, "the server ended by itself"
    server.begin()
limit = time.monotonic() + PATIENCE
while not through(world) and time.monotonic() < limit:
    time.sleep(0.5)
world.done.set()
for client in clients:
    client.join()

check = bank_of.Checks(f" (seed {SEED})")
bank, rows = world.bank, all_payments(world)
count = {}
for id, row in rows.items():
    if row["state"] == "settled":
        count.setdefault(row["claim"], []).append(id)
check("it came to an end", through(world), {claim: len(count.get(claim, [])) for claim in ids if len(count.get(claim, [])) != 1})
check("one settled payment a claim", all(len(count.get(id, [])) == 1 for id in ids), count)
for id, row in rows.items():
    state = "settled" if id in bank.paid and id not in bank.back else "returned" if id in bank.back else "rejected"
    check(f"payment {id}", row["state"] == state or id not in bank.orders and row["state"] in ("draft", "checked", "instructed"),
        f"{row} {state}")
check("the bank was asked for nothing else", set(bank.orders) <= set(rows), set(bank.orders) - set(rows))
check("of each claim one payment stays", sum(bank.orders[id] for id in bank.paid if id not in bank.back) == sum(amounts))
for what, of in set(world.acknowledged):
    if what == "booked":
        holds = ask("bank_file.show", "bank", hash=hash_of(of)).get("state") == "whole"
    elif what == "sent":
        holds = ask("batch.show", batch=of).get("state") == "sent"
    elif what == "ordered":
        holds = any(row["claim"] == of for row in rows.values())
    else:
        holds = rows[of]["state"] in ({"settled": ("settled", "returned"), "rejected": ("rejected",)}[what])
    check(f"acknowledged: {what} {of}", holds)
cash = ask("account.balance", code=1010, party="bank", unit="CNY")
check("the account", fen(cash["balance"]) == bank.balance == deposit - sum(amounts) - bank.fees, cash)
assert server.end(signal.SIGTERM) == 0
print(f"{KILLS} kills, {len(world.acknowledged)} acknowledged, {world.refused} files refused, {len(world.files)} files, {check.held} checks held")
