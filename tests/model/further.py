# SPDX-License-Identifier: Apache-2.0
"""Events of a plan of the kinds that came later. They have dice of their own, so that the rest of a seed's plan stays as it is."""
import random
import words


def further(seed, scheme, incidents, events, without):
    """More events; the lots of which some may be used; and what consumers say is left of theirs, in percent."""
    r = random.Random("further %d" % seed)
    claims = [values for kind, values in events if kind == "file" and values["claim"] != "other"]
    more, counted = [], set()
    if r.random() < 0.2 and "offers" not in without:
        more += offers(r, incidents, claims)
    if r.random() < 0.25 and "uses" not in without:
        counted = {values["lot"] for kind, values in events if kind == "lot" and r.random() < 0.6} - {"other"}
        more += uses(r, sorted(counted), claims)
    if r.random() < 0.3 and "repayments" not in without:
        more += repayments(r, incidents, events)
    if r.random() < 0.3 and "back" not in without:
        more += other_ways(r, incidents, claims, events)
    if r.random() < 0.1 and "retained" not in without:
        more += retained(r)
    if "estates" not in without:
        more += estates(random.Random("estates %d" % seed), events, without)
    if "appeals" not in without:
        more += appeals(random.Random("appeals %d" % seed), incidents)
        if "restored_early" not in without:
            more += restored_early(random.Random("restored_early %d" % seed), scheme, incidents)
        if "issuers_appeals" not in without:
            more += issuers_appeals(random.Random("issuers_appeals %d" % seed), incidents)
    if "charged_early" not in without:
        more += charged_early(random.Random("charged_early %d" % seed), incidents, events)
    if interim_promised(seed, scheme, without):
        more += beside_a_promise(random.Random("beside %d" % seed), incidents)
    if "cancels" not in without:
        more += cancels(random.Random("cancels %d" % seed), incidents, without)
    if "reports" not in without:
        more += reports(random.Random("reports %d" % seed), events)
    said = {}
    if "withheld" not in without:
        silence, lots, said = withheld(random.Random("withheld %d" % seed), events)
        more, counted = more + silence, counted | lots
    more += apart(seed, scheme, incidents, without)
    for kind in sorted(words.REFUSE_ALSO):
        if kind not in without and r.random() < (0.7 if more else 0.1):
            more += [("refused_also", dict(kind=kind, what=r.choice(sorted(words.REFUSE_ALSO[kind])), pick=r.random()))]
    more = [(kind, {**values, "slip": kind}) if kind in words.SLIPS_ALSO and "slips" not in without and r.random() < 0.1
            else (kind, values) for kind, values in more]
    if "refused" in without:
        more = [event for event in more if event[0] != "refused_also"]
    return more, counted, said


def reports(r, events):
    """What a bank says of payments on their way, and of those that came back and are sent again."""
    more = []
    for claim in sorted({values["claim"] for kind, values in events if kind == "slow"}):
        for _ in range(r.choice((0, 1, 1, 2, 3))):
            status = r.choice(("accepted", "awaiting_payee", "unknown", "rejected", "rejected", "expired", "cancelled"))
            more.append(("report", dict(claim=claim, status=status, code=r.choice((None, "AC04", "MS03")))))
            more += [(r.choice(("take_back", "unclaimed", "settle", "settle")), dict(claim=claim))] * (r.random() < 0.6)
    for claim in sorted({values["claim"] for kind, values in events if kind == "return"}):
        if r.random() < 0.4:
            more.append(("report_again", dict(claim=claim, status=r.choice(("rejected", "expired", "cancelled")))))
    return more


def apart(seed, scheme, incidents, without):
    """Lots of another batch, and rounds before the bar date of a pool that covers not all."""
    r = random.Random("apart %d" % seed)
    events = [("other_batch", dict(lot="b-%s-%d" % (incident, n), merchant=r.choice(merchants), incident=incident, amount=r.randint(1, 300)))
              for incident, (merchants, _) in incidents.items() for n in range(r.randint(0, 2))]
    for incident in incidents:
        if "repayments" not in without and r.random() < 0.6:
            events.append(("give_up_owed", dict(incident=incident, part=r.choice((100, 100, 50, 1)))))
            events += [("repay_after_all", dict(incident=incident, part=r.choice((100, 50, 1))))] * r.randint(0, 2)
        events += [("interim", dict(incident=incident))] * r.randint(1, 3)
    return events


