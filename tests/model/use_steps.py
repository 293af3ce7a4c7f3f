# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of what is used of a lot: each record counts once, and what was used is not lost. A lot of which some may
be used is of as many litres as it cost steps, so that each litre is worth one."""


class UseSteps:
    def do_use(self, lot, reference, part):
        """Before a ruling, or between ruling and payment: then the ruling is reopened. After the payment: see surfaces()."""
        if lot not in self.lots or lot not in self.plan.counted or reference in self.uses:
            return False
        merchant, left = self.lots[lot]
        step = 10 if self.plan.scheme[0] == "percentage" else 1
        units = min(max(step, left * part // 100 // step * step), left - step)
        claims = [c for c, x in self.claims.items() if x["lot"] == lot and x["state"] not in ("refused", "withdrawn")]
        x = self.claims[claims[0]] if claims else None
        if units <= 0 or x and x["elsewhere"] + sum(x["direct"].values()) > left - units:
            return False
        values = dict(lot=lot, reference=reference, units=units)
        if x and x["paid"]:
            self.slip = None            # the ruling rests on it
            return self.surfaces(claims[0], loss=min(x["loss"], left - units)) and self.used(x, "use", **values)
        if any(merchant in self.plan.incidents[i][0] for i in self.shared) or self.contested_lot(lot):
            return False
        if x and x["state"] == "decided":
            return self.used(x, "reopen_use", claim=claims[0], **values)
        return self.used(x, "use", **values)

    def used(self, x, kind, lot, reference, units, **values):
        merchant, left = self.lots[lot]
        self.lots[lot] = (merchant, left - units)
        self.uses[reference] = (lot, units)
        for y in self.claims.values():      # who is linked claims what is left of it, too
            if y["lot"] == lot:
                y["loss"] = min(y["loss"], left - units)     # no more than was ruled
        self.put(kind, lot=lot, reference=reference, units="%d.000" % units, **values)

    def contested_lot(self, lot):
        return any(x["lot"] == lot and x["state"] in ("refused", "void") for x in self.claims.values())

    def surfaces(self, claim, **less):
        """After the payment less turns out to be lost, or more was had: what is too much of the advance is asked back."""
        x = self.claims[claim]
        filed, fresh = self.pending(x["incident"])
        if (x["state"] != "decided" or x["payout"] != "settled" or x["short"] or filed or fresh or self.has_pool(x)
                or claim in self.clawbacks or self.had_of_recoveries(claim) or self.in_transit(x["incident"])):
            return False
        if any(p.released is not None for p in self.parties(x["incident"], x["merchant"]).values()):
            return False
        if any(self.facts(x["incident"], x["merchant"]).get(name) for name in ("written_off", "funder_had")):
            return False
        before = self.incidents[x["incident"]].pay()[claim]["advance"]
        x.update(less)
        self.update(x["incident"])
        owed = before - self.incidents[x["incident"]].pay()[claim]["advance"]
        if owed:
            self.clawbacks[claim] = [owed, 0]
        return True

    def do_had_late(self, claim, party, amount):
        """More was had elsewhere after the payment."""
        x = self.claims.get(claim)
        amount = min(amount, x["loss"] - x["elsewhere"] - sum(x["direct"].values())) if x and x["paid"] else 0
        if amount <= 0:
            return False
        had = dict(direct={**x["direct"], party: x["direct"].get(party, 0) + amount}) if party else dict(
            elsewhere=x["elsewhere"] + amount)
        if not self.surfaces(claim, **had):
            return False
        self.put("elsewhere", claim=claim, source=party or "card-bank", how="direct", amount=amount)

    def do_dispute(self, reference, units):
        """The same record with another quantity: till one of the two is taken back nobody rules on it."""
        lot, counted = self.uses.get(reference, (None, 0))
        claim = next((c for c, x in self.claims.items() if x["lot"] == lot and x["state"] == "filed"), None)
        if not claim or units == counted:
            return False
        self.put("dispute", lot=lot, reference=reference, units="%d.000" % units, claim=claim)

    def refused_use(self):              # delivered again, for whatever lot
        return [dict(lot=lot, reference=reference, units="%d.000" % units) for reference, (_, units) in self.uses.items()
                for lot in self.plan.counted if lot in self.lots and not self.ruled_on(lot)]

    def refused_use_ruled(self):        # the ruling is reopened first
        return [dict(lot=x["lot"], reference="u-none", units="1.000") for x in self.claims.values()
                if x["lot"] in self.plan.counted and x["state"] == "decided" and not x["paid"]]

    def ruled_on(self, lot):
        return any(x["lot"] == lot and x["state"] == "decided" for x in self.claims.values())

    def refused_use_beyond(self):
        return [dict(lot=lot, reference="u-none", units="%d.000" % (self.lots[lot][1] + 1)) for lot in self.plan.counted
                if lot in self.lots and not any(x["lot"] == lot for x in self.claims.values())]
