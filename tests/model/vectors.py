#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The vectors of the decisions on money, asked of the model itself. Amounts are fen."""
import unittest
from incident import Claim, Incident
from pool import Pool, Rounds, advance, promised, shares, shares_again
from recourse import Party, Section
from split import split, waterfall

K = 100 * 1000


def golden(**facts):
    """Loss 300,000, deposit 100,000, advance 200,000; M 50, Y 40, G 10, joint and several."""
    given_up = facts.pop("given_up", ())
    released = facts.pop("released", {})
    parties = {p: Party(s, given_up=p in given_up, released=released.get(p))
               for p, s in (("M", 50), ("Y", 40), ("G", 10))}
    base = dict(loss=300 * K, settled=200 * K, pools={"M": 100 * K}, parties=parties)
    return Section(**{**base, **facts})


def only(party, **facts):
    return Section(parties={party: Party(100, joint=False)}, **facts)


def only_facts(party):
    return dict(parties={party: Party(100, joint=False)})


def two(deposit=None, **losses):
    """An incident of Y's cards that M and N sold: a claim in each."""
    i = Incident(["M", "N"], issuer="Y")
    i.deposit = dict(deposit or {})
    i.claims = {m.lower(): Claim(m, loss) for m, loss in losses.items()}
    return i


def random_sections(r):
    i = two({p: r.randint(0, 200) for p in "MNY" if r.random() < 0.6})
    for n in range(r.randint(1, 4)):
        i.claims["c%d" % n] = Claim(r.choice("MN"), r.randint(1, 200), payout=r.choice(("settled", "settled", "unpaid")),
                                    state=r.choice(("decided", "decided", "filed")))
    for m in i.merchants:
        names = r.sample("MNYG", r.randint(1, 3))
        cut = r.randint(0, 100)
        sizes = [100] if len(names) == 1 else [cut, 100 - cut, 0][:len(names)]
        i.facts[m] = dict(parties={p: Party(s, joint=not s or r.random() < 0.5) for p, s in zip(names, sizes)},
                          receipts={p: r.randint(0, 200) for p in names if r.random() < 0.5})
    return i


class Scope(unittest.TestCase):
    def test_a_pool_secures_its_section(self):
        i = Incident(["M", "N"], issuer="Y")
        i.deposit = {"M": 10000, "N": 50000}
        i.claims = {"m": Claim("M", 10000), "n": Claim("N", 10000)}
        self.assertEqual({c: p["own"] for c, p in i.pay().items()}, {"m": 10000, "n": 10000})
        self.assertEqual(i.position()["frozen"], {"M": 0, "N": 40000})

    def test_a_bond_that_pays_late_repays_the_funder(self):
        i = Incident(["M"])
        i.claims = {"a": Claim("M", 20 * K)}
        self.assertEqual(i.section("M").position()["open"], {"U": 20 * K})
        i.instruments = {"M": [("bond", 20 * K)]}
        self.assertEqual(i.section("M").position()["open"], {})

    def test_a_rate_does_not_limit_a_pool(self):
        i = Incident(["M"], scheme=("percentage", 80))
        i.deposit = {"M": 60 * K}
        i.claims = {"a": Claim("M", 60 * K)}
        self.assertEqual(i.pay()["a"], {"own": 60 * K, "issuer": 0, "advance": 0})

    def test_what_a_pool_paid_for_no_loss_is_nobodys_payment(self):
        """M's pool paid 40.00 for a, who had it elsewhere, and it is not back: of b's 100.00 half are M's, half Y's, until it is."""
        i = Incident(["M"])
        i.deposit = {"M": 4000}
        i.claims = {"a": Claim("M", 4000, elsewhere=4000), "b": Claim("M", 10000)}
        i.facts = {"M": dict(parties={"M": Party(50, joint=False), "Y": Party(50, joint=False)})}
        i.lies_with = {"M": 4000}
        self.assertEqual(i.section("M").position()["open"], {"M": 5000, "Y": 5000})
        i.lies_with = {}
        self.assertEqual(i.section("M").position()["open"], {"M": 1000, "Y": 5000})

    def test_elsewhere_fills_the_uncovered_part_first(self):
        self.assertEqual(advance(("percentage", 80), 10000, 0, 2000), 8000)
        self.assertEqual(advance(("percentage", 80), 10000, 1000, 5000), 4000)
        self.assertEqual(advance(("full",), 10000, 6000, 5000), 0)


    def test_the_issuers_pool_pays_what_own_pools_leave(self):
        i = Incident(["M", "N"], issuer="Y")
        i.deposit = {"M": 4000, "Y": 10000}
        i.claims = {"m": Claim("M", 10000), "n": Claim("N", 2000)}
        self.assertEqual({c: (p["own"], p["issuer"]) for c, p in i.pay().items()}, {"m": (4000, 6000), "n": (0, 2000)})
        self.assertEqual(i.position()["frozen"], {"M": 0, "Y": 2000})


