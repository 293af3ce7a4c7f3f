# SPDX-License-Identifier: Apache-2.0
"""Steps of a history: claims that come after the bar date. With an excuse that is accepted, as if in time, of what is not paid."""


class LateSteps:
    def do_tardy(self, claim, incident, lot, excuse=True):
        """Nothing is kept back for it, and nothing ruled on, until it is admitted."""
        if incident not in self.incidents or lot not in self.lots or not self.bar or not self.served(lot):
            return False
        if self.lots[lot][0] not in self.plan.incidents[incident][0] or claim in self.claims:
            return False
        values = dict(claim=claim, incident=incident, lot=lot)
        if not excuse:
            self.put("file", "WINDOW_CLOSED incident", **values)
            return None
        if any(x["lot"] == lot and x["state"] not in ("refused", "withdrawn") for x in self.claims.values()):
            return False
        self.taken(claim, incident, lot, "late")
        self.put("tardy", **values)

    def served(self, lot):
        """May it be reckoned from scratch what it gets? What a pool gave and covers not all others have, whatever comes."""
        merchant, loss = self.lots[lot]
        for i, (merchants, issuer) in self.plan.incidents.items():
            if merchant in merchants and issuer and merchant not in self.sellers:
                return False            # who sold first after the bar date comes in with its first claim
            if merchant not in merchants or not self.rounds.get(i):
                continue
            pools = sum(self.incidents[i].security(owner) for owner in (*merchants, *([issuer] if issuer else [])))
            if pools and (issuer or self.plan.scheme[0] == "percentage" or i in self.late
                          or not self.shared[i][0]):
                return False            # its last round kept something back for who waited, too
        return True

    def do_admit(self, claim):
        x = self.claims.get(claim)
        if not x or x["state"] != "late" or not self.served(x["lot"]):
            return False
        if self.rounds.get(x["incident"]):
            had = {c: part["own"] for c, part in self.shared[x["incident"]][1].items()}
            self.incidents[x["incident"]].had[x["merchant"]] = had
        x["state"] = "filed"
        self.put("admit", claim=claim)

    def do_no_excuse(self, claim):
        x = self.claims.get(claim)
        if not x or x["state"] != "late":
            return False
        x.update(state="refused", final=True)
        self.put("refuse", claim=claim)

    def refused_admit(self):
        return self.claims_that("filed", "decided", "refused", "withdrawn")

    def refused_approve(self):          # nobody accepted its excuse
        return self.claims_that("late")

    def refused_tardy(self):            # before the bar date
        return [] if self.bar else [dict(claim="t-none", incident=i, lot=lot) for lot, (m, _) in self.lots.items()
                                    for i in self.incidents if m in self.plan.incidents[i][0]]
