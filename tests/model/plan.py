# SPDX-License-Identifier: Apache-2.0
"""A random plan: the events of a history, in no order yet."""
import random
import words
from further import further, interim_promised


class Plan:
    """What stays the same in every order: unit, policy, incidents, and the events."""

    def __init__(self, seed, unit, scheme, waterfall, incidents, events, without=(), counted=()):
        self.without, self.counted = without, counted       # counted: lots of which some may be used
        self.seed, self.unit, self.scheme, self.waterfall = seed, unit, scheme, waterfall
        self.incidents, self.events = incidents, events     # incidents: id -> (merchants, issuer or None)
        r = random.Random("plan %d" % seed)
        self.batch = "one" if r.random() < 0.15 and "batches" not in without else None      # of all lots that can be claimed
        self.interim = r.choice((1, 10, 40, 100)) if scheme[0] == "deposit-only" and r.random() < 0.4 else None
        if "interim" in without:
            self.interim = None
        self.interim = self.interim or interim_promised(seed, scheme, without)
        self.gives_up = r.random() < 0.5 and "repayments" not in without
        self.reopens = r.random() < 0.15 and "reopenings" not in without
        self.batches = {}           # incident -> its batch, where one merchant is in several
        self.batch_of = {}          # lot -> its batch
        self.asks, self.said = False, {}        # claim -> what its consumer says is left, in percent of what was issued
        self.rail = ()              # claims that are paid by a published rail
        self.not_found = ""         # who is not found to the end once its payment is unclaimed
        self.after_the_end = []     # events: who pays then, who is found then; and whether it ends again
        self.ends_again = False
        self.unfunded = None        # what the policy promises, where its funder pays in nothing and all is given up
        self.returns = False        # a bank returns unpaid what was lodged, or the funder paid in
        self.opening = []           # of a scene: what comes first, in this order


