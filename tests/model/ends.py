# SPDX-License-Identifier: Apache-2.0
"""How a history ends, and what must stand then."""
import words


class Ends:
    def finish(self):
        self.cancel_all()
        self.step(("paid_anew", {}))
        for incident in self.plan.incidents:
            self.step(("declare", dict(incident=incident)))
        self.ending = True
        for instrument in list(self.called):
            self.step(("provide", dict(instrument=instrument)))
        self.step(("silence", {}))
        for c in list(self.claims):
            self.step(("decide", dict(claim=c)))
        for incident in self.incidents:
            self.step(("round", dict(incident=incident)))
        self.step(("bar", {}))
        for c in list(self.claims):
            self.step(("no_excuse", dict(claim=c)))
        self.step(("lapse", {}))
        self.settle_all()
        self.send_again()
        self.judge_all()
        self.settle_all()               # what was stayed, too
        self.send_again()
        self.confirm_all()
        if self.plan.seed % 3:
            for hold in sorted(self.holds):
                self.step(("unhold", dict(hold=hold, part=100)))
        for incident in self.incidents:
            self.step(("round", dict(incident=incident)))
            for c in [c for c, x in self.claims.items() if x["incident"] == incident and self.of_several_rounds(incident)]:
                self.step(("reissue", dict(claim=c)))
            for c in [c for c, x in sorted(self.claims.items()) if x["incident"] == incident]:
                self.step(("settle", dict(claim=c)))
            for merchant in self.plan.incidents[incident][0]:
                if self.parties(incident, merchant) and "extend" not in self.plan.without:
                    self.put("extend", incident=incident, section=self.section_name(incident, merchant))
        for incident in self.incidents:
            if self.plan.gives_up:
                beside = self.incidents[incident].deposit if self.plan.seed % 3 == 0 else ()    # these pay it at the end
                if not beside:
                    self.step(("give_up_owed", dict(incident=incident, part=100)))
                    self.step(("repay_after_all", dict(incident=incident, part=50)))
                if self.plan.seed % 3 != 1:
                    self.step(("repay_all", dict(incident=incident, beside=sorted(beside))))
            self.step(("return_unused", dict(incident=incident)))
        if "close" not in self.plan.without:
            for incident in self.incidents:
                self.close(incident)
            self.after_the_end()
        self.part_in_the_end()
        self.refund_beside()
        self.look()

    def settle_all(self):
        for c in sorted(self.claims):
            self.step(("settle", dict(claim=c)))

    def send_again(self):
        for c, x in self.claims.items():
            if self.of_several_rounds(x["incident"]) or self.ends:
                self.step(("reissue", dict(claim=c)))

    def do_return_unused(self, incident):
        """Of an instrument: where no round said so by itself."""
        for unused in self.incidents[incident].position()["unused"].values():
            for instrument, amount in unused.items():
                self.owed += amount
                if amount:
                    self.put("return_unused", incident=incident, instrument=instrument)

    def write_off_all(self, incident):
        for merchant in self.plan.incidents[incident][0]:
            facts, p = self.facts(incident, merchant), self.position(incident, merchant)
            if not self.parties(incident, merchant):
                continue
            for party, amount in sorted(p["open"].items()):
                if amount > p["memo"].get(party, 0):
                    self.put("write_off", write_off="w-end%d-%s-%s-%s" % (len(self.lines), incident, merchant, party), incident=incident,
                             section=self.section_name(incident, merchant), party=party)
            facts["written_off"] = {party: (amount, p["funder"]) for party, amount in p["open"].items()}

    def lacks_what_is_held(self, incident):
        """What an operator holds of a merchant's deposit is its incident's before that ends, as long as somebody lacks it, or a later
        rank gave it in its place."""
        merchants, issuer = self.plan.incidents[incident]
        held = {owner for owner, amount in self.holds.values() if amount}
        secured = [m for m in merchants if held & {m, issuer}]
        return any(self.instruments) and bool(secured) or any(self.section_lacks(incident, m) for m in secured)

    def section_lacks(self, incident, merchant):
        section = self.incidents[incident].section(merchant)
        position = section.position()
        return sum(position["open"].values()) + section.uncovered() > position["consumers"]

    def close(self, incident):
        """Closed where nothing stands against it; what is frozen pays what its merchant owes, the rest is free."""
        i = self.incidents[incident]
        merchants, issuer = self.plan.incidents[incident]
        if self.restored(incident, paid=True) or incident in self.short_called or issuer and not self.ends:
            return
        if issuer:                      # who sold nothing of that issuer is not in it
            i.deposit = {owner: x for owner, x in i.deposit.items() if owner == issuer or owner in self.sellers}
        if not i.deposit or self.clawbacks or not any(x.counts() for x in i.claims.values()):
            return
        if any(x["payout"] != "settled" and x.get("lies") != "unclaimed" for x in self.claims.values()
               if x["incident"] == incident and x["state"] == "decided"):
            return
        for c in [c for c, x in self.claims.items() if x["incident"] == incident]:
            self.step(("more_unclaimed", dict(claim=c)))
        if self.ends:
            self.write_off_all(incident)
        if i.blockers() or self.lacks_what_is_held(incident):
            return
        if any(amount > (i.frozen(party) if party in i.deposit else 0) for party, amount in self.all_owe(incident).items()):
            return
        self.remit_all(incident)
        i.ended = True
        i.insolvent = {party for party in self.estates if self.waits_for_liquidator(party)}
        self.makes_up(incident)
        end = i.end()
        for owner, x in end.items():
            for merchant, amount in x["pays"].items():
                receipts = self.facts(incident, merchant).setdefault("receipts", {})
                receipts[owner] = receipts.get(owner, 0) + amount
        for merchant in merchants:
            self.facts(incident, merchant)["closed"] = True
        self.closed.setdefault(incident, {owner: x["freed"] for owner, x in end.items()})
        if self.plan.reopens:           # and once more: what was freed is frozen again
            self.put("reopen_end", incident=incident)
            self.remit_all(incident)
        self.put("close", incident=incident)

    def after_the_end(self):
        """Parties pay for what ended, and who was not found is; then it may end once more."""
        for incident in self.closed:
            came = [event for event in self.plan.after_the_end if self.step(event)]
            self.confirm_all()
            i = self.incidents[incident]
            if came and self.plan.ends_again:
                for owner in self.closed[incident]:     # nothing is frozen for it any more
                    i.deposit[owner] = i.used(owner, i.pay())
                self.close(incident)

    def makes_up(self, incident):
        """What is frozen pays first what its merchant was paid too much, given up or not; what is due to it stays set against the
        rest of that, also where that is as much."""
        i = self.incidents[incident]
        for owner in sorted(i.deposit) if not self.plan.incidents[incident][1] else ():
            amount = min(i.frozen(owner), self.had_too_much(incident, owner))
            given_up = max(0, amount - self.party_owes(incident, owner))
            if i.frozen(owner):
                self.had_back(incident, owner, amount)
                i.made_up[owner] = i.made_up.get(owner, 0) + amount
            if given_up:
                self.let_off[incident, owner] -= given_up

    def remit_all(self, incident):
        due = self.due(incident) - self.remitted.get(incident, 0) - self.stood_for(incident)
        if due:
            self.remitted[incident] = self.remitted.get(incident, 0) + due
            if not self.plan.incidents[incident][1]:
                self.keep_remitted(incident)
            self.put("remit", incident=incident)

    def due(self, incident):
        """What the funder has to get back: what came in for it, and what it paid in and no claim needs."""
        sections = self.incidents[incident].position()["sections"].values()
        return self.handed_back(incident) + sum(s["funder"] + s["costs"] for s in sections)

    def handed_back(self, incident):
        parts = self.incidents[incident].position()["parts"].values()
        back = self.funded.get(incident, 0) - sum(x["advance"] for x in parts)
        return back + sum(had - owed for c, (owed, had) in self.clawbacks.items() if self.claims[c]["incident"] == incident)

    def look(self):
        cash = self.cash - self.paid_to_parties
        self.net = []
        for incident, i in self.incidents.items():
            merchants, issuer = self.plan.incidents[incident]
            p = i.position()
            for c, amount in p["claims"].items():
                if self.claims[c]["paid"] and self.claims[c]["payout"] == "settled":
                    cash -= amount
                    owed, had = self.clawbacks.get(c, (0, 0))
                    self.lines.append(words.BRIEF.format(claim=c, amount=words.money(amount + owed - had, self.digits)))
                else:
                    cash -= self.claims[c].get("out", 0)    # an earlier instalment
            returned = sum(x.get("last", p["claims"][c]) for c, x in self.claims.items()
                           if x["incident"] == incident and x["payout"] == "returned" and x["state"] == "decided")
            self.account("2130", "-", words.REFERENCE.format(incident=incident), returned)
            for owner, amount in p["frozen"].items():
                free = self.closed.get(incident, {}).get(owner)
                if issuer and owner != issuer and owner not in self.sellers:
                    free = amount           # sold nothing of that issuer: it is not in
                self.account("2020", owner, words.REFERENCE.format(incident=incident), amount if free is None else 0)
                if free is not None:
                    self.free(owner, free)
                elif self.exits.get(owner):
                    self.account("2030", owner, self.exit_of(owner), 0)
            claw = {c: x for c, x in self.clawbacks.items() if self.claims[c]["incident"] == incident}
            for c, (owed, had) in claw.items():
                self.account("1120", c, words.REFERENCE.format(incident=incident), owed - had - self.memo_of(c))
                self.account("9030", c, words.REFERENCE.format(incident=incident), self.memo_of(c))
                cash -= owed
            due = self.due(incident)
            cash -= self.remitted.get(incident, 0)
            self.net.append("funder of %s: %d" % (incident, due - self.funded.get(incident, 0)))
            self.sections(incident, p["sections"], max(0, due - self.remitted.get(incident, 0) - self.stood_for(incident)),
                          sum(owed - had - self.memo_of(c) for c, (owed, had) in claw.items()) + self.inchoate(incident, p["sections"]))
            for owner, unused in p["unused"].items():
                for instrument, amount in unused.items():
                    self.account("2150", "S", words.REFERENCE.format(incident=incident), amount)
                    if "late" not in self.plan.without and incident not in self.short_called:
                        self.account("9010", "S", instrument, self.instruments[instrument][1]
                                     - self.instruments[instrument][2] + amount)
        self.look_held()
        self.look_bank()
        self.net.append("cash: %d" % (cash + sum(self.remitted.values()) - sum(self.funded.values())))
        self.look_repaid()
        self.look_back()
        self.look_estates()
        self.look_appeals()
        self.look_beside()
        self.look_unclaimed()
        self.account("1010", "bank", "", cash)

    def inchoate(self, incident, positions):
        """Advanced and not settled, less what stands against 2130; what the funder has not paid in for an appeal is not yet. Behind
        the end so much of it as nobody has paid."""
        if self.incidents[incident].ended:
            amount = sum(s["inchoate"] for s in positions.values())
        else:
            amount = sum(self.incidents[incident].section(m).unsettled - s["against_returned"] for m, s in positions.items())
            amount -= self.restored(incident, paid=True)
        self.account("1115", "-", words.REFERENCE.format(incident=incident), amount)
        return amount

    def sections(self, incident, positions, due, owed_back):
        """The accounts of an incident, which are those of all its sections together."""
        i = self.incidents[incident]
        reference = words.REFERENCE.format(incident=incident)
        sums = {("1110", "U"): 0, ("2150", "consumers"): 0, ("2170", "P"): due, ("3110", "P"): owed_back, ("1130", "-"): 0}

        def add(code, party, amount):
            sums[code, party] = sums.get((code, party), 0) + amount

        if not self.plan.incidents[incident][1]:
            for amount in self.enforceable(incident).values():
                add("9030", "U", amount)
        for merchant, s in positions.items():
            facts = i.section(merchant)
            for party in [*facts.parties, "U"]:
                add("1110", party, s["open"].get(party, 0) - s["memo"].get(party, 0))
            for party in {**facts.parties, **facts.receipts}:
                others = s["contribution"].get(party, 0) if facts.final else 0
                add("2150", party, max(0, self.is_due(incident, party)) if len(positions) == 1 else s["over"].get(party, 0) + others)
            for party, amount in s["memo"].items():
                add("9030", party, amount)
            add("2150", "consumers", max(0, s["consumers"] - self.consumers_had.get(incident, 0)) + sum(s["interest"].values()))
            add("1130", "-", sum(facts.costs.values()) - s["costs"])
            add("3110", "P", sum(s["open"].values()) - sum(s["memo"].values()))
        for (code, party), amount in sorted(sums.items()):
            self.account(code, party, reference, amount)

    def account(self, code, party, reference, amount):
        text = words.LOOK.format(code=code, party=party, reference=reference, amount=words.money(amount, self.digits),
                                 unit=self.plan.unit)
        self.lines.append(" ".join(text.split()))
