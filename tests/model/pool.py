# SPDX-License-Identifier: Apache-2.0
"""What leaves a pool, round by round, and what funders add."""
from fractions import Fraction
from split import split, split_above


def lift(money, weight, had, most=None):
    """The lowest ratio had / weight is lifted first, then all, as far as the money goes and nobody above its most. Returns
    what each has then. For groups (cohorts, reserves) as for single claims."""
    most = most or weight
    names = [n for n in weight if had.get(n, 0) < most[n]]
    room = sum(most[n] - had.get(n, 0) for n in names)
    money = min(money, room)
    if not money:
        return {n: had.get(n, 0) for n in weight}
    has = lambda n: Fraction(had.get(n, 0))
    top = lambda n, level: min(max(has(n), level * weight[n]), Fraction(most[n]))
    # The level lies between two of the ratios at which somebody begins or ends to be lifted.
    marks = sorted({has(n) / weight[n] for n in names} | {Fraction(most[n], 1) / weight[n] for n in names})
    below = max(m for m in marks if sum(top(n, m) - has(n) for n in names) <= money)
    lifted = [n for n in names if has(n) <= below * weight[n] < most[n]]
    done = {n: top(n, below) for n in names}
    spare = money - sum(done[n] - has(n) for n in names)
    if lifted:
        for n in lifted:
            done[n] += spare * Fraction(weight[n]) / sum(weight[m] for m in lifted)
    moved = [n for n in names if done[n] > has(n)]
    total = sum(had.get(n, 0) for n in moved) + money
    got = split_above(total, {n: done[n] for n in moved}, had)
    return {n: got.get(n, had.get(n, 0)) for n in weight}


class Pool:
    """One pool over its rounds. A cohort is the claims that came in with one round."""

    def __init__(self, money=0):
        self.money = money          # all that ever was in it for this incident
        self.weight = {}            # decided claim -> loss
        self.most = {}              # decided claim -> loss less what it had elsewhere
        self.reserve = {}           # undecided claim or lot -> reserve
        self.cohorts = []           # lists of claims
        self.had = {}               # claim -> what it was given

    def decide(self, claim, loss, elsewhere=0):
        self.reserve.pop(claim, None)
        self.weight[claim] = loss
        self.most[claim] = max(0, loss - elsewhere)

    def free(self):
        return self.money - sum(self.had.values())

    def interim(self, percent, open_lots=0):
        """The most that may have left before the bar date, where nothing is promised."""
        decided = sum(self.weight.values())
        whole = decided + sum(self.reserve.values()) + open_lots
        if self.money >= whole:
            return decided
        if percent is None:
            return 0
        return min(percent * decided // 100, self.money * decided // whole) if whole else 0

    def round(self, limit=None):
        """Shares what is free by decided claims and by reserves; a reserve's part stays in the pool."""
        new = sorted(c for c in self.weight if not any(c in cohort for cohort in self.cohorts))
        if new:
            self.cohorts.append(new)
        groups = {"c:" + min(cohort): cohort for cohort in self.cohorts}
        weight = {g: sum(self.weight[c] for c in cohort) for g, cohort in groups.items()}
        most = {g: sum(self.most[c] for c in cohort) for g, cohort in groups.items()}
        had = {g: sum(self.had.get(c, 0) for c in cohort) for g, cohort in groups.items()}
        for claim, amount in self.reserve.items():
            weight["r:" + claim] = most["r:" + claim] = amount
        weight = {g: w for g, w in weight.items() if w}
        money = self.free()
        if limit is not None:
            money = min(money, max(0, limit - sum(self.had.values())))
        if limit is not None:       # before the bar date the limit has reckoned with the reserves
            weight = {g: w for g, w in weight.items() if g.startswith("c:")}
        total = lift(money, weight, had, {g: most[g] for g in weight})
        for group, cohort in groups.items():
            if group not in total:
                continue
            have = {c: self.had.get(c, 0) for c in cohort}
            now = lift(total[group] - sum(have.values()), {c: self.weight[c] for c in cohort if self.weight[c]}, have,
                       {c: self.most[c] for c in cohort})
            self.had.update(now)
        assert sum(self.had.values()) <= self.money
        return dict(self.had)


def shares(money, loss, elsewhere=None, before=None):
    """What each claim has of a pool in the end, whatever the order: one round of all. before: what it gave before a claim came
    late, of which nobody gives anything back."""
    pool = Pool(money)
    if before:
        pool.had = {c: amount for c, amount in before.items() if c in loss}
        pool.cohorts = [sorted(pool.had)] if pool.had else []
    for claim, amount in loss.items():
        pool.decide(claim, amount, (elsewhere or {}).get(claim, 0))
    return pool.round()


def shares_again(money, again, loss, first, before=None):
    """The same where so much was given to the pool again of what the first had: none of that is for them. before: what they had of
    it, and keep."""
    all_ = shares(money + again, loss, before=before)
    if sum(all_[c] for c in loss if c in first) <= money:
        return all_
    return {**shares(money, {c: x for c, x in loss.items() if c in first}, before=before),
            **shares(again, {c: x for c, x in loss.items() if c not in first})}


def promised(scheme, loss):
    """What the scheme promises on a loss: ("full",), ("percentage", percent), ("capped", most), ("deposit-only",)."""
    kind = scheme[0]
    if kind == "full":
        return loss
    if kind == "percentage":
        return int(Fraction(scheme[1]) * loss / 100)
    if kind == "capped":
        return min(loss, scheme[1])
    return 0


def advance(scheme, loss, pool_part, elsewhere=0):
    """What funders add. Rate and cap limit that, never what a pool pays; what was had elsewhere fills the uncovered part
    first."""
    return max(0, min(promised(scheme, loss) - pool_part, loss - pool_part - elsewhere))


def ranks(sums, needed):
    """Who pays how much of what is needed, by rank: (name, money) in their order."""
    part = {}
    for name, money in sums:
        part[name] = min(money, needed)
        needed -= part[name]
    return part, needed