class Ends(unittest.TestCase):
    def test_close_frees_the_rest(self):
        i = Incident(["M"], closed=True)
        i.deposit = {"M": 100000}
        i.claims = {"a": Claim("M", 10000)}
        self.assertEqual(i.blockers(), [])
        self.assertEqual(i.position()["close"]["M"]["freed"], 90000)

    def test_close_pays_the_funder_first(self):
        i = Incident(["M"], closed=True)
        i.deposit = {"M": 10000}
        i.claims = {"a": Claim("M", 30000)}
        i.facts = {"M": dict(parties={"M": Party(100)}, written_off={"M": (20000, 0)})}
        self.assertEqual(i.position()["sections"]["M"]["memo"], {"M": 20000})
        i.deposit = {"M": 110000}       # as pool money that comes late
        i.facts["M"]["written_off"] = {}
        self.assertEqual(i.section("M").settled, 0)     # the funder has its 200.00 back
        self.assertEqual(i.position()["close"]["M"]["freed"], 80000)


    def test_close_pays_in_its_own_section_and_then_in_the_others(self):
        for written_off in ({}, {"M": (6000, 0)}):
            i = two(deposit={"M": 10000}, M=7000, N=6000)
            i.facts = {"M": only_facts("Y"), "N": dict(parties={"M": Party(100, False)}, written_off=written_off)}
            i.facts["M"]["direct"] = {"Y": 2000}        # Y bears all of M's loss and M's pool paid: nothing M owes there
            self.assertEqual(i.end()["M"], {"pays": {"N": 3000}, "freed": 0})
            i.deposit["M"] = 20000
            self.assertEqual(i.end()["M"], {"pays": {"N": 6000}, "freed": 7000})

    def test_close_serves_its_own_first(self):
        i = two(deposit={"M": 10000, "N": 10000}, M=8000, N=8000)
        parties = {"M": Party(50, False), "N": Party(50, False)}
        i.facts = {m: dict(parties=dict(parties), costs={m: 500}) for m in "MN"}
        # each paid 80.00 by its pool, of which it bears half: the other owes it 40.00, and its own costs come first
        end = i.end()
        self.assertEqual(end["M"], {"pays": {"M": 500, "N": 1500}, "freed": 0})
        self.assertEqual(end["N"], {"pays": {"N": 500, "M": 1500}, "freed": 0})

    def test_the_issuers_pool_ends_in_total(self):
        i = two(deposit={"Y": 1100}, M=2000, N=2000)
        i.facts = {m: dict(only_facts("Y"), costs={"Y": 2000}) for m in "MN"}
        i.claims = {}
        self.assertEqual(i.end()["Y"], {"pays": {"M": 550, "N": 550}, "freed": 0})

    def test_the_order_of_sections_changes_no_end(self):
        import random
        for seed in range(150):
            i = random_sections(random.Random(seed))
            ends = i.end()
            i.merchants = list(reversed(i.merchants))
            self.assertEqual(ends, i.end(), "seed %d" % seed)


