# SPDX-License-Identifier: Apache-2.0
"""Steps of a history that go another way: a payment that comes back less a fee, who was given up and is pursued, what a claimant
does not give back, a provider that does not pay, a line of the bank that several share."""


class BackSteps:
    def do_back_less(self, claim, fee):
        """All of it is owed to its claimant still; what the bank kept the platform owes the trust."""
        x = self.claims.get(claim)
        if self.plan.scheme[0] != "full" or not x or claim in self.clawbacks:
            return False                # else how much was paid is known to within two steps
        amount = x["loss"] - x["elsewhere"] - sum(x["direct"].values())
        if fee >= amount or x["payout"] != "settled" or x["state"] != "decided" or x["short"]:
            return False
        self.others_lie_there()
        if self.do_return(claim) is False:
            return False
        self.lines[-1] += " amount=" + self.said(amount - fee)
        self.fees += fee
        self.cash -= fee

    def do_make_good_for(self, part):
        """Of what the bank kept."""
        if not self.fees:
            return False
        amount = max(1, self.fees * part // 100)
        self.fees -= amount
        self.cash += amount
        self.put("fee_repaid", amount=amount)

    def do_pursue(self, incident, merchant, party):
        parties = self.parties(incident, merchant) if incident in self.incidents else {}
        if party not in parties or not parties[party].given_up:
            return False
        parties[party].given_up = False
        self.put("pursue", incident=incident, section=self.section_name(incident, merchant), party=party)

    def do_give_up_clawback(self, claim):
        """What is too much stays with its claimant; what comes after all takes the memo down."""
        owed, had = self.clawbacks.get(claim, (0, 0))
        if owed == had or claim in self.let_be:
            return False
        self.let_be[claim] = owed - had
        self.put("give_up_clawback", write_off="w-" + claim, incident=self.claims[claim]["incident"], claim=claim)

    def memo_of(self, claim):
        owed, had = self.clawbacks.get(claim, (0, 0))
        return min(self.let_be.get(claim, 0), owed - had)

    def do_renew(self, instrument):
        if instrument not in self.instruments or self.instruments[instrument][2]:
            return False                # used up, where all of it was called
        self.renewed += 1
        self.put("renew", instrument=instrument, year=2030 + self.renewed)

    def do_end_instrument(self, instrument):
        """Before it was called: it gives nothing."""
        if instrument not in self.instruments or self.instruments[instrument][2]:
            return False
        self.ended[instrument] = 0
        del self.instruments[instrument]
        self.put("end_instrument", instrument=instrument)

    def do_unpaid(self, incident, instrument):
        """Called, and its provider does not pay: it is not asked again."""
        if incident not in self.incidents or instrument not in self.instruments or self.rounds.get(incident):
            return False
        merchant, limit, paid = self.instruments[instrument]
        i = self.incidents[incident]
        loss = sum(x.loss - x.elsewhere - sum(x.direct.values()) for x in i.section_claims(merchant).values())
        if paid or self.pending(incident)[0] or loss <= i.deposit.get(merchant, 0) or merchant not in i.merchants:
            return False
        self.ended[instrument] = limit
        del self.instruments[instrument]
        self.put("call", incident=incident)
        self.put("unpaid", incident=incident, instrument=instrument)

    def do_signal(self, merchant):
        """A sign of default that was nothing."""
        self.put("signal", merchant=merchant)

    def do_keep(self, amount):
        """Money of nobody known is not sent back after all, and then it is."""
        self.put("record", amount=amount)
        self.put("keep")
        self.put("send_back", line="b-%d" % self.count)

    def do_line(self, name, amount, part):
        """A line of the bank of which somebody's deposit is a part; the rest is nobody's."""
        if name in self.stated:
            return False
        mine = max(1, amount * part // 100)
        self.stated[name] = amount - mine
        self.lies_beside += mine
        self.cash += amount
        self.put("line", name=name, amount=amount, line="stated-" + name)
        self.put("deposit", merchant="W", amount=mine, line="stated-" + name)

    def refused_line_deposit(self):     # beyond what is left of it
        return [dict(merchant="W", amount=left + 1, line="stated-" + name) for name, left in self.stated.items()]

    def refused_pursue(self):           # nobody was given up
        return self.those_liable(lambda x: not x.given_up)

    def refused_give_up_clawback(self):     # nothing is asked back
        return [dict(x, write_off="w-none", incident=self.claims[x["claim"]]["incident"])
                for x in self.claims_that("decided", payout="settled") if x["claim"] not in self.clawbacks]

    def refused_end_instrument(self):
        return [dict(instrument=name) for name, left in self.ended.items() if not left]

    def refused_back_less(self):        # more than was paid
        return [dict(claim=c, amount=10 ** 7) for c, x in self.claims.items()
                if x["payout"] == "settled" and x["state"] == "decided" and sum(self.incidents[x["incident"]].pay()[c].values())]

    def look_back(self):
        self.account("1160", "P", "", self.fees)
        if self.lies_beside:
            self.account("2010", "W", "", self.lies_beside)
        for instrument, left in self.ended.items():
            self.account("9010", "S", instrument, left)
        for name, left in self.stated.items():
            self.account("2160", "-", "@$stated" + name, left)