def make(seed, most=60, claimants=None, without=()):
    """A random plan. without: kinds of events that are left out, and "sections", "mixed", "foreign", "units", "extend", "close",
    "unknown"."""
    r = random.Random(seed)
    amount = lambda top: r.choice((1, 2, 3, 99, 100, 101, top, r.randint(1, top)))
    unit = r.choice(["CNY"] * 4 + ["JPY", "KWD"])
    if "units" in without:
        unit = "CNY"
    scheme = r.choice((("full",), ("full",), ("percentage", r.choice((80, 90, 50))), ("deposit-only",)))
    waterfall = r.choice(((2, 3), (3, 2), (2, 2)))
    shape = r.random()
    scene = r.choice((None,) * 5 + ("sections", "ends", "late", "premature"))     # what is to be reached
    if scene in ("sections", "ends") and "sections" not in without:
        shape = 0.9
    if scene == "premature":
        scheme = ("deposit-only",)
    if shape < 0.5:
        incidents = {"i": (["M"], None)}
    elif shape < 0.7 or "sections" in without:
        incidents = {"i": (["M"], None), "j": (["N"], None)}
    else:
        incidents = {"i": (["M", "N"], "Y")}
    sellers = [m for merchants, _ in incidents.values() for m in merchants]
    events = [("declare", dict(incident=i)) for i in incidents]
    if scene == "ends":
        events += [("deposit", dict(owner=m, amount=r.randint(200, 900))) for m in sellers if r.random() < 0.8] + [("ends", {})]
    for n in range(r.randint(0, 3)):
        owner = r.choice(sellers + [y for _, y in incidents.values() if y])
        events.append(("deposit", dict(owner=owner, amount=amount(600))))
    if r.random() < (0.8 if scene == "late" else 0.3):
        events.append(("instrument", dict(instrument="b", merchant="M", amount=amount(300))))
        events.append(("call", dict(incident="i", instrument="b", part=r.choice((100, 100, 50)))))
    count = claimants or r.choice((1, 1, 2, 3, 3, 7, 11))
    for n in range(count):
        incident = r.choice(list(incidents))
        merchant = r.choice(incidents[incident][0])
        loss = amount(60 if scene == "ends" and merchant == "M" else 300)
        if scheme[0] == "percentage":
            loss *= 10                  # a whole step of the rate: rounding is asked in the questions
        c = "c%02d" % n
        events += [("lot", dict(lot=c + "-l", merchant=merchant, amount=loss)),
                   ("file", dict(claim=c, incident=incident, lot=c + "-l"))]
        ruling = r.choice(("decide",) * 8 + ("refuse", "withdraw"))
        events.append((ruling, dict(claim=c)))
        if ruling != "decide" and r.random() < 0.5:
            events += [("file", dict(claim=c + "-again", incident=incident, lot=c + "-l")),
                       ("decide", dict(claim=c + "-again"))]
        if r.random() < 0.1:
            events.append(("elsewhere", dict(claim=c, party=r.choice((None, "Y")), amount=amount(100))))
        if r.random() < 0.15:
            events.append(("return", dict(claim=c)))
            if r.random() < 0.8:
                events.append((r.choice(("reissue", "reissue", "void")), dict(claim=c)))
        if r.random() < 0.05:
            events.append(("twice", dict(claim=c)))
        if r.random() < 0.05:
            events += [("void", dict(claim=c)), ("clawback", dict(claim=c, part=r.choice((100, 50, 1))))]
        if r.random() < 0.03:
            events.append(("slip", dict(what="lot", lot=c + "-s", merchant=merchant, amount=amount(300))))
    if r.random() < 0.1:                # a lot of a merchant that is not in it
        if shape < 0.5 and "foreign" not in without:
            events += [("lot", dict(lot="other", merchant="N", amount=100)),
                       ("file", dict(claim="other", incident="i", lot="other"))]
    for incident, (merchants, _) in incidents.items():
        events += [("round", dict(incident=incident))] * r.choice((1, 1, 2, 3))
        for merchant in merchants:
            if r.random() < (0.7 if scene in ("late", "premature") else 0.15):
                continue
            across = merchants if "across" not in without else [merchant]
            events += judgment(r, incident, merchant, across, amount, "mixed" not in without)
        if len(merchants) > 1:
            events += anywhere(r, incident, amount)
    slips = [n for n, (kind, values) in enumerate(events) if kind in words.SLIPS and r.random() < 0.06]
    for n in slips:
        kind, values = events[n]
        events[n] = kind, {**values, "slip": r.choice(words.SLIPS[kind])}
    if "refused" not in without:
        events += [("refused", dict(what=r.choice(sorted(words.REFUSE)), pick=r.random())) for _ in range(r.randint(0, 4))]
    events += wider(r, incidents, count, amount, scene)
    if r.random() < 0.3 or any(kind in ("late", "premature", "peek") for kind, _ in events) and r.random() < 0.6:
        events.append(("bar", {}))
    if r.random() < 0.1:
        events.append(("send_back", dict(amount=amount(300))))
    if r.random() < 0.1:
        events.append(("slip", dict(what="deposit", merchant=r.choice(sellers), amount=amount(300))))
    events += more(seed, incidents, scheme, amount, without)
    events += anew(seed, events, without)
    without = (*without, *words.NOT_YET)
    further_events, counted, said = further(seed, scheme, incidents, events, without)
    events += further_events
    if "unknown" in without:
        events = [(kind, {**values, "known": True}) if kind == "receive" else (kind, values) for kind, values in events]
    if "slips" in without:
        events = [(kind, {name: x for name, x in values.items() if name not in ("slip", "first")}) for kind, values in events]
    events = [e for e in events if e[0] not in without and "%s %s" % (e[0], e[1].get("what")) not in without]
    plan = Plan(seed, unit, scheme, waterfall, incidents, cut(r, events, most), without, counted)
    plan.said, plan.asks = said, any(kind == "ask_records" for kind, _ in plan.events)
    if len(incidents) == 2 and "side_by_side" not in without and seed % 3 == 0:
        side_by_side(plan, random.Random("side_by_side %d" % seed))
    return plan


# What is not said yet of a merchant with several incidents.
ALONE = ("instrument", "call", "late", "after", "appeal", "stay", "judge", "restore",
         "mistaken", "cancel", "claim_mistaken", "other_batch", "end_instrument", "unpaid", "renew", "later_file", "later_decide")


def side_by_side(plan, r):
    """Instead of two merchants' incidents two of one merchant's batches."""
    plan.incidents = {"i": (["M"], None), "j": (["M"], None)}
    plan.batches, plan.batch, plan.without = {"i": "one", "j": "two"}, None, (*plan.without, "close")
    of = {values["lot"]: plan.batches[values["incident"]] for kind, values in plan.events if "lot" in values and "incident" in values}
    its = lambda name, x: "M" if name in ("merchant", "owner") and x == "N" else x
    plan.events = [(kind, {name: its(name, x) for name, x in values.items()}) for kind, values in plan.events if kind not in ALONE]
    plan.batch_of = {values["lot"]: of.get(values["lot"], "one") for kind, values in plan.events if "lot" in values}
    plan.events += [("top_up", dict(owner="M", amount=r.choice((1, 3, 100, r.randint(1, 300))))) for _ in range(r.randint(1, 4))]
    some = sorted(plan.batch_of)
    if some:
        plan.events += [("misfile", dict(lot=r.choice(some), incident=r.choice("ij"))) for _ in range(r.randint(0, 2))]