class Sections(unittest.TestCase):
    """What is over-paid in one section and may be needed in another."""

    def open_in_n(self, **facts):
        i = two(M=10000, N=10000)
        i.facts = {"M": dict(only_facts("Y"), receipts={"Y": 15000}), "N": only_facts("Y")}
        for name, value in facts.items():
            setattr(i.claims["n"], name, value)
        return i

    def own(self, i, party="Y"):
        p = i.position()["sections"]
        return sum(s["over"].get(party, 0) for s in p.values()), sum(s["waits"] for s in p.values())

    def test_it_serves_what_is_open(self):
        i = self.open_in_n()
        self.assertEqual((self.own(i), i.section("N").position()["open"]), ((0, 0), {"Y": 5000}))

    def test_it_waits_for_an_advance_that_is_not_settled(self):
        self.assertEqual(self.own(self.open_in_n(payout="unpaid")), (0, 5000))

    def test_it_waits_for_a_claim_that_is_filed(self):
        self.assertEqual(self.own(self.open_in_n(state="filed")), (0, 5000))
        i = self.open_in_n(state="filed", loss=3000)
        self.assertEqual(self.own(i), (2000, 3000))
        i.claims["n"].state = "refused"             # not needed any more: taken home
        self.assertEqual(self.own(i), (5000, 0))

    def test_who_is_not_found_to_the_end(self):
        i = Incident(["M"])
        i.deposit = {"M": 8000}
        i.claims = {"a": Claim("M", 10000, payout="unclaimed"), "b": Claim("M", 10000)}
        i.facts = {"M": dict(only_facts("Y"), receipts={"Y": 12000})}
        told = lambda: [i.section("M").position()[key] for key in ("funder", "waits", "inchoate", "open")]
        self.assertEqual(told(), [6000, 6000, 0, {}])
        i.ended = True
        self.assertEqual(told(), [12000, 0, 0, {}])
        i.facts["M"]["receipts"] = {"Y": 6000}
        self.assertEqual(told(), [6000, 0, 6000, {}])
        i.claims["a"].payout = "settled"
        self.assertEqual(told(), [6000, 0, 0, {"Y": 6000}])

    def test_what_is_open_is_served_before_what_waits(self):
        i = Incident(["K", "M", "N"], issuer="Y")
        i.claims = {"k": Claim("K", 5000, payout="unpaid"), "m": Claim("M", 10000), "n": Claim("N", 5000)}
        i.facts = {m: only_facts("Y") for m in "KMN"}
        i.facts["M"]["receipts"] = {"Y": 16000}
        self.assertEqual((self.own(i), i.section("N").position()["open"]), ((0, 1000), {}))

    def test_contribution_to_others_waits(self):
        i = two(M=10000, N=10000)
        i.claims["late"] = Claim("N", 1000, payout="unpaid")
        i.facts = {"M": dict(only_facts("Y"), receipts={"Y": 15000}),
                   "N": dict(parties={"Y": Party(100), "G": Party(0)}, receipts={"G": 11000})}
        self.assertEqual(self.own(i), (0, 1000 + 5000))     # G's for the advance, Y's for G
        i.claims["late"].payout = "settled"
        self.assertEqual(i.position()["sections"]["N"]["contribution"], {"G": 5000})

    def test_it_is_taken_home_before_it_is_contribution(self):
        i = two(M=10000, N=10000)
        i.facts = {"M": dict(only_facts("Y"), receipts={"Y": 18000}),
                   "N": dict(parties={"Y": Party(50), "G": Party(50)}, receipts={"G": 5000})}
        self.assertEqual(self.own(i), (3000, 0))            # of 50.00 that served N's first, none is G's to give back
        i.facts["N"]["receipts"] = {"G": 10000}
        self.assertEqual(self.own(i)[0], 3000)
        self.assertEqual(i.position()["sections"]["N"]["contribution"], {"G": 5000})

    def test_the_order_of_sections_changes_nothing(self):
        import random
        for seed in range(150):
            i = random_sections(random.Random(seed))
            one = {m: s for m, s in i.position()["sections"].items()}
            i.merchants = list(reversed(i.merchants))
            other = i.position()["sections"]
            for party in "MNYG":
                total = lambda p: [sum(s[key].get(party, 0) for s in p.values()) for key in ("over", "contribution", "open")]
                self.assertEqual(total(one), total(other), "seed %d" % seed)


class Ranks(unittest.TestCase):
    """Earlier money that comes late: everything is as if it had been there first."""

    def test_a_deposit_repays_the_issuers_pool(self):
        i = two(deposit={"M": 6000, "Y": 4000}, M=10000)
        self.assertEqual(i.position()["frozen"], {"M": 0, "Y": 0})
        i.deposit["M"] = 10000
        self.assertEqual(i.position()["frozen"], {"M": 0, "Y": 4000})
        self.assertEqual(sum(i.pay()["m"].values()), 10000)

    def test_a_deposit_repays_a_bond(self):
        i = Incident(["M"])
        i.deposit, i.instruments = {"M": 6000}, {"M": [("b", 4000)]}
        i.claims = {"m": Claim("M", 10000)}
        self.assertEqual(i.unused("M"), {"b": 0})
        i.deposit["M"] = 7000
        self.assertEqual(i.unused("M"), {"b": 1000})
        i.deposit["M"] = 10000
        self.assertEqual((i.unused("M"), i.position()["frozen"]), ({"b": 4000}, {"M": 0}))

    def test_the_last_rank_is_repaid_first(self):
        i = two(deposit={"M": 1000, "Y": 2000}, M=10000)
        i.instruments = {"M": [("b", 3000), ("c", 1000)]}   # 30.00 of the funder
        for late, expected in ((2000, (1000, 0, 0, 0)), (4000, (0, 1000, 0, 0)), (5500, (0, 2000, 0, 500)),
                               (7000, (0, 2000, 1000, 1000))):
            i.deposit["M"] = 1000 + late
            unused = i.unused("M")
            self.assertEqual((i.pay()["m"]["advance"], i.frozen("Y"), unused["b"], unused["c"]), expected, late)

    def test_no_order_changes_it(self):
        import itertools
        moves = [("deposit", "M", 3000), ("deposit", "Y", 2500), ("bond", "M", 2000), ("deposit", "M", 4000)]
        ends = set()
        for order in itertools.permutations(moves):
            i = two(M=8000, N=1000)
            for kind, owner, amount in order:
                if kind == "bond":
                    i.instruments[owner] = [("b", amount)]
                else:
                    i.deposit[owner] = i.deposit.get(owner, 0) + amount
            ends.add((i.frozen("M"), i.frozen("Y"), i.unused("M")["b"], sum(p["advance"] for p in i.pay().values())))
        self.assertEqual(ends, {(0, 1500, 1000, 0)})


