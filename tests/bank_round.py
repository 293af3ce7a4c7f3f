# SPDX-License-Identifier: Apache-2.0
"""Many payments of one incident go out by a rail and come back as a bank says: see bank_round.sh. Says how many checks held."""

import datetime
import hashlib
import os
import random
import sys

import bank_simulated as bank_of
from bank_simulated import DAY, ask, bulk, export, fen, money, must, payments, run, submit

COUNT = int(os.environ["PAYMENTS"])
chance = random.Random(COUNT)
check = bank_of.Checks()


def book(name, *options):
    return run("bank-file", "book", name, *options, key="bank")


def booked(name):
    """Cut off again and again at some place, until it is through; then once more, which changes nothing."""
    code, cuts, patience = 137, 0, 0.02
    while code == 137:
        code, said, wrong = run("bank-file", "book", name, key="bank", kill_after=patience if cuts < 12 else None)
        cuts, patience = cuts + 1, patience * 1.5
    check(f"{name} is booked", code == 0, said + wrong)
    before = stands()
    code, said, wrong = book(name)
    check(f"{name} again", code == 0 and "all of it is booked" in said and stands() == before, said + wrong)


def stands():
    """What would be another if anything had been booked."""
    return ask("report.trial_balance", limit=200), ask("bank_file.list", key="bank", limit=200), [
        (row["payment_id"], row["state"]) for batch in ("monday", "tuesday") if os.path.exists(f"{batch}.d") for row in payments(batch)]


def refused(name, *texts):
    before = stands()
    code, said, wrong = book(name)
    check(f"{name} is refused", code == 1 and all(text in wrong for text in texts), f"{code} {said} {wrong[-1500:]}")
    check(f"of {name} nothing is booked", stands() == before)


