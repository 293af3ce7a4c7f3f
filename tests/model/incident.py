# SPDX-License-Identifier: Apache-2.0
"""An incident: sections, pools, claims, and everybody's final position from the set of facts."""
import pool
from recourse import Section
from split import split


class Claim:
    def __init__(self, merchant, loss, state="decided", elsewhere=0, direct=None, payout="settled", late=False):
        self.merchant = merchant
        self.loss = loss            # what is decided; of a claim not decided: its reserve
        self.state = state          # filed, decided, refused, withdrawn, linked, void
        self.elsewhere = elsewhere  # had from somebody who is liable for nothing here
        self.direct = direct or {}  # party -> what it paid to this consumer itself
        self.payout = payout        # settled, returned, unclaimed, unpaid
        self.late = late            # after the bar date, without an excuse: barred

    def counts(self):
        return self.state == "decided" and not self.late


def owing(sections, party, most, source, later=False):
    """Where a party owes, but in one section: where most is open first; and what of so much would serve it there, or, later,
    wait there for what may be owed."""
    found = {}
    for merchant, section in sorted(sections.items(), key=lambda x: -x[1].position()["open"].get(party, 0)):
        if merchant != source:
            part = section.owes(party, most, later) if section.liable(party) else min(most, section.own_costs(party))
            if part:
                found[merchant] = part
    return found


def serve_others(sections, party, amount, source, later=False, loose=None):
    """So much of a party's money, as far as it owes it elsewhere: how much that was. It is loose there, too."""
    left = amount
    while left and (found := owing(sections, party, left, source, later)):
        merchant, part = next(iter(found.items()))
        sections[merchant].receipts[party] = sections[merchant].receipts.get(party, 0) + part
        left -= part
        if loose is not None:
            loose[party, merchant] = loose.get((party, merchant), 0) + part
    return amount - left


def serve_all(sections, later, apart, loose):
    """What is over-paid in a section, as far as it is owed, or later may be, in others; of who is insolvent what came for none
    by name. Whether anything was."""
    served = False
    for party in sorted({p for s in sections.values() for p in s.receipts}):
        for source in sections:
            over = sections[source].position()["over_paid"].get(party, 0)
            if party in apart:
                over = min(over, loose.get((party, source), 0))
            gone = serve_others(sections, party, over, source, later, loose)
            sections[source].receipts[party] = sections[source].receipts.get(party, 0) - gone
            loose[party, source] = loose.get((party, source), 0) - gone
            served = served or gone > 0
    return served