def more(seed, incidents, scheme, amount, without):
    """Kinds that came later, out of numbers of their own."""
    r = random.Random("more %d" % seed)
    owners = [o for merchants, issuer in incidents.values() for o in (*merchants, *([issuer] if issuer else []))]
    events = []
    if r.random() < 0.3:
        events += deposits(r, owners)
    if r.random() < 0.3:
        events += tardy(r, incidents, 10 if scheme[0] == "percentage" else 1)
    if r.random() < 0.2:
        events += [("fee", dict(amount=r.randint(1, 20))) for _ in range(r.randint(1, 3))]
        events += [("make_good", dict(part=r.choice((100, 50)))) for _ in range(r.randint(0, 3))]
        events += [("bank_interest", dict(amount=r.randint(1, 20))) for _ in range(r.randint(0, 2))]
    events = [(kind, {**values, "slip": r.choice(words.SLIPS_MORE[kind])}) if kind in words.SLIPS_MORE and r.random() < 0.1
              else (kind, values) for kind, values in events]
    for kind, refused in sorted(words.REFUSE_MORE.items()):
        if kind != "seconds" and events and r.random() < 0.5:
            events.append(("refused", dict(what=r.choice(sorted(refused)), pick=r.random(), kind=kind)))
    return [(kind, values) for kind, values in events
            if not {values.get("kind"), values.get("how"), kind}.intersection(gone(without))]


KINDS = {"holds": ("hold", "unhold"), "withdrawals": ("ask", "take", "not_paid", "give_up_asking"), "exits": ("leave", "part"),
         "fees": ("fee", "make_good", "bank_interest"), "tardy": ("tardy", "admit"), "seconds": ("second", "anew")}


def gone(without):
    """What goes with the name of a kind."""
    return {*without, *(kind for name in without for kind in KINDS.get(name, ()))}


def anew(seed, events, without):
    """Second claims of a lot, and rulings that are made anew."""
    r = random.Random("anew %d" % seed)
    if r.random() < 0.7 or "seconds" in without:
        return []
    found = [("refused", dict(what=what, pick=r.random())) for what in words.REFUSE_MORE["seconds"] if "refused" not in without]
    for kind, values in events:
        if kind == "file" and r.random() < 0.4:
            second = values["claim"] + "-2"
            found += [("second", {**values, "claim": second}), (r.choice(("decide", "decide", "refuse")), dict(claim=second))]
        if kind in ("refuse", "withdraw"):
            found += [("anew", values), (r.choice(("decide", "refuse")), values)]
    return found


def tardy(r, incidents, times):
    """Claims that come after the bar date."""
    events = [("bar", {})]
    for n in range(r.randint(1, 2)):
        incident = r.choice(list(incidents))
        c = "t%02d" % n
        events.append(("lot", dict(lot=c + "-l", merchant=r.choice(incidents[incident][0]), amount=times * r.randint(1, 300))))
        events.append(("tardy", dict(claim=c, incident=incident, lot=c + "-l", excuse=r.random() < 0.9)))
        if r.random() < 0.85:
            events += [("admit", dict(claim=c)), (r.choice(("decide", "decide", "decide", "refuse", "withdraw")), dict(claim=c))]
        events.append(("round", dict(incident=incident)))
    return events


def deposits(r, owners):
    """What is held, taken back, and what its owner leaves with, before an incident and when it is closed."""
    events = []
    for n in range(r.randint(1, 3)):
        owner = r.choice(owners)
        events += [("deposit", dict(owner=owner, amount=r.randint(1, 600)))]
        part = lambda: r.choice((100, 50, 30, 1))
        kind = r.choice(("hold", "hold", "ask", "ask", "leave"))
        if kind == "hold":
            events.append(("hold", dict(hold="h-%d" % n, owner=owner, part=part())))
            events += [("unhold", dict(hold="h-%d" % n, part=part())) for _ in range(r.randint(0, 3))]
        elif kind == "ask":
            events.append(("ask", dict(owner=owner, part=part())))
            if r.random() < 0.7:
                events.append((r.choice(("take", "take", "give_up_asking")), dict(owner=owner)))
        else:
            events.append(("leave", dict(owner=owner)))
            if r.random() < 0.5:
                events.append(("part", dict(owner=owner)))
    events += [("not_paid", values) for kind, values in events if kind == "take" for _ in range(3)]     # the first that can be
    for owner in owners:
        if r.random() < 0.7:
            events.append(("after", dict(owner=owner, how=r.choice(("take", "leave", "stay")), part=r.choice((100, 50)))))
    return events


