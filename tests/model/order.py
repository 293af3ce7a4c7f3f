# SPDX-License-Identifier: Apache-2.0
"""The same events in different orders, each on its side of the bar date: what the program says in the end is compared with
what it says after another order, without the model. See README.md."""
import copy
import random

import history

ASK = "? auditor {what} : ~@end"      # nothing has it, so that the whole answer is shown
END = "~@end"
TOLERANCE = 2                         # steps between the parts of equal claims, and of one claim in two orders

# Their amount is of the moment, by the words themselves.
OF_THE_MOMENT = ("release", "write_off", "call", "hold", "ask", "not_paid", "part", "tardy", "make_good", "bank_interest",
                 "unpaid", "end_instrument", "use", "had_late", "offer_paid", "remit", "take_surplus", "pay_consumers", "repay",
                 "give_up_clawback", "give_up_owed", "judge", "insolvent", "repay_after_all", "make_good_for", "retain", "ask_records", "correct_word")


def is_of_the_moment(w):
    """Or a return stands open: what the funder had before it counts; or which of several incidents lacked most when money came."""
    return bool(w.plan.batches) or any(kind in OF_THE_MOMENT for kind, _ in w.done) or any(
        x["payout"] == "returned" and x["state"] == "decided" for x in w.claims.values())


def sides(events):
    """What is before the bar date, and what is from there on."""
    at = next((n for n, (kind, _) in enumerate(events) if kind == "bar"), len(events))
    return events[:at], events[at:at + 1], events[at + 1:]


def walked(plan, events):
    w = history.Walk(plan)
    return w if all(w.step(e) for e in events) else None


def every(plan, before, events):
    """Every order of these events, after those before, in which each has its turn."""
    w = walked(plan, before)
    early, bar, late = sides(events)

    def go(w, order, left, rest):
        if not left:
            if rest:
                yield from go(w, order, rest[0], rest[1:])
            else:
                yield before + order
        for n, event in enumerate(left):
            if event in left[:n]:
                continue                # the same again
            then = copy.deepcopy(w, {id(plan): plan})
            if then.step(event):
                yield from go(then, order + [event], left[:n] + left[n + 1:], rest)
    yield from go(w, [], early, [part for part in (bar, late) if part])


def another(plan, events, rng, before=()):
    """Some order of them behind those before; None where none was found."""
    for _ in range(8):
        w, order = walked(plan, before), []
        for part in sides(events):
            left = list(part)
            while left:
                rng.shuffle(left)
                event = next((e for e in left if w.step(e)), None)
                if event is None:
                    break
                left.remove(event)
                order.append(event)
        if len(order) == len(events):
            return list(before) + order
    return None


def small(seed, most, without):
    """Of a random history so many events that follow one another, of as many kinds as can be had: the plan, what is before
    them, and they. Lots, and most claims, are there beforehand."""
    rng = random.Random(seed)
    plan = history.make(seed, claimants=rng.choice((1, 2, 2, 3)), without=without)
    first = [e for e in plan.events if e[0] in ("lot", "declare") and rng.random() < 0.8 or e[0] == "file" and rng.random() < 0.6]
    w = history.Walk(plan)
    before = [e for e in sorted(first, key=lambda e: ("lot", "declare", "file").index(e[0])) if w.step(e)]
    left = list(plan.events)
    for e in before:
        left.remove(e)
    plan.events = left
    order = before + history.shuffled(plan, rng, w)
    at = max(range(max(1, len(order) - most + 1)), key=lambda at: (len({kind for kind, _ in order[at:at + most]}), rng.random()))
    return plan, order[:at], order[at:at + most]


# ---- what stands in the end ----

def questions(w):
    asked = ["report.trial_balance"] + ["incident.summary incident=" + i for i in sorted(w.incidents)]
    asked += ["claim.brief claim=" + c for c in sorted(w.claims)]
    return ["  " + ASK.format(what=what) for what in asked]


def steps(text, digits):
    return round(float(text) * 10 ** digits)


def position(w, answers):
    """What no order may change, and what each claim got."""
    digits, exact, parts = w.digits, {}, {}
    for what, answer in answers.items():
        kind = what.split()[2]
        if kind == "report.trial_balance":
            for a in answer["accounts"]:
                reference = "@" if a["reference"].startswith("@") else a["reference"]
                key = "%d %s %s %s" % (a["code"], a["party"] or "-", reference, a["unit"])
                exact[key] = exact.get(key, 0) + steps(a["debit"], 3) - steps(a["credit"], 3)
        elif kind == "incident.summary":
            add_summary(answer, exact, digits)
        else:
            parts[answer["claim"]] = steps(answer["paid"], digits)
    net_of_the_funder(w, exact, 10 ** (3 - digits))
    return {key: amount for key, amount in exact.items() if amount}, parts


