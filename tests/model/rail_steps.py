# SPDX-License-Identifier: Apache-2.0
"""Steps of a history in which payments are on a published rail: ordered, in a batch that is made, checked by another person, withdrawn
or sent, and what the bank says of each then. Only its line settles one, and it names the order. Meanwhile all else goes on."""
import words
from pool import promised
from report_steps import NEVER_LEFT


class RailSteps:
    def begin_rail(self):
        self.orders = {}                # its name -> claim, amount, batch
        self.drafts = []                # orders that no batch has
        self.payment_batches = {}       # name -> state, orders
        self.files = 0
        if self.plan.rail:
            self.put("publish")

    def on_rail(self, claim):
        return claim in self.plan.rail

    def in_transit(self, incident):     # all goes on beside it
        return not self.plan.rail and super().in_transit(incident)

    def under_way(self, incident):
        return any(x["payout"] == "transit" and x.get("lies") != "unclaimed" and x["incident"] == incident for x in self.claims.values())

    def not_paid_for(self, incident):
        """Nobody paid, or bears itself, what a pool may repay then."""
        sections = self.plan.incidents[incident][0]
        return self.plan.rail and not any(self.pending(incident)) and not any(r[0] == incident for r in self.receipts.values()) and not any(
            p == "P" or x.released is not None for m in sections for p, x in self.parties(incident, m).items()) and not any(
            self.facts(incident, m).get("written_off") for m in sections)

    def lodge(self, owner, amount):
        """What consumers were paid of recoveries no pool gives them again."""
        if self.plan.rail and any(self.consumers_had.get(i) for i, (merchants, _) in self.plan.incidents.items() if owner in merchants):
            return False
        return super().lodge(owner, amount)

    # What is ordered.

    def given(self, claim):
        """What rounds gave it by now."""
        x = self.claims[claim]
        part = self.shared.get(x["incident"], (0, {}))[1].get(claim, {})
        return promised(self.plan.scheme, x["loss"]) if x["short"] else sum(part.values())

    def order(self, claim, again=False):
        """What was not ordered of it; again: what never left, or came back."""
        x = self.claims[claim]
        amount = x["last"] if again else self.given(claim) - x.get("ordered", 0)
        if amount <= 0:
            return False
        if not x.get("payee"):
            x["payee"] = True
            self.put("payee", claim=claim, lot=x["lot"], hash="%02x" % (len(self.orders) + 16))
        self.put("order_again" if again else "order", claim=claim)
        name = "o%d" % (len(self.orders) + 1)
        self.lines[-1] = name + " := " + self.lines[-1]
        if not again:
            x["ordered"] = x.get("ordered", 0) + amount
        self.orders[name] = dict(claim=claim, amount=amount, batch=None)
        self.drafts.append(name)
        x.update(paid=True, payout="transit", order=name, last=amount, count=x.get("count", 0) + 1)
        x.pop("lies", None)

    def order_all(self, incident, fresh):
        """What a round gave."""
        for c in sorted(fresh):
            x = self.claims[c]
            if x["payout"] in ("unpaid", "settled"):
                self.order(c)
            x["paid"] = True
            if x["payout"] == "unpaid":
                x["payout"] = "settled"     # it has nothing of it

    # Batches.

    def made(self, *states):
        return sorted(name for name, batch in self.payment_batches.items() if batch["state"] in states)

    def total_of(self, batch):
        orders = self.payment_batches[batch]["orders"]
        return dict(number=len(orders), total=self.said(sum(self.orders[o]["amount"] for o in orders)))

    def do_make_batch(self):
        if not self.drafts:
            return False
        batch = "k%d" % (len(self.payment_batches) + 1)
        self.payment_batches[batch] = dict(state="made", orders=self.drafts)
        self.drafts = []
        self.put("make_batch", batch=batch)
        return self.now_of(batch)

    def now_of(self, batch):
        for name in self.payment_batches[batch]["orders"]:
            self.orders[name]["batch"] = batch

    def do_check_batch(self, pick):
        some = self.made("made")
        if not some:
            return False
        batch = some[int(pick * len(some))]
        self.payment_batches[batch]["state"] = "checked"
        self.put("check_batch", batch=batch, **self.total_of(batch))

    def do_withdraw_batch(self, pick):
        some = self.made("made", "checked")
        if not some:
            return False
        batch = some[int(pick * len(some))]
        self.payment_batches[batch]["state"] = "withdrawn"
        for name in self.payment_batches[batch]["orders"]:
            self.orders[name]["batch"] = None
        self.drafts += self.payment_batches[batch]["orders"]
        self.put("withdraw_batch", batch=batch)

    def do_send_batch(self, pick):
        some = self.made("checked")
        if not some:
            return False
        batch = some[int(pick * len(some))]
        orders = self.payment_batches[batch]["orders"]
        parts = [orders[:1], orders[1:]] if len(orders) > 1 and len(self.payment_batches) % 2 else [orders]
        for n, part in enumerate(parts):
            self.files += 1
            self.put("send_batch", batch=batch, hash="%02x" % self.files, file=n + 1, of=len(parts), number=len(part),
                     total=self.said(sum(self.orders[o]["amount"] for o in part)))
        self.payment_batches[batch]["state"] = "sent"

    def do_out(self):
        """All that was ordered goes out."""
        if not self.drafts and not self.made("made", "checked"):
            return False
        self.do_make_batch()
        for _ in self.made("made"):
            self.do_check_batch(0)
        for _ in self.made("checked"):
            self.do_send_batch(0)

    def is_out(self, x):
        batch = self.orders[x["order"]]["batch"]
        return batch is not None and self.payment_batches[batch]["state"] == "sent"

    def way(self, claim):
        """How far its payment is."""
        x = self.claims[claim]
        if x["payout"] != "transit" or "order" not in x:
            return x["payout"]
        return x.get("lies") or (x.get("said", "sent") if self.is_out(x) else self.orders[x["order"]]["batch"] and "batch" or "draft")

    # What becomes of one.

    def do_report(self, claim, status, code=None):
        if not self.on_rail(claim):
            return super().do_report(claim, status, code)
        x = self.claims.get(claim)
        if not x or x["payout"] != "transit" or "lies" in x or not self.is_out(x):
            return False
        self.put("report", claim=claim, status=status, code=code, order=x["order"])
        x["lies" if status in NEVER_LEFT else "said"] = status

    def do_report_again(self, claim, status):
        return False if self.on_rail(claim) else super().do_report_again(claim, status)

    def do_take_back(self, claim):
        """A draft that no batch has, or what never left; what had come back is back again."""
        if not self.on_rail(claim):
            return super().do_take_back(claim)
        x = self.claims.get(claim)
        if not x or self.way(claim) not in ("draft", "unclaimed", *NEVER_LEFT):
            return False
        self.put("take_back", claim=claim)
        if x["order"] in self.drafts:
            self.drafts.remove(x["order"])
        if x.get("came_back"):
            x.pop("lies", None)
            x["payout"] = "returned"
            return None
        x["lies"] = "taken back"
        x["ordered"] -= x["last"]

    def do_unclaimed(self, claim):
        """With what later rounds gave it."""
        if super().do_unclaimed(claim) is False:
            return False
        x = self.claims[claim]
        if self.on_rail(claim):
            more = max(0, self.given(claim) - x["ordered"])
            x.update(ordered=x["ordered"] + more, last=x["last"] + more)
        return None

    def do_more_unclaimed(self, claim):
        """What later rounds gave is the same claimant's."""
        x = self.claims[claim]
        if self.on_rail(claim) and x.get("lies") == "unclaimed" and self.given(claim) > x["ordered"]:
            x.update(last=x["last"] + self.given(claim) - x["ordered"], ordered=self.given(claim))
            self.put("unclaimed", claim=claim)

    def do_settle(self, claim):
        x = self.claims.get(claim)
        if not x or not self.on_rail(claim):
            return super().do_settle(claim)
        if not self.ending:
            return self.settle_one(claim)
        if claim in self.lost and x.get("lies") == "unclaimed":
            return False
        while self.settle_one(claim, whole=True) is not False:
            pass

    def settle_one(self, claim, whole=False):
        """One step towards its end: sent again, out, or settled. whole: whatever it takes."""
        x = self.claims[claim]
        if x["payout"] == "settled":
            return self.order(claim) if x["state"] == "decided" and self.given(claim) > x.get("ordered", 0) else False
        if x["payout"] != "transit":
            return False
        if x.get("lies"):
            return False if self.stayed(x) else self.order(claim, again=x["lies"] != "taken back")
        if not self.is_out(x):
            return self.do_out() if whole else False
        self.put("settle", claim=claim, order=x["order"] if x["count"] > 1 or len(self.lines) % 2 else None)
        before = self.incidents[x["incident"]].section(x["merchant"])
        x.update(payout="settled", out=x.get("out", 0) + x["last"])
        x.pop("came_back", None)
        x.pop("said", None)
        self.comes_right(x, before)
        return None

    def do_return(self, claim):
        x = self.claims.get(claim)
        if super().do_return(claim) is False:
            return False
        if self.on_rail(claim):
            self.lines[-1] += " order:=$" + x["order"]
            x.update(came_back=True, out=x["out"] - x["last"])
        return None

    def do_reissue(self, claim):
        x = self.claims.get(claim)
        if not self.on_rail(claim):
            return super().do_reissue(claim)
        if not x or x["payout"] != "returned" or x["state"] != "decided":
            return False
        self.order(claim, again=True)
        if self.ending:
            self.do_settle(claim)
        return None

    def do_void(self, claim):
        """Taken back it is nobody's order: the ruling may fall."""
        x = self.claims.get(claim)
        if not x or not self.on_rail(claim) or x.get("lies") != "taken back":
            return super().do_void(claim)
        x["payout"] = "returned"
        if super().do_void(claim) is not False:
            return None
        x["payout"] = "transit"
        return False

    # What stands meanwhile.

    def do_look_now(self, incident):
        if incident not in self.incidents or not self.rounds.get(incident) or not self.plan.rail:
            return False
        begin = len(self.lines)
        reference = words.REFERENCE.format(incident=incident)
        mine = {c: x for c, x in self.claims.items() if x["incident"] == incident and x["state"] == "decided" and "order" in x}
        lies = lambda *ways: sum(x["last"] for c, x in mine.items() if self.way(c) in ways)
        self.account("2120", "-", reference, sum(x["last"] for c, x in mine.items() if x["payout"] == "transit" and not x.get("lies")))
        self.account("2130", "-", reference, lies("returned", *NEVER_LEFT))
        for c, x in mine.items():
            self.account("2135", c, reference, x["last"] if x.get("lies") == "unclaimed" else 0)
        shared = [c for c, x in self.claims.items() if x["incident"] == incident and x["state"] == "decided" and x["paid"]]
        if all(self.on_rail(c) for c in shared):
            self.account("2110", "-", reference, sum(max(0, self.given(c) - self.claims[c].get("ordered", 0)) for c in shared))
        if not (self.unshared(incident) or self.contested(incident) or self.pending(incident)[0]) and not any(
                x.get("came_back") for x in mine.values()):
            self.look_at_recourse(incident)
        self.passing += self.lines[begin:]

    def look_at_recourse(self, incident):
        """As it would be if those had not been ordered."""
        self.update(incident)
        for merchant in self.plan.incidents[incident][0]:
            if self.parties(incident, merchant):
                self.put("extend", incident=incident, section=self.section_name(incident, merchant))
        p = self.incidents[incident].position()
        inchoate = sum(part["advance"] for c, part in p["parts"].items() if self.claims[c]["payout"] != "settled")
        begin = len(self.lines)
        claw = sum(owed - had - self.memo_of(c) for c, (owed, had) in self.clawbacks.items() if self.claims[c]["incident"] == incident)
        due = max(0, self.due(incident) - self.remitted.get(incident, 0) - self.stood_for(incident)) if not self.plan.incidents[incident][1] else 0
        self.sections(incident, p["sections"], due, claw + inchoate)
        if not self.bar:
            self.lines[begin:] = [line for line in self.lines[begin:] if not line.startswith("= 2150")]
        if self.plan.incidents[incident][1]:
            self.lines[begin:] = [line for line in self.lines[begin:] if not line.startswith("= 2170")]
        self.account("1115", "-", words.REFERENCE.format(incident=incident), inchoate)

    def look_unclaimed(self):
        for c, x in self.claims.items():
            if x.get("lies") == "unclaimed":
                self.account("2135", c, words.REFERENCE.format(incident=x["incident"]), x["last"])
        for incident, i in self.incidents.items():
            if i.ended and not i.insolvent:             # nothing waits behind the end
                for party in {p for m in i.merchants for p in (*self.parties(incident, m), *self.facts(incident, m).get("receipts", {}))}:
                    self.account("2140", party, words.REFERENCE.format(incident=incident), 0)

    # What is refused.

    def do_refused_rail(self, what, pick):
        some = sorted(getattr(self, "refused_" + what)(), key=repr)
        if not some:
            return False
        self.put(what, words.REFUSE_RAIL[what], **some[int(pick * len(some))])

    def claims_on(self, *ways, **is_):
        return [dict(claim=c, order=x["order"]) for c, x in self.claims.items() if "order" in x and x["state"] == "decided"
                and self.way(c) in ways and all(x.get(name) == value for name, value in is_.items())]

    def refused_settle_twice(self):
        return self.claims_on("settled")

    def refused_settle_draft(self):
        return self.claims_on("draft", "batch")

    def refused_settle_end(self):       # its bank said that it never left
        return self.claims_on(*NEVER_LEFT)

    def refused_settle_cancelled(self):     # before it went out: what did is made by its line after all
        return self.claims_on("unclaimed") + [x for x in self.claims_on("taken back") if self.orders[x["order"]]["batch"] is None]

    def former(self):
        return [dict(claim=o["claim"], order=name) for name, o in self.orders.items()
                if self.claims[o["claim"]]["order"] != name and self.way(o["claim"]) in SENT]

    def refused_report_former(self):
        return [dict(x, status="accepted") for x in self.former()]

    def refused_settle_unnamed(self):
        return [x for x in self.claims_on(*SENT) if self.claims[x["claim"]]["count"] > 1]

    def refused_return_more(self):
        return [dict(x, amount=10 ** 7) for x in self.claims_on("settled")]

    def refused_return_under_way(self):
        return self.claims_on(*SENT, "draft", *NEVER_LEFT)

    def refused_report_early(self):
        return [dict(x, status="unknown") for x in self.claims_on("draft", "batch")]

    def refused_report_unnamed(self):
        return [dict(x, status="accepted", order=None) for x in self.claims_on(*SENT)]

    def refused_report_other(self):     # two that disagree
        return [dict(x, status=s) for x in self.claims_on(*NEVER_LEFT, "settled") for s in ("accepted", "expired")]

    def refused_report_double(self):    # it may have been paid
        return [dict(x, status="rejected", code=code) for x in self.claims_on(*SENT) for code in ("AM05", "DUPL")]

    def refused_report_back(self):      # no word of it is its end
        return self.claims_on(*SENT)

    def refused_take_back_out(self):
        return self.claims_on("batch", *SENT, "settled")

    def refused_again_under_way(self):
        return self.claims_on("draft", "batch", *SENT)

    def refused_order_twice(self):
        return self.claims_on("draft", "batch", *SENT, *NEVER_LEFT)

    def refused_void_under_way(self):
        return self.claims_on("draft", "batch", *SENT, *NEVER_LEFT)

    def refused_unclaimed_under_way(self):
        return self.claims_on("draft", "batch", *SENT, "settled")

    def batches_of(self, *states):
        return [dict(batch=batch, **self.total_of(batch)) for batch in self.made(*states)]

    def refused_check_own(self):
        return self.batches_of("made")

    def refused_check_more(self):
        return [dict(x, number=x["number"] + 1) for x in self.batches_of("made")]

    def refused_check_again(self):
        return self.batches_of("checked", "sent", "withdrawn")

    def refused_send_unchecked(self):
        return [dict(x, hash="f0", file=1, of=1) for x in self.batches_of("made", "withdrawn")]

    def refused_send_again(self):
        return [dict(x, hash="f0", file=1, of=1) for x in self.batches_of("sent")]

    def refused_withdraw_out(self):
        return self.batches_of("sent", "withdrawn")

    def refused_make_nothing(self):
        return [] if self.drafts else [dict(batch="none")]

    def refused_make_again(self):
        return self.batches_of("made", "checked", "sent", "withdrawn") if self.drafts else []

    def refused_close_under_way(self):
        return [dict(incident=i) for i in self.incidents if self.bar and self.under_way(i)]


SENT = ("sent", "accepted", "awaiting_payee", "unknown")