class Unjudged(unittest.TestCase):
    """Nothing was advanced, nobody is judged: whoever pays may be liable for all; what its pool paid counts."""

    def test_what_a_pool_paid_counts_as_its_payment(self):
        s = Section(loss=30000, pools={"M": 10000}, receipts={"M": 25000})
        self.assertEqual((s.position()["consumers"], s.position()["over"]), (20000, {"M": 5000}))
        s = Section(loss=30000, pools={"M": 10000}, receipts={"Y": 25000})
        self.assertEqual((s.position()["consumers"], s.position()["over"], s.position()["waits"]), (20000, {}, 5000))
        s = Section(loss=30000, pools={"M": 10000}, receipts={"Y": 32000})
        self.assertEqual((s.position()["over"], s.position()["waits"]), ({"Y": 2000}, 10000))

    def test_what_another_paid_itself_may_be_in_its_place(self):
        p = Section(loss=100, pools={"M": 80}, direct={"Y": 20}, receipts={"M": 10}).position()
        self.assertEqual((p["over"], p["waits"]), ({}, 10))
        p = Section(loss=100, pools={"M": 80}, direct={"Y": 20}, receipts={"M": 10},
                    parties={"M": Party(100), "Y": Party(0)}).position()
        self.assertEqual(p["contribution"], {"Y": 10})

    def test_as_after_the_judgment(self):
        facts = dict(loss=30000, pools={"M": 10000}, receipts={"Y": 25000, "M": 1000})
        p = Section(**facts).position()
        self.assertEqual((p["consumers"], p["over"], p["waits"]), (20000, {}, 6000))
        p = only("Y", **facts).position()
        self.assertEqual((p["consumers"], p["over"], p["contribution"]), (20000, {"M": 1000}, {"M": 5000}))


