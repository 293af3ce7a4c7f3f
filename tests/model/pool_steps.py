# SPDX-License-Identifier: Apache-2.0
"""Steps of a history until a claim is paid: deposits, instruments, incidents, claims, rounds, payments and their return."""
from fractions import Fraction

import words
from incident import Incident
from pool import Pool, Rounds, advance, lift, promised


class PoolSteps:
    def do_deposit(self, owner, amount):
        if self.lodge(owner, amount) is False:
            return False
        self.cash += amount
        self.put("deposit", merchant=owner, amount=amount)
        self.came_in("deposit", owner, amount)
        self.line = self.line or "b-%d" % self.count

    def lodge(self, owner, amount):
        """What comes to an owner: available before its incident, which has it from then on."""
        late = [i for i, (merchants, issuer) in self.plan.incidents.items()
                if i in self.incidents and owner in (*merchants, issuer)]
        for i in late:
            if self.promises() and self.rounds.get(i) and not self.may_lodge(i, amount) and not self.not_paid_for(i):
                return False
        if not late and any(owner in (*m, y) for i, (m, y) in self.plan.incidents.items()):
            self.deposits[owner] = self.deposits.get(owner, 0) + amount
        for i in late[:1]:
            deposit = self.incidents[i].deposit
            deposit[owner] = deposit.get(owner, 0) + amount
            if self.rounds.get(i):
                self.late.add(i)

    def may_lodge(self, incident, amount):
        filed, fresh = self.pending(incident)
        if (filed or fresh) and not (self.follows(incident) and not self.incidents[incident].instruments):
            return False
        return self.lacks(incident, amount) or self.promises() and not self.let_off_some(incident)

    def let_off_some(self, incident):
        """What was released or written off is of what was open then; what consumers were paid of recoveries no pool gives them again."""
        sections = self.plan.incidents[incident][0]
        return self.consumers_had.get(incident) or any(self.facts(incident, m).get("written_off") or
                   any(x.released is not None for x in self.parties(incident, m).values()) for m in sections)

    def lacks(self, incident, amount):
        """So much of what the funder advanced has come from nobody."""
        sections = [self.position(incident, m) for m in self.plan.incidents[incident][0]]
        return self.promises() and amount <= min(sum(s["open"].values()) - sum(s["memo"].values()) for s in sections)

    def do_instrument(self, instrument, merchant, amount):
        if any(merchant in self.plan.incidents[i][0] for i in self.incidents):
            return False
        self.instruments[instrument] = [merchant, amount, 0]
        self.put("instrument", instrument=instrument, merchant=merchant, amount=amount)

    def do_call(self, incident, instrument, part, later=False):
        """Called and paid, in part or whole, before the first round: what is called is what the deposit leaves. Or paid later."""
        if incident not in self.incidents or instrument not in self.instruments:
            return False
        after = bool(self.rounds.get(incident))
        came = any(r[0] == incident for r in self.receipts.values())    # less is called
        if after and (came or "late" in self.plan.without or not self.comes_late(incident)):
            return False
        merchant, limit, paid = self.instruments[instrument]
        filed, fresh = self.pending(incident)
        i = self.incidents[incident]
        loss = sum(x.loss - x.elsewhere - sum(x.direct.values()) for x in i.section_claims(merchant).values())
        lacks = loss - i.deposit.get(merchant, 0)
        if paid or filed or lacks <= 0 or merchant not in i.merchants:
            return False
        amount = max(1, min(lacks, limit) * part // 100)
        if amount < min(lacks, limit):
            self.short_called.add(incident)
        self.instruments[instrument][2] = amount
        self.put("call", incident=incident)
        self.called[instrument] = incident
        if not later:
            self.step(("provide", dict(instrument=instrument)))

    def do_provide(self, instrument):
        if instrument not in self.called:
            return False
        incident = self.called.pop(instrument)
        merchant, _, amount = self.instruments[instrument]
        self.incidents[incident].instruments.setdefault(merchant, []).append((instrument, amount))
        self.cash += amount
        self.put("provide", incident=incident, instrument=instrument, amount=amount)
        if self.rounds.get(incident):
            self.late.add(incident)

    def comes_late(self, incident):
        """May money come now into a pool for which others paid already, parties too?"""
        if incident not in self.incidents or not self.rounds.get(incident) or incident in self.late:
            return False
        filed, fresh = self.pending(incident)
        return self.bar and not (filed or fresh or self.let_off_some(incident) or self.in_transit(incident)
                                 or self.contested(incident) or self.clawbacks)

    def do_late(self, incident, owner, amount):
        """A deposit that stands for what a later rank paid: the issuer's pool, an instrument, the funder."""
        if not self.comes_late(incident):
            return False
        deposit = self.incidents[incident].deposit
        deposit[owner] = deposit.get(owner, 0) + amount
        self.late.add(incident)
        self.cash += amount
        self.put("deposit", merchant=owner, amount=amount)

    def do_declare(self, incident):
        merchants, issuer = self.plan.incidents[incident]
        if incident in self.incidents or self.plan.batch and not any(m in merchants for m, _ in self.lots.values()):
            return False                # nobody has heard of that batch
        i = Incident(merchants, issuer, self.plan.scheme)
        for owner in (*merchants, *([issuer] if issuer else [])):
            if owner in self.deposits:
                i.deposit[owner] = self.deposits[owner]
        ranks = [["costs"], [], [], ["interest"]]
        ranks[self.plan.waterfall[0] - 1].append("advances")
        ranks[self.plan.waterfall[1] - 1].append("uncovered")
        i.policy = {"waterfall": ranks}
        self.incidents[incident] = i
        for owner in (*merchants, issuer):
            self.take_in(owner)
        self.put("declare", incident=incident, policy="p", issuer=issuer or "Y", batch=self.batch(incident),
                 merchant=None if issuer else merchants[0])

    def sell(self, merchant):
        if not self.bar:                # who sells first when nothing can be claimed any more does not come in
            was = self.within(merchant)
            self.sellers.add(merchant)
            if not was:
                self.take_in(merchant)

    def do_lot(self, lot, merchant, amount):
        if any(merchant in self.plan.incidents[i][0] for i in self.shared):
            return False                # recorded when its pool was shared out already: it is served from what is left
        self.sell(merchant)
        self.lots[lot] = (merchant, amount)
        self.put("counted_lot" if lot in self.plan.counted else "lot", lot=lot, merchant=merchant, amount=amount, litres=amount,
                 batch=self.batch_of_lot(lot))

    def do_other_batch(self, lot, merchant, incident, amount):
        """It brings nobody in, and has no place there."""
        if not self.plan.batch or incident not in self.incidents or self.bar:
            return False
        self.put("other_batch", lot=lot, merchant=merchant, amount=amount)
        self.put("file", True, claim=lot, incident=incident, lot=lot)

    def do_file(self, claim, incident, lot):
        if incident not in self.incidents or lot not in self.lots or self.bar:
            return False
        merchant, loss = self.lots[lot]
        if merchant not in self.plan.incidents[incident][0] or self.batch_of_lot(lot) != self.batch(incident):
            self.put("file", True, claim=claim, incident=incident, lot=lot)
            return None
        if any(x["lot"] == lot and x["state"] not in ("refused", "withdrawn") for x in self.claims.values()):
            return False
        self.taken(claim, incident, lot, "filed")
        self.put("file", claim=claim, incident=incident, lot=lot)

    def taken(self, claim, incident, lot, state):
        merchant, loss = self.lots[lot]
        had = {"elsewhere": 0, "direct": {}}
        for former in self.claims.values():     # it was had for the lot
            if former["lot"] == lot and (former["elsewhere"] or former["direct"]):
                had = {"elsewhere": former["elsewhere"], "direct": former["direct"]}
                former.update(elsewhere=0, direct={})
        self.claims[claim] = dict(incident=incident, lot=lot, merchant=merchant, loss=loss, state=state, paid=False,
                                  short=False, payout="unpaid", **had)

    def ruled(self, claim, state, kind):
        if claim not in self.claims or self.claims[claim]["state"] != "filed":
            return False
        self.claims[claim]["state"] = state
        self.put(kind, claim=claim)
        self.step_in(self.claims[claim]["lot"])

    def do_decide(self, claim):
        return self.ruled(claim, "decided", "decide")

    def do_refuse(self, claim):
        return self.ruled(claim, "refused", "refuse")

    def do_withdraw(self, claim):
        return self.ruled(claim, "withdrawn", "withdraw")

    def do_elsewhere(self, claim, party, amount, how="refund"):
        x = self.claims.get(claim)
        if not x or x["paid"] or x["state"] not in ("filed", "decided") or (
                self.rounds.get(x["incident"]) and not self.follows(x["incident"])):
            return False
        amount = min(amount, x["loss"] - x["elsewhere"] - sum(x["direct"].values()))
        if not amount:
            return False
        if party:
            x["direct"][party] = x["direct"].get(party, 0) + amount
        else:
            x["elsewhere"] += amount
        if x["state"] == "decided":
            self.slip = None            # the ruling rests on it
        self.put("elsewhere", claim=claim, source=party or "card-bank", how=how if party else "chargeback", amount=amount)

    def give_up_promises(self, incident, part, fresh):
        """The funder pays in nothing of what the policy promises: from then on a claim is as if nothing had been."""
        if self.plan.unfunded:
            for c in fresh:
                x = self.incidents[incident].claims[c]
                pools = sum(part[c].values()) - part[c]["advance"]
                if advance(self.plan.unfunded, x.loss, pools, x.elsewhere + sum(x.direct.values())):
                    self.put("give_up_advance", claim=c)

    def do_round(self, incident):
        """Share out, fund, pay: all that is decided."""
        if incident not in self.incidents:
            return False
        i = self.incidents[incident]
        filed, fresh = self.pending(incident)
        if not any(x["state"] == "decided" for x in self.claims.values() if x["incident"] == incident):
            return False
        late = words.LATE_MONEY_NEEDS_A_ROUND and incident in self.late
        if filed and not (self.may_round_beside(incident) if self.promises() else self.has_parts(incident, fresh)):
            return False
        part = i.pay()
        held = [c for c, x in self.claims.items() if x["incident"] == incident and x["short"] and x["payout"] == "settled"
                and sum(part[c].values()) > promised(self.plan.scheme, x["loss"])]
        if self.contested(incident) or self.in_transit(incident):
            return False
        if self.promises() and not (fresh or late or held and self.bar) or not self.promises() and not self.bar:
            return False
        if self.plan.scheme[0] == "percentage" and self.plan.incidents[incident][1] and not self.bar:
            return False                # what an issuer's pool would add is not known yet
        given = None
        if not self.bar and fresh:
            self.hold_back(incident, part, fresh)
            if self.may_round_beside(incident):
                given = sum(had for pool in self.followed(incident).values() for had in pool.had.values())
        shared = sum(sum(p.values()) for p in part.values())
        shared_before, _ = self.shared.get(incident, (0, {}))
        more = any(sum(part[c].values()) for c in fresh) or held and self.bar
        if not late and not more and shared <= shared_before:   # late money may repay a later rank, with nothing for a claim
            return False                # nothing to share out
        self.late.discard(incident)
        self.shared[incident] = (0 if filed else shared, part)     # what is kept back for who waits comes later
        surely = any(sum(part[c].values()) for c in fresh if not self.claims[c].get("unseen"))
        self.put("slip_round" if self.plan.seed % 2 and surely else "distribute" if surely else "distribute_again", incident=incident)
        self.give_up_promises(incident, part, fresh)
        if given is not None:
            merchant = self.plan.incidents[incident][0][0]
            self.account("2020", merchant, words.REFERENCE.format(incident=incident), i.deposit.get(merchant, 0) - given)
            self.passing.append(self.lines[-1])
        self.seen.append((incident, sorted((c, x.loss, x.state, x.elsewhere) for c, x in i.claims.items()),
                          {owner: i.security(owner) for owner in i.deposit}))
        for c in fresh:
            self.claims[c]["cohort"] = len(self.seen)
        gone = sum(owed for c, (owed, _) in self.clawbacks.items() if self.claims[c]["incident"] == incident)
        needed = sum(p["advance"] for p in part.values()) + gone
        # the funder pays what is kept back for who waits, and has it back; no claim's part is another's before the bar date
        if filed and self.promises() or not self.bar and self.may_round_beside(incident):
            own = {c: had for pool in self.followed(incident).values() for c, had in pool.had.items()}
            needed = gone + sum(advance(self.plan.scheme, x.loss, own.get(c, 0), x.elsewhere + sum(x.direct.values()))
                                for c, x in i.claims.items() if c in part)
            if filed:
                self.late.add(incident)
        fund = needed - self.lent.get(incident, 0)
        self.lent[incident] = needed
        if fund > 0:
            self.funded[incident] = self.funded.get(incident, 0) + fund
            self.cash += fund
            self.put("fund", incident=incident, amount=fund)
            self.came_in("fund", incident, fund)
        more_than_promised = not self.promises() or late and self.plan.scheme[0] == "percentage"
        lifted = [c for c, x in self.claims.items() if x["incident"] == incident and more_than_promised and c not in held
                  and x["state"] == "decided" and x["payout"] == "settled"]     # a step more, or none
        for x in self.claims.values():
            if x["incident"] == incident and more_than_promised and x["state"] == "decided" and x["payout"] == "returned":
                x["lifted"] = True      # ordered out when it is sent again
        if self.plan.rail and self.bar:
            for x in self.claims.values():
                x["short"] = x["short"] and x["incident"] != incident
        if self.bar or self.follows(incident):
            fresh = fresh + lifted
        if self.bar:
            fresh = fresh + held        # what was held back until the bar date
            for c in held:
                self.claims[c]["short"] = False
        self.order_all(incident, [c for c in fresh if self.on_rail(c)])
        for c in sorted(c for c in fresh if not self.on_rail(c)):
            if not sum(part[c].values()):
                self.claims[c].update(paid=True, payout="settled")
                if self.rounds.get(incident) and self.slip != "instruct":     # a step, or none: by which round had which
                    self.put("instruct", claim=c)
                    self.put("settle", claim=c)
                continue
            if c in lifted and self.slip == "instruct":
                self.slip = None        # there may be nothing to order
            self.put("instruct", claim=c)
            if c in self.slow and not self.claims[c]["paid"] and self.promises() and not self.claims[c]["short"]:
                self.slow.discard(c)
                self.claims[c].update(paid=True, payout="transit")
                continue
            self.put("settle", claim=c)
            self.claims[c].update(paid=True, payout="settled")
        if self.follows(incident):
            self.followed_by_now[incident] = self.followed(incident)
        self.rounds[incident] = self.rounds.get(incident, 0) + 1
        if any(i.awaited.values()) or self.follows(incident) and not self.bar:
            self.late.add(incident)     # what they kept back comes when nothing can be claimed any more

    def do_interim(self, incident):
        """Before the bar date, where nothing is promised: the published part of what is decided, or as much of the pool as that
        is of all that may be claimed. What an issuer's pool adds is seen in the end."""
        if incident not in self.incidents or not self.plan.interim or self.promises() or self.bar or self.contested(incident):
            return False
        merchants, issuer = self.plan.incidents[incident]
        i = self.incidents[incident]
        if issuer and "issuers_interim" in self.plan.without:
            return False
        given = {m: self.interim_part(incident, m) for m in merchants if m in self.sellers or not issuer}
        more = {c: amount for _, parts, _ in given.values() for c, amount in parts.items() if amount}
        known = all(limit is not None for limit, _, _ in given.values())     # else it is to within a step, maybe of one who waits
        if not more or not known and min(more.values()) < 3:      # a tie may take one
            return False
        self.put("distribute", incident=incident)
        for merchant, (limit, _, whole) in given.items():
            if limit is not None:
                self.account("2020", merchant, words.REFERENCE.format(incident=incident), max(0, i.deposit.get(merchant, 0) - whole))
                self.passing.append(self.lines[-1])
        for c in sorted(x for m in given for x in i.section_claims(m)) if issuer else sorted(more):
            self.put("instruct", claim=c)
            self.put("settle", claim=c)
            self.claims[c]["unseen"] = bool(issuer)     # what the issuer's pool gave it
            if c in more:
                self.claims[c].update(paid=True, payout="settled")
        self.seen.append((incident, "interim", sorted(more.items())))
        self.rounds[incident] = self.rounds.get(incident, 0) + 1
        self.shared[incident] = (0, {})
        self.late.add(incident)         # the rest of the pool comes when nothing can be claimed any more

    def interim_part(self, incident, merchant):
        """Of a section's own pool: its limit, what each gets more, and all that was given."""
        i = self.incidents[incident]
        pool = self.early.setdefault((incident, merchant), Pool())
        pool.money = i.security(merchant)
        for c, x in i.section_claims(merchant).items():
            if x.loss > x.elsewhere + sum(x.direct.values()):
                pool.decide(c, x.loss - x.elsewhere - sum(x.direct.values()))
        filed = {x["lot"] for x in self.claims.values() if x["state"] == "filed" and x["merchant"] == merchant and x["incident"] == incident}
        pool.reserve = {lot: self.lots[lot][1] for lot in filed}
        unclaimed = self.awaited(merchant, incident) - sum(pool.reserve.values())
        limit = pool.interim(self.plan.interim, unclaimed) if unclaimed else None      # else who waits keeps its part
        had = dict(pool.had)
        part = pool.round(limit)
        return limit, {c: amount - had.get(c, 0) for c, amount in part.items()}, sum(part.values())

    def awaited(self, merchant, incident=None):
        """What is filed there, and before the bar date the lots that can still be claimed."""
        ruled = {x["lot"] for x in self.claims.values() if x["state"] == "decided"}
        filed = {x["lot"] for x in self.claims.values() if x["state"] == "filed"}
        return sum(amount for lot, (m, amount) in self.lots.items()
                   if m == merchant and lot not in ruled and (lot in filed or not self.bar)
                   and (not self.plan.batches or self.batch_of_lot(lot) == self.batch(incident)))

    def has_parts(self, incident, fresh):
        """Beside what is kept back for those who wait for their ruling, each gets a step at least."""
        if self.plan.incidents[incident][1]:
            return False
        for merchant in self.plan.incidents[incident][0]:
            had = self.beside_reserves(incident, merchant)
            if any(had.get(c, 0) < 2 for c in fresh if c in had):   # a tie may take one
                return False
        return True

    def may_round_beside(self, incident):
        """Where nothing but a deposit was shared out, claim by claim."""
        i = self.incidents[incident]
        return self.follows(incident) and not (i.instruments or self.restored(incident))

    def follows(self, incident):
        return self.promises() and not self.plan.incidents[incident][1]

    def followed(self, incident):
        """What each claim has of its section's own pool with a round now: section -> its pool, claim by claim."""
        found = {}
        for m in self.plan.incidents[incident][0]:
            pool = found[m] = self.followed_by_now.get(incident, {}).get(m, Rounds()).copy()
            lacks = {c: x.loss - x.elsewhere - sum(x.direct.values()) for c, x in self.incidents[incident].section_claims(m).items()}
            waits = {c: x["loss"] for c, x in self.claims.items()
                     if x["incident"] == incident and x["merchant"] == m and x["state"] == "filed"}
            money = self.incidents[incident].security(m)
            if not self.is_held(incident, m):
                pool.round(money, lacks, waits)
                continue
            most = {c: min(promised(self.plan.scheme, self.claims[c]["loss"]), lack) for c, lack in {**lacks, **waits}.items()}
            had = {c: pool.had.get(c, 0) for c in lacks}
            limit = self.published(incident, m, lacks)
            if limit > sum(max(most[c], had[c]) for c in lacks):
                pool.round(limit, lacks, {})
            else:
                # all the same part: who is promised the least of it has all of that, whole steps, and the others no more
                level = min([Fraction(most[c] + 1, lack) for c, lack in lacks.items() if lack] or [Fraction(1)])
                room = sum(max(0, min(most[c], int(level * lack)) - had.get(c, 0)) for c, lack in {**lacks, **waits}.items())
                pool.round(min(money, sum(had.values()) + room), lacks, waits, {c: max(most[c], had.get(c, 0)) for c in most})
        return found

    def published(self, incident, merchant, lacks):
        """The most that leaves the pool although something can still be claimed: as the policy publishes it."""
        decided, pool = sum(lacks.values()), self.incidents[incident].security(merchant)
        whole = decided + self.awaited(merchant, incident)
        return min(self.plan.interim * decided // 100, pool * decided // whole) if self.plan.interim else 0

    def is_held(self, incident, merchant):
        """Can something be claimed that its pool does not cover, before the bar date?"""
        filed = sum(x["loss"] for x in self.claims.values()
                    if x["incident"] == incident and x["merchant"] == merchant and x["state"] == "filed")
        awaited = self.awaited(merchant, incident)
        decided = sum(x.loss - x.elsewhere - sum(x.direct.values()) for x in self.incidents[incident].section_claims(merchant).values())
        return not self.bar and awaited > filed and (
            self.incidents[incident].security(merchant) + self.incidents[incident].again(merchant) < decided + awaited)

    def beside_reserves(self, incident, merchant):
        """What each claim has of its section's own pool while others wait, each with a reserve."""
        pool = Pool(self.incidents[incident].security(merchant))
        for c, x in self.claims.items():
            if x["incident"] == incident and x["merchant"] == merchant and x["state"] == "filed":
                pool.reserve[c] = x["loss"]
        for c, x in self.incidents[incident].section_claims(merchant).items():
            if x.loss > x.elsewhere + sum(x.direct.values()):
                pool.decide(c, x.loss - x.elsewhere - sum(x.direct.values()))
        return pool.round()

    def hold_back(self, incident, part, fresh):
        """Before the bar date a round pays no claim more than the scheme promises, unless the pool covers every lot that can
        still be claimed."""
        for c in fresh:
            x = self.claims[c]
            if self.is_held(incident, x["merchant"]):
                x["short"] = sum(part[c].values()) > promised(self.plan.scheme, x["loss"])

    def contested(self, incident):
        """Refused, and it may still be appealed: it has a reserve, and what a round asks of the funder depends on that."""
        return any(x["state"] == "refused" and not x.get("final") and x["incident"] == incident for x in self.claims.values())

    def do_lapse(self):
        """Nobody appealed."""
        if not any(self.contested(incident) for incident in self.incidents):
            return False
        self.put("lapse")
        self.lapsed()

    def lapsed(self):
        for x in self.claims.values():
            if x["state"] == "refused":
                x["final"] = True

    def do_return(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "settled" or x["state"] != "decided" or not self.promises() or x["short"]:
            return False
        if claim in self.clawbacks:
            return False
        i = self.incidents[x["incident"]]
        if not sum(i.pay()[claim].values()):
            return False
        had = self.position(x["incident"], x["merchant"])["funder"]
        self.facts(x["incident"], x["merchant"])["funder_had"] = had
        x["payout"] = "returned"
        self.put("return", claim=claim)

    def do_slow(self, claim):
        if claim not in self.claims or self.claims[claim]["paid"]:
            return False
        self.slow.add(claim)

    def do_settle(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "transit":
            return False
        before = self.incidents[x["incident"]].section(x["merchant"])
        x["payout"] = "settled"
        self.comes_right(x, before)
        self.put("settle", claim=claim)

    def in_transit(self, incident):
        return any(x["payout"] == "transit" and x["incident"] == incident and not (self.ending and c in self.lost and x.get("lies") == "unclaimed")
                   for c, x in self.claims.items())

    def do_reissue(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "returned" or x["state"] != "decided":
            return False
        before = self.incidents[x["incident"]].section(x["merchant"])
        x["payout"] = "settled"
        self.comes_right(x, before)
        self.put("reissue", claim=claim)
        self.put("settle", claim=claim)
        if x.pop("lifted", False):
            self.put("instruct", claim=claim)
            self.put("settle", claim=claim)

    def comes_right(self, x, before, less=0):
        """Of several that came back what stands against 2130 is first that of the one which is sent again, or falls. What is borne
        of what is settled by then takes none of it."""
        facts = self.facts(x["incident"], x["merchant"])
        section = lambda y: (y["incident"], y["merchant"])
        back = any((y["payout"] == "returned" or y.get("came_back")) and y["state"] == "decided" and section(y) == section(x)
                   for y in self.claims.values())
        self.update(x["incident"])
        now = self.incidents[x["incident"]].section(x["merchant"])
        borne = before.own() + before.forgone() - now.own() - now.forgone() if now.parties else 0
        had = facts.get("funder_had", 0)
        facts["funder_had"] = max(0, min(had, had + max(0, borne) - less)) if back else 0

    def do_void(self, claim):
        x = self.claims.get(claim)
        if not x or x["state"] != "decided" or x["payout"] not in ("returned", "settled") or x["short"]:
            return False
        if any(p.released is not None for p in self.parties(x["incident"], x["merchant"]).values()):
            return False                # what a release freed is fixed: see README.md
        if self.lives(x["lot"], but=claim):
            return False                # who is linked would step in
        if x["payout"] == "settled":    # paid: a clawback; of a pool's part the sentence says nothing
            part = self.incidents[x["incident"]].pay()[claim]
            filed, fresh = self.pending(x["incident"])
            if self.has_pool(x) or not part["advance"] or filed or fresh:
                return False
            owed, had = self.clawbacks.get(claim, (0, 0))       # of what it had elsewhere
            self.clawbacks[claim] = [owed + part["advance"], had]
        else:                           # the funder's part goes back to it, the pool's to the pool
            part = self.shared[x["incident"]][1][claim]
            if self.has_pool(x) and self.rounds[x["incident"]] > 1:
                return False            # which step of the pool it had is of the rounds
            if (part["own"] or part["issuer"]) and not self.lacks(x["incident"], part["own"] + part["issuer"]):
                return False
            self.lent[x["incident"]] -= part["advance"]
            if part["own"] or part["issuer"]:
                self.late.add(x["incident"])
        before = self.incidents[x["incident"]].section(x["merchant"])
        stays = before.position()["against_returned"]
        x["state"] = "void"
        self.comes_right(x, before, part["advance"] if x["payout"] == "settled" else min(stays, part["advance"]))
        self.put("void", claim=claim)

    def has_pool(self, x):
        i = self.incidents[x["incident"]]
        return bool(i.security(x["merchant"]) or i.issuer and i.security(i.issuer))

    def do_clawback(self, claim, part):
        """The consumer gives back."""
        owed, had = self.clawbacks.get(claim, (0, 0))
        amount = max(1, owed * part // 100)
        if amount > owed - had:
            return False
        self.clawbacks[claim][1] += amount
        self.cash += amount
        self.put("clawback", claim=claim, amount=amount)

    def do_send_back(self, amount):
        """Money of nobody known comes, and goes back."""
        self.put("record", amount=amount)
        self.put("send_back", line="b-%d" % self.count)

    def do_slip(self, what, **values):
        """Booked wrongly and taken back: as if it never was."""
        if what == "receipt":
            if values["incident"] not in self.incidents or values["party"] not in self.parties(values["incident"],
                                                                                               values["merchant"]):
                return False
            values["section"] = self.section_name(values["incident"], values["merchant"])
        if what == "lot":
            self.sell(values["merchant"])
            values["batch"] = self.batch_of_lot(values["lot"])
        self.put("slip_" + what, **values)
