# SPDX-License-Identifier: Apache-2.0
"""Steps of a history in which a bank says what became of a payment on its way: it is as if it were on its way until it is settled.
What never left is sent again, taken back and ordered anew, or owed by name until its claimant is found."""
NEVER_LEFT = ("rejected", "expired", "cancelled")


class ReportSteps:
    def do_report(self, claim, status, code=None):
        x = self.claims.get(claim)
        if not x or x["payout"] != "transit" or "lies" in x:
            return False
        if status in NEVER_LEFT:
            x["lies"] = status
        self.put("report", claim=claim, status=status, code=code)
        if self.slip:                   # it had left
            x.pop("lies", None)

    def do_report_again(self, claim, status):
        """What came back is sent again, and does not leave: it lies where it lay."""
        x = self.claims.get(claim)
        if not x or x["payout"] != "returned" or x["state"] != "decided" or self.stayed(x):
            return False
        self.put("reissue", claim=claim)
        self.put("report", claim=claim, status=status if status in NEVER_LEFT else "rejected")
        if status in NEVER_LEFT:
            self.put("take_back", claim=claim)

    def stayed(self, x):
        return bool(self.appeals_of(x["incident"], "stayed"))

    def do_take_back(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "transit" or x.get("lies", "taken back") == "taken back":
            return False
        x["lies"] = "taken back"
        self.put("take_back", claim=claim)

    def do_unclaimed(self, claim):
        """Nobody says where to: it is owed by the claim's name (2135)."""
        x = self.claims.get(claim)
        if not x or x["payout"] != "transit" or x.get("lies") not in NEVER_LEFT or self.stayed(x):
            return False
        x["lies"] = "unclaimed"
        x.setdefault("last", sum(self.incidents[x["incident"]].pay()[claim].values()) - x.get("out", 0))
        self.put("unclaimed", claim=claim)

    def do_found(self, claim):
        """Behind the end; what liable parties owe for it is known with that."""
        x = self.claims.get(claim)
        if not x or x.get("lies") != "unclaimed":
            return False
        self.lost.discard(claim)
        self.do_settle(claim)
        if self.parties(x["incident"], x["merchant"]):
            self.put("extend", incident=x["incident"], section=self.section_name(x["incident"], x["merchant"]))
        return None

    def do_settle(self, claim):
        x = self.claims.get(claim)
        lies = x and x["payout"] == "transit" and x.get("lies")
        if lies == "unclaimed" and claim in self.lost and self.ending:
            return False
        if lies and self.stayed(x):
            return False                # nothing is ordered until it is decided
        if lies:
            self.put("instruct" if lies == "taken back" else "reissue", claim=claim)
            del x["lies"]
        return super().do_settle(claim)