def wider(r, incidents, count, amount, scene):
    """Money that comes late, payments on their way, receipts before a judgment, what is whose own meanwhile, ends."""
    events, several = [], "i" in incidents and len(incidents["i"][0]) > 1
    for n in range(count):
        if r.random() < (0.4 if scene == "sections" else 0.1):
            c = "c%02d" % n
            events.append(("slow", dict(claim=c)))
            if r.random() < 0.25:
                events.append(("settle", dict(claim=c)))
    for incident, (merchants, issuer) in incidents.items():
        if r.random() < (0.9 if scene == "late" else 0.15):
            owners = merchants + ([issuer] if issuer else [])
            events += [("late", dict(incident=incident, owner=r.choice(owners), amount=amount(600))),
                       ("round", dict(incident=incident))] * r.choice((1, 1, 2))
        if r.random() < (0.9 if scene == "premature" else 0.2):
            merchant = r.choice(merchants)
            for n in range(r.randint(1, 3)):
                events.append(("premature", dict(recovery="e-%s-%d" % (incident, n), incident=incident, merchant=merchant,
                                                 party=r.choice("MNYGZ"), amount=amount(300))))
        if r.random() < (0.8 if several else 0.3):
            events += [("peek", dict(incident=incident, pick=r.random())) for _ in range(6 if several else 2)]
    if r.random() < 0.4:
        events.append(("ends", {}))
    return events


def cut(r, events, most):
    """At most so many events, any of them, in their order."""
    if len(events) <= most:
        return events
    return [events[n] for n in sorted(r.sample(range(len(events)), most))]


def anywhere(r, incident, amount):
    """Receipts whose payer does not say for which section."""
    events = []
    for n in range(r.randint(0, 3)):
        recovery = "r-%s-%d" % (incident, n)
        events.append(("receive", dict(recovery=recovery, incident=incident, merchant=None, party=r.choice("MNYGZP"),
                                       amount=amount(500), known=r.random() < 0.9)))
        if r.random() < 0.1:
            events.append(("bounce", dict(recovery=recovery)))
    return events


def judgment(r, incident, merchant, merchants, amount, mixed):
    names = r.sample([p for p in ("M", "N", "Y", "G", "Z", "P") if p in merchants or p not in ("M", "N")], r.randint(1, 4))
    cuts = sorted(r.choice((0, 10, 33, 45, 50, 90, r.randint(0, 100))) for _ in names[1:])
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [100])]
    kind = r.choice(("joint", "joint", "several", "mixed" if mixed else "joint"))
    # who bears nothing in the end is liable for the whole, or not at all
    shares = {p: (s, not s or kind == "joint" or kind == "mixed" and r.random() < 0.5) for p, s in zip(names, sizes)}
    at = dict(incident=incident, merchant=merchant)
    events = [("apportion", dict(shares=shares, **at, **({"first": r.choice(names)} if r.random() < 0.1 else {})))]
    for n in range(r.randint(0, 6)):
        recovery = "r-%s-%s-%d" % (incident, merchant, n)
        payer = r.choice(names)
        events.append(("receive", dict(recovery=recovery, party=payer, amount=amount(500), known=r.random() < 0.9, **at)))
        if r.random() < 0.04:
            events.append(("slip", dict(what="receipt", recovery=recovery + "-s", party=payer, amount=amount(500), **at)))
        if r.random() < 0.05:
            events.append(("bounce", dict(recovery=recovery)))
    if r.random() < 0.4:
        events.append(("give_up", dict(party=r.choice(names), **at)))
    if r.random() < 0.25:
        events.append(("release", dict(party=r.choice(names), **at)))
    if r.random() < 0.2:
        events.append(("write_off", dict(party=r.choice(names), **at)))
    if r.random() < 0.2:
        events.append(("cost", dict(party=r.choice(names), amount=amount(30), **at)))
    if r.random() < 0.2:
        events.append(("interest", dict(party=r.choice(names), amount=amount(30), **at)))
    return events
