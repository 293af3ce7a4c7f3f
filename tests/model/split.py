# SPDX-License-Identifier: Apache-2.0
"""Sums that are split, and cash that is served by ranks."""
from math import lcm


def split(total, weights):
    """The total in whole steps by weight (name -> weight): largest remainder, ties by name."""
    assert total >= 0 and all(w >= 0 for w in weights.values())
    scale = lcm(*(w.denominator for w in weights.values()))
    weight = {name: w.numerator * (scale // w.denominator) for name, w in weights.items()}
    whole = sum(weight.values())
    if not whole:
        assert total == 0, "a sum that nobody takes"
        return {name: 0 for name in weights}
    part = {name: total * w // whole for name, w in weight.items()}
    by_rest = sorted(weight, key=lambda name: (-(total * weight[name] % whole), name))
    for name in by_rest[: total - sum(part.values())]:
        part[name] += 1
    assert sum(part.values()) == total
    return part


def split_above(total, weights, had):
    """As split, but nobody ends below what it had: a step already had stays."""
    kept = set()
    while True:
        free = {n: w for n, w in weights.items() if n not in kept}
        left = total - sum(had.get(n, 0) for n in kept)
        part = split(left, free) if free else {}
        less = {n for n in part if part[n] < had.get(n, 0)}
        if not less:
            return {n: had.get(n, 0) if n in kept else part[n] for n in weights}
        kept |= less


def split_within(total, weights, had, most):
    """As split_above, and nobody above its most: what one may not take others do."""
    kept, full = set(), set()
    while True:
        free = {n: w for n, w in weights.items() if n not in kept and n not in full}
        left = total - sum(had.get(n, 0) for n in kept) - sum(most[n] for n in full)
        part = split(left, free) if free else {}
        over, less = {n for n in part if part[n] > most[n]}, {n for n in part if part[n] < had.get(n, 0)}
        if not over and not less:
            return {n: most[n] if n in full else part.get(n, had.get(n, 0)) for n in weights}
        if over:
            full |= over
        else:
            kept |= less


def fill(total, base, share, most):
    """base + lambda * share for each name, at most `most` where it has one; lambda >= 0 is such that the sum is `total`.
    What nobody may take is left out."""
    at_most = {n for n in base if n in most and base[n] > most[n]}
    while True:
        fixed = sum(most[n] for n in at_most)
        free = [n for n in base if n not in at_most]
        rest = total - fixed - sum(base[n] for n in free)
        weights = {n: share[n] for n in free}
        more = split(rest, weights) if rest > 0 and sum(weights.values()) else {n: 0 for n in free}
        part = {n: base[n] + more[n] for n in free}
        over = {n for n in free if n in most and part[n] > most[n]}
        if not over:
            part.update({n: most[n] for n in at_most})
            return part
        at_most |= over


def waterfall(cash, ranks, not_funders=0):
    """Cash down the ranks (lists of name -> claim); equal ranks share by claim. So much of it serves no advance, and others
    first. Returns what each had, and the rest."""
    had = {}
    for claims in ranks:
        served = min(cash, sum(claims.values()))
        part = split(served, claims)
        if part.get("advances", 0) > cash - not_funders:
            part["advances"] = cash - not_funders
            others = {n: c for n, c in claims.items() if n != "advances"}
            part.update(split(min(served - part["advances"], sum(others.values())), others))
        had.update(part)
        cash -= sum(part.values())
        not_funders -= min(not_funders, sum(part.values()) - part.get("advances", 0))
    return had, cash