def cancels(r, incidents, without):
    """An incident that was declared by mistake, and what is refused then, and at ends."""
    more = []
    if r.random() < 0.2:
        more += [("mistaken", dict(incident=r.choice(sorted(incidents)))), ("cancel", {})]
        more += [("claim_mistaken", dict(pick=r.random())) for _ in range(r.randint(0, 3))]
    if "refused" not in without and r.random() < 0.4:
        more += [("refused_at_ends", dict(what=what, pick=r.random())) for what in sorted(words.REFUSE_ALSO_OF_ENDS)
                 if r.random() < 0.4]
    return more


def offers(r, incidents, claims):
    events = []
    for incident in incidents:
        offer = "o-" + incident
        events.append(("offer", dict(offer=offer, incident=incident, rate=r.choice((1, 10, 50, 100)))))
        if r.random() < 0.3:
            events.append(("brief_offer", dict(offer=offer + "-brief", incident=incident)))
        for values in claims:
            if values["incident"] == incident and r.random() < 0.7:
                events.append(("accept", dict(offer=offer, claim=values["claim"])))
                if r.random() < 0.6:
                    events.append(("offer_paid", dict(offer=offer, claim=values["claim"])))
    return events


def uses(r, lots, claims):
    """And what was had elsewhere that surfaces late."""
    events = []
    for values in claims:
        if r.random() < 0.1:
            events.append(("had_late", dict(claim=values["claim"], party=r.choice((None, "Y")), amount=r.randint(1, 300))))
        if r.random() < 0.3:
            events.append(("clawback", dict(claim=values["claim"], part=r.choice((100, 50, 1)))))
    for lot in lots:
        for n in range(r.randint(0, 3)):
            reference = "u-%s-%d" % (lot, n)
            events.append(("use", dict(lot=lot, reference=reference, part=r.choice((1, 10, 50, 99)))))
            if r.random() < 0.3:
                events.append(("dispute", dict(reference=reference, units=r.randint(1, 300))))
    return events


def repayments(r, incidents, events):
    """What was paid on of receipts that bounce then, and what of it comes back."""
    more, received = [("bar", {})], [values["recovery"] for kind, values in events if kind == "receive"]
    for incident in incidents:
        more += [("remit", dict(incident=incident))] * r.choice((1, 2))
        more += [("take_surplus", dict(incident=incident, pick=r.random())) for _ in range(r.randint(0, 3))]
        more += [("pay_consumers", dict(incident=incident))] * r.choice((0, 1, 1))
        more += [("bounce", dict(recovery=recovery)) for recovery in received if r.random() < 0.3]
        more += [("repay", dict(incident=incident, pick=r.random(), part=r.choice((100, 100, 50, 1))))
                 for _ in range(r.randint(0, 3))]
    return more


def other_ways(r, incidents, claims, events):
    more = []
    for values in claims:
        if r.random() < 0.3:
            more.append(("back_less", dict(claim=values["claim"], fee=r.randint(1, 30))))
            more.append(("reissue", dict(claim=values["claim"])))
        if r.random() < 0.1:
            more.append(("return", dict(claim=values["claim"])))
        if r.random() < 0.2:
            more += [(kind, dict(claim=values["claim"])) for kind in ("void", "give_up_clawback")]
    more += [("make_good_for", dict(part=r.choice((100, 50)))) for _ in range(r.randint(0, 2))]
    more += [("pursue", {name: x for name, x in values.items() if name != "slip"}) for kind, values in events if kind == "give_up" and r.random() < 0.8]
    for kind, values in events:
        if kind == "instrument" and r.random() < 0.8:
            more += [("renew", dict(instrument=values["instrument"]))] * r.randint(0, 2)
            more += [r.choice((("end_instrument", dict(instrument=values["instrument"])),
                               ("unpaid", dict(incident=next(iter(incidents)), instrument=values["instrument"]))))]
    if r.random() < 0.3:
        more.append(("signal", dict(merchant=r.choice("MN"))))
    if r.random() < 0.3:
        more.append(("keep", dict(amount=r.randint(1, 300))))
    if r.random() < 0.5:
        more.append(("line", dict(name="a", amount=r.randint(2, 300), part=r.choice((100, 50, 1)))))
    return more