class Order(unittest.TestCase):
    def test_pay_apportion_pay_extend(self):
        self.assertEqual(golden().position()["open"], {"M": 50 * K, "Y": 120 * K, "G": 30 * K})
        half = golden(loss=150 * K, settled=50 * K)
        self.assertEqual(sum(half.position()["open"].values()), 50 * K)

    def test_a_return_and_a_reissue(self):
        self.assertEqual(golden(settled=198 * K, unsettled=2 * K).position()["perfected"], 198 * K)
        self.assertEqual(golden().position()["open"], {"M": 50 * K, "Y": 120 * K, "G": 30 * K})

    def test_a_return_after_all_is_paid(self):
        p = golden(settled=198 * K, unsettled=2 * K, funder_had=200 * K,
                   receipts={"M": 50 * K, "Y": 120 * K, "G": 30 * K}).position()
        self.assertEqual((p["perfected"], p["against_returned"], p["open"]), (200 * K, 2 * K, {}))

    def test_the_sixth_fen(self):
        s = Section(loss=6, settled=6, parties={"a": Party(45), "b": Party(45), "c": Party(10)},
                    receipts={"a": 2, "b": 2, "c": 1})
        self.assertEqual(s.position()["open"], {"a": 1})
        for party in s.parties.values():        # each for its own part: c bears nothing of six, and 0.6 of them
            party.joint = False
        p = s.position()
        self.assertEqual((p["open"], p["over"], p["contribution"]), ({"a": 1}, {}, {}))
        s.receipts = {"a": 3, "b": 3, "c": 1}
        self.assertEqual(s.position()["over"], {"c": 1})

    def test_void(self):
        i = Incident(["M"])
        i.deposit = {"M": 100 * K}
        i.claims = {"A": Claim("M", 3 * K, state="void"), "B": Claim("M", 4 * K), "others": Claim("M", 293 * K)}
        i.facts = {"M": dict(parties=golden().parties, receipts={"M": 50 * K, "Y": 120 * K, "G": 30 * K})}
        p = i.position()["sections"]["M"]
        self.assertEqual(p["contribution"], {"M": 150000, "Y": 120000, "G": 30000})
        self.assertEqual(p["open"], {})

    def test_direct_payment(self):
        s = Section(loss=10000, direct={"Y": 5000}, settled=5000, parties={"M": Party(50), "Y": Party(50)})
        self.assertEqual(s.position()["open"], {"M": 5000})

    def test_given_up(self):
        s = golden(given_up="Y", receipts={"Y": 60 * K})
        self.assertEqual(s.position()["open"], {"M": 100 * K, "G": 40 * K})
        s = golden(given_up="Y", receipts={"Y": 72 * K})
        self.assertEqual(s.position()["open"], {"M": 90 * K, "G": 38 * K})

    def test_contribution_of_a_deposit(self):
        for joint in (False, True):
            s = Section(loss=30000, settled=20000, pools={"M": 10000}, receipts={"Y": 27000},
                        parties={"M": Party(10, joint), "Y": Party(90, joint)})
            p = s.position()
            self.assertEqual((p["funder"], p["contribution"], p["over"], p["open"]), (20000, {"M": 7000}, {}, {}))

    def test_what_was_paid_to_it_stays(self):
        """Of money that is there, and was not paid on to creditors before it."""
        all_ = dict(loss=30000, settled=20000, pools={"M": 10000}, receipts={"Y": 20000}, others_had={"M": 7000},
                    parties={"M": Party(10, False), "Y": Party(90, False)})
        p = Section(**all_).position()                      # 70.00 of 270.00 bounced
        self.assertEqual((p["funder"], p["lent"], p["open"]), (13000, {"M": 0}, {"Y": 7000}))
        p = Section(**all_, funder_keeps=20000).position()
        self.assertEqual((p["funder"], p["lent"], p["open"]), (20000, {"M": 7000}, {}))
        late = dict(loss=15000, pools={"M": 6000}, parties={"Y": Party(100, False)}, others_had={"M": 6000})
        p = Section(**late, receipts={"Y": 10000}).position()
        self.assertEqual((p["consumers"], p["lent"]), (4000, {"M": 0}))
        p = Section(**late, receipts={"Y": 15000}).position()
        self.assertEqual((p["consumers"], p["lent"], p["contribution"]), (9000, {"M": 6000}, {"M": 6000}))

    def test_who_was_paid_rightly_paid_all_of_it(self):
        """What another had too much changes nothing of what it is to have."""
        all_ = dict(loss=10000, pools={"M": 6000}, receipts={"Z": 4000, "W": 2000},
                    parties={"M": Party(20), "Y": Party(80), "Z": Party(0), "W": Party(0)})
        for had in (0, 800):
            p = Section(**all_, others_had={"M": 3000, "Z": had}).position()
            self.assertEqual((p["consumers"], p["contribution"]["Z"], p["contribution"]["W"]), (4000, 800, 400))
            self.assertEqual(p["lent"]["Z"], had)

    def test_a_step_already_had_stays(self):
        """Costs that come to be known leave less for who stands above its share; who had a step more than its part keeps it."""
        all_ = dict(loss=270, pools={"M": 202}, receipts={"Z": 91, "G": 201}, costs={"G": 101},
                    parties={"Z": Party(0), "G": Party(50, joint=False), "M": Party(50, joint=False)})
        p = Section(**all_).position()
        self.assertEqual((p["consumers"], p["over"], p["contribution"]), (68, {"Z": 23}, {"M": 50, "Z": 50}))
        p = Section(**all_, given_back={"Z": 23}, others_had={"Z": 51}).position()
        self.assertEqual((p["consumers"], p["over"], p["contribution"], p["lent"]), (68, {}, {"M": 49, "Z": 51}, {"Z": 51}))

    def test_a_joint_party_pays_all(self):
        p = golden(receipts={"G": 200 * K}).position()
        self.assertEqual((p["funder"], p["contribution"], p["over"], p["open"]), (200 * K, {}, {}, {}))
        p = golden(receipts={"G": 200 * K, "M": 50 * K, "Y": 100 * K}).position()
        self.assertEqual((p["funder"], p["contribution"]), (200 * K, {"G": 150 * K}))
        p = golden(receipts={"G": 200 * K, "M": 50 * K, "Y": 120 * K}).position()
        self.assertEqual(p["contribution"], {"G": 170 * K})

    def test_paying_after_all(self):
        paid = {"M": 100 * K, "G": 30 * K, "Y": 72 * K}
        p = golden(given_up="Y", receipts=paid).position()
        self.assertEqual((p["funder"], p["contribution"]), (200 * K, {"M": 2 * K}))
        p = golden(given_up="Y", receipts={**paid, "G": 38 * K}).position()
        self.assertEqual((p["funder"], p["contribution"]), (200 * K, {"M": 10 * K}))

    def test_own_share(self):
        p = Section(loss=10 * K, settled=10 * K, parties={"P": Party(20), "M": Party(80)}).position()
        self.assertEqual((p["perfected"], p["open"]), (8 * K, {"M": 8 * K}))

    def test_release(self):
        s = golden(receipts={"M": 190 * K})
        self.assertEqual(s.release_of("Y"), (10 * K, 0))
        p = golden(receipts={"M": 190 * K}, released={"Y": 10 * K}).position()
        self.assertEqual((p["funder"], p["perfected"], sum(p["open"].values())), (190 * K, 190 * K, 0))
        p = golden(receipts={"M": 190 * K, "G": 30 * K}, released={"Y": 10 * K}).position()
        self.assertEqual(p["contribution"], {"M": 30 * K})

    def test_a_release_while_a_payment_is_back(self):
        s = Section(loss=101, unsettled=101, funder_had=101, receipts={"G": 500},
                    parties={"G": Party(50), "M": Party(0), "Y": Party(50)}, final=False)
        self.assertIsNone(s.release_of("M"))

    def test_who_bears_a_part_for_another_is_released(self):
        parties = {"G": Party(15), "Y": Party(60, given_up=True), "M": Party(25)}
        s = Section(loss=200, settled=200, parties=parties)
        self.assertEqual((s.open_recourse(0, 200), s.release_of("G")), ({"G": 75, "M": 125}, (30, 0)))
        parties["G"].released = 30
        self.assertEqual((s.open_recourse(0, s.settled - s.forgone()), s.forgone()), ({"M": 125}, 75))
        s.receipts["M"] = 190                               # G stands for what the funder does not lack
        parties["G"].released = None
        self.assertEqual(s.release_of("G"), (10, 45))
        parties["G"].released, s.receipts = 30, {"Y": 40}   # after all: less falls on both
        self.assertEqual((s.open_recourse(40, s.settled - s.forgone()), s.forgone()), ({"M": 100}, 60))

    def test_a_guarantor_bears_what_nobody_else_does(self):
        parties = {"G": Party(0), "M": Party(40, cap=70), "Y": Party(60)}
        s = Section(loss=100, settled=100, parties=parties)
        self.assertEqual((s.open_recourse(0, 100), s.release_of("G")), ({"M": 40, "Y": 60}, (0, 0)))
        parties["Y"].given_up = True
        self.assertEqual(s.open_recourse(0, 100), {"G": 30, "M": 70})
        s.receipts = {"G": 30, "M": 70, "Y": 12}
        self.assertEqual(s.position()["contribution"], {"G": 12})

    def test_what_the_funder_will_bear_nobody_may_come_to_owe(self):
        parties = {"N": Party(0), "P": Party(90), "Y": Party(0), "M": Party(10)}
        s = Section(loss=300, unsettled=68, pools={"Y": 232}, parties=parties, final=False)
        self.assertEqual((s.owes("N", 100, later=True), s.owes("M", 100, later=True)), (0, 30))
        s = Section(loss=300, unsettled=68, pools={"Y": 232}, parties={**parties, "P": Party(10), "M": Party(90)}, final=False)
        self.assertEqual(s.owes("N", 100, later=True), 38)

    def test_a_pure_guarantor(self):
        parties = {"M": Party(100), "Z": Party(0)}
        p = Section(loss=100, settled=100, parties=parties, receipts={"Z": 100, "M": 60}).position()
        self.assertEqual((p["funder"], p["contribution"], p["over"]), (100, {"Z": 60}, {}))

    def test_a_cap_goes_to_the_joint_ones_else_to_nobody(self):
        parties = {"M": Party(50), "Y": Party(50, cap=20)}
        self.assertEqual(Section(loss=100, settled=100, parties=parties).position()["open"], {"M": 80, "Y": 20})
        parties = {"M": Party(50, joint=False), "Y": Party(50, joint=False, cap=20)}
        self.assertEqual(Section(loss=100, settled=100, parties=parties).position()["open"], {"M": 50, "Y": 20})


