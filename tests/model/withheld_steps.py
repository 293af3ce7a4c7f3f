# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of an issuer that is asked for the records of a lot's use and is silent: the consumer's own figure is ruled on,
at most what no record says was used; and all of that where it said none. Of lots of which each litre is worth one step."""
from datetime import date, timedelta

DAYS = 3        # to wait for an answer that does not come


class WithheldSteps:
    def word_of(self, claim):
        """What its consumer says is left when it is taken in: a part of what was issued."""
        part, loss = self.plan.said.get(claim), self.claims[claim]["loss"]
        issued = loss + sum(units for lot, units in self.uses.values() if lot == self.claims[claim]["lot"])
        self.claims[claim]["issued"] = issued
        if part:
            return max(self.litre(), issued * part // 100 // self.litre() * self.litre())
        return None

    def litre(self):
        return 10 if self.plan.scheme[0] == "percentage" else 1

    def do_file(self, claim, incident, lot):
        if super().do_file(claim, incident, lot) is False:
            return False
        if claim in self.plan.said and claim in self.claims:
            self.claims[claim]["said"] = self.word_of(claim)
            self.lines[-1] += " remaining=%d.000" % self.claims[claim]["said"]

    def do_second(self, claim, incident, lot):
        """What the first said is not its word."""
        if super().do_second(claim, incident, lot) is False:
            return False
        self.claims[claim].pop("said", None)

    def do_correct_word(self, claim, part):
        """It was a slip."""
        x = self.claims.get(claim)
        if not x or not x.get("said") or x["state"] != "filed":
            return False
        said = max(self.litre(), x["issued"] * part // 100 // self.litre() * self.litre())
        if said == x["said"] or said < x["elsewhere"] + sum(x["direct"].values()):
            return False
        x["said"] = said
        self.put("correct_word", claim=claim, remaining="%d.000" % said)

    # Who has the records is asked.

    def do_ask_records(self, claim):
        x = self.claims.get(claim)
        if not x or x["state"] != "filed" or x["lot"] not in self.plan.counted or x["lot"] in self.records:
            return False
        days = self.days_since(0)
        if not self.bar and days > 80:
            return False
        self.records[x["lot"]] = dict(at=len(self.lines), state="asked", name="asked%d" % len(self.records))
        due = date(2016, 5, 4) + timedelta(days + DAYS - 1)
        self.put("ask_records", claim=claim, name=self.records[x["lot"]]["name"], due=due.isoformat())

    def do_answer_records(self, claim):
        """It has none: that says nothing of use, and stands against no figure of the consumer's."""
        lot = self.claims[claim]["lot"] if claim in self.claims else None
        if not self.asked_for(lot):
            return False
        self.records[lot]["state"] = "answered"
        self.put("answer_records", request="$" + self.records[lot]["name"])

    def do_silence(self):
        if not any(self.asked_for(lot) for lot in self.records):
            return False
        self.put("silence")

    def asked_for(self, lot):
        return self.records.get(lot, {}).get("state") == "asked"

    def days_pass(self):
        for asked in self.records.values():
            if asked["state"] == "asked" and self.days_since(asked["at"]) >= DAYS:
                asked["state"] = "silent"

    # The ruling.

    def ruled(self, claim, state, kind):
        """Before the answer came or its day has passed it is of all that was lost, and nothing is asked any more."""
        x = self.claims.get(claim)
        if x and self.asked_for(x["lot"]):
            if state != "decided":
                return False
            self.records[x["lot"]]["state"] = "ended"
        if x and state == "decided" and x["state"] == "filed":
            x["loss"] = self.left_of(x)
        return super().ruled(claim, state, kind)

    def left_of(self, x):
        """Before a ruling all that no record says was used is kept back for it."""
        silent = self.records.get(x["lot"], {}).get("state") == "silent"
        return min(x["said"], x["loss"]) if silent and x.get("said") else x["loss"]

    def do_elsewhere(self, claim, party, amount, how="refund"):
        x = self.claims.get(claim)
        if x and x.get("said"):         # so that no more is had than may come to be ruled on
            amount = min(amount, x["said"] - x["elsewhere"] - sum(x["direct"].values()))
        return False if amount <= 0 else super().do_elsewhere(claim, party, amount, how)

    def do_dispute(self, reference, units):
        return False if self.asked_for(self.uses.get(reference, (None,))[0]) else super().do_dispute(reference, units)

    # What is refused.

    def refused_ask_records(self):      # once, whatever came of it
        return [dict(claim=c, name="none", due="2016-09-01") for c, x in self.claims.items() if x["state"] == "filed" and not self.bar
                and self.records.get(x["lot"], {}).get("state", "ended") != "ended"]

    def refused_answer_records(self):   # too late
        return [dict(request="$" + x["name"]) for x in self.records.values() if x["state"] == "silent"]
