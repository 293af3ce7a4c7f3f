# SPDX-License-Identifier: Apache-2.0
"""What of the kinds that came later is refused on purpose, and what else is."""
import words


class AlsoRefused:
    def do_refused_also(self, kind, what, pick):
        some = sorted(getattr(self, "refused_" + what)(), key=repr)
        if not some:
            return False
        self.put(what, words.REFUSE_ALSO[kind][what], **some[int(pick * len(some))])

    def refused_identify_again(self):   # nothing is left of it
        return [dict(incident=i) for i in self.incidents if any(line.startswith("got := ") for line in self.lines)]

    def refused_reopen(self):           # it waits for its ruling
        return self.claims_that("filed")

    def refused_reopen_paid(self):
        return [x for x in self.claims_that("decided", payout="settled") if self.had_part(x["claim"])]

    def had_part(self, claim):
        return sum(self.incidents[self.claims[claim]["incident"]].pay()[claim].values())

    def refused_correct_again(self):
        """What was taken back by its entry is corrected once."""
        at = max((n for n, line in enumerate(self.lines) if line.startswith("slip := ")), default=None)
        again = "" if at is None else self.lines[at + 1]
        if ".reverse entry:=$slip" not in again:    # a lot that was none is not there any more
            return []
        return [dict(correction=again)]

    def refused_unshare(self):          # claims were paid of it
        return [{}] if any(line.startswith("shared := ") for line in self.lines) else []

    def refused_close_early(self):      # a payment is on its way, a claim waits for its ruling, or one is back
        return [dict(incident=i) for i in self.incidents if self.bar and (self.in_transit(i) or self.pending(i)[0] or any(
            x["payout"] == "returned" and x["state"] == "decided" and x["incident"] == i for x in self.claims.values()))]

    def refused_declare_batch(self):    # nobody sold anything of it
        return [dict(incident="i-none")]

    def refused_receive_unknown(self):  # no such incident
        return [dict(recovery="r-none", incident="i-none", party="G", amount=1)]

    def refused_cost_none(self):        # of a party that is unknown
        return [dict(incident=i, section=self.section_name(i, m), party="nobody", amount=1) for i in self.incidents
                for m in self.plan.incidents[i][0] if self.parties(i, m)]
