# SPDX-License-Identifier: Apache-2.0
"""Plans that reach on purpose what is seldom reached by chance: an opening in its order, and then the rest in any."""
import random

import plan as plans
import words
from plan import Plan


def make(name, seed, without=()):
    return {"paid_on": paid_on, "pool_after": pool_after, "came_back": came_back, "reported": reported, "beside_a_promise": beside_a_promise,
            "restored_early": restored_early, "anywhere": anywhere, "by_rail": by_rail, "beside_filed": beside_filed,
            "given_up": lambda *its: paid_on(*its, name="given_up"), "guarantors": guarantors, "let_off": let_off,
            "insolvent_anywhere": lambda *its: anywhere(*its, name="insolvent_anywhere"),
            "insolvent_by_name": lambda *its: anywhere(*its, name="insolvent_by_name"), "side_by_side": side_by_side, "unclaimed": unclaimed,
            "unfunded": lambda *its: paid_on(*its, name="unfunded"), "returned": returned}[name](seed, random.Random("%s %d" % (name, seed)), without)


def amount(r, top):
    return r.choice((1, 2, 3, 99, 100, 101, top, r.randint(1, top), r.randint(1, top)))


def claims(r, scheme, merchant="M", names="abc"):
    """Lots, claims and rulings of these, in their order."""
    times = 10 if scheme[0] == "percentage" else 1
    for c in names[:r.randint(1, len(names))]:
        yield "lot", dict(lot=c + "-l", merchant=merchant, amount=times * amount(r, 300))
        yield "file", dict(claim=c, incident="i", lot=c + "-l")
        yield "decide", dict(claim=c)


def judged(r, names):
    cuts = sorted(r.choice((0, 10, 33, 45, 50, 90, r.randint(0, 100))) for _ in names[1:])
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [100])]
    kind = r.choice(("joint", "joint", "several", "mixed"))
    return {p: (s, not s or kind == "joint" or kind == "mixed" and r.random() < 0.5) for p, s in zip(names, sizes)}


def paid_on(seed, r, without, name="paid_on"):
    """The funder, consumers and parties are paid what is theirs by then; receipts bounce, costs and interest come behind."""
    scheme = r.choice((("full",), ("percentage", r.choice((80, 50))), ("deposit-only",)))
    unfunded = ("full",) if name == "unfunded" else None     # all is promised, and given up, as the funder pays in nothing
    scheme = ("deposit-only",) if unfunded else scheme
    at = dict(incident="i", merchant="M")
    opening = [("declare", dict(incident="i"))]
    if r.random() < 0.7:
        opening.insert(r.choice((0, 1)), ("deposit", dict(owner="M", amount=amount(r, 300))))
    opening += [*claims(r, scheme), ("round", dict(incident="i")), ("bar", {}), ("round", dict(incident="i"))]
    names = r.sample("MYGZP", r.randint(1, 4))
    opening.append(("apportion", dict(at, shares=judged(r, names))))
    rest, received = [], []
    for n in range(r.randint(2, 7)):
        received.append("r-%d" % n)
        rest.append(("receive", dict(at, recovery=received[-1], party=r.choice(names), amount=amount(r, 300))))
    rest += [("bounce", dict(recovery=recovery)) for recovery in received if r.random() < 0.4]
    rest += [("remit", dict(incident="i"))] * r.randint(0, 2) + [("pay_consumers", dict(incident="i"))] * r.randint(0, 2)
    rest += [("take_surplus", dict(incident="i", pick=r.random())) for _ in range(r.randint(0, 3))]
    rest += [("repay", dict(incident="i", pick=r.random(), part=r.choice((100, 100, 50, 1)))) for _ in range(r.randint(0, 2))]
    for kind in ("cost", "interest"):
        rest += [(kind, dict(at, party=r.choice(names), amount=amount(r, 30)))] * r.choice((0, 0, 0, 1, 2))
    for kind in ("give_up", "release", "write_off"):
        rest += [(kind, dict(at, party=r.choice(names)))] * (r.random() < 0.15)
    if r.random() < 0.2:
        rest += [("give_up_owed", dict(incident="i", part=r.choice((100, 50)))), ("repay_after_all", dict(incident="i", part=50))]
    rest += [("ends", {})] * (r.random() < 0.3)
    if name == "given_up":                  # what is owed back, and the incident is closed
        rest += [("take_surplus", dict(incident="i", pick=r.random())) for _ in range(4)] + [("ends", {})]
        rest = [event for event in rest if event[0] != "repay" or r.random() < 0.5]
        rest += [("bounce", dict(recovery=recovery)) for recovery in received if r.random() < 0.4]
        rest += [("give_up_owed", dict(incident="i", part=r.choice((100, 50))))]
        if scheme[0] != "deposit-only" or r.random() < 0.5:     # late, or so much that some is left
            (opening if scheme[0] == "deposit-only" else rest).insert(0, ("deposit", dict(owner="M", amount=amount(r, 300))))
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening, plan.unfunded = None, opening, unfunded
    if name == "given_up":
        plan.gives_up, plan.reopens = True, seed % 4 == 0
    return plan