def send(batch, bank):
    """Made, checked, written and sent; what the bank is to pay of it."""
    made = must("batch.make", run("submit", "batch.make", f"batch={batch}", "rail=bank", key="maker")) and ask("batch.show", batch=batch)
    must("batch.check", run("submit", "batch.check", f"batch={batch}", f"count={made['count']}", f"total={made['total']}", key="checker"))
    code, sent, wrong = export(batch, f"{batch}.d")
    check(f"{batch} is written", code == 0 and len(sent) == -(-made["count"] // 400), wrong)
    for words in sent:
        must("batch.sent", run("submit", *words, key="bank"))
    new = bank.take(f"{batch}.d")
    check(f"{batch} is whole", len(new) == made["count"] and sum(bank.orders[id] for id in new) == fen(made["total"]))
    return new


def states(batch):
    rows = payments(batch)
    return {row["payment_id"]: row for row in rows}


def attest(day, statement):
    """And ledger, custodian and statement are of one mind about it."""
    must("custody.attest", run("submit", "custody.attest", f"day={day}", "unit=CNY", f"balance={money(bank.balance)}",
        f"statement_hash={hashlib.sha256(open(statement, 'rb').read()).hexdigest()}", key="bank"))
    sides = ask("report.reconciliation", custodian="bank", day=day, unit="CNY")
    check(f"three sides of {day}", sides.get("agrees") == "yes" and sides["difference"] == "0.00"
        and fen(sides["ledger_closing"]) == fen(sides["attested"]) == bank.balance, sides)


ids = [f"c{number}" for number in range(COUNT)]
amounts = [1001 + number % 7 for number in range(COUNT)]
deposit = sum(amounts) + 100 * COUNT
bank_of.distributed(ids, amounts, deposit)
accounts = bank_of.Accounts()
accounts.add({id: f"62220{number:010d}" for number, id in enumerate(ids)})
bulk("payer", [("payout.instruct", {"claim": id, "payee": f"p-{id}"}) for id in ids])

bank = bank_of.Bank(0)
first = send("monday", bank)
claim_of = {id: row["claim"] for id, row in states("monday").items()}

# A tenth is missing everywhere; of the others some are rejected, some come back, and of some the bank knows nothing yet.
fate = {}
for place, id in enumerate(first):
    draw = place % 100
    fate[id] = ("missing" if draw < 10 else "account" if draw < 13 else "again" if draw < 16 else "unknown" if draw < 18
        else "back" if draw < 21 else "less" if draw < 24 else "paid")
by = lambda *kinds: [id for id in first if fate[id] in kinds]
rejected = {"account": "AC04", "again": "MS03"}
rows = [(id, "RJCT", rejected[fate[id]]) if fate[id] in rejected else (id, "WXYZ" if fate[id] == "unknown" else "ACSC", None)
    for id in first if fate[id] != "missing"]
bank.report("doubled.xml", rows + rows[:1])
code, said, wrong = book("doubled.xml")
check("a payment twice in a file", code == 65 and "is on line" in wrong, said + wrong)
foreign = first[0][:-1] + ("A" if first[0][-1] != "A" else "B")
bank.report("foreign.xml", rows + [(foreign, "ACSC", None), ("NEVER-ORDERED", "ACSC", None)])
refused("foreign.xml", "is of another ledger or rail", "NEVER-ORDERED was never ordered")
bank.report("reports.xml", rows)
booked("reports.xml")
bank.report("reordered.xml", chance.sample(rows, len(rows)))
booked("reordered.xml")
bank.report("disagrees.xml", [(rows[-1][0], "RJCT", "AC04"), (by("account")[0], "ACSP", None)])
refused("disagrees.xml", f"payment {by('account')[0]} is accepted in the file, and rejected in the ledger [STATE_WRONG]")
seen = states("monday")
check("what is missing is under way", all(seen[id]["state"] == "instructed" for id in by("missing")))
check("what is unknown is", all(seen[id]["state"] == "unknown" for id in by("unknown")))

# The statement: the deposit, half of the payments in one line, the others each in its own, with charges beside some; then what came back.
paid = by("paid", "back", "less", "unknown")
half = len(paid) // 2
lines = [bank.receipt(deposit, "b-1"), bank.pay(paid[:half])]
lines += [bank.pay([id], 30 if place % 50 == 0 else 0) for place, id in enumerate(paid[half:])]
lines += [bank.send_back(id, "AC04", 50 if fate[id] == "less" else 0) for id in by("back", "less")]
other = bank_of.Bank(0)
other.orders = {id: bank.orders[id] + 1 for id in by("missing")}
bank.statement("wrong-1.xml", 0, lines + [other.pay([id]) for id in by("missing")], notice=True)
refused("wrong-1.xml", *(f"payment {id} is {money(bank.orders[id] + 1)} CNY in the file" for id in by("missing")[:50]))
bank.statement("statement-1.xml", 0, lines)
booked("statement-1.xml")
bank.statement("notice-2.xml", 0, lines, notice=True)
booked("notice-2.xml")
seen = states("monday")
for kinds, state in ((("paid", "unknown"), "settled"), (("back", "less"), "returned"), (("account", "again"), "rejected"),
        (("missing",), "instructed")):
    check(f"{kinds} are {state}", all(seen[id]["state"] == state for id in by(*kinds)))
day_one = bank.balance

# What was refused for its account waits for another one, which rests for a day; all else that did not arrive goes to the same again.
code, said, wrong = submit("payer", [("payout.reissue", {"claim": claim_of[by("account")[0]], "reason": "r"})])
check("to the account that was wrong", code != 0 and "NOT_PERMITTED" in wrong, wrong)
accounts.change({claim_of[id]: f"62221{number:010d}" for number, id in enumerate(by("account"))})
must("a day", run("submit", "clock.advance", "seconds=86401", key="admin"))
attest(DAY, "statement-1.xml")
bank.day = (datetime.date.fromisoformat(DAY) + datetime.timedelta(1)).isoformat()
failed = by("account", "again", "back", "less")
bulk("payer", [("payout.reissue", {"claim": claim_of[id], "reason": "r"}) for id in failed])
second = send("tuesday", bank)
check("each has another id", not set(second) & set(first) and len(second) == len(failed))
claim_of.update((id, row["claim"]) for id, row in states("tuesday").items())
other.orders, other.lines, other.day = bank.orders, 10 * COUNT, bank.day
bank.statement("late-3.xml", 0, [other.pay(by("account")[:1])], notice=True)
code, said, wrong = book("late-3.xml", "--dry-run")
check("what was given up can be booked all the same", code == 0 and "1 payments were made" in said, said + wrong)
lines = [bank.pay([id]) for id in chance.sample(second + by("missing"), len(second) + len(by("missing")))]
bank.statement("statement-2.xml", day_one, lines)
booked("statement-2.xml")

# To the fen: each claim was paid once, by one order, and the account holds what the bank says.
seen = {**states("monday"), **states("tuesday")}
settled = {}
for id, row in seen.items():
    kept = id in bank.paid and id not in bank.back
    check(f"payment {id}", (row["state"] == "settled") == kept and fen(row["amount"]) == bank.orders[id], row)
    if kept:
        settled.setdefault(row["claim"], []).append(id)
check("one payment a claim", all(len(settled.get(id, [])) == 1 for id in ids))
check("the bank's own sum", bank.balance == deposit - sum(amounts) - bank.fees)
summary = ask("incident.summary", incident="i")
check("what was paid", fen(summary["paid"]) == sum(amounts), summary)
must("a day", run("submit", "clock.advance", "seconds=86400", key="admin"))
attest(bank.day, "statement-2.xml")
check("nothing is open", ask("report.bank_lines", custodian="bank", left="yes").get("lines") == [])
print(f"{COUNT} payments, {check.held} checks held")
sys.exit(0)