class Incident:
    def __init__(self, merchants, issuer=None, scheme=("full",), funder="P", closed=False, **policy):
        self.merchants = merchants      # whose lots are in it: one, or all that sold an issuer's units
        self.issuer = issuer            # whose pool is shared; None in an incident of a merchant alone
        self.scheme = scheme
        self.funder = funder
        self.closed = closed
        self.ended = False              # what is promised counts as settled since, for who pays
        self.policy = policy            # waterfall, no_disadvantage
        self.deposit = {}               # merchant or issuer -> all that was frozen for this incident
        self.instruments = {}           # ... -> [(name, what it paid)] in draw order
        self.claims = {}
        self.lies_with = {}             # merchant or issuer -> what its pool paid for no loss, and is not back: nobody's payment
        self.had = {}                   # section -> what its own pool gave before a claim that came late was admitted
        self.awaited = {}               # section -> what may still be decided there: filed, or a lot that can be claimed
        self.restored = {}              # owner -> section -> what appeals restored to the owner of what that had, and what of it
                                        # the funder paid in
        self.later = {}                 # section -> the claims that had what was restored, where others may come to have it
        self.restored_rounds = {}       # section -> of each of its rounds of which something was restored: how much, who had it, and
                                        # what each had by then
        self.made_up = {}               # owner -> what of its deposit made up at an end for what it had been paid too much
        self.insolvent = set()
        self.stays = {}                 # who is insolvent -> section -> what serves it of what was paid for others by name, by then;
                                        # less than nothing: serves others
        self.apart = set()              # whose estate is open: nothing that it paid for one section by name serves another
        self.facts = {}                 # section -> what Section takes: parties, receipts, costs ...
        self.anywhere = {}              # receipts whose payer did not say for which section: (party, its home) -> amount

    def section_claims(self, merchant):
        return {c: x for c, x in sorted(self.claims.items()) if x.merchant == merchant and x.counts()}

    def again(self, owner):
        """What of a deposit was restored to it, and the funder paid in."""
        return sum(paid for _, paid in self.restored.get(owner, {}).values())

    def security(self, owner):
        paid_in = self.deposit.get(owner, 0) + sum(amount for _, amount in self.instruments.get(owner, []))
        return paid_in - self.lies_with.get(owner, 0)

    def pay(self):
        """Each claim's parts by rank: own pool, the issuer's pool, funders."""
        own, open_, part = {}, {}, {}
        had = lambda x: x.elsewhere + sum(x.direct.values())
        for merchant in self.merchants:
            claims = self.section_claims(merchant)
            # by what is lacking: what somebody had elsewhere it does not weigh with
            lacks = {c: x.loss - had(x) for c, x in claims.items() if x.loss > had(x)}
            if merchant in self.later:
                own.update(self.shares_again(merchant, lacks))
            else:
                own.update(pool.shares(self.security(merchant), lacks, before=self.had.get(merchant)))
        for c, x in self.claims.items():
            if x.counts():
                open_[c] = max(0, x.loss - had(x) - own.get(c, 0))
        shared = {}
        if self.issuer and self.issuer not in self.merchants:
            decided = {m: self.lacks_of_pool(m) for m in self.merchants}
            lacks = {m: self.lacks_of_pool(m, self.awaited.get(m, 0)) for m in self.merchants}
            gives = pool.shares(self.security(self.issuer), {m: w for m, w in lacks.items() if w})
            for merchant, amount in gives.items():
                amount = amount * decided[merchant] // lacks[merchant]
                # in total with what its own pool gave
                claims = {c: open_[c] + own.get(c, 0) for c in self.section_claims(merchant) if open_[c]}
                total = pool.lift(amount, claims, own)
                shared.update({c: total[c] - own.get(c, 0) for c in claims})
        for c, x in self.claims.items():
            if x.counts():
                pools = own.get(c, 0) + shared.get(c, 0)
                part[c] = {"own": own.get(c, 0), "issuer": shared.get(c, 0),
                           "advance": pool.advance(self.scheme, x.loss, pools, had(x))}
        return part

    def shares_again(self, merchant, lacks):
        """Of several rounds that were restored the last one counts; who was ruled on between two of them had, by the later
        one, what was restored before first, as far as there was as much."""
        security, again, first = self.security(merchant), self.again(merchant), self.later[merchant]
        had, gone, left, before = self.had.get(merchant, {}), 0, 0, None
        for restored, by, parts in self.restored_rounds.get(merchant, []):
            used = min(left, sum(parts.get(c, 0) for c in by - before)) if before is not None else 0
            gone, left, before = gone + used, left - used + restored, by
        gone = min(again, max(gone, sum(had.get(c, 0) for c in lacks if c in first) - security))
        return pool.shares_again(security + gone, again - gone, lacks, first, self.had.get(merchant))

    def lacks_of_pool(self, merchant, awaited=0):
        """What is lost there after its own pool; what may still be decided keeps its part of the issuer's."""
        lost = sum(max(0, x.loss - x.elsewhere - sum(x.direct.values())) for x in self.section_claims(merchant).values())
        return max(0, lost + awaited - self.security(merchant))

    def section(self, merchant, part=None):
        return self.sections(part)[merchant]

    def sections(self, part=None):
        """What a party paid beyond all that it owes in one section, or for none, serves what it owes in others: where most
        is open first. What is left waits where it may come to owe, and is its own only beyond that."""
        part = part or self.pay()
        all_ = {m: self.section_alone(m, part) for m in self.merchants}
        loose = {}                      # (party, section) -> of what it paid there: came for none by name
        for (party, home), amount in sorted(self.anywhere.items()):
            left = amount - serve_others(all_, party, amount, None, loose=loose)
            all_[home].receipts[party] = all_[home].receipts.get(party, 0) + left
            loose[party, home] = loose.get((party, home), 0) + left
        for later in (False, True) if len(all_) > 1 else ():    # what is open now is served before what only waits
            while serve_all(all_, later, self.apart, loose):
                pass
        return all_

    def home(self, party, amount):
        """Where a receipt goes, when it comes, whose payer does not say: what of it nobody is owed stays there."""
        all_ = self.sections()
        return next(iter(owing(all_, party, amount, None)), None) or next(m for m, s in all_.items() if s.liable(party))

    def section_alone(self, merchant, part):
        claims = self.section_claims(merchant)
        total = lambda key, *payouts: sum(part[c][key] for c, x in claims.items() if x.payout in payouts)
        direct = {}
        for x in claims.values():
            for p, amount in x.direct.items():
                direct[p] = direct.get(p, 0) + amount
        again = lambda owner: self.restored.get(owner, {}).get(merchant, (0, 0))
        pools = {merchant: sum(part[c]["own"] for c in claims) - again(merchant)[0]}
        if self.issuer:
            pools[self.issuer] = pools.get(self.issuer, 0) + sum(part[c]["issuer"] for c in claims) - again(self.issuer)[0]
        restored, paid = (sum(again(owner)[n] for owner in {merchant, self.issuer}) for n in (0, 1))
        undecided = [x for x in self.claims.values() if x.merchant == merchant and x.state == "filed"]
        reserve = sum(x.loss for x in undecided)
        promised = sum(pool.promised(self.scheme, x.loss) for x in undecided)
        facts = dict(loss=sum(x.loss for x in claims.values()), elsewhere=sum(x.elsewhere for x in claims.values()),
                     settled=total("advance", "settled") + paid, unsettled=restored - paid,
                     undecided={"advances": promised, "uncovered": reserve - promised}, pools=pools, direct=direct,
                     funder=self.funder)
        on_its_way = total("advance", "returned", "unclaimed", "unpaid")
        if self.ended:
            facts.update(settled=facts["settled"] + on_its_way, kept=on_its_way)
        else:
            facts["unsettled"] += on_its_way
        facts.update(self.policy)
        facts.update(self.facts.get(merchant, {}))
        facts["receipts"] = dict(facts.get("receipts", {}))
        for p, moved in self.stays.items():
            facts["receipts"][p] = facts["receipts"].get(p, 0) + moved.get(merchant, 0)
        facts["final"] = not undecided and not facts["unsettled"]
        return Section(**facts)

    def used(self, owner, part):
        used = sum(part[c]["own"] for c in self.section_claims(owner)) if owner in self.merchants else 0
        return used + (sum(p["issuer"] for p in part.values()) if owner == self.issuer else 0)

    def frozen(self, owner, part=None):
        """What is left in a deposit: instruments pay what the deposit leaves."""
        left = self.deposit.get(owner, 0) - self.used(owner, part or self.pay())
        return self.again(owner) - self.made_up.get(owner, 0) + (left if owner in self.later else max(0, left))

    def unused(self, owner, part=None):
        """What instruments paid and nothing needs any more: instrument -> so much; the first in draw order pays first."""
        left = self.used(owner, part or self.pay()) - self.deposit.get(owner, 0)
        out = {}
        for name, paid in self.instruments.get(owner, []):
            out[name] = paid - min(paid, max(0, left))
            left -= paid - out[name]
        return out

    def position(self):
        part = self.pay()
        out = {"claims": {c: sum(p.values()) for c, p in part.items()}, "parts": part, "sections": {}, "frozen": {}}
        for merchant, section in self.sections(part).items():
            out["sections"][merchant] = section.position()
        for owner in sorted({*self.deposit, *self.instruments}):
            out["frozen"][owner] = self.frozen(owner, part)
        out["unused"] = {owner: self.unused(owner, part) for owner in sorted(self.instruments)}
        if self.closed:
            out["close"] = self.end(part)
        return out

    def end(self, part=None):
        """What is frozen first pays what its merchant owes in the incident, written-off amounts included, to the funder, to
        consumers, as contribution: in its own section, then in the others, which it does not secure: there who is insolvent pays
        nobody alone; the issuer's in all in total. The rest is free."""
        part = part or self.pay()
        sections = self.sections(part)
        rest = {owner: self.frozen(owner, part) for owner in sorted({*self.deposit, *self.instruments})}
        pays = {owner: {} for owner in rest}

        def serve(owner, section, most):
            amount = min(most, rest[owner], sections[section].owes_still(owner))
            if amount:
                receipts = sections[section].receipts
                receipts[owner] = receipts.get(owner, 0) + amount
                pays[owner][section] = pays[owner].get(section, 0) + amount
                rest[owner] -= amount

        sellers = [m for m in self.merchants if m in rest]
        for merchant in sellers:
            serve(merchant, merchant, rest[merchant])
        for merchant in [m for m in sellers if m not in self.insolvent]:
            for section in self.merchants:
                serve(merchant, section, rest[merchant])
        if self.issuer in rest and self.issuer not in self.merchants:
            owes = {m: x for m in self.merchants if (x := sections[m].owes_still(self.issuer))}
            # with what its rounds gave there, less what appeals restored of that
            had = {m: sections[m].pools.get(self.issuer, 0) for m in owes}
            total = pool.lift(rest[self.issuer], {m: had[m] + x for m, x in owes.items()}, had)
            for section, amount in total.items():
                serve(self.issuer, section, amount - had[section])
        return {owner: {"pays": pays[owner], "freed": rest[owner]} for owner in rest}

    def blockers(self, bar_past=True):
        """What keeps the incident from being closed."""
        found = [] if bar_past else ["bar date"]
        for c, x in sorted(self.claims.items()):
            if x.state == "filed":
                found.append("claim %s is not decided" % c)
            elif x.counts() and x.payout not in ("settled", "unclaimed") and x.loss:
                found.append("payout of %s is %s" % (c, x.payout))
        for merchant in self.merchants:
            position = self.section(merchant).position()
            lacks = sum(position["open"].values()) - sum(position["memo"].values())
            if lacks > 0:
                found.append("recourse %d open in the section of %s" % (lacks, merchant))
        return found
