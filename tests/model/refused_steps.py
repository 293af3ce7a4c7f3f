# SPDX-License-Identifier: Apache-2.0
"""What is refused on purpose: what of it can be said now."""
import words


class RefusedSteps:
    def do_refused(self, what, pick, kind=None):
        """What is refused on purpose: of those of which it can be said now, one."""
        some = sorted(getattr(self, "refused_" + what)(), key=repr)
        if not some:
            return False
        values = some[int(pick * len(some))]
        self.put(what, words.REFUSE.get(what) or next(x[what] for x in words.REFUSE_MORE.values() if what in x), **values)

    def claims_that(self, *states, **is_):
        return [dict(claim=c) for c, x in self.claims.items()
                if x["state"] in states and all(x[name] == value for name, value in is_.items())]

    def refused_decide(self):           # once only
        return self.claims_that("decided", paid=False)

    def refused_withdraw(self):
        return self.claims_that("decided", "refused", "withdrawn", "void")

    def refused_settle(self):
        return self.claims_that("decided", payout="settled") + self.claims_that("filed", "refused", "withdrawn")

    def refused_return(self):
        unpaid = [x for x in self.claims_that("decided", payout="unpaid") if not self.claims[x["claim"]].get("unseen")]
        return unpaid + self.claims_that("decided", payout="returned")

    def refused_reissue(self):
        return self.claims_that("decided", payout="settled") + self.claims_that("filed")

    def refused_clawback(self):
        return [dict(x, amount=1) for x in self.claims_that("decided", "filed") if x["claim"] not in self.clawbacks]

    def refused_receive(self):          # the id was used
        return [dict(recovery=recovery, incident=incident, party="G", amount=1) for recovery, (incident, *_) in self.receipts.items()]

    def refused_allocate(self):
        return [dict(recovery=recovery) for recovery in self.receipts]

    def refused_bounce(self):
        return [dict(recovery=recovery) for recovery in self.bounced]

    def refused_deposit(self):          # the bank's line was used
        return [dict(merchant=owner, amount=1, line=self.line) for owner in self.deposits if self.line]

    def refused_apportion(self):        # there is a judgment
        return [dict(incident=i, section=self.section_name(i, m), mode="several",
                     shares=words.SAY["share"].format(party="G", share=100))
                for i in self.incidents for m in self.plan.incidents[i][0] if self.parties(i, m)]

    def those_liable(self, fits):
        return [dict(incident=i, section=self.section_name(i, m), party=p, write_off="w-none")
                for i in self.incidents for m in self.plan.incidents[i][0] for p, x in self.parties(i, m).items() if fits(x)]

    def refused_give_up(self):
        return self.those_liable(lambda x: not x.joint)

    def refused_release(self):
        return self.those_liable(lambda x: x.released is not None)

    def refused_provide(self):          # nothing is called
        return [dict(incident=i, instrument=b, amount=1) for i in self.incidents for b, x in self.instruments.items() if not x[2]]

    def refused_fund(self):             # more than is committed
        return [dict(incident=i, amount=1) for i in self.incidents
                if self.rounds.get(i) and not self.clawbacks and self.lent.get(i, 0) <= self.funded.get(i, 0)]

    def refused_remit(self):
        return [dict(incident=i) for i in self.incidents if not self.rounds.get(i)]

    def refused_close(self):            # the bar date is not past
        return [] if self.bar else [dict(incident=i) for i in self.incidents]

    def refused_distribute(self):       # nothing is decided
        return [dict(incident=i) for i in self.incidents
                if not any(x["incident"] == i and x["state"] in ("decided", "void") for x in self.claims.values())]

    def refused_declare(self):          # the id was used
        return [dict(incident=i, policy="p", issuer="Y", merchant=self.plan.incidents[i][0][0]) for i in self.incidents]

    def refused_lot(self):
        return [dict(lot=lot, merchant=merchant, amount=1) for lot, (merchant, _) in self.lots.items()]

    def do_twice(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "settled" or not sum(self.incidents[x["incident"]].pay().get(claim, {0: 0}).values()):
            return False
        self.put("instruct", True, claim=claim)
