# SPDX-License-Identifier: Apache-2.0
"""Who owes and who gets what in one section of an incident, from the set of facts."""
from copy import copy
from fractions import Fraction
from math import ceil
from split import split, split_above, fill, waterfall


class Party:
    def __init__(self, share, joint=True, cap=None, given_up=False, released=None, before=0, stood_for=0):
        self.share = Fraction(share)    # percent of the section's loss
        self.joint = joint
        self.cap = cap                  # bounds L
        self.given_up = given_up
        self.released = released        # by how much that freed the others, fixed in the entry; None: not released
        self.before = before            # what it had paid in by then: the releasing funder has no more of it
        self.stood_for = stood_for      # of what fell on it for others by then: it had paid that, or the funder did not lack it


class Section:
    """The facts of a section. Amounts are whole steps; dicts are party -> amount."""

    def __init__(self, **facts):
        self.loss = 0               # of all decided claims
        self.elsewhere = 0          # had from somebody who is no liable party here
        self.settled = 0            # R: advances settled, less returns
        self.unsettled = 0          # advances approved and not settled, or returned and not reissued
        self.kept = 0               # of settled: of payments that were not made, as if they were since the section ended
        self.undecided = {"advances": 0, "uncovered": 0}    # claims not decided, at their reserve
        self.parties = {}
        self.pools = {}             # paid by pools for a party
        self.direct = {}            # paid by a party to consumers itself
        self.receipts = {}          # all that a party ever paid in, less bounced ones
        self.unconfirmed = {}       # of receipts: of an insolvent party, after acceptance, not confirmed by its liquidator
        self.given_back = {}        # of receipts: what was too much, and was paid to its payer
        self.others_had = {}        # what a party was paid of others' money
        self.own_had = {}           # of which it had paid itself by then
        self.undue = set()          # who had more of that than can be left to it
        self.stays_paid = 0         # of which is more than is due by now, and was paid by what others bear: it stays where it is
        self.stays_of = {}          # and whose money that is
        self.funder_keeps = 0       # what it was remitted for advances, whichever receipts stand
        self.consumers_keep = 0     # what consumers were paid
        self.costs_keep = {}        # and what was remitted for a party's costs
        self.costs = {}             # named debtor -> amount; "" where none is named
        self.interest = {}          # adjudged to the consumers, by debtor
        self.written_off = {}       # debtor -> (amount, what the funder had had by then)
        self.funder_had = 0         # remitted or due before a payout came back: never taken back silently
        self.funder = "P"
        self.waterfall = [["costs"], ["advances"], ["uncovered"], ["interest"]]
        self.no_disadvantage = False    # consumers before the funder, from what came in
        self.adjudged = set()
        self.final = True           # bar date past, no claim open, no advance unsettled: contribution is paid, not held
        self.closed = False
        for name, value in facts.items():
            assert hasattr(self, name), name
            setattr(self, name, value)
        if self.parties:            # what somebody paid directly who is not liable is had elsewhere
            self.elsewhere += sum(x for p, x in self.direct.items() if p not in self.parties)
            self.direct = {p: x for p, x in self.direct.items() if p in self.parties}
            self.adjudged = set(self.parties)
            # whose pool paid stands above its share, liable or not
            self.parties = {**{p: Party(0, joint=False) for p in self.pools}, **self.parties}

    def liable(self, party):        # by a judgment; whose pool alone paid is not
        return party in self.adjudged

    def owes(self, party, most, later=False):
        """What of so much would serve creditors, its own costs and interest, or who bore its part; later: or would wait for
        one of these whose time has not come. What the funder will bear itself of what is on its way is nobody's then."""
        borne = self.own_of(self.settled + self.unsettled) - self.own() if later else 0
        self.settled, self.unsettled = self.settled + borne, self.unsettled - borne
        before = self.position()
        below = before["below"].get(party, 0)
        paid = self.receipts.get(party, 0)

        def gains(amount):
            self.receipts[party] = paid + amount
            after = self.position()
            self.receipts[party] = paid
            more = lambda key: after[key] - before[key]
            mine = lambda key: after[key].get(party, 0) - before[key].get(party, 0)
            creditors = more("funder") + more("consumers") + (more("waits_for") if later else 0)
            back = mine("over") + mine("contribution") + (mine("waits_own") if later else more("waits"))
            return more("costs") + mine("interest") + max(creditors, below), back
        amount = min(most, gains(most)[0])
        amount = max(0, amount - gains(amount)[1])
        self.settled, self.unsettled = self.settled - borne, self.unsettled + borne
        return amount

    def owes_still(self, party):
        """All that creditors could have of it, who is liable for the whole of all that lacks; and what others paid for it."""
        return self.owes(party, 10 ** 15) if party in self.parties else self.own_costs(party)

    def own_costs(self, party):     # what it owes whether it is liable or not
        return self.costs.get(party, 0) - self.costs_of(party)

    def below(self, party):         # the funder's own part lowers what it advanced, and is paid by that
        own = self.own() if party == self.funder else 0
        return max(0, self.standing()[party] - self.paid_for()[party] - self.paid_in(party) - own)

    # What each bears.

    def paid_for(self):             # B
        return {p: self.pools.get(p, 0) + self.direct.get(p, 0) for p in self.parties}

    def borne_loss(self):
        return self.loss - self.elsewhere

    def shares(self):               # S
        return split(self.borne_loss(), {p: x.share for p, x in self.parties.items()})

    def open_shares(self):          # O
        s, b = self.shares(), self.paid_for()
        return {p: max(0, s[p] - b[p]) for p in s}

    def uncovered(self):
        return max(0, self.borne_loss() - sum(self.pools.values()) - sum(self.direct.values())
                   - self.settled - self.unsettled - self.stays_paid)

    def came_in(self, party):
        return max(0, self.receipts.get(party, 0) - self.unconfirmed.get(party, 0) - self.given_back.get(party, 0))

    def paid_in(self, party):
        """What a party paid towards loss and advances: its receipts less its own costs."""
        return self.came_in(party) - self.costs_of(party)

    def costs_of(self, party):
        """What its costs have of its own money: of what was paid to it again nothing, and of what was paid on to the funder for
        advances, and to consumers, nothing but what was remitted for them."""
        asked = {p: min(max(0, self.came_in(p) - self.own_had.get(p, 0)), self.costs.get(p, 0)) for p in self.receipts}
        paid_on = min(self.funder_keeps, self.settled) + min(self.consumers_keep, self.uncovered())
        # what is a payer's own, beyond all that it is liable for, is no such money
        own = {p: max(0, self.came_in(p) - self.at_most(p)) for p in self.receipts}
        first = {p: min(x, own[p]) for p, x in asked.items()}
        free = sum(first.values()) + max(0, sum(self.came_in(p) - own[p] for p in self.receipts) - paid_on)
        left = sum(asked.values())
        if left > free:                                     # of several who lack some the words say nothing: by what each lacks
            kept = {p: min(x, self.costs_keep.get(p, 0)) for p, x in asked.items()}
            kept = {p: max(x, first[p]) for p, x in kept.items()}
            asked = split_above(max(free, sum(kept.values())), asked, kept)
        return asked.get(party, 0)

    def bear(self, total, base, paid, most):
        """Several parties bear their base, joint ones base + lambda * share; who is given up at most what it has paid."""
        several = {p: min(base[p], most.get(p, base[p])) for p, x in self.parties.items() if not x.joint}
        joint = {p: base[p] for p, x in self.parties.items() if x.joint}
        limit = {p: most[p] for p in joint if p in most}
        for p in joint:
            if self.parties[p].given_up:
                limit[p] = min(paid[p], limit.get(p, paid[p]))
        spread = fill(total - sum(several.values()), joint, {p: self.parties[p].share for p in joint}, limit)
        spread = fill(total - sum(several.values()), spread, self.vouch(joint), limit)
        return {**several, **spread}

    def vouch(self, joint):
        """Who guarantees the whole and has no share bears what nobody else does, one as much as another."""
        return {p: Fraction(p in joint and not self.parties[p].share) for p in self.parties}

    def parts(self):                # L, over a sum that is split by O
        """Of the advances that are settled, and of the loss that nothing covers: what is owed to somebody outside."""
        base = split(self.settled + self.uncovered() + self.stays_paid, self.open_shares()) if sum(self.open_shares().values()) else \
            {p: 0 for p in self.parties}
        caps = {p: x.cap for p, x in self.parties.items() if x.cap is not None}
        paid = {p: self.paid_in(p) for p in self.parties}
        return self.bear(sum(base.values()), base, paid, caps), base

    def recourse_parts(self, settled=None):
        """L in its own sense: of R alone."""
        o = self.open_shares()
        base = split(self.settled if settled is None else settled, o) if sum(o.values()) else {p: 0 for p in o}
        caps = {p: x.cap for p, x in self.parties.items() if x.cap is not None}
        return self.bear(sum(base.values()), base, {p: self.paid_in(p) for p in o}, caps), base

    def standing(self):
        """What each bears of the whole loss in the end, among themselves: S, spread as L is."""
        b, s = self.paid_for(), self.shares()
        paid = {p: b[p] + self.paid_in(p) for p in s}
        most = {p: b[p] + x.cap for p, x in self.parties.items() if x.cap is not None}
        bears = self.bear(self.borne_loss(), s, paid, most)
        for p, x in self.parties.items():
            if x.released is not None:
                spread = max(0, bears[p] - s[p] - x.stood_for)      # its part of spreads is the funder's
                bears[p] = max(0, bears[p] - spread - x.released)
        return bears

    def own(self):
        """What the funder bears itself of its advances: its own share, and its part of every spread."""
        return self.own_of(self.settled)

    def own_of(self, settled):
        if self.funder not in self.parties:
            return 0
        parts, base = self.recourse_parts(settled)
        spread = max(0, parts[self.funder] - base[self.funder])
        return min(self.open_shares()[self.funder] + spread, settled)

    def let_off(self):
        """What a release freed, and the released one's part of spreads."""
        parts, base = self.recourse_parts()
        return sum(x.released + max(0, parts[p] - base[p] - x.stood_for)
                   for p, x in self.parties.items() if x.released is not None)

    def forgone(self):
        """What the funder can no longer ask of anybody: what it let off, and beyond a cap, where nobody joint takes the rest."""
        parts, _ = self.recourse_parts()
        return self.let_off() + (self.settled - sum(parts.values()) if self.parties else 0)

    def lacks(self):
        """What the funder has not had, and did not let off."""
        return self.settled - self.own() - self.let_off() - self.position()["funder"]

    def release_of(self, party):
        """By how much a release would free the others now: the party's own share that is open, at most what the funder lacks; and
        what it stands for of its part of spreads. None where that lets it off of nothing: who is liable for the whole is let off
        of what others do not pay."""
        parts, base = self.recourse_parts()
        lacks = self.lacks()
        own, paid = min(parts[party], base[party]), self.paid_in(party)
        frees, spread = min(max(0, own - paid), max(0, lacks)), parts[party] - own
        if lacks <= 0 or not (frees or self.parties[party].joint):
            return None
        return frees, spread - min(max(0, spread - max(0, paid - own)), lacks - frees)

    # Where the cash goes.

    def liable_for(self, party):
        """All that may be asked of a party: of a several one its own part, of a joint one all that is joint."""
        x = self.parties[party]
        if x.cap is not None:
            return x.cap
        return None if x.joint else self.own_part(party, self.borne_loss() + sum(self.undecided.values()))

    def at_most(self, party):
        """What of its money may serve creditors."""
        most = self.liable_for(party) if party in self.parties else 0 if self.parties else None
        return self.came_in(party) if most is None else most

    def own_part(self, party, loss):
        """Rounded up: no step of it goes back while a creditor lacks it, whoever bears that step in the end."""
        whole = sum(x.share for x in self.parties.values())
        return max(0, ceil(loss * self.parties[party].share / whole) - self.paid_for()[party]) if whole else 0

    def position(self):
        """The position of everybody, on all receipts in total. Who was paid of others' money more than is due to it by now keeps
        it, and others have so much less, as far as there is what others bear, and by a step in any case; where these had too much
        of that themselves, or that is not there, it has paid so much less than it paid itself, and for what its pools paid (lent)
        it owes that back by its name. Who had no more than that is found by and by: what others keep, it may lack."""
        found = self.position_of_paid()
        keep = {p for p, more in found["keeps"].items() if more > 1}
        if self.final and keep and not self.more_than_due(found, {}):
            apart = self.position_apart(keep)
            if any(self.owes_of(apart, p) for p in keep):
                return apart
        return self.position_apart(set(), found)

    def position_apart(self, who, found=None):
        apart = {}
        while self.final:
            more = who - set(apart) or self.more_than_due(found, apart)
            if not more:
                break                                       # who had no more than that has paid all that it paid
            apart.update((p, min(self.others_had[p], self.came_in(p))) for p in more)
            found = self.without(apart).position_of_paid()
        return found

    def more_than_due(self, found, apart):
        due = lambda p: found["contribution"].get(p, 0) + found["over"].get(p, 0)
        return {p for p, had in self.others_had.items() if p not in apart and had - self.taken_back(p) > due(p)}

    def owes_of(self, found, p):
        lent = found["lent"].get(p, 0) - self.taken_back(p)
        return lent > found["contribution"].get(p, 0) + found["over"].get(p, 0)

    def without(self, own):
        """As if they had not paid of their own what they were paid."""
        apart = copy(self)
        apart.given_back = {p: self.given_back.get(p, 0) + own.get(p, 0) for p in {**self.given_back, **own}}
        apart.others_had = {p: had - own.get(p, 0) for p, had in self.others_had.items()}
        apart.own_had = {p: max(0, had - own.get(p, 0)) for p, had in self.own_had.items()}
        apart.undue = set(own)
        apart.keep_paid(own)
        return apart

    def taken_back(self, p):
        """Of what it had: paid by itself, and taken back since, or by nothing that it or its pools have paid."""
        paid = self.came_in(p) + (self.paid_for().get(p, 0) if p != self.funder else self.others_had.get(p, 0))
        return max(0, self.own_had.get(p, 0) - self.came_in(p), self.others_had.get(p, 0) - paid)

    def leave_had(self, contribution, above, debt, back):
        """A step already had stays, as far as those who stand above their share have it beyond what they had; of the rest its own
        is for its interest first, as ever."""
        had = {p: max(0, self.others_had.get(p, 0) - self.taken_back(p) - back.get(p, 0)) if p not in self.undue else 0
               for p in contribution}
        enough = sum(had.values()) <= sum(contribution.values())
        if not enough or all(contribution[p] >= x for p, x in had.items()):
            return contribution
        kept = {p: max(0, had[p] - debt[p]) for p in had}
        left = sum(contribution.values())
        first = split_above(min(left - sum(kept.values()), sum(debt.values())), debt, {p: min(had[p], debt[p]) for p in had})
        rest = split_above(left - sum(first.values()), {p: x - debt[p] for p, x in above.items()}, kept)
        return {p: first[p] + rest[p] for p in above}

    def keep_paid(self, who):
        """What these were paid rightly, and is not due by what is known now: their pools have paid so much less, and it is out of
        what is there, of what its payers bear. Not out of what was paid on to creditors, which was before it."""
        pools = self.pools
        had = {p: max(0, min(x - self.own_had.get(p, 0), pools.get(p, 0))) for p, x in self.others_had.items() if p in who}
        self.pools = {p: x - had.get(p, 0) for p, x in pools.items()}
        b, bears = self.paid_for(), self.standing()
        cash = {p: min(self.paid_in(p), max(0, bears[p] - b[p])) for p in self.receipts if p in self.parties}
        paid_on = self.funder_keeps + self.consumers_keep
        there = min(sum(cash.values()), sum(self.paid_in(p) for p in self.receipts if p in self.parties) - paid_on)
        stays = split(min(max(0, there), sum(had.values())), had)
        self.stays_paid = sum(stays.values())
        self.stays_of = self.served_by(cash, self.stays_paid)
        self.pools = {p: x - stays.get(p, 0) for p, x in pools.items()}
        self.others_had = {p: x - stays.get(p, 0) for p, x in self.others_had.items()}

    def served_by(self, cash, amount):
        """Whose money serves so much: each its own part, then who is liable for the whole by share."""
        base = {p: min(part, cash[p]) for p, part in self.parts()[0].items() if p in cash}
        if sum(base.values()) >= amount:
            return split(amount, base)
        found = fill(amount, base, {p: self.parties[p].share if self.parties[p].joint else 0 for p in cash}, cash)
        for p in sorted(cash):
            found[p] += min(cash[p] - found[p], amount - sum(found.values()))
        return found

    def position_of_paid(self):
        owed = max(0, self.settled - self.own() - self.forgone()) if self.parties else self.settled
        perfected = max(owed, self.funder_had)
        unsettled = max(0, self.unsettled - (perfected - owed))
        claims = {"costs": self.costs.get("", 0), "advances": perfected + unsettled + self.undecided["advances"],
                  "uncovered": self.uncovered() + self.undecided["uncovered"]}
        cash, back, personal = {}, {}, 0
        for p in self.receipts:
            paid = self.came_in(p)
            cost = self.costs_of(p)
            personal += cost
            usable = paid - cost
            most = self.liable_for(p) if p in self.parties else None
            if p not in self.parties and self.parties:
                most = 0
            if not self.parties and not self.settled + self.unsettled:
                # nothing was advanced, nobody judged: whoever pays may be liable for all that it did not bear by its pool
                most = self.borne_loss() + sum(self.undecided.values()) - self.pools.get(p, 0) - self.direct.get(p, 0)
            cash[p] = usable if most is None else min(usable, most)
            back[p] = usable - cash[p]                      # beyond the whole liability
        order = self.waterfall
        if self.no_disadvantage:
            order = [["costs"], ["uncovered"], ["advances"]]
        ranks = [{k: claims[k] for k in rank if k in claims} for rank in order]
        not_funders = sum(max(0, cash.get(p, 0) - x.before) for p, x in self.parties.items() if x.released is not None)
        there = max(0, sum(cash.values()) - self.stays_paid)
        had, rest = waterfall(there, [r for r in ranks if r], not_funders)
        more = min(self.funder_keeps, claims["advances"], there) - had.get("advances", 0)
        more = min(more, had.get("uncovered", 0) - min(self.consumers_keep, had.get("uncovered", 0)))
        if more > 0:
            had["advances"] += more
            had["uncovered"] -= more
        # what is open of the advances is what the funder has not had: what was paid to consumers it had not, whatever their ranks
        less = min(self.consumers_keep, claims["uncovered"]) - had.get("uncovered", 0)
        less = min(less, had.get("advances", 0))
        if less > 0:
            had["advances"] -= less
            had["uncovered"] = had.get("uncovered", 0) + less
        funder = min(had.get("advances", 0), perfected)
        consumers = min(had.get("uncovered", 0), self.uncovered())
        funder, consumers = self.now(cash, ranks, funder, consumers)
        waits = had.get("advances", 0) - funder + had.get("uncovered", 0) - consumers
        waits_for, waits_own = waits, {}                    # for a creditor; what is its payer's own
        waits += sum(self.unconfirmed.values())
        # Then who stands above its share, by excess; of a step that the split gives to others nothing.
        contribution, keeps = {}, {}
        if self.parties:
            b, loss = self.paid_for(), self.borne_loss() + sum(self.undecided.values())
            shares = split(loss, {p: x.share for p, x in self.parties.items()})
            for p in sorted(p for p, x in self.parties.items() if p in cash and not x.joint and x.cap is None):
                step = min(rest, max(0, cash[p] - max(0, shares[p] - b[p])))
                back[p], cash[p], rest = back.get(p, 0) + step, cash[p] - step, rest - step
            bears = self.standing()
            own = self.own()
            whole = sum(claims[k] for rank in ranks for k in rank if k != "costs")
            for p, x in self.parties.items():               # a joint one is asked for no more than all, or what it bears
                asked = max(whole + self.stays_of.get(p, 0), bears[p] - b[p] - (own if p == self.funder else 0))
                over = max(0, cash.get(p, 0) - asked) if x.joint else 0
                if over:
                    back[p], cash[p], rest = back.get(p, 0) + over, cash[p] - over, rest - over
            stands, debt = {p: b[p] + cash.get(p, 0) + (own if p == self.funder else 0) for p in self.parties}, {}
            above = {p: max(0, stands[p] - bears[p]) for p in self.parties}
            if rest and sum(above.values()):                # its own, beyond its share, is for its interest first
                debt = {p: min(x, cash.get(p, 0), self.interest.get(p, 0)) for p, x in above.items()}
                first = split(min(rest, sum(debt.values())), debt)
                beyond = {p: x - debt[p] for p, x in above.items()}
                more = split(min(rest - sum(first.values()), sum(beyond.values())), beyond)
                contribution = {p: first[p] + more[p] for p in above}
                rest -= sum(contribution.values())
            if rest and sum(cash.values()):                 # what the funder released and nobody else lacks
                for p, x in split(rest, cash).items():
                    back[p] = back.get(p, 0) + x
                    cash[p] -= x
                rest = 0
            due, contribution = contribution, self.leave_had(contribution, above, debt, back)
            keeps = {p: contribution[p] - due[p] for p in due if contribution[p] > due[p]}
        if not self.parties and self.closed and rest and sum(cash.values()):    # nobody will be judged: it is its payers'
            for p, x in split(rest, cash).items():
                back[p] = back.get(p, 0) + x
            rest = 0
        interest = {}
        for p, amount in self.interest.items():             # only the debtor's own receipts serve it
            # behind what all serve: of its own money that comes back; what it was paid was others' first
            own = min(contribution.get(p, 0), cash.get(p, 0))
            paid = self.given_back.get(p, 0) + self.others_had.get(p, 0) - (contribution.get(p, 0) - own)
            was = min(self.given_back.get(p, 0), self.receipts.get(p, 0))      # what was taken back since is no money of its own
            have = max(0, back.get(p, 0) + was + own - max(0, paid))
            interest[p] = min(amount, have)
            first = min(interest[p], back.get(p, 0))
            back[p] = back.get(p, 0) - first
            if interest[p] - first:
                contribution[p] -= interest[p] - first
        over_paid = {}
        if self.parties and all(stands[p] >= bears[p] for p in self.parties):
            for p in contribution:                          # nobody owes it any more: over-paid, and no contribution
                over = min(contribution[p], max(0, cash.get(p, 0) - max(0, bears[p] - b[p])))
                if self.final:
                    over_paid[p] = over
                    continue
                contribution[p] -= over
                if unsettled or sum(self.undecided.values()):
                    waits += over
                    waits_own[p] = over
                else:
                    back[p] = back.get(p, 0) + over
        over_paid = {p: back.get(p, 0) + over_paid.get(p, 0) for p in {*back, *over_paid}}
        if not self.final:                                  # contribution waits
            waits += sum(contribution.values())
        if not self.parties:                                # not apportioned: what is over waits for a judgment
            waits += rest
        open_ = self.made().open_recourse(funder, self.made_recourse()) if self.kept else self.open_recourse(funder, perfected)
        inchoate = max(0, perfected - funder - sum(open_.values())) if self.kept else 0
        return {"funder": funder, "consumers": consumers, "costs": personal + had.get("costs", 0), "interest": interest,
                "waits": waits, "over": {p: x for p, x in back.items() if x},
                "contribution": {p: x for p, x in contribution.items() if x}, "over_paid": over_paid,
                "waits_for": waits_for, "waits_own": waits_own,
                "lent": self.others_had, "keeps": keeps, "costs_of": {p: self.costs_of(p) for p in self.receipts},
                "below": {p: self.below(p) for p in self.parties},
                "perfected": perfected, "against_returned": perfected - owed, "open": open_, "inchoate": inchoate, "memo": self.memo(funder, open_),
                "rest": rest if self.parties else 0}

    def made(self):
        """Without what is kept, as if that had not been settled: what is asked of whom is of payments that were made."""
        made = copy(self)
        made.settled, made.unsettled, made.kept = self.settled - self.kept, self.unsettled + self.kept, 0
        return made

    def made_recourse(self):
        made = self.made()
        return max(made.settled - made.own() - made.forgone(), 0) if self.parties else made.settled

    def now(self, cash, ranks, funder, consumers):
        """What a several party paid for claims that are not decided waits for them."""
        several = {p for p, x in self.parties.items() if not x.joint} if sum(self.undecided.values()) else ()
        money = sum(min(amount, self.own_part(p, self.borne_loss())) if p in several else amount for p, amount in cash.items())
        served = {"advances": funder, "uncovered": consumers}
        if funder + consumers <= money:
            return funder, consumers
        had, _ = waterfall(money, [{k: served[k] for k in rank if k in served} for rank in ranks])
        return had.get("advances", 0), had.get("uncovered", 0)

    def open_recourse(self, funder, perfected):
        """1110 of each party and what is written off of it: only what is open is split, never what is paid. Who is liable for
        its own part is never asked for more; others are, before it is nobody's ("U")."""
        lacks = max(0, perfected - funder)
        if not self.parties:
            return {"U": lacks} if lacks else {}
        parts, _ = self.parts()
        asked = {p: x for p, x in self.parties.items() if p != self.funder}
        for p, x in asked.items():
            if x.released is not None:                      # of what it had paid by then it was not let off
                parts[p] = min(max(0, parts[p] - x.released), x.before)
        whole = {p for p, x in asked.items() if x.joint and not x.given_up and x.released is None}
        left = {p: max(0, parts[p] - self.paid_in(p)) for p in asked}
        most = {p: left[p] for p in asked if p not in whole}
        most.update({p: max(0, asked[p].cap - self.paid_in(p)) for p in whole if asked[p].cap is not None})
        open_ = fill(lacks, {p: 0 for p in asked}, left, most)
        open_ = fill(lacks, open_, {p: x.share if p in whole else 0 for p, x in asked.items()}, most)
        open_ = fill(lacks, open_, self.vouch(whole), most)
        open_["U"] = lacks - sum(open_.values())
        return {p: x for p, x in open_.items() if x}

    def memo(self, funder, open_):
        """9030: a write-off less all that the waterfall gave to the advance since; what is no longer owed is not enforceable."""
        left = {p: min(amount, open_.get(p, 0)) for p, (amount, _) in self.written_off.items()}
        given = max((funder - had for _, had in self.written_off.values()), default=0)
        most = max(0, sum(amount for amount, _ in self.written_off.values()) - max(0, given))
        return left if sum(left.values()) <= most else split(most, left)
