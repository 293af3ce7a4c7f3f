# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of what was paid on: to the funder, and to parties of whom too much came, or for whom others paid. When what
it was paid out of bounces, it is owed back, and comes back. Of incidents of one merchant."""


class RepaySteps:
    def settled_up(self, incident):
        """All that came is on the books, and nothing is on its way."""
        if incident not in self.incidents or self.plan.incidents[incident][1] or not self.rounds.get(incident):
            return False
        return not (self.unshared(incident) or self.contested(incident) or self.in_transit(incident) or self.pending(incident)[0]
                    or self.pending(incident)[1] or any(x["incident"] == incident and (x["payout"] == "returned" or x["state"] == "late")
                                                        for x in self.claims.values()))

    def seller(self, incident):
        return self.plan.incidents[incident][0][0]

    # What somebody owes back.

    def funder_owes(self, incident):
        """What it had too much; and it stands for what consumers had, until the payer has paid that."""
        return max(0, self.remitted.get(incident, 0) + self.stood_for(incident) - self.due(incident))

    def stood_for(self, incident):
        """And for what somebody else will not pay back."""
        had = self.consumers_had.get(incident, 0)
        lacks = max(0, had - self.position(incident, self.seller(incident))["consumers"]) if had else 0
        return lacks + sum(self.enforceable(incident).values())

    def enforceable(self, incident):
        return {party: amount for (i, party), most in self.let_off.items()
                if i == incident and (amount := min(most, self.had_too_much(incident, party)))}

    def party_owes(self, incident, party):
        return self.had_too_much(incident, party) - self.enforceable(incident).get(party, 0)

    def had_too_much(self, incident, party):
        """What it was paid of its own money, and of others', beyond what is its own by now: what is due to it is set against
        that."""
        return max(0, -self.is_due(incident, party))

    def is_due(self, incident, party):
        """What is its own and was not paid to it; below 0: what it was paid too much."""
        position = self.position(incident, self.seller(incident))
        return (position["over"].get(party, 0) + self.contribution(incident, party) - position["lent"].get(party, 0)
                - self.own_too_much(incident, party))

    def own_too_much(self, incident, party):
        facts = self.facts(incident, self.seller(incident))
        return max(0, facts.get("given_back", {}).get(party, 0) - facts.get("receipts", {}).get(party, 0))

    def of_others(self, incident):
        return self.facts(incident, self.seller(incident)).setdefault("others_had", {}) if incident in self.incidents else {}

    def contribution(self, incident, party):
        position = self.position(incident, self.seller(incident))
        return position["contribution"].get(party, 0) if self.incidents[incident].section(self.seller(incident)).final else 0

    def owes(self, incident, party):
        return self.funder_owes(incident) if party == "P" else self.party_owes(incident, party)

    def all_owe(self, incident):
        if self.plan.incidents[incident][1]:
            return {}
        owe = {p: self.owes(incident, p) for p in {"P", *self.facts(incident, self.seller(incident)).get("given_back", {}),
                                                   *self.of_others(incident)}}
        return {p: amount for p, amount in sorted(owe.items()) if amount}

    def owed_by(self, incident, start, name):
        """By what was said from that line on somebody owes something back, under its number."""
        self.update(incident)
        new = [p for p in self.all_owe(incident) if (incident, p) not in self.owed_under]
        if new:
            self.lines[start:] = [line.replace("judged_appeal", name) for line in self.lines[start:]]
            self.owed_under.update({(incident, p): "@$" + name for p in new})

    # Steps.

    def do_remit(self, incident):
        if not self.settled_up(incident) or self.all_owe(incident):
            return False
        due = self.due(incident) - self.remitted.get(incident, 0) - self.stood_for(incident)
        if due <= 0:
            return False
        self.others_lie_there()
        self.remitted[incident] = self.remitted.get(incident, 0) + due
        self.keep_remitted(incident)
        self.put("remit", incident=incident)

    def keep_remitted(self, incident):
        """What was remitted stays where it was: for costs, which come first, or for advances."""
        facts, merchant = self.facts(incident, self.seller(incident)), self.seller(incident)
        costs, kept = self.position(incident, merchant)["costs_of"], facts.setdefault("costs_keep", {})
        kept.update({p: max(kept.get(p, 0), costs.get(p, 0)) for p in facts.get("costs", {})})
        self.keep_of_remitted(incident)

    def keep_of_remitted(self, incident):
        """What the funder stands for and does not owe it gave out of its own: it had that beside."""
        facts = self.facts(incident, self.seller(incident))
        had = self.remitted.get(incident, 0) - self.handed_back(incident)
        had += max(0, self.stood_for(incident) - self.funder_owes(incident))
        facts["funder_keeps"] = max(0, had - sum(facts.get("costs_keep", {}).values()))

    def hands_back(self, incident):
        """What a pool paid in the place of an advance is first of what was remitted, whenever it came."""
        if self.remitted.get(incident) and not self.plan.incidents[incident][1]:
            handed, self.handed[incident] = self.handed.get(incident, 0), self.handed_back(incident)
            if handed != self.handed[incident]:
                self.keep_of_remitted(incident)

    def others_lie_there(self):
        """So that the custodian has the money that bounces."""
        if not self.lies_beside:
            self.lies_beside = 10 ** 6
            self.cash += self.lies_beside
            self.put("deposit", merchant="W", amount=self.lies_beside)

    def do_take_surplus(self, incident, pick):
        """What is its own: it was paid too much, or others paid for it."""
        if not self.bar or not self.settled_up(incident) or self.all_owe(incident):
            return False
        merchant = self.seller(incident)
        payers = sorted(p for p in self.facts(incident, merchant).get("receipts", {}) if p != "P")
        if not payers or not self.parties(incident, merchant):
            return False
        party = payers[int(pick * len(payers))]
        position = self.position(incident, merchant)
        over, owed = position["over"].get(party, 0), self.own_too_much(incident, party)
        others = self.contribution(incident, party) - position["lent"].get(party, 0) - owed
        if over + others <= 0:
            return False
        back, had = self.facts(incident, merchant).setdefault("given_back", {}), self.of_others(incident)
        own = self.facts(incident, merchant).setdefault("own_had", {})
        served = position["costs_of"].get(party, 0) + position["interest"].get(party, 0)
        back[party] = back.get(party, 0) + over
        had[party] = had.get(party, 0) + others
        mine = self.receipts_of(incident, merchant).get(party, 0) - served - back[party]
        own[party] = max(0, min(had[party], mine))      # what it had paid itself comes first
        self.others_lie_there()
        self.paid_to_parties += over + others
        self.put("surplus", incident=incident, party=party)

    def do_pay_consumers(self, incident):
        if not self.bar or not self.settled_up(incident) or self.all_owe(incident):
            return False
        merchant = self.seller(incident)
        amount = self.position(incident, merchant)["consumers"] - self.consumers_had.get(incident, 0)
        if amount <= 0 or not self.parties(incident, merchant) or self.facts(incident, merchant).get("interest"):
            return False
        self.others_lie_there()
        self.consumers_had[incident] = self.consumers_had.get(incident, 0) + amount
        self.facts(incident, merchant)["consumers_keep"] = self.consumers_had[incident]
        self.paid_to_parties += amount
        self.put("surplus", incident=incident, party="consumers")

    def had_of_recoveries(self, claim):
        return claim in self.claims and self.consumers_had.get(self.claims[claim]["incident"])

    def do_return(self, claim):
        return False if self.had_of_recoveries(claim) else super().do_return(claim)

    def do_void(self, claim):
        return False if self.had_of_recoveries(claim) else super().do_void(claim)

    def do_bounce(self, recovery):
        incident, merchant, party, _ = self.receipts.get(recovery, (None, None, None, 0))
        if incident is None or self.plan.incidents[incident][1] or not (
                self.remitted.get(incident) or self.consumers_had.get(incident) or self.of_others(incident) or self.facts(incident, merchant).get("given_back")):
            return super().do_bounce(recovery)
        if not self.settled_up(incident) or self.all_owe(incident) or self.enforceable(incident):
            return False
        if super().do_bounce(recovery) is False:
            return False
        self.slip = None
        self.lines[-1] = "back%d := " % self.count + self.lines[-1]
        self.update(incident)
        for p in self.all_owe(incident):
            self.owed_under[incident, p] = "@$back%d" % self.count

    def do_repay(self, incident, pick, part):
        if incident not in self.incidents or not self.settled_up(incident):
            return False
        owe = self.all_owe(incident)
        if not owe:
            return False
        party = sorted(owe)[int(pick * len(owe))]
        self.repay(incident, party, owe[party], max(1, owe[party] * part // 100))

    def do_repay_all(self, incident, beside):
        """Nothing of it is in the way of an end any more."""
        if not self.settled_up(incident):
            return False
        for party, owed in self.all_owe(incident).items():
            if party not in beside:
                self.repay(incident, party, owed, owed)

    def do_give_up_owed(self, incident, part):
        """Who was paid too much never pays it back, or not all."""
        if incident not in self.incidents or not self.settled_up(incident) or self.enforceable(incident):
            return False
        owed = {p: amount for p, amount in self.all_owe(incident).items() if p != "P"}
        for party, amount in sorted(owed.items())[:1]:
            some = max(1, amount * part // 100)
            owed = self.funder_owes(incident)
            self.let_off[incident, party] = some
            self.put("give_up_owed", write_off="w-owed-%s-%s" % (incident, party), incident=incident, party=party,
                     entry=self.owed_under[incident, party][1:], amount=None if some == amount else some)
            if not owed:                # else it stays under the entry that it stands under
                self.lines[-1] = "off%d := " % self.count + self.lines[-1]
                self.owed_under[incident, "P"] = "@$off%d" % self.count
            return True
        return False

    def do_repay_after_all(self, incident, part):
        """What was written off of that comes."""
        if incident not in self.incidents or not self.settled_up(incident):
            return False
        for party, amount in sorted(self.enforceable(incident).items()):
            if self.party_owes(incident, party):
                return False
            some = max(1, amount * part // 100)
            self.let_off[incident, party] -= some       # what receipts made up for may bounce
            self.repay(incident, party, amount, some)
            return True
        return False

    def repay(self, incident, party, owed, amount):
        if party == "P":
            self.remitted[incident] = self.remitted.get(incident, 0) - amount
            self.keep_of_remitted(incident)
        else:
            self.had_back(incident, party, amount)
            self.paid_to_parties -= amount
        all_ = amount == owed and not self.enforceable(incident).get(party)     # what was given up is owed, too
        self.put("repay", incident=incident, party=party, amount=None if all_ else amount)

    def had_back(self, incident, party, amount):
        """Of what it was paid, its own first; of all that it owes, all that is not there any more: what it was paid beside is due to
        it."""
        back = self.facts(incident, self.seller(incident)).get("given_back", {})
        own = max(0, back.get(party, 0) - self.receipts_of(incident, self.seller(incident)).get(party, 0))
        own = own if amount == self.had_too_much(incident, party) else min(amount, own)
        if own:
            back[party] -= own
        self.of_others(incident)[party] = self.of_others(incident).get(party, 0) - (amount - own)
        had = self.facts(incident, self.seller(incident)).setdefault("own_had", {})
        had[party] = max(0, had.get(party, 0) - max(0, amount - own))

    def refused_repay(self):            # nothing is owed back
        return [dict(incident=i, party="P", amount=1) for i in self.incidents
                if not self.plan.incidents[i][1] and not self.funder_owes(i)]

    def refused_repay_beyond(self):
        return [dict(incident=i, party=p, amount=amount + 1) for i in self.incidents for p, amount in self.all_owe(i).items()
                if self.settled_up(i)]

    def look_repaid(self):
        for (incident, party), entry in sorted(self.owed_under.items()):
            if self.owes(incident, party):
                self.account("1100", party, entry, self.owes(incident, party))
