# SPDX-License-Identifier: Apache-2.0
"""Steps of a history of merchants that appeal what was deducted from their deposit. What an appeal restores the funder pays in:
claims keep what they had of it, so that it is an advance, and recourse; the merchant has it again, frozen by its incident."""

from split import split

DAYS = 15


class AppealSteps:
    def do_round(self, incident):
        if self.restored(incident) and incident not in self.for_later or self.appeals_of(incident, "stayed"):
            return False
        if incident in self.for_later and not self.promises() and self.pending(incident)[0]:
            return False
        filed = incident in self.incidents and self.pending(incident)[0]
        start = len(self.lines)
        self.sharing = True             # what the funder has not paid in yet is nobody's
        shared = super().do_round(incident)
        self.sharing = False
        if shared is False:
            return False
        self.note_deductions(incident, start, filed)
        self.approve_again(incident, start)
        return None

    def note_deductions(self, incident, start, filed):
        """What the round that begins at that line took of whose deposit, where that is known."""
        exact = self.follows(incident) and not self.incidents[incident].instruments and not self.restored(incident)
        if not exact and any(x["short"] for x in self.claims.values() if x["incident"] == incident) or incident in self.inexact or (
                filed and "kept_back" in self.plan.without):
            self.inexact.add(incident)  # what it took is of the moment
            return
        if filed and not exact:                       # or of its reserves, to within a step for each round
            self.slack[incident] = self.slack.get(incident, 1) + 2
        i, at = self.incidents[incident], max(n for n in range(start, len(self.lines)) if " distribution.approve " in self.lines[n])
        for owner in [*i.merchants, i.issuer] if i.issuer else i.merchants:
            part = self.shared[incident][1]
            before = [x for x in self.deductions if x["incident"] == incident and x["merchant"] == owner]
            used = sum(self.beside_reserves(incident, owner).values()) if filed else i.used(owner, part)
            if exact:
                used = sum(self.followed_by_now[incident][owner].had.values())
            amount = min(i.deposit.get(owner, 0) + i.again(owner), used) - sum(x["amount"] for x in before)
            gave = {m: sum(part[c]["issuer"] for c in i.section_claims(m)) - sum(x["gave"].get(m, 0) for x in before)
                    for m in i.merchants} if owner == i.issuer else {owner: amount}
            if min(gave.values()) < 0:
                self.inexact.add(incident)
            if amount > 0:
                if ":=" not in self.lines[at]:
                    self.lines[at] = "taken%d := %s" % (at, self.lines[at])
                self.deductions.append(dict(incident=incident, merchant=owner, amount=amount, at=at, state="taken", gave=gave,
                                            first={c for c, x in self.claims.items() if x["incident"] == incident and x["paid"]},
                                            slack=self.slack.get(incident, 0),
                                            parts=self.followed_by_now[incident][owner].had if exact else {c: p["own"] for c, p in part.items()},
                                            entry="$" + self.lines[at].split()[0], restored=0, paid=0))

    def approve_again(self, incident, start):
        i = self.incidents[incident]
        if incident in self.for_later and (self.bar or self.plan.scheme[0] == "full" or not any(self.awaited(m, incident) for m in i.merchants)):
            self.put("distribute_again", incident=incident) # one approval gives what is even, the next what is left
            if self.promises():         # before the funder is asked
                self.lines.insert(max(n for n in range(start, len(self.lines) - 1) if " distribution.approve " in self.lines[n]) + 1,
                                  self.lines.pop())
            if self.plan.scheme[0] == "full" or not self.bar:
                return
            for c in sorted(c for c, x in self.claims.items() if x["incident"] == incident and x["state"] == "decided"):
                if self.claims[c]["payout"] == "returned":
                    self.claims[c]["lifted"] = True     # ordered out when it is sent again
                    continue
                self.put("instruct", claim=c)
                self.put("settle", claim=c)

    def lacks(self, incident, amount):
        """What the funder advanced in a deposit's place no pool repays."""
        if self.plan.scheme[0] == "percentage" and incident in self.for_later:
            amount += sum(x["paid"] for x in self.deductions if x["incident"] == incident)
        return super().lacks(incident, amount)

    def do_interim(self, incident):
        if super().do_interim(incident) is False:
            return False
        self.inexact.add(incident)

    def appeals_of(self, incident, *states):
        return [x for x in self.deductions if x["incident"] == incident and x["state"] in states]

    def restored(self, incident, paid=False):
        return sum(x["restored"] - (x["paid"] if paid else 0) for x in self.deductions if x["incident"] == incident)

    def in_transit(self, incident):     # or the funder's money for what was restored
        return super().in_transit(incident) or not self.sharing and self.restored(incident, paid=True) > 0

    def within_days(self):
        """What can be appealed now."""
        shared = max((n for n, line in enumerate(self.lines) if line.startswith("shared := ")), default=0)
        return [x for x in self.deductions if x["state"] == "taken" and self.days_since(x["at"]) < DAYS
                and (x["entry"] != "$shared" or x["at"] == shared) and x["incident"] not in self.inexact]

    def do_appeal(self, incident, pick):
        some = [x for x in self.within_days() if x["incident"] == incident]
        if not some:
            return False
        x = some[int(pick * len(some))]
        self.count_of_appeals += 1
        x.update(state="lodged", appeal="$appeal%d" % self.count_of_appeals)
        self.put("appeal", merchant=x["merchant"], deduction=x["entry"], name=x["appeal"][1:])

    def do_stay(self, incident):
        """Nothing is ordered until it is decided."""
        for x in self.appeals_of(incident, "lodged")[:1]:
            x["state"] = "stayed"
            self.put("stay", appeal=x["appeal"])
            return None
        return False

    def do_reissue(self, claim):
        if claim in self.claims and self.appeals_of(self.claims[claim]["incident"], "stayed"):
            return False
        return super().do_reissue(claim)

    def do_judge(self, incident, outcome, part, first=None):
        """upheld, varied, reversed; first: what was judged before, and then anew."""
        lodged = self.appeals_of(incident, "lodged", "stayed")
        if not lodged or {first or outcome, outcome} != {"upheld"} and not self.may_restore(incident):
            return False
        x = lodged[0]
        later = any(y["incident"] == incident and y["state"] == "decided" and y["paid"] and c not in x["first"]
                    for c, y in self.claims.items())
        if later and {first or outcome, outcome} != {"upheld"} and not self.may_share_it(incident):
            return False                # these have it
        if outcome == "varied" and x["amount"] == 1:
            outcome = "reversed"
        if first == "varied" and x["amount"] == 1 or first == outcome:
            first = None
        if x["slack"] and {first or outcome, outcome} != {"upheld"}:
            if x["amount"] <= x["slack"]:
                return False
            outcome, first = "varied", first and "upheld"
        varied = max(1, (x["amount"] - max(1, x["slack"])) * part // 100)
        amount = {"upheld": 0, "varied": varied, "reversed": x["amount"]}[outcome]
        said = lambda outcome: dict(outcome=outcome, amount=varied if outcome == "varied" else None)
        start = len(self.lines)
        if first:
            self.put("judge", appeal=x["appeal"], **said(first))
            self.put("judge_anew", **said(outcome))
        else:
            self.put("judge", appeal=x["appeal"], **said(outcome))
        if amount and self.may_share_it(incident):
            self.for_later.add(incident)
            i, merchant = self.incidents[incident], x["merchant"]
            i.later[merchant] = i.later.get(merchant, set()) | x["first"]   # of several rounds the last one counts
            rounds = i.restored_rounds.setdefault(merchant, [])
            rounds.append((amount, x["first"], x["parts"]))
            rounds.sort(key=lambda each: len(each[1]))
            if len(rounds) > 1:         # what is not kept any more, others have
                self.late.add(incident)
            if self.promises():         # who had more than is promised keeps it
                parts = {c: each["own"] for c, each in self.shared[incident][1].items()}
                if self.follows(incident) and not self.restored(incident) and not i.instruments:
                    parts = self.followed_by_now[incident][merchant].had
                i.had[merchant] = {c: had for c, had in parts.items() if c in i.later[merchant]}
        x.update(state=outcome, restored=amount)
        self.give_again(incident)
        self.owed_by(incident, start, "judged%d" % self.count)    # whose pool has it again was paid for it before

    def may_share_it(self, incident):
        """Where nothing but a deposit was shared out."""
        i = self.incidents[incident]
        if "restored_early" in self.plan.without or self.restored(incident) and incident not in self.for_later or self.plan.incidents[incident][1] or i.instruments:
            return False
        if not self.promises() and not self.bar or self.plan.scheme[0] == "percentage" and i.had and incident not in self.for_later or self.plan.seed % 4 == 3:
            return False
        if incident in self.late or incident in self.short_called or incident in self.inexact or self.clawbacks or super().in_transit(incident):
            return False
        if any(self.facts(incident, m).get("receipts") and not self.parties(incident, m) for m in i.merchants):
            return False
        return not any(x["incident"] == incident and x["state"] in ("void", "late") for x in self.claims.values())

    def may_restore(self, incident):
        return self.may_share_it(incident) or incident not in self.for_later and self.may_restore_last(incident)

    def do_later_file(self, claim, incident, lot):
        return self.do_file(claim, incident, lot) if incident in self.for_later else False

    def do_later_decide(self, claim):
        return self.do_decide(claim) if claim in self.claims and self.claims[claim]["incident"] in self.for_later else False

    def has_later(self, incident):
        """Claims for which what was restored is."""
        return any(x["incident"] == incident and x["state"] == "decided" and x["paid"] and c not in first
                   for c, x in self.claims.items() for first in self.incidents[incident].later.values())

    def may_repay(self, incident, amount):
        """It repays what was advanced to these. What parties paid it does not repay once more."""
        sections = self.plan.incidents[incident][0]
        own = any("P" in self.parties(incident, m) or self.facts(incident, m).get("written_off") for m in sections) or any(
            x.released is not None for m in sections for x in self.parties(incident, m).values())
        return not self.promises() or not own and self.lacks(incident, amount)

    def may_restore_last(self, incident):
        """When nothing is shared out any more: who comes later takes of what was restored."""
        if not self.bar or self.unshared(incident) or self.contested(incident) or self.pending(incident)[0]:
            return False
        if incident in self.short_called or incident in self.inexact or self.clawbacks:
            return False
        if self.plan.incidents[incident][1] and "issuers_appeals" in self.plan.without:
            return False
        if any(self.facts(incident, m).get("receipts") and not self.parties(incident, m) for m in self.plan.incidents[incident][0]):
            return False
        return not any(x["incident"] == incident and x["state"] in ("void", "late") for x in self.claims.values())

    def do_restore(self, incident, part):
        """The funder pays that in."""
        for x in self.appeals_of(incident, "varied", "reversed"):
            left = x["restored"] - x["paid"]
            if left:
                amount = max(1, left * part // 100)
                if self.has_later(incident) and not self.may_repay(incident, amount):
                    return False
                if self.has_later(incident) or any(len(rounds) > 1 for rounds in self.incidents[incident].restored_rounds.values()):
                    self.late.add(incident)
                x["paid"] += amount
                self.cash += amount
                self.put("restore", appeal=x["appeal"], amount=amount)
                self.give_again(incident)
                for merchant in x["gave"]:
                    if self.parties(incident, merchant) and "extend" not in self.plan.without:
                        self.put("extend", incident=incident, section=self.section_name(incident, merchant))
                return None
        return False

    def give_again(self, incident):
        """To each owner, by the sections whose claims had it: what of the issuer's pool each had of the round."""
        i, restored = self.incidents[incident], {}
        for x in self.appeals_of(incident, "varied", "reversed"):
            of = restored.setdefault(x["merchant"], {})
            all_, paid = split(x["restored"], x["gave"]), split(x["paid"], x["gave"])
            for merchant in x["gave"]:
                had = of.get(merchant, (0, 0))
                of[merchant] = (had[0] + all_[merchant], had[1] + paid[merchant])
        i.restored = restored

    # What would ask a pool again.

    def lodge(self, owner, amount):
        within = [i for i, (merchants, issuer) in self.plan.incidents.items() if owner in (*merchants, issuer)]
        return False if any(self.restored(i) and i not in self.for_later for i in within) else super().lodge(owner, amount)

    def comes_late(self, incident):
        return not self.restored(incident) and super().comes_late(incident)

    def do_tardy(self, claim, incident, lot, excuse=True):
        return False if excuse and self.restored(incident) else super().do_tardy(claim, incident, lot, excuse)

    def do_void(self, claim):
        return False if claim in self.claims and self.restored(self.claims[claim]["incident"]) else super().do_void(claim)

    def do_premature(self, incident, **values):
        return False if self.restored(incident) else super().do_premature(incident=incident, **values)

    # The end.

    def judge_all(self):
        for incident in self.incidents:
            while self.appeals_of(incident, "lodged", "stayed"):
                outcome = ("upheld", "reversed", "varied")[self.plan.seed % 3]
                if self.step(("judge", dict(incident=incident, outcome=outcome, part=50))) is False:
                    self.step(("judge", dict(incident=incident, outcome="upheld", part=50)))
            while self.plan.seed % 5 and self.step(("restore", dict(incident=incident, part=100))):
                pass

    def look_appeals(self):
        for x in self.deductions:
            if x["restored"]:
                self.account("1100", "P", "@" + x["appeal"], x["restored"] - x["paid"])
                self.account("2020", x["merchant"], "@" + x["appeal"], x["restored"] - x["paid"])

    # What is refused.

    def refused_appeal(self):
        return [dict(merchant=x["merchant"], deduction=x["entry"], name="none") for x in self.deductions
                if x["state"] != "taken" and x["entry"] != "$shared"]

    def refused_appeal_late(self):
        return [dict(merchant=x["merchant"], deduction=x["entry"], name="none") for x in self.deductions
                if x["state"] == "taken" and x["entry"] != "$shared" and self.days_since(x["at"]) > DAYS]

    def refused_appeal_of_another(self):
        return [dict(merchant="V", deduction=x["entry"], name="none") for x in self.deductions if x["entry"] != "$shared"]

    def open_appeals(self):
        return [x for i in self.incidents for x in self.appeals_of(i, "lodged", "stayed")]

    def refused_judge_all_of_it(self):  # less than all is varied
        return [dict(appeal=x["appeal"], outcome="varied", amount=x["amount"]) for x in self.open_appeals() if not x["slack"]]

    def refused_judge_own(self):        # who deducted does not judge
        return [dict(appeal=x["appeal"], by=self.lines[x["at"]].partition(" distribution.approve ")[0].split()[-1])
                for x in self.open_appeals()]

    def refused_judge(self):            # once
        return [dict(appeal=x["appeal"], outcome="upheld") for i in self.incidents
                for x in self.appeals_of(i, "upheld", "varied", "reversed")]

    def refused_restore(self):          # more than is to be restored
        return [dict(appeal=x["appeal"], amount=x["restored"] - x["paid"] + 1) for i in self.incidents
                for x in self.appeals_of(i, "varied", "reversed")]

    def refused_restore_upheld(self):
        return [dict(appeal=x["appeal"], amount=1) for i in self.incidents for x in self.appeals_of(i, "upheld")]

    def refused_reissue_stayed(self):
        return [dict(claim=c) for c, x in self.claims.items() if x["payout"] == "returned" and x["state"] == "decided"
                and self.appeals_of(x["incident"], "stayed")]
