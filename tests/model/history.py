# SPDX-License-Identifier: Apache-2.0
"""A history: events in some order. Walked through, it gives the facts, the lines of a scenario and what must stand in the
end. What a step of the way needs to know (how much the funder is asked for now) is reckoned from the facts so far."""
import random
import words
from incident import Claim, Incident
from pool import Pool, promised
from recourse import Party

UNITS = {"JPY": 0, "CNY": 2, "KWD": 3}


class Plan:
    """What stays the same in every order: unit, policy, incidents, and the events."""

    def __init__(self, seed, unit, scheme, waterfall, incidents, events, without=()):
        self.without = without
        self.seed, self.unit, self.scheme, self.waterfall = seed, unit, scheme, waterfall
        self.incidents, self.events = incidents, events     # incidents: id -> (merchants, issuer or None)


class Walk:
    def __init__(self, plan):
        self.plan = plan
        self.digits = UNITS[plan.unit]
        self.lines = []
        self.count = 0
        self.deposits = {}              # what a merchant lodged before its incident
        self.incidents = {}
        self.claims = {}                # claim -> [incident, lot, merchant, loss, state, payout]
        self.lots = {}
        self.sellers = set()
        self.receipts = {}              # recovery -> (incident, section, party, amount)
        self.instruments = {}           # instrument -> [merchant, limit, paid]
        self.short_called = set()       # incidents that wait for a provider's money
        self.funded = {}                # all that the funder paid in for an incident
        self.lent = {}                  # of which has not gone back to it by a void or a later round
        self.remitted = {}
        self.cash = 0
        self.rounds = {}
        self.bar = False
        self.clawbacks = {}             # claim -> [advance part, received]
        self.closed = {}
        self.late = set()               # incidents with money that came after a round
        self.seen = []                  # of each round: the claims and pools that it was for
        self.shared = {}                # incident -> what the last round shared out, and the parts of each claim
        self.bounced = []
        self.line = None                # a line of the bank that was used
        self.slow = set()               # claims whose payment will not be settled at once
        self.owed = 0                   # of what instruments paid, to their providers
        self.ends = False               # what is open is written off in the end, and all that can be is closed
        self.slip = None                # the command that is booked by a slip first
        self.done = []
        self.put("policy", policy="p", scheme=plan.scheme[0], unit=plan.unit,
                 rate="%d.00" % plan.scheme[1] if len(plan.scheme) > 1 else None,
                 advances=plan.waterfall[0], uncovered=plan.waterfall[1], no_disadvantage=None)

    def put(self, kind, refused=False, **values):
        if isinstance(values.get("amount"), int):
            values["amount"] = words.money(values["amount"], self.digits)
        self.count += 1
        values.setdefault("line", "b-%d" % self.count)
        values.setdefault("unit", self.plan.unit)
        if self.slip == kind and not refused:           # once by a slip, which is taken back, and then rightly
            self.slip = None
            self.lines += words.slip(kind, **values).split("\n")
        text = words.say(kind, **values)
        if refused:
            text = text.split("\n")[0]
        self.lines += (text + ("   ! " + (refused if isinstance(refused, str) else words.REFUSED[kind]) if refused else "")
                       ).split("\n")

    def section_name(self, incident, merchant):
        several = self.plan.incidents[incident][1] is not None
        return words.SECTION.format(merchant=merchant) if several else None

    def facts(self, incident, merchant):
        return self.incidents[incident].facts.setdefault(merchant, {})

    def parties(self, incident, merchant):
        return self.facts(incident, merchant).get("parties", {})

    def position(self, incident, merchant):
        return self.incidents[incident].section(merchant).position()

    def pending(self, incident):
        """Claims that are filed and not decided, and claims decided since the last round."""
        filed = [c for c, x in self.claims.items() if x["incident"] == incident and x["state"] == "filed"]
        fresh = [c for c, x in self.claims.items() if x["incident"] == incident and x["state"] == "decided" and not x["paid"]]
        return filed, fresh

    def promises(self):
        return self.plan.scheme[0] != "deposit-only"

    def update(self, incident):
        """The incident's claims, as the model has them."""
        i = self.incidents[incident]
        i.claims = {c: Claim(x["merchant"], x["loss"], x["state"], x["elsewhere"], dict(x["direct"]),
                             x["payout"] if x["paid"] and x["payout"] != "transit" else "unpaid")
                    for c, x in self.claims.items() if x["incident"] == incident and x["state"] not in ("refused", "withdrawn")}
        i.awaited = {m: self.awaited(m) for m in i.merchants} if self.plan.incidents[incident][1] else {}

    # Each event: is it its turn, and what does it do. What is not ready is left out, so that an event can be taken out of
    # a history and the rest still makes sense.

    def step(self, event):
        kind, values = event
        self.done.append(event)
        self.slip = values.get("slip")
        went = getattr(self, "do_" + kind)(**{name: x for name, x in values.items() if name != "slip"})
        self.slip = None
        if went is False:
            self.done.pop()
            return False
        for incident in self.incidents:
            self.update(incident)
        return True

    def do_deposit(self, owner, amount):
        late = [i for i, (merchants, issuer) in self.plan.incidents.items()
                if i in self.incidents and owner in (*merchants, issuer)]
        for i in late:
            filed, fresh = self.pending(i)
            if self.promises() and self.rounds.get(i) and (filed or fresh or not self.lacks(i, amount)):
                return False
        if not late and any(owner in (*m, y) for i, (m, y) in self.plan.incidents.items()):
            self.deposits[owner] = self.deposits.get(owner, 0) + amount
        for i in late[:1]:
            deposit = self.incidents[i].deposit
            deposit[owner] = deposit.get(owner, 0) + amount
            if self.rounds.get(i):
                self.late.add(i)
        self.cash += amount
        self.put("deposit", merchant=owner, amount=amount)
        self.line = self.line or "b-%d" % self.count

    def lacks(self, incident, amount):
        """So much of what the funder advanced has come from nobody: late pool money repays that, what is beyond stays where it
        is."""
        sections = [self.position(incident, m) for m in self.plan.incidents[incident][0]]
        return self.promises() and amount <= min(sum(s["open"].values()) - sum(s["memo"].values()) for s in sections)

    def do_instrument(self, instrument, merchant, amount):
        if any(merchant in self.plan.incidents[i][0] for i in self.incidents):
            return False
        self.instruments[instrument] = [merchant, amount, 0]
        self.put("instrument", instrument=instrument, merchant=merchant, amount=amount)

    def do_call(self, incident, instrument, part):
        """Called and paid, in part or whole, before the first round: what is called is what the deposit leaves."""
        if incident not in self.incidents or instrument not in self.instruments:
            return False
        after = bool(self.rounds.get(incident))
        if after and ("late" in self.plan.without or not self.comes_late(incident)):
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
        i.instruments.setdefault(merchant, []).append((instrument, amount))
        self.cash += amount
        self.put("call", incident=incident)
        self.put("provide", incident=incident, instrument=instrument, amount=amount)
        if after:
            self.late.add(incident)

    def comes_late(self, incident):
        """May money come now into a pool for which others paid already? What parties paid a pool does not give back."""
        if incident not in self.incidents or not self.rounds.get(incident) or incident in self.late:
            return False
        filed, fresh = self.pending(incident)
        came = any(r[0] == incident for r in self.receipts.values())
        sections = self.plan.incidents[incident][0]
        own = any("P" in self.parties(incident, m) for m in sections)
        written_off = any(self.facts(incident, m).get("written_off") for m in sections)
        return self.bar and not (filed or fresh or came or own or written_off or self.in_transit(incident)
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
        if incident in self.incidents:
            return False
        i = Incident(merchants, issuer, self.plan.scheme)
        for owner in (*merchants, *([issuer] if issuer else [])):
            if owner in self.deposits:
                i.deposit[owner] = self.deposits[owner]
        ranks = [["costs"], [], [], ["interest"]]
        ranks[self.plan.waterfall[0] - 1].append("advances")
        ranks[self.plan.waterfall[1] - 1].append("uncovered")
        i.policy = {"waterfall": ranks}
        self.incidents[incident] = i
        self.put("declare", incident=incident, policy="p", issuer=issuer or "Y",
                 merchant=None if issuer else merchants[0])

    def sell(self, merchant):
        if not self.bar:                # who sells first when nothing can be claimed any more does not come in
            self.sellers.add(merchant)

    def do_lot(self, lot, merchant, amount):
        if any(merchant in self.plan.incidents[i][0] for i in self.shared):
            return False                # recorded when its pool was shared out already: it is served from what is left
        self.sell(merchant)
        self.lots[lot] = (merchant, amount)
        self.put("lot", lot=lot, merchant=merchant, amount=amount)

    def do_file(self, claim, incident, lot):
        if incident not in self.incidents or lot not in self.lots or self.bar:
            return False
        merchant, loss = self.lots[lot]
        if merchant not in self.plan.incidents[incident][0]:
            self.put("file", True, claim=claim, incident=incident, lot=lot)
            return None
        if any(x["lot"] == lot and x["state"] not in ("refused", "withdrawn") for x in self.claims.values()):
            return False
        had = {"elsewhere": 0, "direct": {}}
        for former in self.claims.values():     # it was had for the lot
            if former["lot"] == lot and (former["elsewhere"] or former["direct"]):
                had = {"elsewhere": former["elsewhere"], "direct": former["direct"]}
                former.update(elsewhere=0, direct={})
        self.claims[claim] = dict(incident=incident, lot=lot, merchant=merchant, loss=loss, state="filed", paid=False,
                                  short=False, payout="unpaid", **had)
        self.put("file", claim=claim, incident=incident, lot=lot)

    def ruled(self, claim, state, kind):
        if claim not in self.claims or self.claims[claim]["state"] != "filed":
            return False
        self.claims[claim]["state"] = state
        self.put(kind, claim=claim)

    def do_decide(self, claim):
        return self.ruled(claim, "decided", "decide")

    def do_refuse(self, claim):
        return self.ruled(claim, "refused", "refuse")

    def do_withdraw(self, claim):
        return self.ruled(claim, "withdrawn", "withdraw")

    def do_elsewhere(self, claim, party, amount):
        x = self.claims.get(claim)
        if not x or x["paid"] or x["state"] not in ("filed", "decided") or self.rounds.get(x["incident"]):
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
        self.put("elsewhere", claim=claim, source=party or "card-bank", how="refund" if party else "chargeback", amount=amount)

    def do_round(self, incident):
        """Share out, fund, pay: all that is decided."""
        if incident not in self.incidents:
            return False
        i = self.incidents[incident]
        filed, fresh = self.pending(incident)
        if not any(x["state"] == "decided" for x in self.claims.values() if x["incident"] == incident):
            return False
        late = words.LATE_MONEY_NEEDS_A_ROUND and incident in self.late
        if filed and not self.has_parts(incident, fresh):
            return False
        part = i.pay()
        held = [c for c, x in self.claims.items() if x["incident"] == incident and x["short"] and x["payout"] == "settled"
                and sum(part[c].values()) > promised(self.plan.scheme, x["loss"])]
        if self.contested(incident) or self.in_transit(incident):
            return False
        if self.promises() and (filed or not (fresh or late or held and self.bar)) or not self.promises() and not self.bar:
            return False
        if self.plan.scheme[0] == "percentage" and self.plan.incidents[incident][1] and not self.bar:
            return False                # what an issuer's pool would add is not known yet
        if not self.bar and fresh:
            self.hold_back(incident, part, fresh)
        shared = sum(sum(p.values()) for p in part.values())
        shared_before, before = self.shared.get(incident, (0, {}))
        pools = lambda part, c: part[c]["own"] + part[c]["issuer"] if c in part else 0
        repays = late and any(pools(part, c) > pools(before, c) for c in part)
        more = any(sum(part[c].values()) for c in fresh) or held and self.bar
        if not repays and not more and shared <= shared_before:
            return False                # nothing to share out
        self.late.discard(incident)
        self.shared[incident] = (0 if filed else shared, part)     # what is kept back for who waits comes later
        surely = any(sum(part[c].values()) for c in fresh)
        self.put("slip_round" if self.plan.seed % 2 and surely else "distribute", incident=incident)
        self.seen.append((incident, sorted((c, x.loss, x.state, x.elsewhere) for c, x in i.claims.items()),
                          {owner: i.security(owner) for owner in i.deposit}))
        for c in fresh:
            self.claims[c]["cohort"] = len(self.seen)
        gone = sum(owed for c, (owed, _) in self.clawbacks.items() if self.claims[c]["incident"] == incident)
        needed = sum(p["advance"] for p in part.values()) + gone
        fund = needed - self.lent.get(incident, 0)
        self.lent[incident] = needed
        if fund > 0:
            self.funded[incident] = self.funded.get(incident, 0) + fund
            self.cash += fund
            self.put("fund", incident=incident, amount=fund)
        lifted = [c for c, x in self.claims.items() if x["incident"] == incident and not self.promises() and c not in held
                  and x["state"] == "decided" and x["payout"] == "settled"]     # a step more, or none
        if self.bar:
            fresh = fresh + lifted
            fresh = fresh + held        # what was held back until the bar date
            for c in held:
                self.claims[c]["short"] = False
        for c in sorted(fresh):
            if not sum(part[c].values()):
                self.claims[c].update(paid=True, payout="settled")
                continue
            self.put("instruct", claim=c)
            if c in self.slow and not self.claims[c]["paid"] and self.promises() and not self.claims[c]["short"]:
                self.slow.discard(c)
                self.claims[c].update(paid=True, payout="transit")
                continue
            self.put("settle", claim=c)
            self.claims[c].update(paid=True, payout="settled")
        self.rounds[incident] = self.rounds.get(incident, 0) + 1
        if any(i.awaited.values()):
            self.late.add(incident)     # what they kept back comes when nothing can be claimed any more

    def awaited(self, merchant):
        """What is filed there, and before the bar date the lots that can still be claimed."""
        ruled = {x["lot"] for x in self.claims.values() if x["state"] == "decided"}
        filed = {x["lot"] for x in self.claims.values() if x["state"] == "filed"}
        return sum(amount for lot, (m, amount) in self.lots.items()
                   if m == merchant and lot not in ruled and (lot in filed or not self.bar))

    def has_parts(self, incident, fresh):
        """Beside what is kept back for those who wait for their ruling, each gets a step at least."""
        if self.plan.incidents[incident][1]:
            return False
        for merchant in self.plan.incidents[incident][0]:
            pool = Pool(self.incidents[incident].security(merchant))
            for c, x in self.claims.items():
                if x["incident"] == incident and x["merchant"] == merchant and x["state"] == "filed":
                    pool.reserve[c] = x["loss"]
            for c, x in self.incidents[incident].section_claims(merchant).items():
                if x.loss > x.elsewhere + sum(x.direct.values()):
                    pool.decide(c, x.loss - x.elsewhere - sum(x.direct.values()))
            had = pool.round()
            if any(not had.get(c) for c in fresh if c in pool.weight):
                return False
        return True

    def hold_back(self, incident, part, fresh):
        """Before the bar date a round pays no claim more than the scheme promises, unless the pool covers every lot that can
        still be claimed."""
        taken = {x["lot"] for x in self.claims.values() if x["state"] in ("filed", "decided")}
        i = self.incidents[incident]
        for c in fresh:
            x = self.claims[c]
            open_lots = sum(amount for lot, (merchant, amount) in self.lots.items()
                            if merchant == x["merchant"] and lot not in taken)
            decided = sum(y.loss - y.elsewhere - sum(y.direct.values()) for y in i.section_claims(x["merchant"]).values())
            if open_lots and i.security(x["merchant"]) < decided + open_lots:
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
        x["payout"] = "settled"
        self.put("settle", claim=claim)

    def in_transit(self, incident):
        return any(x["payout"] == "transit" and x["incident"] == incident for x in self.claims.values())

    def do_reissue(self, claim):
        x = self.claims.get(claim)
        if not x or x["payout"] != "returned" or x["state"] != "decided":
            return False
        x["payout"] = "settled"
        self.facts(x["incident"], x["merchant"])["funder_had"] = 0
        self.put("reissue", claim=claim)
        self.put("settle", claim=claim)

    def do_void(self, claim):
        x = self.claims.get(claim)
        if not x or x["state"] != "decided" or x["payout"] not in ("returned", "settled") or x["short"]:
            return False
        if any(p.released is not None for p in self.parties(x["incident"], x["merchant"]).values()):
            return False                # what a release freed is fixed: see README.md
        if x["payout"] == "settled":    # paid: a clawback; of a pool's part the sentence says nothing
            part = self.incidents[x["incident"]].pay()[claim]
            filed, fresh = self.pending(x["incident"])
            if self.has_pool(x) or not part["advance"] or filed or fresh:
                return False
            self.clawbacks[claim] = [part["advance"], 0]
        else:                           # the funder's part goes back to it, the pool's to the pool
            part = self.shared[x["incident"]][1][claim]
            if self.has_pool(x) and self.rounds[x["incident"]] > 1:
                return False            # which step of the pool it had is of the rounds
            if (part["own"] or part["issuer"]) and not self.lacks(x["incident"], part["own"] + part["issuer"]):
                return False
            self.lent[x["incident"]] -= part["advance"]
            if part["own"] or part["issuer"]:
                self.late.add(x["incident"])
        x["state"] = "void"
        self.facts(x["incident"], x["merchant"])["funder_had"] = 0
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
        self.put("slip_" + what, **values)

    def do_apportion(self, incident, merchant, shares, first=None):
        """shares: party -> (percent, joint). first: who was judged to bear all, before another judgment."""
        if not self.rounds.get(incident) or self.parties(incident, merchant):
            return False
        if not self.incidents[incident].section(merchant).loss:
            return False
        if incident in self.late and "P" in shares:
            return False                # what the funder bears itself no pool repays any more
        self.facts(incident, merchant)["parties"] = {p: Party(s, joint) for p, (s, joint) in shares.items()}
        kinds = {joint for _, joint in shares.values()}
        name = lambda joint: "joint-and-several" if joint else "several"
        mixed = len(kinds) > 1
        text = " ".join(words.SAY["share"].format(party=p, share=s)
                        + (words.SAY["share_of_its_own"].format(mode=name(joint)) if mixed else "")
                        for p, (s, joint) in shares.items())
        values = dict(incident=incident, section=self.section_name(incident, merchant), mode=name(any(kinds)))
        if first:
            self.put("misjudge", **{**values, "mode": name(False)}, shares=words.SAY["share"].format(party=first, share=100))
        self.put("rejudge" if first else "apportion", shares=text, **values)

    def of_several_rounds(self, incident):
        """While a payout of one of several rounds is back, how much of it was the funder's depends on the rounds."""
        return self.rounds.get(incident, 0) > 1 and any(
            x["payout"] == "returned" and x["state"] == "decided" and x["incident"] == incident for x in self.claims.values())

    def unshared(self, incident):
        """Before a round, what a pool gives is not on the books, and what is open of recourse depends on that."""
        return incident in self.late or bool(self.pending(incident)[1])

    def others(self, parties, party):
        return [p for p, x in parties.items()
                if p != party and x.joint and x.share and not x.given_up and x.released is None and p != "P"]

    def do_give_up(self, incident, merchant, party):
        parties = self.parties(incident, merchant) if incident in self.incidents else {}
        x = parties.get(party)
        if not x or not x.joint or x.given_up or x.released is not None or not self.others(parties, party):
            return False
        p = self.position(incident, merchant)
        if p["open"].get(party, 0) <= p["memo"].get(party, 0):
            return False                # nothing is open, or it is written off
        x.given_up = True
        self.put("give_up", incident=incident, section=self.section_name(incident, merchant), party=party)

    def do_release(self, incident, merchant, party):
        parties = self.parties(incident, merchant) if incident in self.incidents else {}
        x = parties.get(party)
        if not x or not x.joint or x.given_up or x.released is not None or not self.others(parties, party):
            return False
        if self.of_several_rounds(incident) or self.unshared(incident) or self.in_transit(incident):
            return False
        frees = self.incidents[incident].section(merchant).release_of(party)
        if not frees:
            return False
        x.released = frees
        x.before = self.incidents[incident].section(merchant).paid_in(party)
        self.put("release", incident=incident, section=self.section_name(incident, merchant), party=party)

    def do_write_off(self, incident, merchant, party):
        if incident not in self.incidents or party not in self.parties(incident, merchant):
            return False
        if self.of_several_rounds(incident) or self.unshared(incident) or self.in_transit(incident):
            return False
        p = self.position(incident, merchant)
        amount = p["open"].get(party, 0)
        if not amount or p["memo"]:
            return False
        self.facts(incident, merchant)["written_off"] = {party: (amount, p["funder"])}
        if "extend" not in self.plan.without:       # what has become recourse since is open when it is spread
            self.put("extend", incident=incident, section=self.section_name(incident, merchant))
        self.put("write_off", write_off="w-%s-%s-%s" % (incident, merchant, party), incident=incident,
                 section=self.section_name(incident, merchant), party=party)

    def do_receive(self, recovery, incident, merchant, party, amount, known=True):
        liable = [m for m in self.plan.incidents[incident][0] if incident in self.incidents and merchant in (m, None)
                  and party in self.parties(incident, m)]
        if not liable or incident in self.late:
            return False
        receipts = self.receipts_of(incident, merchant)
        who = party if merchant else (party, self.incidents[incident].home(party, amount))
        receipts[who] = receipts.get(who, 0) + amount
        self.receipts[recovery] = (incident, merchant, who, amount)
        self.cash += amount
        section = merchant and self.section_name(incident, merchant)
        if known:
            self.put("receive", recovery=recovery, incident=incident, section=section, party=party, amount=amount)
        else:                           # who paid is found out later
            self.put("record", amount=amount)
            self.put("identify", line="b-%d" % self.count, recovery=recovery, incident=incident, section=section, party=party)
        self.put("allocate", recovery=recovery)

    def do_premature(self, recovery, incident, merchant, party, amount):
        """Of somebody who may be liable, before a judgment, where nothing is advanced."""
        if self.promises() or not self.bar or not self.rounds.get(incident) or incident in self.late or any(self.pending(incident)):
            return False
        if self.parties(incident, merchant) or not self.incidents[incident].section(merchant).loss:
            return False
        receipts = self.receipts_of(incident, merchant)
        receipts[party] = receipts.get(party, 0) + amount
        self.receipts[recovery] = (incident, merchant, party, amount)
        self.cash += amount
        self.put("receive", recovery=recovery, incident=incident, section=self.section_name(incident, merchant), party=party,
                 amount=amount)
        self.put("allocate", recovery=recovery)

    def do_peek(self, incident, party):
        """What is its own by name now: nothing that it owes, or may come to owe, in any section, is paid out."""
        if not self.bar or incident not in self.incidents or self.unshared(incident) or self.contested(incident):
            return False
        i = self.incidents[incident]
        merchants = self.plan.incidents[incident][0]
        if not any(party in self.facts(incident, m).get("receipts", {}) for m in merchants) and not any(
                p == party for p, _ in i.anywhere):
            return False
        if any(x["payout"] == "returned" and x["incident"] == incident for x in self.claims.values()):
            return False
        own = self.own(incident, party)
        self.account("2150", party, words.REFERENCE.format(incident=incident), own)
        if not own:
            self.put("surplus", True, incident=incident, party=party)

    def own(self, incident, party):
        i = self.incidents[incident]
        return sum(s["over"].get(party, 0) + (s["contribution"].get(party, 0) if i.section(m).final else 0)
                   for m, s in i.position()["sections"].items())

    def do_ends(self):
        self.ends = True

    def receipts_of(self, incident, merchant):
        """Of a section, or of those whose payer did not say."""
        return self.facts(incident, merchant).setdefault("receipts", {}) if merchant else self.incidents[incident].anywhere

    def do_bounce(self, recovery):
        if recovery not in self.receipts:
            return False
        incident, merchant, who, amount = self.receipts.pop(recovery)
        if any(self.facts(incident, m).get("written_off") for m in self.plan.incidents[incident][0]):
            return False
        self.receipts_of(incident, merchant)[who] -= amount
        self.bounced.append(recovery)
        self.cash -= amount
        self.put("bounce", recovery=recovery)

    def charge(self, kind, field, incident, merchant, party, amount):
        if incident not in self.incidents or party not in self.parties(incident, merchant):
            return False
        facts = self.facts(incident, merchant).setdefault(field, {})
        facts[party] = facts.get(party, 0) + amount
        self.put(kind, incident=incident, section=self.section_name(incident, merchant), party=party, amount=amount)

    def do_cost(self, **values):
        return self.charge("cost", "costs", **values)

    def do_interest(self, **values):
        return self.charge("interest", "interest", **values)

    def do_bar(self):
        if self.bar or len(self.incidents) < len(self.plan.incidents):
            return False
        self.bar = True
        self.put("bar")
        self.lapsed()

    def do_refused(self, what, pick):
        """What is refused on purpose: of those of which it can be said now, one."""
        some = sorted(getattr(self, "refused_" + what)(), key=repr)
        if not some:
            return False
        values = some[int(pick * len(some))]
        self.put(what, words.REFUSE[what], **values)

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
        return self.claims_that("decided", payout="unpaid") + self.claims_that("decided", payout="returned")

    def refused_reissue(self):
        return self.claims_that("decided", payout="settled") + self.claims_that("filed")

    def refused_void(self):
        return [x for x in self.claims_that("void") if x["claim"] not in self.clawbacks]

    def refused_clawback(self):
        return [dict(x, amount=1) for x in self.claims_that("decided", "filed")]

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

    # The end.

    def finish(self):
        for incident in self.plan.incidents:
            self.step(("declare", dict(incident=incident)))
        for c in list(self.claims):
            self.step(("decide", dict(claim=c)))
        for incident in self.incidents:
            self.step(("round", dict(incident=incident)))
        self.step(("bar", {}))
        self.step(("lapse", {}))
        for c in sorted(self.claims):
            self.step(("settle", dict(claim=c)))
        for c, x in self.claims.items():
            if self.of_several_rounds(x["incident"]) or self.ends:
                self.step(("reissue", dict(claim=c)))
        for incident in self.incidents:
            self.step(("round", dict(incident=incident)))
            for c in [c for c, x in self.claims.items() if x["incident"] == incident and self.of_several_rounds(incident)]:
                self.step(("reissue", dict(claim=c)))
            for merchant in self.plan.incidents[incident][0]:
                if self.parties(incident, merchant) and "extend" not in self.plan.without:
                    self.put("extend", incident=incident, section=self.section_name(incident, merchant))
        for incident in self.incidents:
            self.step(("return_unused", dict(incident=incident)))
        if "close" not in self.plan.without:
            for incident in self.incidents:
                self.close(incident)
        self.look()

    def do_return_unused(self, incident):
        """Of an instrument: where no round said so by itself."""
        for unused in self.incidents[incident].position()["unused"].values():
            for instrument, amount in unused.items():
                self.owed += amount
                if amount:
                    self.put("return_unused", incident=incident, instrument=instrument)

    def write_off_all(self, incident):
        for merchant in self.plan.incidents[incident][0]:
            facts, p = self.facts(incident, merchant), self.position(incident, merchant)
            if not self.parties(incident, merchant):
                continue
            for party, amount in sorted(p["open"].items()):
                if amount > p["memo"].get(party, 0):
                    self.put("write_off", write_off="w-end-%s-%s-%s" % (incident, merchant, party), incident=incident,
                             section=self.section_name(incident, merchant), party=party)
            facts["written_off"] = {party: (amount, p["funder"]) for party, amount in p["open"].items()}

    def close(self, incident):
        """Closed where nothing stands against it; what is frozen pays what its merchant owes, the rest is free."""
        i = self.incidents[incident]
        merchants, issuer = self.plan.incidents[incident]
        if incident in self.short_called or issuer and not self.ends:
            return
        if not i.deposit or self.clawbacks or not any(x.counts() for x in i.claims.values()):
            return
        if any(x["payout"] != "settled" for x in self.claims.values() if x["incident"] == incident and x["state"] == "decided"):
            return
        if self.ends:
            self.write_off_all(incident)
        if i.blockers():
            return
        due = self.due(incident)
        if due:
            self.remitted[incident] = due
            self.put("remit", incident=incident)
        end = i.end()
        for owner, x in end.items():
            for merchant, amount in x["pays"].items():
                receipts = self.facts(incident, merchant).setdefault("receipts", {})
                receipts[owner] = receipts.get(owner, 0) + amount
        self.closed[incident] = {owner: x["freed"] for owner, x in end.items()}
        self.put("close", incident=incident)

    def due(self, incident):
        """What the funder has to get back: what came in for it, and what it paid in and no claim needs."""
        p = self.incidents[incident].position()
        back = self.funded.get(incident, 0) - sum(x["advance"] for x in p["parts"].values())
        back += sum(had - owed for c, (owed, had) in self.clawbacks.items() if self.claims[c]["incident"] == incident)
        return back + sum(s["funder"] + s["costs"] for s in p["sections"].values())

    def look(self):
        cash = self.cash
        self.net = []
        for incident, i in self.incidents.items():
            merchants, issuer = self.plan.incidents[incident]
            p = i.position()
            for c, amount in p["claims"].items():
                if self.claims[c]["paid"] and self.claims[c]["payout"] == "settled":
                    cash -= amount
                    self.lines.append(words.BRIEF.format(claim=c, amount=words.money(amount, self.digits)))
            returned = sum(p["claims"][c] for c, x in self.claims.items()
                           if x["incident"] == incident and x["payout"] == "returned" and x["state"] == "decided")
            self.account("2130", "-", words.REFERENCE.format(incident=incident), returned)
            for owner, amount in p["frozen"].items():
                free = self.closed.get(incident, {}).get(owner)
                if issuer and owner != issuer and owner not in self.sellers:
                    free = amount           # sold nothing of that issuer: it is not in
                self.account("2020", owner, words.REFERENCE.format(incident=incident), amount if free is None else 0)
                if free is not None:
                    self.account("2010", owner, "", free)
            claw = {c: x for c, x in self.clawbacks.items() if self.claims[c]["incident"] == incident}
            for c, (owed, had) in claw.items():
                self.account("1120", c, words.REFERENCE.format(incident=incident), owed - had)
                cash -= owed
            due = self.due(incident)
            cash -= self.remitted.get(incident, 0)
            self.net.append("funder of %s: %d" % (incident, due - self.funded.get(incident, 0)))
            self.sections(incident, p["sections"], due - self.remitted.get(incident, 0),
                          sum(owed - had for owed, had in claw.values()))
            for owner, unused in p["unused"].items():
                for instrument, amount in unused.items():
                    self.account("2150", "S", words.REFERENCE.format(incident=incident), amount)
                    if "late" not in self.plan.without and incident not in self.short_called:
                        self.account("9010", "S", instrument, self.instruments[instrument][1]
                                     - self.instruments[instrument][2] + amount)
        self.net.append("cash: %d" % (cash + sum(self.remitted.values()) - sum(self.funded.values())))
        self.account("1010", "bank", "", cash)

    def sections(self, incident, positions, due, owed_back):
        """The accounts of an incident, which are those of all its sections together."""
        i = self.incidents[incident]
        reference = words.REFERENCE.format(incident=incident)
        sums = {("1110", "U"): 0, ("2150", "consumers"): 0, ("2170", "P"): due, ("3110", "P"): owed_back}

        def add(code, party, amount):
            sums[code, party] = sums.get((code, party), 0) + amount

        for merchant, s in positions.items():
            facts = i.section(merchant)
            for party in [*facts.parties, "U"]:
                add("1110", party, s["open"].get(party, 0) - s["memo"].get(party, 0))
            for party in {**facts.parties, **(facts.receipts if not facts.parties else {})}:
                add("2150", party, s["over"].get(party, 0) + (s["contribution"].get(party, 0) if facts.final else 0))
            for party, amount in s["memo"].items():
                add("9030", party, amount)
            add("2150", "consumers", s["consumers"] + sum(s["interest"].values()))
            add("3110", "P", sum(s["open"].values()) - sum(s["memo"].values()))
        if any(i.section(merchant).unsettled for merchant in positions):
            # while a payment is back (README.md)
            sums = {key: x for key, x in sums.items() if key not in (("3110", "P"), ("2170", "P")) and key[0] != "1110"
                    and (key[0] != "2150" or key[1] == "consumers")}
        for (code, party), amount in sorted(sums.items()):
            self.account(code, party, reference, amount)

    def account(self, code, party, reference, amount):
        assert amount >= 0, (code, party, reference, amount)
        text = words.LOOK.format(code=code, party=party, reference=reference, amount=words.money(amount, self.digits),
                                 unit=self.plan.unit)
        self.lines.append(" ".join(text.split()))

    def case(self, name):
        return "case %s\n%s\n" % (name, "\n".join("  " + line for line in self.lines))


def walk(plan, events):
    """The history of these events in this order; what is not its turn is left out."""
    w = Walk(plan)
    for event in events:
        w.step(event)
    w.finish()
    return w


def shuffled(plan, rng, after=None):
    """The events in some order in which each has its turn, after what was walked."""
    w, left, order = after or Walk(plan), list(plan.events), []
    while left:
        rng.shuffle(left)
        if rng.random() < 0.9:          # else hardly anything would be filed before it
            left.sort(key=lambda event: event[0] == "bar")
        for event in left:
            if w.step(event):
                order.append(event)
                left.remove(event)
                break
        else:
            break
    return order


def make(seed, most=60, claimants=None, without=()):
    """A random plan. without: kinds of events that are left out, and "sections", "mixed", "foreign", "units", "extend", "close",
    "unknown"."""
    r = random.Random(seed)
    amount = lambda top: r.choice((1, 2, 3, 99, 100, 101, top, r.randint(1, top)))
    unit = r.choice(["CNY"] * 4 + ["JPY", "KWD"])
    if "units" in without:
        unit = "CNY"
    scheme = r.choice((("full",), ("full",), ("percentage", r.choice((80, 90, 50))), ("deposit-only",)))
    waterfall = r.choice(((2, 3), (3, 2), (2, 2)))
    shape = r.random()
    if shape < 0.6:
        incidents = {"i": (["M"], None)}
    elif shape < 0.8 or "sections" in without:
        incidents = {"i": (["M"], None), "j": (["N"], None)}
    else:
        incidents = {"i": (["M", "N"], "Y")}
    sellers = [m for merchants, _ in incidents.values() for m in merchants]
    events = [("declare", dict(incident=i)) for i in incidents]
    for n in range(r.randint(0, 3)):
        owner = r.choice(sellers + [y for _, y in incidents.values() if y])
        events.append(("deposit", dict(owner=owner, amount=amount(600))))
    if r.random() < 0.3:
        events.append(("instrument", dict(instrument="b", merchant="M", amount=amount(300))))
        events.append(("call", dict(incident="i", instrument="b", part=r.choice((100, 100, 50)))))
    count = claimants or r.choice((1, 1, 2, 3, 3, 7, 11))
    for n in range(count):
        incident = r.choice(list(incidents))
        merchant = r.choice(incidents[incident][0])
        loss = amount(300)
        if scheme[0] == "percentage":
            loss *= 10                  # a whole step of the rate: rounding is asked in the questions
        c = "c%02d" % n
        events += [("lot", dict(lot=c + "-l", merchant=merchant, amount=loss)),
                   ("file", dict(claim=c, incident=incident, lot=c + "-l"))]
        ruling = r.choice(("decide",) * 8 + ("refuse", "withdraw"))
        events.append((ruling, dict(claim=c)))
        if ruling != "decide" and r.random() < 0.5:
            events += [("file", dict(claim=c + "-again", incident=incident, lot=c + "-l")),
                       ("decide", dict(claim=c + "-again"))]
        if r.random() < 0.1:
            events.append(("elsewhere", dict(claim=c, party=r.choice((None, "Y")), amount=amount(100))))
        if r.random() < 0.15:
            events.append(("return", dict(claim=c)))
            if r.random() < 0.8:
                events.append((r.choice(("reissue", "reissue", "void")), dict(claim=c)))
        if r.random() < 0.05:
            events.append(("twice", dict(claim=c)))
        if r.random() < 0.05:
            events += [("void", dict(claim=c)), ("clawback", dict(claim=c, part=r.choice((100, 50, 1))))]
        if r.random() < 0.03:
            events.append(("slip", dict(what="lot", lot=c + "-s", merchant=merchant, amount=amount(300))))
    if r.random() < 0.1:                # a lot of a merchant that is not in it
        if shape < 0.6 and "foreign" not in without:
            events += [("lot", dict(lot="other", merchant="N", amount=100)),
                       ("file", dict(claim="other", incident="i", lot="other"))]
    for incident, (merchants, _) in incidents.items():
        events += [("round", dict(incident=incident))] * r.choice((1, 1, 2, 3))
        for merchant in merchants:
            if r.random() < 0.15:
                continue
            events += judgment(r, incident, merchant, amount, "mixed" not in without)
        if len(merchants) > 1:
            events += anywhere(r, incident, amount)
    slips = [n for n, (kind, values) in enumerate(events) if kind in words.SLIPS and r.random() < 0.06]
    for n in slips:
        kind, values = events[n]
        events[n] = kind, {**values, "slip": r.choice(words.SLIPS[kind])}
    if "refused" not in without:
        events += [("refused", dict(what=r.choice(sorted(words.REFUSE)), pick=r.random())) for _ in range(r.randint(0, 4))]
    events += wider(r, incidents, sellers, count, amount)
    if r.random() < 0.3 or any(kind in ("late", "premature", "peek") for kind, _ in events) and r.random() < 0.6:
        events.append(("bar", {}))
    if r.random() < 0.1:
        events.append(("send_back", dict(amount=amount(300))))
    if r.random() < 0.1:
        events.append(("slip", dict(what="deposit", merchant=r.choice(sellers), amount=amount(300))))
    without = (*without, *words.NOT_YET)
    if "unknown" in without:
        events = [(kind, {**values, "known": True}) if kind == "receive" else (kind, values) for kind, values in events]
    if "slips" in without:
        events = [(kind, {name: x for name, x in values.items() if name not in ("slip", "first")}) for kind, values in events]
    events = [e for e in events if e[0] not in without and "%s %s" % (e[0], e[1].get("what")) not in without]
    return Plan(seed, unit, scheme, waterfall, incidents, cut(r, events, most), without)


def wider(r, incidents, sellers, count, amount):
    events = []
    for n in range(count):
        if r.random() < 0.1:
            c = "c%02d" % n
            events.append(("slow", dict(claim=c)))
            if r.random() < 0.5:
                events.append(("settle", dict(claim=c)))
    for incident, (merchants, issuer) in incidents.items():
        if r.random() < 0.25:
            owners = merchants + ([issuer] if issuer else [])
            events += [("late", dict(incident=incident, owner=r.choice(owners), amount=amount(600))),
                       ("round", dict(incident=incident))] * r.choice((1, 1, 2))
        if r.random() < 0.3:
            merchant = r.choice(merchants)
            for n in range(r.randint(1, 3)):
                events.append(("premature", dict(recovery="e-%s-%d" % (incident, n), incident=incident, merchant=merchant,
                                                 party=r.choice("MNYGZ"), amount=amount(300))))
        if r.random() < 0.4:
            events += [("peek", dict(incident=incident, party=r.choice("MNYGZ"))) for _ in range(3)]
    if r.random() < 0.4:
        events.append(("ends", {}))
    return events


def cut(r, events, most):
    """At most so many events, any of them, in their order."""
    if len(events) <= most:
        return events
    return [events[n] for n in sorted(r.sample(range(len(events)), most))]


def anywhere(r, incident, amount):
    """Receipts whose payer does not say for which section."""
    events = []
    for n in range(r.randint(0, 3)):
        recovery = "r-%s-%d" % (incident, n)
        events.append(("receive", dict(recovery=recovery, incident=incident, merchant=None, party=r.choice("MNYGZP"),
                                       amount=amount(500), known=r.random() < 0.9)))
        if r.random() < 0.1:
            events.append(("bounce", dict(recovery=recovery)))
    return events


def judgment(r, incident, merchant, amount, mixed):
    names = r.sample([p for p in ("M", "N", "Y", "G", "Z", "P") if p == merchant or p not in ("M", "N")], r.randint(1, 4))
    cuts = sorted(r.choice((0, 10, 33, 45, 50, 90, r.randint(0, 100))) for _ in names[1:])
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [100])]
    kind = r.choice(("joint", "joint", "several", "mixed" if mixed else "joint"))
    # who bears nothing in the end is liable for the whole, or not at all
    shares = {p: (s, not s or kind == "joint" or kind == "mixed" and r.random() < 0.5) for p, s in zip(names, sizes)}
    at = dict(incident=incident, merchant=merchant)
    events = [("apportion", dict(shares=shares, **at, **({"first": r.choice(names)} if r.random() < 0.1 else {})))]
    for n in range(r.randint(0, 6)):
        recovery = "r-%s-%s-%d" % (incident, merchant, n)
        payer = r.choice(names)
        events.append(("receive", dict(recovery=recovery, party=payer, amount=amount(500), known=r.random() < 0.9, **at)))
        if r.random() < 0.04:
            events.append(("slip", dict(what="receipt", recovery=recovery + "-s", party=payer, amount=amount(500), **at)))
        if r.random() < 0.05:
            events.append(("bounce", dict(recovery=recovery)))
    if r.random() < 0.4:
        events.append(("give_up", dict(party=r.choice(names), **at)))
    if r.random() < 0.25:
        events.append(("release", dict(party=r.choice(names), **at)))
    if r.random() < 0.2:
        events.append(("write_off", dict(party=r.choice(names), **at)))
    if r.random() < 0.2:
        events.append(("cost", dict(party=r.choice(names), amount=amount(30), **at)))
    if r.random() < 0.2:
        events.append(("interest", dict(party=r.choice(names), amount=amount(30), **at)))
    return events