class Receipts(unittest.TestCase):
    def test_what_is_not_settled_waits(self):
        p = only("Y", loss=20 * K, settled=10 * K, unsettled=10 * K, receipts={"Y": 20 * K}, final=False).position()
        self.assertEqual((p["funder"], p["waits"], p["over"]), (10 * K, 10 * K, {}))
        p = only("Y", loss=20 * K, settled=10 * K, unsettled=6 * K, receipts={"Y": 20 * K}, final=False).position()
        self.assertEqual((p["funder"], p["consumers"], p["waits"], p["over"]), (10 * K, 4 * K, 6 * K, {}))

    def test_seven_receipts_are_one(self):
        had, _ = waterfall(7, [{"consumers": 100, "funder": 400}])
        self.assertEqual(had, split(7, {"consumers": 1, "funder": 4}))
        self.assertEqual(had, {"consumers": 1, "funder": 6})

    def test_reinstatement(self):
        p = only("M", loss=50 * K, settled=50 * K, receipts={"M": 40 * K}, costs={"M": 5 * K},
                 written_off={"M": (30 * K, 20 * K)}).position()
        self.assertEqual((p["funder"], p["memo"]), (35 * K, {"M": 15 * K}))
        p = golden(given_up="Y", receipts={"M": 70 * K, "Y": 72 * K, "G": 40 * K},
                   written_off={"M": (30 * K, 170 * K)}).position()
        self.assertEqual((p["funder"], p["memo"]), (182 * K, {"M": 18 * K}))

    def test_several_are_written_off(self):
        s = Section(loss=300, settled=300, parties={p: Party(share, False) for p, share in (("M", 50), ("Y", 40), ("G", 10))},
                    receipts={"M": 60}, written_off={"M": (150, 0), "Y": (120, 0), "G": (30, 0)})
        p = s.position()
        self.assertEqual((p["memo"], p["open"]), ({"M": 90, "Y": 120, "G": 30},) * 2)

    def test_recoveries_with_no_advance(self):
        p = only("Y", loss=30 * K, pools={"M": 10 * K}, receipts={"Y": 6 * K}).position()
        self.assertEqual(p["consumers"], 6 * K)

    def test_the_golden_case_ends_at_zero(self):
        p = golden(given_up="Y", receipts={"M": 115 * K, "Y": 60 * K, "G": 40 * K}, costs={"M": 5 * K},
                   interest={"M": 6 * K}, written_off={"M": (30 * K, 170 * K)}).position()
        self.assertEqual(p["open"], {})
        self.assertEqual((p["funder"], p["costs"], p["interest"], p["memo"]), (200 * K, 5 * K, {"M": 6 * K}, {"M": 0}))
        self.assertEqual((p["contribution"], p["over"], p["rest"], p["waits"]), ({"M": 4 * K}, {}, 0, 0))

    def test_the_switch_of_the_waterfall(self):
        for first, expected in ((["uncovered"], (30, 30)), (["advances"], (0, 60)), (["uncovered", "advances"], (6, 54))):
            last = [k for k in ("advances", "uncovered") if k not in first]
            p = Section(loss=300 * K, settled=270 * K, parties={"Y": Party(100)}, receipts={"Y": 60 * K},
                        waterfall=[["costs"], first, last]).position()
            self.assertEqual((p["consumers"], p["funder"]), (expected[0] * K, expected[1] * K))


    def test_a_several_party_is_over_paid_at_once(self):
        p = Section(loss=100, settled=100, parties={"M": Party(50, False), "Y": Party(50, False)},
                    receipts={"Y": 60}, final=False).position()
        self.assertEqual((p["funder"], p["over"]), (50, {"Y": 10}))

    def test_what_a_several_party_paid_for_a_claim_that_waits(self):
        s = Section(loss=100, settled=100, undecided={"advances": 100, "uncovered": 0}, receipts={"Y": 80},
                    parties={"M": Party(50), "Y": Party(50, False)}, final=False)
        p = s.position()
        self.assertEqual((p["funder"], p["waits"], p["over"]), (50, 30, {}))