def returned(seed, r, without):
    """What was lodged, or the funder paid in, is returned unpaid by its bank when it was used, and comes again behind some of the rest."""
    plan = paid_on(seed, r, without, name="returned")
    deposits = [event for event in plan.opening if event[0] == "deposit"]
    if not deposits:
        plan.opening.insert(0, ("deposit", dict(owner="M", amount=amount(r, 300))))
    plan.events += [(kind, values) for _ in range(r.randint(1, 3)) for kind, values in (("returned", dict(pick=r.random())), ("paid_anew", {}))]
    plan.returns = True
    return plan


def guarantors(seed, r, without):
    """Who bears nothing in the end pays, and others pay for it; what was paid on of that bounces, and is paid anew."""
    scheme, at = r.choice((("deposit-only",), ("deposit-only",), ("full",))), dict(incident="i", merchant="M")
    opening = [("deposit", dict(owner="M", amount=amount(r, 300))), ("declare", dict(incident="i")), *claims(r, scheme),
               ("round", dict(incident="i")), ("bar", {}), ("round", dict(incident="i"))]
    share = r.choice((0, 10, 33, 50, 90))
    shares = {"M": (share, True), "Y": (100 - share, True), **{p: (0, True) for p in r.choice(("GZ", "GZ", "G"))}}
    opening.append(("apportion", dict(at, shares=shares)))
    rest, received = [], []
    for p in (*shares, *r.choices(list(shares), k=r.randint(2, 5))):
        received.append("r-%d" % len(received))
        rest.append(("receive", dict(at, recovery=received[-1], party=p, amount=amount(r, 300))))
    rest += [("bounce", dict(recovery=recovery)) for recovery in received if r.random() < 0.5]
    rest += [("take_surplus", dict(incident="i", pick=r.random())) for _ in range(r.randint(1, 4))]
    rest += [("repay", dict(incident="i", pick=r.random(), part=r.choice((100, 50, 1)))) for _ in range(r.randint(0, 1))]
    rest += [("remit", dict(incident="i")), ("pay_consumers", dict(incident="i"))] * r.randint(0, 1)
    rest += [("cost", dict(at, party=r.choice(list(shares)), amount=amount(r, 30)))] * r.choice((0, 0, 1))
    plan = Plan(seed, "CNY", scheme, (2, 3), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening = None, opening
    return plan


def let_off(seed, r, without):
    """Guarantors who have no share, and others, some given up, pursued after all, released, in any order with what they pay."""
    scheme = r.choice((("full",), ("full",), ("percentage", 80)))
    at = dict(incident="i", merchant="M")
    opening = [("deposit", dict(owner="M", amount=amount(r, 100)))] * (r.random() < 0.4) + [("declare", dict(incident="i"))]
    opening += [*claims(r, scheme), ("round", dict(incident="i")), ("bar", {}), ("round", dict(incident="i"))]
    names = r.sample("MYGZP", r.randint(2, 5))
    some = r.randint(1, len(names) - 1)
    shares = {**{p: (0, True) for p in names}, **{p: (s, s == 0 or joint or r.random() < 0.8) for p, (s, joint) in judged(r, names[:some]).items()}}
    opening.append(("apportion", dict(at, shares=shares)))
    received = ["r-%d" % n for n in range(r.randint(1, 5))]
    rest = [("receive", dict(at, recovery=name, party=r.choice(names), amount=amount(r, 300))) for name in received]
    rest += [("bounce", dict(recovery=name)) for name in received if r.random() < 0.3]
    for kind, most in (("give_up", 3), ("pursue", 1), ("release", 2), ("write_off", 1)):
        rest += [(kind, dict(at, party=r.choice(names))) for _ in range(r.randint(0, most))]
    rest.append(r.choice((("remit", dict(incident="i")), ("cost", dict(at, party=r.choice(names), amount=amount(r, 30))))))
    rest += [("pay_consumers", dict(incident="i"))] * r.randint(0, 1)
    rest += [("take_surplus", dict(incident="i", pick=r.random())) for _ in range(r.randint(0, 2))]
    rest += [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening = None, opening
    return plan


def pool_after(seed, r, without):
    """Parties pay what was advanced, and pools have more behind that: a deposit, or what a called instrument pays."""
    plan = paid_on(seed, r, without, name="pool_after")
    scheme = r.choice((("full",), ("percentage", 80), ("percentage", 50)))
    keeps = ("receive", "bounce", "remit", "cost", "interest", "give_up", "repay", "ends")
    plan.scheme, plan.events = scheme, [event for event in plan.events if event[0] in keeps]
    plan.events += [("deposit", dict(owner="M", amount=amount(r, 600))) for _ in range(r.randint(1, 3))]
    plan.events += [("round", dict(incident="i"))] * r.randint(1, 3)
    if r.random() < 0.5:
        plan.opening.insert(0, ("instrument", dict(instrument="b", merchant="M", amount=amount(r, 300))))
        plan.opening += [("call", dict(incident="i", instrument="b", part=r.choice((100, 100, 50)), later=True))]
        plan.events += [("provide", dict(instrument="b"))]
    if r.random() < 0.3:
        plan.events += [("pay_consumers", dict(incident="i")), ("take_surplus", dict(incident="i", pick=r.random()))]
    return plan


def came_back(seed, r, without):
    """The same, of which a payment came back and lies there in the end."""
    plan = paid_on(seed, r, without)
    plan.scheme = plan.scheme if plan.scheme[0] != "deposit-only" else ("full",)
    plan.opening.remove(("round", dict(incident="i")))      # of several rounds which had which step is of these
    plan.events = [event for event in plan.events if event[0] != "ends"]
    plan.events += [(r.choice(("return", "return", "back_less")), dict(claim=c)) for c in "abc" if r.random() < 0.6]
    plan.events = [(kind, {**values, "fee": r.randint(1, 30)}) if kind == "back_less" else (kind, values) for kind, values in plan.events]
    plan.events += [("reissue", dict(claim=c)) for c in "abc" if r.random() < 0.2]
    return plan


def reported(seed, r, without):
    """A bank says of payments on their way what becomes of them, while parties pay for what was advanced."""
    scheme = r.choice((("full",), ("percentage", r.choice((80, 50)))))
    at = dict(incident="i", merchant="M")
    opening = [("declare", dict(incident="i"))]
    if r.random() < 0.7:
        opening.insert(r.choice((0, 1)), ("deposit", dict(owner="M", amount=amount(r, 300))))
    opening += [*claims(r, scheme), *[("slow", dict(claim=c)) for c in "abc"], ("round", dict(incident="i"))]
    names = r.sample("MYGZP", r.randint(1, 4))
    rest = [("apportion", dict(at, shares=judged(r, names)))] * (r.random() < 0.8)
    rest += [("receive", dict(at, recovery="r-%d" % n, party=r.choice(names), amount=amount(r, 300))) for n in range(r.randint(0, 4))]
    for c in "abc":
        for _ in range(r.randint(1, 3)):
            status = r.choice(("accepted", "awaiting_payee", "unknown", "rejected", "rejected", "expired", "cancelled"))
            event = dict(claim=c, status=status, code=r.choice((None, "AC04", "MS03")))
            slip = status in ("rejected", "expired", "cancelled") and "slips" not in without and r.random() < 0.3
            rest.append(("report", {**event, "slip": "report"} if slip else event))
            rest.append((r.choice(("take_back", "unclaimed", "settle", "settle", "elsewhere")), dict(claim=c)))
        rest += [("return", dict(claim=c)), ("report_again", dict(claim=c, status="rejected"))] * (r.random() < 0.2)
        rest += [(r.choice(("reissue", "void")), dict(claim=c))] * (r.random() < 0.3)
    rest = [(kind, {**values, "party": r.choice((None, "Y")), "amount": r.randint(1, 100)} if kind == "elsewhere" else values)
            for kind, values in rest]
    rest += [("deposit", dict(owner="M", amount=amount(r, 300))), ("round", dict(incident="i"))] * r.randint(0, 1)
    rest += [("bar", {})] + [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening = None, opening
    if scheme[0] == "full":             # else later rounds give more, by a step that is theirs
        not_found(plan, seed, "abc", names, at)
    return plan


def by_rail(seed, r, without):
    """Payments go by a rail, in batches, and the bank says what becomes of them; all else goes on meanwhile."""
    scheme = r.choice((("full",), ("full",), ("percentage", r.choice((80, 50))), ("deposit-only",)))
    at = dict(incident="i", merchant="M")
    first, later = ("abc", "de") if scheme[0] == "full" else ("a", "")
    incidents, beside = {"i": (["M"], None)}, r.choice((None, None, "another", "issuer")) if scheme[0] == "full" else None
    if beside:                          # by the same rail, in the same batches
        incidents = {"i": (["M", "N"], "Y")} if beside == "issuer" else {"i": (["M"], None), "j": (["N"], None)}
    opening = [("declare", dict(incident=i)) for i in incidents]
    for owner in ("MNY" if beside == "issuer" else "MN" if beside else "M"):
        if r.random() < 0.7:
            opening.insert(r.choice((0, 1)), ("deposit", dict(owner=owner, amount=amount(r, 300))))
    opening += claims(r, scheme, names=first)
    if beside:
        opening += [(kind, {**values, "incident": max(incidents)} if kind == "file" else values)
                    for kind, values in claims(r, scheme, "N", "xy")]
    opening += [("bar", {})] * (scheme[0] == "deposit-only") + [("round", dict(incident=i)) for i in incidents]
    names = r.sample("MYGZP", r.randint(1, 4))
    rest = list(claims(r, scheme, names=later)) if later and r.random() < 0.6 else []
    rest += [("round", dict(incident="i"))] * r.randint(1, 4) + [("bar", {})]
    rest += [("deposit", dict(owner="M", amount=amount(r, 300))) for _ in range(r.randint(0, 3))]
    rest += [("apportion", dict(at, shares=judged(r, names)))] * (r.random() < 0.8)
    received = ["r-%d" % n for n in range(r.randint(0, 5))]
    rest += [("receive", dict(at, recovery=name, party=r.choice(names), amount=amount(r, 300))) for name in received]
    rest += [("bounce", dict(recovery=name)) for name in received if r.random() < 0.2]
    rest += [("remit", dict(incident="i"))] * r.randint(0, 2)
    for kind in ("cost", "interest"):
        rest += [(kind, dict(at, party=r.choice(names), amount=amount(r, 30)))] * r.choice((0, 0, 1))
    for kind in ("give_up", "release", "write_off"):
        rest += [(kind, dict(at, party=r.choice(names)))] * (r.random() < 0.2)
    if r.random() < 0.4:
        rest += [("pay_consumers", dict(incident="i"))] + [("take_surplus", dict(incident="i", pick=r.random())) for _ in range(2)]
        rest += [("repay", dict(incident="i", pick=r.random(), part=r.choice((100, 50))))] * r.randint(0, 2)
    if r.random() < 0.3:
        party = r.choice(names)
        rest += [("insolvent", dict(party=party)), ("accept_debt", dict(at, party=party, part=100))] if party != "P" else []
        rest += [("dividend", dict(at, party=party, recovery="d-%d" % n, amount=amount(r, 100))) for n in range(r.randint(0, 2))]
        rest += [(r.choice(("confirm", "confirm", "bounce")), dict(recovery=recovery)) for recovery in received]
    if beside:
        other = dict(incident=max(incidents), merchant="N")
        rest += [("round", dict(incident=max(incidents)))] + [("deposit", dict(owner="N", amount=amount(r, 300)))] * r.randint(0, 1)
        rest += [("apportion", dict(other, shares=judged(r, ["G", "Z"])))] * (r.random() < 0.6)
        rest += [("receive", dict(other, recovery="n-%d" % n, party=r.choice("GZ"), amount=amount(r, 300))) for n in range(r.randint(0, 2))]
    rest += way_of_payments(r, first + later + ("xy" if beside else ""), without)
    rest += [("look_now", dict(incident=r.choice(sorted(incidents)))) for _ in range(r.randint(2, 6))]
    if "refused" not in without:
        rest += [("refused_rail", dict(what=r.choice(sorted(words.REFUSE_RAIL)), pick=r.random())) for _ in range(r.randint(3, 9))]
    rest += [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), incidents, rest, without)
    plan.batch, plan.opening, plan.rail, plan.interim = None, opening, first + later + "xy", None
    if not beside:
        not_found(plan, seed, first, names, at)
    return plan


def unclaimed(seed, r, without):
    """Some are not found, others pay for what was advanced for them, and the incident ends, once or twice."""
    at = dict(incident="i", merchant="M")
    ruled = list(claims(r, ("full",)))
    lost = [values["claim"] for kind, values in ruled if kind == "decide"]
    opening = [("declare", dict(incident="i"))]
    opening.insert(r.choice((0, 1)), ("deposit", dict(owner="M", amount=r.choice((1, 100, amount(r, 300))))))
    lost = sorted(r.sample(lost, r.randint(1, len(lost))))
    opening += [*ruled, *[("slow", dict(claim=c)) for c in lost], ("bar", {}), ("round", dict(incident="i"))]
    for c in lost:
        opening += [("report", dict(claim=c, status="rejected", code=None)), ("unclaimed", dict(claim=c))]
    names = r.sample("MYGZP", r.randint(1, 4))
    rest = [("apportion", dict(at, shares=judged(r, names))), ("ends", {})]
    received = ["r-%d" % n for n in range(r.randint(1, 4))]
    rest += [("receive", dict(at, recovery=name, party=r.choice(names), amount=amount(r, 300))) for name in received]
    rest += [("bounce", dict(recovery=name)) for name in received if r.random() < 0.2]
    for kind in ("cost", "interest"):
        rest += [(kind, dict(at, party=r.choice(names), amount=amount(r, 30)))] * r.choice((0, 0, 1))
    for kind in ("give_up", "release", "write_off"):
        rest += [(kind, dict(at, party=r.choice(names)))] * (r.random() < 0.2)
    rest += [("remit", dict(incident="i"))] * r.randint(0, 1)
    plan = Plan(seed, "CNY", ("full",), r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening, plan.not_found = None, opening, "".join(lost)
    after(plan, random.Random("after %d" % seed), names, at)
    return plan


def not_found(plan, seed, claims, names, at):
    """Some are not found to the end, or are behind it, when others pay, too."""
    r = random.Random("not found %d" % seed)
    if r.random() < 0.6:
        return
    plan.not_found = "".join(sorted(r.sample(claims, r.randint(1, len(claims)))))
    for c in plan.not_found:            # else hardly any is unclaimed
        plan.events += [(kind, dict(claim=c, **more)) for kind, more in
                        [("report", dict(status="rejected", code=None)), ("unclaimed", {})] * 2]
    plan.events += [("out", {})] * (2 if plan.rail else 0) + [("ends", {})] * (r.random() < 0.7)
    after(plan, r, names, at)


def after(plan, r, names, at):
    """The end: who is found, what comes back again, and who pays."""
    then = [("found", dict(claim=c)) for c in plan.not_found if r.random() < 0.6]
    then += [("return", dict(claim=values["claim"])) for _, values in then if r.random() < 0.3]
    for n in range(r.randint(0, 2)):
        event = ("receive", dict(at, recovery="late-%d" % n, party=r.choice(names), amount=r.randint(1, 300)))
        then.insert(r.randint(0, len(then)), event)
    plan.after_the_end, plan.ends_again = then, r.random() < 0.6


def way_of_payments(r, names, without):
    """Batches, and what becomes of each payment."""
    rest = [("out", {})] * r.randint(1, 4)
    for kind in ("make_batch", "check_batch", "send_batch", "withdraw_batch"):
        rest += [(kind, {} if kind == "make_batch" else dict(pick=r.random()))] * r.randint(0, 3)
    for c in names:
        for _ in range(r.randint(1, 4)):
            status = r.choice(("accepted", "awaiting_payee", "unknown", "rejected", "rejected", "expired", "cancelled"))
            event = dict(claim=c, status=status, code=r.choice((None, "TM01", "MS03")))
            slip = status in ("rejected", "expired", "cancelled") and "slips" not in without and r.random() < 0.3
            rest.append(("report", {**event, "slip": "report"} if slip else event))
            rest.append((r.choice(("take_back", "unclaimed", "settle", "settle", "settle")), dict(claim=c)))
        rest += [(r.choice(("return", "return", "back_less")), dict(claim=c))] * (r.random() < 0.3)
        rest += [(r.choice(("reissue", "reissue", "void")), dict(claim=c))] * (r.random() < 0.4)
        rest += [("had_late", dict(claim=c, party=r.choice((None, "Y")), amount=r.randint(1, 200)))] * (r.random() < 0.15)
        rest += [("clawback", dict(claim=c, part=r.choice((100, 50, 1))))] * (r.random() < 0.3)
    return [(kind, {**values, "fee": r.randint(1, 30)}) if kind == "back_less" else (kind, values) for kind, values in rest]


def beside_a_promise(seed, r, without):
    """Rounds before the bar date of a pool that covers more than is promised, where the policy publishes a part beside that."""
    rate = r.choice((50, 50, 80, 90))
    losses = [10 * r.choice((1, 10, r.randint(1, 40), r.randint(1, 40))) for _ in range(r.randint(2, 6))]
    opening = [("deposit", dict(owner="M", amount=max(1, sum(losses) * r.randint(rate - 20, 110) // 100)))]
    opening += [("lot", dict(lot="c%d-l" % n, merchant="M", amount=loss)) for n, loss in enumerate(losses)]
    opening.insert(r.randint(0, len(opening)), ("declare", dict(incident="i")))
    rest = [("round", dict(incident="i"))] * r.randint(2, 4) + [("bar", {})]
    for n in range(len(losses)):
        c = "c%d" % n
        ruling = r.choice(("decide",) * 8 + ("refuse", "withdraw"))
        rest += [("file", dict(claim=c, incident="i", lot=c + "-l"))] * (r.random() < 0.8) + [(ruling, dict(claim=c))]
        if r.random() < 0.15:
            rest += [(r.choice(("return", "void", "elsewhere")), dict(claim=c)), ("reissue", dict(claim=c))]
    rest = [(kind, {**values, "party": r.choice((None, "Y")), "amount": r.randint(1, 100)} if kind == "elsewhere" else values)
            for kind, values in rest]
    rest += [("deposit", dict(owner="M", amount=amount(r, 300)))] * r.randint(0, 2)
    if r.random() < 0.5:
        rest += judged_and_paid(r)
    rest += [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", ("percentage", rate), r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening, plan.interim = None, opening, r.choice((10, 60, 85, 95, 100, 100))
    return plan


def anywhere(seed, r, without, name="anywhere"):
    """Receipts whose payer does not say for which section, before and after something is owed in either; costs and interest."""
    scheme = r.choice((("full",), ("percentage", 80), ("deposit-only",)))
    opening = [("declare", dict(incident="i"))]
    for owner in "MNY":
        if r.random() < 0.4:
            opening.insert(r.choice((0, 1)), ("deposit", dict(owner=owner, amount=amount(r, 300))))
    rest, received = [], []
    for merchant, names in (("M", "abc"), ("N", "def")):
        ruled = list(claims(r, scheme, merchant, names))
        first = r.choice((0, 3, len(ruled)))                    # the rest may come after the receipts
        opening += ruled[:first]
        rest += ruled[first:]
    if r.random() < 0.7:
        opening += [("round", dict(incident="i")), ("bar", {}), ("round", dict(incident="i"))]
    else:
        rest += [("bar", {})]
    rest += [("round", dict(incident="i"))] * 2
    names = r.sample("YGZ", r.randint(1, 3))
    for merchant in "MN":
        judgment = ("apportion", dict(incident="i", merchant=merchant, shares=judged(r, r.sample(names, r.randint(1, len(names))))))
        (opening if r.random() < 0.5 else rest).append(judgment)
    for n in range(r.randint(1, 5)):
        received.append("r-%d" % n)
        rest.append(("receive", dict(incident="i", merchant=r.choice((None, None, None, "M", "N")), recovery=received[-1],
                                     party=r.choice(names), amount=amount(r, 300))))
    rest += [("bounce", dict(recovery=recovery)) for recovery in received if r.random() < 0.2]
    for kind in ("cost", "interest"):
        rest += [(kind, dict(incident="i", merchant=r.choice("MN"), party=r.choice(names), amount=amount(r, 30)))
                 for _ in range(r.choice((0, 1, 1, 2)))]
    rest += [("peek", dict(incident="i", pick=r.random()))] * (r.random() < 0.3)
    if name == "insolvent_by_name":         # what it paid for one section may serve another by then
        for kind, values in rest:
            if kind == "receive":
                values.update(merchant=values["merchant"] or "M", party=names[0], amount=3 * values["amount"])
    if name.startswith("insolvent"):
        rest += [("insolvent", dict(party=names[0]))]
        rest += [(r.choice(("confirm", "confirm", "bounce")), dict(recovery=recovery)) for recovery in received]
        rest += [("end_estate", dict(party=names[0]))] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M", "N"], "Y")}, rest, without)
    plan.batch, plan.opening = None, opening
    return plan


def restored_early(seed, r, without):
    """What was taken from a deposit is restored to it, and claims come that have it."""
    scheme = r.choice((("percentage", 80), ("percentage", 50), ("full",)))
    times = 10 if scheme[0] == "percentage" else 1
    first, later = ["a%d" % n for n in range(r.randint(1, 3))], ["b%d" % n for n in range(r.randint(1, 3))]
    losses = {c: times * r.choice((1, 10, r.randint(1, 40), r.randint(1, 40))) for c in first + later}
    lodged = max(1, sum(losses[c] for c in first) * r.randint(20, 120) // 100)
    opening = [("lot", dict(lot=c + "-l", merchant="M", amount=losses[c])) for c in first + later]
    opening += [("deposit", dict(owner="M", amount=lodged)), ("declare", dict(incident="i"))]
    opening += [(kind, dict(values, claim=c)) for c in first for kind, values in
                (("file", dict(incident="i", lot=c + "-l")), ("decide", {}))]
    opening += [("round", dict(incident="i")), ("appeal", dict(incident="i", pick=0.0)),
                ("judge", dict(incident="i", outcome=r.choice(("varied", "varied", "reversed")), part=r.choice((100, 50)), first=None))]
    rest = [("restore", dict(incident="i", part=r.choice((100, 50, 30))))] * r.randint(1, 3)
    rest += [("round", dict(incident="i"))] * r.randint(2, 4) + [("bar", {})]
    for c in later:
        rest += [("file", dict(claim=c, incident="i", lot=c + "-l")), (r.choice(("decide",) * 6 + ("refuse", "withdraw")), dict(claim=c))]
    rest += [("deposit", dict(owner="M", amount=amount(r, times * 60))) for n in range(r.randint(0, 3))]
    if r.random() < 0.5:
        rest += [("appeal", dict(incident="i", pick=r.random())),
                 ("judge", dict(incident="i", outcome=r.choice(("varied", "reversed")), part=r.choice((100, 50)), first=None))]
    if r.random() < 0.4:
        rest += judged_and_paid(r)
    rest += [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening = None, opening
    return plan


def judged_and_paid(r):
    """A judgment on some parties, and what they pay."""
    at, names = dict(incident="i", merchant="M"), r.sample("MYGZ", r.randint(1, 3))
    return [("apportion", dict(at, shares=judged(r, names)))] + [
        ("receive", dict(at, recovery="r-%d" % n, party=r.choice(names), amount=amount(r, 300))) for n in range(r.randint(0, 3))]


def beside_filed(seed, r, without):
    """Rounds while claims wait for their ruling, where something is promised: they keep back for these, and the funder pays. Others
    are filed and money is lodged behind the first; what was had elsewhere by then, and what it took is appealed."""
    scheme = r.choice((("full",), ("full",), ("percentage", 80), ("percentage", 50)))
    times = 10 if scheme[0] == "percentage" else 1
    losses = {c: times * r.choice((1, 10, r.randint(1, 40), r.randint(1, 40))) for c in "abcdef"[:r.randint(2, 6)]}
    opening = [("deposit", dict(owner="M", amount=max(1, sum(losses.values()) * r.randint(10, 110) // 100))), ("declare", dict(incident="i"))]
    filed = {c: [("lot", dict(lot=c + "-l", merchant="M", amount=loss)), ("file", dict(claim=c, incident="i", lot=c + "-l"))]
             for c, loss in losses.items()}
    first = r.randint(2, len(losses)) if r.random() < 0.4 else len(losses)
    opening += [event for c in sorted(losses)[:first] for event in filed[c]] + [filed[c][0] for c in sorted(losses)[first:]]
    opening += [("elsewhere", dict(claim=c, party=r.choice((None, "Y")), amount=r.randint(1, losses[c]))) for c in sorted(losses)[:first]
                if r.random() < 0.1]
    opening += [("decide", dict(claim=c)) for c in sorted(losses)[:r.randint(1, first - 1)]]
    dice = random.Random("used %d" % seed)
    for c in sorted(losses)[:first]:        # while it waits, or is ruled on
        if dice.random() < 0.3:
            opening.append(("use", dict(lot=c + "-l", reference="u-" + c, part=dice.choice((10, 50, 90)))))
    opening += [("bar", {})] * (first == len(losses) and r.random() < 0.6) + [("round", dict(incident="i"))]
    rest = [filed[c][1] for c in sorted(losses)[first:]]
    rest += [("elsewhere", dict(claim=c, party=dice.choice((None, "Y")), amount=dice.randint(1, losses[c]))) for c in sorted(losses)
             if dice.random() < 0.3]
    rest += [(r.choice(("decide",) * 5 + ("refuse", "withdraw")), dict(claim=c)) for c in losses] + [("bar", {}), ("lapse", {})]
    rest += [("round", dict(incident="i"))] * r.randint(1, 3)
    rest += [("deposit", dict(owner="M", amount=amount(r, times * 60))) for n in range(r.randint(0, 2))]
    rest += [(kind, dict(claim=c)) for c in losses for kind in ("return", "reissue") if r.random() < 0.1]
    if r.random() < 0.5:
        rest += judged_and_paid(r)
    if r.random() < 0.3:
        rest += [("appeal", dict(incident="i", pick=r.random())), ("restore", dict(incident="i", part=r.choice((100, 50)))),
                 ("judge", dict(incident="i", outcome=r.choice(("varied", "reversed", "upheld")), part=r.choice((100, 50)), first=None))]
    rest += [("ends", {})] * (r.random() < 0.3)
    plan = Plan(seed, "CNY", scheme, r.choice(((2, 3), (3, 2), (2, 2))), {"i": (["M"], None)}, rest, without)
    plan.batch, plan.opening, plan.counted = None, opening, [c + "-l" for c in losses]
    return plan


def side_by_side(seed, r, without):
    """Two incidents of one merchant, each of another batch, and what it had asked for, or left with, by then."""
    scheme = r.choice((("full",), ("percentage", 80), ("deposit-only",)))
    rest = [("declare", dict(incident=i)) for i in "ij"]
    for incident, names in (("i", "abc"), ("j", "def")):
        rest += [(kind, {**values, "incident": incident} if kind == "file" else values) for kind, values in claims(r, scheme, "M", names)]
        rest += [("round", dict(incident=incident))] * r.choice((1, 1, 2))
        if r.random() < 0.5:
            names = r.sample("MYGZ", r.randint(1, 3))
            rest += [("apportion", dict(incident=incident, merchant="M", shares=judged(r, names)))]
            rest += [("receive", dict(incident=incident, merchant="M", recovery="r-%s-%d" % (incident, n), party=r.choice(names),
                                      amount=amount(r, 300))) for n in range(r.randint(0, 2))]
    rest += [(kind, values) for kind, values in plans.deposits(r, ["M"]) if kind != "after"] + [("bar", {})]
    plan = Plan(seed, "CNY", scheme, (2, 3), {"i": (["M"], None), "j": (["M"], None)}, rest, without)
    plans.side_by_side(plan, r)
    if r.random() < 0.6:
        ways = ([("leave", {})], [("leave", {}), ("part", {})], [("ask", dict(part=50))], [("ask", dict(part=100)), ("take", {})])
        plan.opening = [("deposit", dict(owner="M", amount=r.randint(1, 600)))]
        plan.opening += [(kind, dict(values, owner="M")) for kind, values in r.choice(ways)]
    return plan
