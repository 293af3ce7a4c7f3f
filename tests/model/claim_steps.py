# SPDX-License-Identifier: Apache-2.0
"""Steps of a history: one lot, several claims. A second one waits for what becomes of the first; what was refused or given up
can be ruled on anew."""


class ClaimSteps:
    def lives(self, lot, but=None):
        return [c for c, x in self.claims.items() if x["lot"] == lot and c != but and x["state"] not in ("refused", "withdrawn", "void")]

    def do_second(self, claim, incident, lot):
        """It is linked to the one that is alive or paid."""
        first = self.lives(lot)
        if self.bar or not first or any(self.claims[c]["incident"] != incident or self.claims[c]["state"] == "late" for c in first):
            return False
        self.claims[claim] = dict(self.claims[first[0]], state="linked", paid=False, short=False, payout="unpaid", elsewhere=0,
                                  direct={})
        self.put("file", claim=claim, incident=incident, lot=lot)

    def step_in(self, lot):
        """The first that is linked, where no claim of the lot is left."""
        linked = self.lives(lot)
        if linked and all(self.claims[c]["state"] == "linked" for c in linked):
            self.claims[linked[0]]["state"] = "filed"
            self.had_for(lot, linked[0])

    def had_for(self, lot, claim):
        """What was had elsewhere for the lot is the next one's."""
        for c, former in self.claims.items():
            if former["lot"] == lot and c != claim and (former["elsewhere"] or former["direct"]):
                self.claims[claim].update(elsewhere=former["elsewhere"], direct=former["direct"])
                former.update(elsewhere=0, direct={})

    def do_anew(self, claim):
        """Before anything is shared out: who comes then is lifted by what is left."""
        x = self.claims.get(claim)
        if not x or x["state"] not in ("refused", "withdrawn") or self.lives(x["lot"]) or self.rounds.get(x["incident"]):
            return False
        if any(y["lot"] == x["lot"] and y["state"] == "void" for y in self.claims.values()):
            return False
        x.update(state="filed", final=False)
        self.had_for(x["lot"], claim)
        self.put("anew", claim=claim)

    def refused_rule_linked(self):
        return self.claims_that("linked")

    def refused_anew(self):             # another one of its lot lives
        return [dict(claim=c) for c, x in self.claims.items() if x["state"] in ("refused", "withdrawn") and self.lives(x["lot"])]