class Equal(unittest.TestCase):
    def test_restored_money_is_for_who_comes_later(self):
        self.assertEqual(shares_again(13000, 4000, {"a": 20000, "b": 10000}, {"a"}), {"a": 11333, "b": 5667})
        self.assertEqual(shares_again(15000, 10000, {"a": 26500, "b": 10000}, {"a"}), {"a": 15000, "b": 10000})
        self.assertEqual(shares_again(10000, 4000, {"a": 10000}, {"a"}), {"a": 10000})

    def test_later_money(self):
        pool = Pool(10000)
        pool.decide("a", 10000)
        pool.decide("b", 10000)
        self.assertEqual(pool.round(), {"a": 5000, "b": 5000})
        pool.money += 10000
        self.assertEqual(pool.round(), {"a": 10000, "b": 10000})

    def test_one_decided_last(self):
        pool = Pool(7000)
        for n in range(11):
            pool.decide("c%02d" % n, 1000)
        pool.reserve["c11"] = 1000
        pool.round()
        pool.decide("c11", 1000)
        self.assertEqual(sorted(pool.round().values()), [583] * 8 + [584] * 4)

    def test_a_round_that_gives_nothing_to_those_before(self):
        pool, rest = Rounds(), {"a": 100, "d": 100, "f": 10}
        self.assertEqual(pool.round(213, {"b": 340}, {**rest, "c": 260, "e": 10}), {"b": 88})
        self.assertEqual(pool.round(213, {"b": 340, "c": 260, "e": 10}, rest), {"b": 88, "c": 68, "e": 3})
        self.assertEqual(sum(pool.round(213, {"b": 340, "c": 260, "e": 10, **rest}, {}).values()), 213)

    def test_a_reserve_that_was_too_low(self):
        pool = Pool(10000)
        pool.decide("a", 10000)
        pool.reserve["b"] = 10000
        self.assertEqual(pool.round(), {"a": 5000})
        pool.decide("b", 12000)
        self.assertEqual(pool.round(), {"a": 5000, "b": 5000})
        pool.money += 1000
        self.assertEqual(pool.round(), {"a": 5000, "b": 6000})
        pool.money += 2200
        self.assertEqual(pool.round(), {"a": 6000, "b": 7200})

    def test_three_rounds_of_a_fen(self):
        pool = Pool(0)
        for c in "abc":
            pool.decide(c, 100)
        for _ in range(3):
            pool.money += 1
            pool.round()
        self.assertEqual(pool.had, {"a": 1, "b": 1, "c": 1})

    def test_interim(self):
        pool = Pool(5000)
        pool.decide("a", 10000)
        pool.reserve["b"] = 10000
        self.assertEqual(pool.interim(None, 5000), 0)
        self.assertEqual(pool.interim(10, 5000), 1000)
        self.assertEqual(pool.interim(90, 5000), 2000)
        self.assertEqual(pool.round(pool.interim(10, 5000)), {"a": 1000})
        pool.money = 25000
        self.assertEqual(pool.interim(None, 5000), 10000)

    def test_pro_rata(self):
        self.assertEqual(shares(100 * K, {"A": 3 * K, "B": 4 * K, "others": 293 * K}),
                         {"A": 100000, "B": 133333, "others": 9766667})

    def test_no_disadvantage(self):
        p = Section(loss=60 * K, settled=48 * K, parties={"Y": Party(100)}, receipts={"Y": 30 * K},
                    no_disadvantage=True).position()
        self.assertEqual((p["consumers"], p["funder"]), (12 * K, 18 * K))