def appeals(r, incidents):
    """Of what was deducted from a deposit."""
    if r.random() < 0.65:
        return []
    more = [("bar", {})] if r.random() < 0.8 else []
    for incident, (merchants, _) in incidents.items():
        more += [("deposit", dict(owner=m, amount=r.randint(1, 600))) for m in merchants if r.random() < 0.7]
        for n in range(r.choice((1, 1, 2))):
            more.append(("appeal", dict(incident=incident, pick=r.random())))
            if r.random() < 0.3:
                more.append(("stay", dict(incident=incident)))
            outcome = lambda: r.choice(("upheld", "varied", "varied", "reversed", "reversed"))
            first = outcome() if r.random() < 0.15 else None
            more.append(("judge", dict(incident=incident, outcome=outcome(), part=r.choice((100, 50, 1)), first=first)))
        more += [("restore", dict(incident=incident, part=r.choice((100, 100, 50, 1)))) for _ in range(r.randint(0, 3))]
    return more


def restored_early(r, scheme, incidents):
    """Of a merchant's deposit, while claims still come."""
    more = []
    for incident, (merchants, issuer) in incidents.items():
        if issuer or r.random() < 0.5:
            continue
        times = 10 if scheme[0] == "percentage" else 1
        more += [("deposit", dict(owner=m, amount=times * r.randint(1, 600))) for m in merchants for _ in range(r.randint(1, 2))]
        more += [("round", dict(incident=incident))] * r.randint(2, 3) + 2 * [("appeal", dict(incident=incident, pick=r.random()))]
        more += [("judge", dict(incident=incident, outcome=r.choice(("varied", "reversed")), part=r.choice((100, 50)), first=None))]
        more += [("restore", dict(incident=incident, part=r.choice((100, 100, 50, 1))))] * r.randint(1, 3)
        early = scheme[0] == "deposit-only"     # filed before, and ruled on after
        more += [("bar", {})] if early else []
        for n in range(r.randint(1, 3)):
            c = "l%d-%s" % (n, incident)
            more += [("lot", dict(lot=c + "-l", merchant=merchants[0], amount=times * r.choice((1, 2, 3, 100, r.randint(1, 300))))),
                     ("file" if early else "later_file", dict(claim=c, incident=incident, lot=c + "-l")),
                     ("later_decide" if early else "decide", dict(claim=c))]
    return more


def issuers_appeals(r, incidents):
    """Of what was deducted from an issuer's deposit, and from that of a merchant beside it."""
    more = []
    for incident, (_, issuer) in incidents.items():
        if issuer and r.random() < 0.5:
            more += [("bar", {}), ("deposit", dict(owner=issuer, amount=r.randint(1, 600)))]
            more += [(kind, values) for n in range(2) for kind, values in appeals_in(r, incident)]
    return more


def appeals_in(r, incident):
    yield "appeal", dict(incident=incident, pick=r.random())
    yield "judge", dict(incident=incident, outcome=r.choice(("upheld", "varied", "varied", "reversed", "reversed")),
                        part=r.choice((100, 50, 1)), first=None)
    for n in range(r.randint(0, 2)):
        yield "restore", dict(incident=incident, part=r.choice((100, 100, 50, 1)))


def estates(r, events, without):
    """Of one or two who are insolvent: what comes from them then."""
    judged = [values for kind, values in events if kind == "apportion"]
    liable = sorted({party for values in judged for party in values["shares"]} - {"P"})
    if r.random() < (0.6 if liable else 0.9):
        return []
    more, names = [], liable if liable and r.random() < 0.9 else "MNY"
    for party in r.sample(names, min(len(names), r.choice((1, 1, 2)))):
        more.append(("insolvent", dict(party=party)))
        for n in range(r.randint(0, 2) if party in "MNY" else 0):
            more.append(("deposit", dict(owner=party, amount=r.randint(1, 600))))
            more.append((r.choice(("confirm_deposit", "confirm_deposit", "give_back")), dict(pick=r.random())))
        for values in judged:
            if party not in values["shares"]:
                continue
            at = dict(incident=values["incident"], merchant=values["merchant"], party=party)
            more += [("accept_debt", dict(at, part=r.choice((100, 100, 50)))) for _ in range(r.randint(0, 3))]
            for n in range(r.randint(0, 5)):
                recovery = "%s-%s-%s-%d" % (party, values["incident"], values["merchant"], n)
                amount = r.choice((1, 3, 100, r.randint(1, 300)))
                if r.random() < 0.5:
                    more.append(("dividend", dict(at, recovery="d-" + recovery, amount=amount)))
                    if r.random() < 0.1:
                        more.append(("bounce", dict(recovery="d-" + recovery)))
                    continue
                more.append(("receive", dict(at, recovery="e-" + recovery, amount=amount, known=r.random() < 0.8)))
                more.append((r.choice(("confirm", "confirm", "confirm", "bounce")), dict(recovery="e-" + recovery)))
            if r.random() < 0.3:
                more.append(("interest", dict(at, amount=r.randint(1, 30))))
            if "repayments" not in without and r.random() < 0.3:
                more += [("bar", {}), ("take_surplus", dict(incident=values["incident"], pick=r.random()))]
        if r.random() < 0.15:
            more.append(("end_estate", dict(party=party)))
    return more


