#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The vectors of the decisions on money, asked of the model itself. Amounts are fen."""
import unittest
from incident import Claim, Incident
from pool import Pool, advance, promised, shares
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
        self.assertEqual(s.release_of("Y"), 10 * K)
        p = golden(receipts={"M": 190 * K}, released={"Y": 10 * K}).position()
        self.assertEqual((p["funder"], p["perfected"], sum(p["open"].values())), (190 * K, 190 * K, 0))
        p = golden(receipts={"M": 190 * K, "G": 30 * K}, released={"Y": 10 * K}).position()
        self.assertEqual(p["contribution"], {"M": 30 * K})

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


class Equal(unittest.TestCase):
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
        parties[released].released = s.release_of(released)
    return s


if __name__ == "__main__":
    unittest.main()