class Properties(unittest.TestCase):
    """What must hold whatever the facts."""

    def test_a_split_and_a_fall_lose_nothing(self):
        import random
        for seed in range(3000):
            r = random.Random(seed)
            s = random_section(r)
            p = s.position()
            came = sum(s.receipts.values())
            went = (p["funder"] + p["consumers"] + p["costs"] + sum(p["interest"].values()) + p["waits"]
                    + sum(p["over"].values()) + sum(p["contribution"].values()) + p["rest"])
            self.assertEqual(came, went, "seed %d" % seed)
            self.assertEqual(p["rest"], 0, "seed %d: money of nobody" % seed)
            self.assertLessEqual(p["funder"], p["perfected"])
            self.assertTrue(all(x >= 0 for x in p["contribution"].values()), seed)
            self.assertEqual(sum(p["open"].values()), p["perfected"] - p["funder"], "seed %d" % seed)


    def test_who_pays_its_standing_owes_nothing(self):
        import random
        for seed in range(2000):
            s = random_section(random.Random(seed))
            if any(x.given_up or x.released is not None for x in s.parties.values()):
                continue
            bears, b, own = s.standing(), s.paid_for(), s.own()
            for p in s.parties:
                due = bears[p] - b[p] - (own if p == s.funder else 0)
                s.receipts[p] = max(s.receipts.get(p, 0), due, 0)
            p = s.position()
            self.assertEqual((p["funder"], p["consumers"]), (p["perfected"], s.uncovered()), "seed %d" % seed)
            self.assertEqual(p["open"], {}, "seed %d" % seed)
            for party in s.parties:
                net = (b[party] + s.receipts[party] - p["over"].get(party, 0) - p["contribution"].get(party, 0)
                       + (own if party == s.funder else 0))
                self.assertEqual(net, bears[party], "seed %d, %s" % (seed, party))

    def test_an_estate_waits_for_its_liquidator(self):
        p = golden(receipts={"M": 30 * K}, unconfirmed={"M": 20 * K}).position()
        self.assertEqual((p["funder"], p["waits"]), (10 * K, 20 * K))


def random_section(r):
    loss = r.choice((1, 2, 3, 5, 7, 100, 101, 300, r.randint(1, 1000)))
    deposit = r.randint(0, loss)
    advanced = r.randint(0, loss - deposit)
    names = r.sample("MYGZP", r.randint(1, 4))
    cuts = sorted(r.randint(0, 100) for _ in names[1:])
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [100])]
    joint = r.random() < 0.6
    parties = {p: Party(s, joint and r.random() < 0.8) for p, s in zip(names, sizes)}
    s = Section(loss=loss, settled=advanced, pools={names[0]: deposit}, parties=parties)
    for p in names:
        if r.random() < 0.6:
            s.receipts[p] = r.choice((0, 1, s.open_shares()[p], r.randint(0, loss)))
    others = [p for p in names if parties[p].share and parties[p].joint and p != "P"]
    if len(others) > 1 and r.random() < 0.5:
        parties[r.choice(others)].given_up = True
    elif len(others) > 1 and r.random() < 0.5:
        released = r.choice(others)
        before, frees = s.paid_in(released), s.release_of(released)
        if frees:
            parties[released].released, parties[released].stood_for = frees
            parties[released].before = before
    return s


if __name__ == "__main__":
    unittest.main()
