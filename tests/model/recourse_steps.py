# SPDX-License-Identifier: Apache-2.0
"""Steps of a history once somebody is liable: judgments, receipts, costs, what is given up, released, written off."""
import words
from recourse import Party


class RecourseSteps:
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
        return incident in self.late or bool(self.pending(incident)[1]) or any(
            x["short"] and x["incident"] == incident for x in self.claims.values())

    def others(self, parties, party):
        return [p for p, x in parties.items()
                if p != party and x.joint and not x.given_up and x.released is None and p != "P"]

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
        if frees is None or party == "P":
            return False
        x.released, x.stood_for = frees
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

    def do_peek(self, incident, pick):
        """What is its own by name now: nothing that it owes, or may come to owe, in any section, is paid out."""
        if not self.bar or incident not in self.incidents or self.unshared(incident) or self.contested(incident):
            return False
        i = self.incidents[incident]
        if any(i.section(m).direct and not self.parties(incident, m) for m in i.merchants):
            return False                # see README.md
        payers = {p for m in i.merchants for p in self.facts(incident, m).get("receipts", {})} | {p for p, _ in i.anywhere}
        if not payers:
            return False
        party = sorted(payers)[int(pick * len(payers))]
        if any(x["incident"] == incident and (x["payout"] == "returned" or x["state"] in ("late", "filed"))
               for x in self.claims.values()):
            return False                # while a claim waits, if only for its excuse to be accepted, all of it waits
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
        incident, merchant, who, amount = self.receipts[recovery]
        del self.receipts[recovery]
        if any(self.facts(incident, m).get("written_off") for m in self.plan.incidents[incident][0]):
            return False
        self.receipts_of(incident, merchant)[who] -= amount
        self.bounced.append(recovery)
        self.cash -= amount
        self.put("bounce", recovery=recovery)

    def charge(self, kind, field, incident, merchant, party, amount, **said):
        if incident not in self.incidents or party not in self.parties(incident, merchant):
            return False
        self.charged(kind, field, incident, merchant, party, amount, **said)

    def charged(self, kind, field, incident, merchant, party, amount, **said):
        facts = self.facts(incident, merchant).setdefault(field, {})
        facts[party] = facts.get(party, 0) + amount
        self.put(kind, incident=incident, section=self.section_name(incident, merchant), party=party, amount=amount, **said)

    def do_cost(self, **values):
        return self.charge("cost", "costs", **values)

    def do_interest(self, **values):
        return self.charge("interest", "interest", **values)

    def do_cost_early(self, incident, merchant, **values):
        """Before a judgment, of whoever may come to be liable."""
        if not self.unjudged(incident, merchant):
            return False
        self.charged("cost", "costs", incident, merchant, **values)

    def do_interest_early(self, incident, merchant, party, amount):
        """Who is not liable owes none."""
        if not self.unjudged(incident, merchant):
            return False
        self.slip = None
        self.put("interest", "NOT_FOUND party", incident=incident, section=self.section_name(incident, merchant), party=party, amount=amount)

    def unjudged(self, incident, merchant):
        """A section, by now, without a judgment."""
        issuer = self.plan.incidents[incident][1]
        return incident in self.incidents and not self.parties(incident, merchant) and (not issuer or merchant in self.sellers)
