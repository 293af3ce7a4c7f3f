# SPDX-License-Identifier: Apache-2.0
"""A history: events in some order. Walked through, it gives the facts, the lines of a scenario and what must stand in the
end. What a step of the way needs to know (how much the funder is asked for now) is reckoned from the facts so far."""
import words
from appeal_steps import AppealSteps
from bank_steps import BankSteps
from batch_steps import BatchSteps
from cancel_steps import CancelSteps
from claim_steps import ClaimSteps
from deposit_steps import DepositSteps
from ends import Ends
from estate_steps import EstateSteps
from incident import Claim
from late_steps import LateSteps
from also_refused import AlsoRefused
from back_steps import BackSteps
from offer_steps import OfferSteps
from plan import make      # for those who walk it
from pool_steps import PoolSteps
from recourse_steps import RecourseSteps
from rail_steps import RailSteps
from refused_steps import RefusedSteps
from repay_steps import RepaySteps
from report_steps import ReportSteps
from retain_steps import RetainSteps
from returned_steps import ReturnedSteps
from use_steps import UseSteps
from withheld_steps import WithheldSteps

DAYS = (None, "2016-05-03", None, "2016-05-04", "2015-12-31")
UNITS = {"JPY": 0, "CNY": 2, "KWD": 3}


class Walk(RailSteps, WithheldSteps, CancelSteps, BatchSteps, AppealSteps, EstateSteps, RepaySteps, ReportSteps, PoolSteps, ClaimSteps, DepositSteps, LateSteps, BankSteps, RecourseSteps, RefusedSteps, OfferSteps, UseSteps,
           BackSteps, RetainSteps, ReturnedSteps, AlsoRefused, Ends):
    def __init__(self, plan):
        self.plan = plan
        self.digits = UNITS[plan.unit]
        self.lines = []
        self.count = 0
        self.deposits = {}              # what a merchant lodged before its incident
        self.fees = 0                   # what the bank took and the platform has not paid in
        self.lodged_beside = 0          # by somebody who is in no incident
        self.nobodys, self.count_of_interest = {}, 0
        self.holds = {}                 # hold -> [owner, what is left of it]
        self.asked = {}                 # owner -> what it asked for and was not paid
        self.was_paid = {}              # what it asked for last, and was paid
        self.exits = {}                 # owner -> (how many, is one going on)
        self.after = {}                 # owner -> what it does with what is free in the end
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
        self.handed = {}                # what pools paid in the place of advances
        self.cash = 0
        self.lost = set(plan.not_found)
        self.ending = False             # what was not declared by now never is
        self.passing = []               # looks at what stands for a while only
        self.rounds = {}
        self.followed_by_now = {}       # incident -> section -> its pool, claim by claim
        self.early = {}                 # (incident, section) -> its pool before the bar date
        self.bar = False
        self.clawbacks = {}             # claim -> [advance part, received]
        self.closed = {}
        self.late = set()               # incidents with money that came after a round
        self.called = {}                # instruments that were called and are not paid yet -> for which incident
        self.seen = []                  # of each round: the claims and pools that it was for
        self.shared = {}                # incident -> what the last round shared out, and the parts of each claim
        self.bounced = []
        self.line = None                # a line of the bank that was used
        self.slow = set()               # claims whose payment will not be settled at once
        self.owed = 0                   # of what instruments paid, to their providers
        self.ends = False               # what is open is written off in the end, and all that can be is closed
        self.paid_to_parties = 0
        self.consumers_had = {}         # incident -> what consumers were paid out of recoveries
        self.lies_beside = 0            # of somebody who is in no incident
        self.owed_under = {}            # (incident, party) -> the entry under which it owes something back
        self.let_off = {}               # (incident, party) -> what of that was written off, at most
        self.deductions = []            # of merchants' deposits, each with what became of its appeal
        self.inexact = set()            # incidents of which it is not known to the step what a round took
        self.slack = {}                 # incident -> to within how many steps it is known
        self.count_of_appeals = 0
        self.for_later = set()          # incidents of which claims that come later have what was restored
        self.sharing = False
        self.mistaken = {}              # incident -> what became of the one that was declared by mistake in its place
        self.claimed_by_mistake = []    # lots
        self.estates = {}               # who is insolvent -> open, ended
        self.unconfirmed = {}           # receipts that wait for a liquidator
        self.top_ups = {}               # and deposits: name of the entry -> (owner, amount)
        self.accepts, self.dividends = {}, {}   # of an estate: (incident, section, party) -> amount; receipt -> (these, amount)
        self.leaving = 0                # of somebody in no incident, held by its exit
        self.items = {}                 # what is kept back of that: item -> [amount, kept]
        self.later = set()
        self.let_be = {}                # claim -> what of a clawback was written off
        self.renewed = 0
        self.ended = {}                 # instrument that gives nothing any more -> what is left of its limit
        self.stated = {}                # line of the bank -> what of it is nobody's
        self.offers = {}                # offer -> (incident, percent)
        self.brief_offers = {}
        self.accepted = {}              # claim -> offer
        self.uses = {}                  # record of use -> (lot, litres)
        self.records = {}               # lot -> of what its issuer was asked: at which line, and what came of it
        self.slip = None                # the command that is booked by a slip first
        self.done = []
        scheme = plan.unfunded or plan.scheme
        self.put("policy", policy="p", scheme=scheme[0], unit=plan.unit,
                 rate="%d.00" % scheme[1] if len(scheme) > 1 else None,
                 advances=plan.waterfall[0], uncovered=plan.waterfall[1], no_disadvantage=None, interim=plan.interim,
                 checklist="kind:use-issuer,from:issuer,needed:no" if plan.asks else None)
        self.begin_rail()
        self.begin_returned()

    def put(self, kind, refused=False, **values):
        if isinstance(values.get("amount"), int):
            values["amount"] = words.money(values["amount"], self.digits)
        self.count += 1
        values.setdefault("line", "b-%d" % self.count)
        values.setdefault("unit", self.plan.unit)
        values.setdefault("holder", "h-%s" % values.get("lot") if self.plan.rail else "h")
        values.setdefault("order", None)
        values.setdefault("day", None if refused or self.slip == kind else self.line_day())
        if self.slip == kind and not refused:           # once by a slip, which is taken back, and then rightly
            self.slip = None
            self.lines += words.slip(kind, **values).split("\n")
        text = words.say(kind, **values)
        if refused:
            text = text.split("\n")[0]
        self.lines += (text + ("   ! " + (refused if isinstance(refused, str) else words.REFUSED[kind]) if refused else "")
                       ).split("\n")

    def line_day(self):
        """Of some payments their line says all, with the bank's day: before the ledger began, its first one, the last one."""
        return DAYS[self.count % len(DAYS)]

    def said(self, amount):
        return words.money(amount, self.digits)

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
                             "unclaimed" if x.get("lies") == "unclaimed" else
                             x["payout"] if x["paid"] and x["payout"] != "transit" else "unpaid")
                    for c, x in self.claims.items() if x["incident"] == incident and x["state"] not in ("refused", "withdrawn", "late")}
        for m, facts in i.facts.items():        # what stands against 2130 stands as long as money serves it
            if facts.get("funder_had"):
                facts["funder_had"] = min(facts["funder_had"], i.section(m).position()["funder"])
        i.apart = {p for p in self.estates if self.waits_for_liquidator(p)}
        i.awaited = {m: self.awaited(m) for m in i.merchants} if self.plan.incidents[incident][1] else {}

    # Each event: is it its turn, and what does it do. What is not ready is left out, so that an event can be taken out of
    # a history and the rest still makes sense.

    def step(self, event):
        kind, values = event
        if self.waits_for_cancel(kind) or self.waits_for_money(kind):
            return False
        self.done.append(event)
        self.slip = values.get("slip")
        went = getattr(self, "do_" + kind)(**{name: x for name, x in values.items() if name != "slip"})
        self.slip = None
        self.days_pass()
        if went is False:
            self.done.pop()
            return False
        for incident in self.incidents:
            self.update(incident)
            self.hands_back(incident)
        return True

    def do_bar(self):
        if self.bar or len(self.incidents) < len(self.plan.incidents) and not self.ending:
            return False
        self.bar = True
        self.put("bar")
        self.lapsed()

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
    w, left = after or Walk(plan), list(plan.events)
    order = [event for event in plan.opening if w.step(event)]
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
