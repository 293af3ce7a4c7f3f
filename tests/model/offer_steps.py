# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of what an issuer offers: it is nothing until its money has come."""


class OfferSteps:
    def do_offer(self, offer, incident, rate):
        """Of the loss, in percent."""
        if incident not in self.incidents or offer in self.offers:
            return False
        self.offers[offer] = (incident, rate)
        self.put("offer", offer=offer, incident=incident, issuer="Y", rate="%d.00" % rate)

    def offered(self, offer, claim):
        return offer in self.offers and claim in self.claims and self.offers[offer][0] == self.claims[claim]["incident"]

    def do_accept(self, offer, claim):
        if not self.offered(offer, claim) or claim in self.accepted or self.claims[claim]["state"] not in ("filed", "decided"):
            return False
        self.accepted[claim] = offer
        self.put("accept", offer=offer, claim=claim)

    def do_offer_paid(self, offer, claim):
        """What was accepted comes."""
        if self.accepted.get(claim) != offer:
            return False
        amount = max(1, self.claims[claim]["loss"] * self.offers[offer][1] // 100)
        return self.do_elsewhere(claim, "Y", amount, how="offer")

    def refused_offer(self):            # its id was used
        return [dict(offer=offer, incident=incident, issuer="Y", rate="1.00") for offer, (incident, _) in self.offers.items()]

    def refused_offer_of_units(self):
        return [dict(offer="o-none", incident=i, issuer="Y", rate="1.00", unit="L") for i in self.incidents]

    def refused_accept(self):           # once only
        return [dict(offer=offer, claim=claim) for claim, offer in self.accepted.items()
                if self.claims[claim]["state"] in ("filed", "decided")]

    def refused_accept_foreign(self):   # an offer to others
        return [dict(offer=offer, claim=claim) for offer in self.offers for claim, x in self.claims.items()
                if not self.offered(offer, claim) and x["state"] in ("filed", "decided")]

    def refused_accept_late(self):
        return [dict(offer=offer, claim=c) for offer in self.brief_offers for c, x in self.claims.items()
                if self.bar and x["incident"] == self.brief_offers[offer] and c not in self.accepted and x["state"] == "decided"]

    def do_brief_offer(self, offer, incident):
        """Until a day before the bar date; nobody accepts it."""
        if self.bar or incident not in self.incidents or self.days_since(0) > 16:
            return False
        self.brief_offers[offer] = incident
        self.put("brief_offer", offer=offer, incident=incident, issuer="Y", rate="10.00")