def interim_promised(seed, scheme, without):
    """The percentage that a policy publishes beside its promise of another one."""
    r = random.Random("interim promised %d" % seed)
    percent = r.choice((10, 60, 85, 95, 100))
    return percent if scheme[0] == "percentage" and "interim_promised" not in without and r.random() < 0.5 else None


def beside_a_promise(r, incidents):
    """Rounds of a pool that covers more than is promised, and not all that may be claimed."""
    more = []
    for incident, (merchants, issuer) in incidents.items():
        if issuer or r.random() < 0.3:
            continue
        losses = [10 * r.randint(1, 40) for _ in range(r.randint(2, 4))]
        more += [("deposit", dict(owner=merchants[0], amount=sum(losses) * r.randint(50, 100) // 100))] * r.choice((1, 1, 2))
        for n, loss in enumerate(losses):
            c = "p%d-%s" % (n, incident)
            more += [("lot", dict(lot=c + "-l", merchant=merchants[0], amount=loss)), ("file", dict(claim=c, incident=incident, lot=c + "-l")),
                     ("decide", dict(claim=c))]
        more += [("round", dict(incident=incident))] * r.randint(1, 3)
    return more


def charged_early(r, incidents, events):
    """Costs and interest of whoever may come to be liable, or is left out by the judgment."""
    more, judged = [], {(x["incident"], x["merchant"]): sorted(x["shares"]) for kind, x in events if kind == "apportion"}
    for incident, merchant in [(i, m) for i, (merchants, _) in incidents.items() for m in merchants if r.random() < 0.3]:
        for n in range(r.randint(1, 4)):
            party = r.choice([*judged.get((incident, merchant), "MYGZ"), r.choice("MYGZ")])
            more.append((r.choice(("cost_early", "cost_early", "interest_early")),
                         dict(incident=incident, merchant=merchant, party=party, amount=r.choice((1, 2, 3, r.randint(1, 60))))))
    return more


def withheld(r, events):
    """Who has the records is asked for them."""
    more, said = [], {}
    claims = [x for kind, x in events if kind == "file" and x["claim"] != "other"]
    if r.random() < 0.5:
        return [], set(), {}
    some = [x for x in claims if r.random() < 0.7]
    for x in some:
        claim = x["claim"]
        if r.random() < 0.8:
            said[claim] = r.choice((1, 10, 30, 50, 80, 100))
        more += [("ask_records", dict(claim=claim)), ("silence", {})]
        if r.random() < 0.2:
            more.append(("answer_records", dict(claim=claim)))
        if r.random() < 0.3:
            more.append(("correct_word", dict(claim=claim, part=r.choice((1, 20, 60, 100)))))
        if r.random() < 0.3:
            more.append(("use", dict(lot=x["lot"], reference="w-" + claim, part=r.choice((1, 10, 50, 80)))))
    return more, {x["lot"] for x in some}, said


def retained(r):
    more = [("leave_beside", dict(amount=r.randint(1, 300)))]
    for n in range(r.randint(1, 3)):
        item = "i-%d" % n
        more.append(("retain", dict(item=item, part=r.choice((100, 50, 10)))))
        if r.random() < 0.6:
            more.append((r.choice(("release_item", "after_refund")), dict(item=item)))
    return more
