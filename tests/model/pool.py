# SPDX-License-Identifier: Apache-2.0
"""What leaves a pool, round by round, and what funders add."""
from fractions import Fraction
from split import split, split_above, split_within


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


class Rounds:
    """A pool claim by claim and round by round: which step of it is whose. Lifted are those who have come to the lowest part of what
    they weigh, up to the next lowest, and then both; what these have in total is split among them, whole, and a step already had
    stays. What falls on a reserve stays in the pool. A round that gives nothing to those who came in before is one of the others
    alone."""

    def __init__(self):
        self.had = {}               # claim -> what it was given
        self.came_to = {}           # claim -> the part of its weight that all came to who were lifted with it

    def copy(self):
        other = Rounds()
        other.had, other.came_to = dict(self.had), dict(self.came_to)
        return other

    def round(self, money, weight, reserve, most=None):
        """All that ever was in the pool; of decided claims and of those that wait; the most that each may have."""
        self.had = {c: self.had.get(c, 0) for c in weight}
        all_ = {n: w for n, w in {**weight, **reserve}.items() if w}
        before = [c for c in all_ if c in weight and c in self.came_to]
        lifted, has = self.lift(money - sum(self.had.values()), all_, most or all_)
        if not any(has[c] > self.had[c] for c in before if c in lifted):
            lifted, has = self.lift(money - sum(self.had.values()), {n: w for n, w in all_.items() if n not in before}, most or all_)
        gave = any(has[c] > self.had[c] for c in lifted if c in weight)
        level = Fraction(sum(has.values()), sum(all_[n] for n in lifted)) if lifted else Fraction(0)
        if any(level * all_[n] > (most or all_)[n] for n in lifted):
            level = max(Fraction(has[n], all_[n]) for n in lifted)
        for c in weight:
            self.came_to.setdefault(c, Fraction(0))
            if c in lifted and gave:
                self.came_to[c] = level
                self.had[c] = has[c]
        assert sum(self.had.values()) <= money
        return dict(self.had)

    def lift(self, money, weight, most):
        had = {n: self.had.get(n, 0) for n in weight}
        level = {n: self.came_to.get(n, Fraction(0)) if n in self.had else Fraction(0) for n in weight}
        marks = sorted(set(level.values()))
        names = list(weight)
        for mark, next_ in zip(marks, marks[1:]):
            names = [n for n in weight if level[n] <= mark]
            if sum(min(max(0, int(next_ * weight[n]) - had[n]), most[n] - had[n]) for n in names) >= money:
                break
        else:
            names = list(weight)
        money = min(money, sum(max(0, most[n] - had[n]) for n in names))
        return names, split_within(money + sum(had[n] for n in names), {n: weight[n] for n in names}, had, most)


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