def net_of_the_funder(w, exact, step):
    """It is asked for more where it is asked early; in the end it has that back, or is owed it."""
    for incident in w.incidents:
        moved = (w.funded.get(incident, 0) - w.remitted.get(incident, 0)) * step
        for key in ("1010 bank  " + w.plan.unit, "2170 P %s %s" % (incident, w.plan.unit)):
            exact[key] = exact.get(key, 0) + (moved if key[0] == "2" else -moved)


PARTY = ("liability", "met_by_deposit", "recourse", "received", "open", "over_paid", "interest")
SECTION = ("loss", "paid", "approved", "from_deposit", "from_issuer", "from_instruments", "given", "restored")


def add_summary(summary, exact, digits):
    incident = summary["incident"]
    for row in summary["sections"]:
        for name in SECTION:
            exact["section %s %s %s" % (incident, row["merchant"], name)] = steps(row[name], digits)
        exact["section %s %s advanced" % (incident, row["merchant"])] = steps(row["advanced"], digits) - steps(
            row["repaid"], digits)
    for n, row in enumerate(summary["liable_parties"]):         # section by section
        where = "party %s %s (%d) " % (incident, row["party"], n)
        exact[where + "state"] = row["state"]
        for name in PARTY:
            exact[where + name] = steps(row[name], digits)


# ---- what differs ----

def equals(w):
    """Claims that are equal: of one merchant, as much lost, all decided."""
    groups = {}
    for c, x in w.claims.items():
        if x["state"] == "decided" and x["payout"] == "settled":
            groups.setdefault((x["incident"], x["merchant"], x["loss"], x["elsewhere"], repr(sorted(x["direct"].items()))),
                              []).append(c)
    return [sorted(g) for g in groups.values() if len(g) > 1]


def unequal(w, parts):
    """Within one order: equal claims are within two steps, and of those that came in together the first by id has more."""
    for claims in equals(w):
        had = [parts[c] for c in claims]
        if max(had) - min(had) > TOLERANCE:
            return "equal claims %s have %s" % (" ".join(claims), had)
        for cohort in {w.claims[c].get("cohort") for c in claims}:
            of_it = [parts[c] for c in claims if w.claims[c].get("cohort") == cohort]
            if of_it != sorted(of_it, reverse=True):
                return "ties are not by id: %s have %s" % (" ".join(claims), had)
    return None


def differs(one, other):
    """Two ends of the same events: (walk, position) each. None, or what differs: name -> both amounts."""
    (w, (exact, parts)), (v, (exact_v, parts_v)) = one, other
    found = {key: (exact.get(key, 0), exact_v.get(key, 0)) for key in sorted({*exact, *exact_v})
             if exact.get(key, 0) != exact_v.get(key, 0)}
    may = 0 if w.seen == v.seen else TOLERANCE      # the same rounds of the same claims: not by a step
    for c in sorted({*parts, *parts_v}):
        if abs(parts.get(c, 0) - parts_v.get(c, 0)) > may:
            found["claim " + c] = (parts.get(c, 0), parts_v.get(c, 0))
    return found or None


def kind_of(what):
    """What differs, without its amounts: shrinking keeps to that."""
    return next(iter(what)).split()[0] if isinstance(what, dict) else "within one order"


# ---- shrinking ----

def fewer(one, other, differ):
    """Both without events, while they still differ."""
    size = max(1, len(one) // 2)
    while size:
        at, less = 0, False
        while at < len(one):
            gone = one[at:at + size]
            shorter, rest = one[:at] + one[at + size:], list(other)
            for event in gone:
                rest.remove(event)
            if differ(shorter, rest):
                one, other, less = shorter, rest, True
            else:
                at += size
        if not less or size > 1:
            size //= 2
    return one, other


def nearer(one, other, differ):
    """Events of the second are moved, one by one, to where the first has them; the two that stand beside that are kept."""
    tried = True
    while tried and one != other:
        tried = False
        for at in range(len(one)):
            if one[at] == other[at]:
                continue
            if one[at] not in other[at:]:       # left out where its turn did not come
                continue
            found = other.index(one[at], at)
            moved = other[:at] + [one[at]] + other[at:found] + other[found + 1:]
            if moved == one:
                break
            if differ(one, moved):
                other, tried = moved, True
                break
            if differ(moved, other):
                one, tried = moved, True
                break
    return one, other
