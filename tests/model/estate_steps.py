# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of parties that are insolvent: what comes from one waits for its liquidator, and serves nobody meanwhile; what its
estate accepted is paid in dividends, for which nobody has to be asked."""


class EstateSteps:
    def waits_for_liquidator(self, party):
        return self.estates.get(party) == "open"

    def do_insolvent(self, party):
        if party in self.estates:
            return False
        moved = {incident: self.moved(incident, party) for incident in self.incidents}
        if any(m and any(amount for (p, _), amount in self.incidents[i].anywhere.items() if p == party) for i, m in moved.items()):
            return False                # which of both stays where it is is of the moves
        for incident, of in moved.items():
            if of:                      # what it paid for one section, and serves another by then, stays there
                self.incidents[incident].stays[party] = of
        self.estates[party] = "open"
        self.put("insolvent", party=party)

    def do_end_estate(self, party):
        """The case was withdrawn: what waited is free."""
        if not self.waits_for_liquidator(party):
            return False
        self.estates[party] = "ended"
        for i in self.incidents.values():
            i.stays.pop(party, None)
        self.put("end_estate", party=party)

    def moved(self, incident, party):
        """Of what it paid for one section by name, what serves another: section -> so much more, or less."""
        i = self.incidents[incident]
        here = lambda: {m: s.receipts.get(party, 0) for m, s in i.sections().items()}
        apart, now, i.apart = i.apart, here(), i.apart | {party}
        paid, i.apart = here(), apart
        return {m: now[m] - paid[m] for m in now if now[m] != paid[m]}

    # Its receipts.

    def do_receive(self, recovery, incident, merchant, party, amount, known=True):
        values = dict(recovery=recovery, incident=incident, merchant=merchant, party=party, amount=amount, known=known)
        if not self.waits_for_liquidator(party):
            return super().do_receive(**values)
        merchants = [merchant] if merchant else self.plan.incidents[incident][0]
        if incident not in self.incidents or not any(party in self.parties(incident, m) for m in merchants):
            return False
        self.unconfirmed[recovery] = values
        self.cash += amount
        if known:
            self.put("receive", section=merchant and self.section_name(incident, merchant), **values)
        else:
            self.put("record", amount=amount)
            self.put("identify", line="b-%d" % self.count, section=merchant and self.section_name(incident, merchant), **values)

    def do_premature(self, party, **values):
        return False if self.waits_for_liquidator(party) else super().do_premature(party=party, **values)

    def do_confirm(self, recovery):
        """From here on it is a receipt like others."""
        values = self.unconfirmed.get(recovery)
        if not values:
            return False
        lines, cash = len(self.lines), self.cash
        if super().do_receive(**values) is False:
            return False
        del self.lines[lines:]          # it came already
        self.cash = cash
        del self.unconfirmed[recovery]
        if self.waits_for_liquidator(values["party"]):
            self.put("confirm", party=values["party"], recovery=recovery)
        self.put("allocate", recovery=recovery)

    def do_bounce(self, recovery):
        """Or it goes back, to the liquidator."""
        if recovery not in self.unconfirmed:
            incident, home, party, _ = self.receipts.get(recovery, (None, None, None, 0))
            if super().do_bounce(recovery) is False:
                return False
            self.dividends.pop(recovery, None)
            if home:
                self.take_back_moved(incident, home, party)
            return None
        self.slip = None
        self.cash -= self.unconfirmed.pop(recovery)["amount"]
        self.bounced.append(recovery)
        self.put("bounce", recovery=recovery)

    def take_back_moved(self, incident, home, party):
        """What is not there any more where it was paid serves nobody elsewhere."""
        moved = self.incidents[incident].stays.get(party, {})
        lacks = max(0, -moved.get(home, 0) - self.receipts_of(incident, home).get(party, 0))
        for merchant in sorted(m for m, amount in moved.items() if amount > 0):
            back = min(lacks, moved[merchant])
            moved[merchant], moved[home], lacks = moved[merchant] - back, moved[home] + back, lacks - back

    # Its deposit.

    def do_deposit(self, owner, amount):
        if self.waits_for_liquidator(owner):
            return self.wait_with(owner, amount)
        return super().do_deposit(owner, amount)

    def do_late(self, incident, owner, amount):
        if self.waits_for_liquidator(owner):
            return self.wait_with(owner, amount)
        return super().do_late(incident, owner, amount)

    def wait_with(self, owner, amount):
        self.cash += amount
        self.put("deposit", merchant=owner, amount=amount)
        self.lines[-1] = "waits%d := " % self.count + self.lines[-1]
        self.top_ups["waits%d" % self.count] = (owner, amount)

    def do_confirm_deposit(self, pick):
        waiting = sorted(self.top_ups)
        if not waiting:
            return False
        name = waiting[int(pick * len(waiting))]
        owner, amount = self.top_ups[name]
        if not self.waits_for_liquidator(owner) or self.lodge(owner, amount) is False:
            return False
        del self.top_ups[name]
        self.put("confirm_deposit", party=owner, deposit="$" + name)

    def do_give_back(self, pick):
        if not self.top_ups:
            return False
        name = sorted(self.top_ups)[int(pick * len(self.top_ups))]
        self.cash -= self.top_ups.pop(name)[1]
        self.put("give_back", deposit="$" + name)

    # What its estate accepts and pays.

    def do_accept_debt(self, incident, merchant, party, part):
        """All told: of a joint debt the whole."""
        if not self.waits_for_liquidator(party) or incident not in self.incidents or party not in self.parties(incident, merchant):
            return False
        owes = self.incidents[incident].section(merchant).owes_still(party) + self.paid_as_dividends(incident, merchant, party)
        amount = owes * part // 100
        if not amount or amount < self.paid_as_dividends(incident, merchant, party):
            return False
        self.accepts[incident, merchant, party] = amount
        self.put("accept_debt", incident=incident, section=self.section_name(incident, merchant), party=party, amount=amount)

    def paid_as_dividends(self, *of):
        return sum(amount for *whose, amount in self.dividends.values() if tuple(whose) == of)

    def do_dividend(self, recovery, incident, merchant, party, amount):
        left = self.accepts.get((incident, merchant, party), 0) - self.paid_as_dividends(incident, merchant, party)
        if amount > left or not self.waits_for_liquidator(party):
            return False
        if super().do_receive(recovery, incident, merchant, party, amount) is False:
            return False
        self.lines[-2] += " dividend=yes"
        self.dividends[recovery] = (incident, merchant, party, amount)

    def do_interest(self, incident, party, **values):
        """It runs no longer than until its case was accepted."""
        stopped = self.waits_for_liquidator(party) or None
        if super().do_interest(incident=incident, party=party, until=stopped and "2016-05-04T00:00:00Z", **values) is False:
            return False

    def do_take_surplus(self, incident, pick):
        """What is owed to it is its liquidator's."""
        if super().do_take_surplus(incident, pick) is False:
            return False
        party = self.lines[-1].split("beneficiary=")[1].split()[0]
        if self.waits_for_liquidator(party):
            self.lines.append("entry $last has body.paid_to=liquidator")

    # The end.

    def confirm_all(self):
        for recovery in list(self.unconfirmed):
            if self.plan.seed % 3 == 0 or not self.step(("confirm", dict(recovery=recovery))):
                self.step(("bounce", dict(recovery=recovery)))

    def look_estates(self):
        for name, (owner, amount) in sorted(self.top_ups.items()):
            self.account("2140", owner, "@$" + name, amount)

    # What is refused.

    def refused_insolvent(self):        # it is already
        return [dict(party=party) for party in self.estates if self.waits_for_liquidator(party)]

    def refused_use_unconfirmed(self):
        return [dict(recovery=recovery) for recovery, x in self.unconfirmed.items() if self.waits_for_liquidator(x["party"])]

    def refused_confirm(self):          # it came before
        return [dict(party=party, recovery=recovery) for recovery, (_, m, party, _) in self.receipts.items()
                if m and self.waits_for_liquidator(party)]

    def refused_interest_on(self):
        return [dict(incident=i, section=self.section_name(i, m), party=p, amount=1) for i in self.incidents
                for m in self.plan.incidents[i][0] for p in self.parties(i, m) if self.waits_for_liquidator(p)]

    def refused_accept_beyond(self):
        return [dict(incident=i, section=self.section_name(i, m), party=p, amount=self.all_of(i, m) + 1) for i in self.incidents
                for m in self.plan.incidents[i][0] for p in self.parties(i, m) if self.waits_for_liquidator(p)]

    def all_of(self, incident, merchant):
        facts = self.facts(incident, merchant)
        return (self.incidents[incident].section(merchant).loss + sum(facts.get("costs", {}).values())
                + sum(facts.get("interest", {}).values()))

    def refused_dividend_beyond(self):
        return [dict(recovery="d-none", incident=i, section=self.section_name(i, m), party=p, dividend="yes",
                     amount=amount - self.paid_as_dividends(i, m, p) + 1)
                for (i, m, p), amount in self.accepts.items() if self.waits_for_liquidator(p)]

    def refused_close_unconfirmed(self):
        return [dict(incident=x["incident"]) for x in self.unconfirmed.values() if self.bar]
