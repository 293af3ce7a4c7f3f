/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

const struct golden_key golden_keys[] = {
	{"agent", "P", "[\"agent\"]"},       /* takes claims */
	{"maker", "P", "[\"operator\"]"},    /* decides */
	{"payer", "P", "[\"operator\"]"},    /* orders payments */
	{"checker", "P", "[\"approver\"]"},  /* approves */
	{"bank", "bank", "[\"custodian\"]"}, /* attests that cash moved */
	{"merchant", "M", "[\"merchant\"]"}, /* sees its own */
	{"auditor", "auditor", "[\"auditor\"]"},
};
const size_t golden_key_count = sizeof golden_keys / sizeof golden_keys[0];

const char golden_parties[] =
	"[{\"command\":\"party.register\",\"party\":\"M\",\"kinds\":[\"merchant\",\"liable-party\"]},"
	"{\"command\":\"party.register\",\"party\":\"Y\",\"kinds\":[\"issuer\",\"liable-party\"]},"
	"{\"command\":\"party.register\",\"party\":\"G\",\"kinds\":[\"liable-party\"]},"
	"{\"command\":\"party.register\",\"party\":\"bank\",\"kinds\":[\"custodian\"]},"
	"{\"command\":\"party.register\",\"party\":\"auditor\",\"kinds\":[\"auditor\"]}]";

const char golden_terms[] =
	"[{\"command\":\"unit.define\",\"unit\":\"L\",\"digits\":3,\"name\":\"litre of fuel\"},"
	"{\"command\":\"policy.publish\",\"policy\":\"fuel-card\",\"version\":1,\"unit\":\"CNY\",\"scheme\":"
	"\"full\","
	"\"waterfall\":[{\"rank\":1,\"claim\":\"costs\"},{\"rank\":2,\"claim\":\"advances\"},"
	"{\"rank\":3,\"claim\":\"interest\"}]}]";

#define HASH(digit)                                                                                          \
	"\"" digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit \
		digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit    \
			digit "\""

#define ISSUE(card, holder, litres, cost)                                                                    \
	"{\"command\":\"entitlement.issue\",\"entitlement\":\"" card "\",\"holder\":\"" holder               \
	"\",\"issuer\":\"Y\","                                                                               \
	"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"" litres "\",\"cost\":\"" cost \
	"\","                                                                                                \
	"\"currency\":\"CNY\"}"
#define ABSENT(card)                                                                                         \
	"{\"command\":\"entitlement.consume\",\"entitlement\":\"" card                                       \
	"\",\"evidence\":\"absent\",\"source\":\"Y\","                                                       \
	"\"evidence_hash\":" HASH("a1") "}"
#define ON_CLAIM(command, claim) "{\"command\":\"" command "\",\"claim\":\"" claim "\"}"
#define FILE_CLAIM(claim, card)                                                                              \
	"{\"command\":\"claim.file\",\"claim\":\"" claim "\",\"incident\":\"" GOLDEN_INCIDENT                \
	"\",\"entitlement\":\"" card "\",\"channel\":\"app\"}"
#define DECIDE(claim)                                                                                        \
	"{\"command\":\"claim.decide\",\"claim\":\"" claim                                                   \
	"\",\"outcome\":\"approve\",\"basis_hash\":" HASH("b2") "}"
#define RECEIVED(id, payer, amount)                                                                          \
	"[{\"command\":\"recovery.receive\",\"recovery\":\"" id "\",\"incident\":\"" GOLDEN_INCIDENT         \
	"\",\"payer\":\"" payer "\",\"amount\":\"" amount "\",\"bank_reference\":\"in-" id "\"}]"
#define ALLOCATE(id) "[{\"command\":\"recovery.allocate\",\"recovery\":\"" id "\"}]"
#define REMIT(id)                                                                                            \
	"[{\"command\":\"recovery.remit\",\"incident\":\"" GOLDEN_INCIDENT "\",\"bank_reference\":\"out-" id \
	"\"}]"

const struct golden_step golden_steps[] = {
	{1, "M lodges its deposit with the bank", "bank",
		"[{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"100000.00\",\"unit\":"
		"\"CNY\","
		"\"bank_reference\":\"in-deposit\"}]"},
	{2, "Y collapses: the incident is declared, M's deposit is frozen", "maker",
		"[{\"command\":\"incident.declare\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"merchant\":\"M\",\"issuer\":\"Y\","
		"\"funder\":\"P\",\"policy\":\"fuel-card\",\"version\":1,\"reason\":\"liquidation\"}]"},
	{3, "the cards that were sold", "maker",
		"[" ISSUE("card-A", "holder-A", "1000.000", "5000.00") "," ISSUE("card-B", "holder-B",
			"800.000",
			"4000.00") "," ISSUE("card-others", "holder-others", "58600.000", "293000.00") "]"},
	{3, "A used 400 L by invoice; of B and the others a complete source has no record: zero, proven",
		"maker",
		"[{\"command\":\"entitlement.consume\",\"entitlement\":\"card-A\",\"evidence\":\"confirmed\","
		"\"consumed\":\"400.000\","
		"\"reference\":\"invoice-17\",\"source\":\"Y\",\"evidence_hash\":" HASH("c3") "}," ABSENT(
			"card-B") "," ABSENT("card-others") "]"},
	{3, "the consumers file their claims", "agent",
		"[" FILE_CLAIM("claim-A", "card-A") "," FILE_CLAIM("claim-B", "card-B") "," FILE_CLAIM(
			"claim-others", "card-others") "]"},
	{3, "the claims are decided: units × lot price − received", "maker",
		"[" DECIDE("claim-A") "," DECIDE("claim-B") "," DECIDE("claim-others") "]"},
	{3, "approved: the deposit is shared out pro rata, P advances the rest", "checker",
		"[{\"command\":\"distribution.approve\",\"incident\":\"" GOLDEN_INCIDENT "\"}]"},
	{4, "P pays in", "bank",
		"[{\"command\":\"funding.receive\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"amount\":\"200000.00\",\"bank_reference\":\"in-P\"}]"},
	{5, "the payouts are instructed", "payer",
		"[" ON_CLAIM("payout.instruct", "claim-A") "," ON_CLAIM(
			"payout.instruct", "claim-B") "," ON_CLAIM("payout.instruct", "claim-others") "]"},
	{6, "the bank has paid: the advances become recourse", "bank",
		"[" ON_CLAIM("payout.settle", "claim-A") "," ON_CLAIM(
			"payout.settle", "claim-B") "," ON_CLAIM("payout.settle", "claim-others") "]"},
	{7, "A's payment comes back: account closed", "bank",
		"[{\"command\":\"payout.return\",\"claim\":\"claim-A\",\"reason\":\"AC04\",\"bank_"
		"reference\":\"in-return-A\"}]"},
	{8, "it is sent again", "payer",
		"[{\"command\":\"payout.reissue\",\"claim\":\"claim-A\",\"reason\":\"account-reopened\"}]"},
	{8, "and arrives", "bank", "[" ON_CLAIM("payout.settle", "claim-A") "]"},
	{9, "the court apportions: M 50, Y 40, G 10, joint and several; the deposit is M's", "maker",
		"[{\"command\":\"liability.apportion\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"mode\":\"joint-and-several\","
		"\"basis_hash\":" HASH("d4") ",\"shares\":[{\"party\":\"M\",\"share\":\"50.00\"},"
					     "{\"party\":\"Y\",\"share\":\"40.00\"},{\"party\":\"G\","
					     "\"share\":\"10.00\"}]}]"},
	{10, "M pays", "bank", RECEIVED("m-1", "M", "50000.00")},
	{10, "allocated by the waterfall", "maker", ALLOCATE("m-1")},
	{10, "remitted to P", "bank", REMIT("1")},
	{11, "Y's final dividend of 50 %", "bank", RECEIVED("y-1", "Y", "60000.00")},
	{11, "allocated", "maker", ALLOCATE("y-1")},
	{11, "remitted to P", "bank", REMIT("2")},
	{12, "Y's shortfall falls on M and G", "maker",
		"[{\"command\":\"liability.respread\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"party\":\"Y\",\"reason\":\"final-dividend\"}]"},
	{13, "G pays in full", "bank", RECEIVED("g-1", "G", "40000.00")},
	{13, "allocated", "maker", ALLOCATE("g-1")},
	{13, "remitted to P", "bank", REMIT("3")},
	{14, "M pays a part", "bank", RECEIVED("m-2", "M", "20000.00")},
	{14, "allocated", "maker", ALLOCATE("m-2")},
	{14, "remitted to P", "bank", REMIT("4")},
	{15, "the rest of M's debt is proposed to be written off", "maker",
		"[{\"command\":\"write_off.record\",\"write_off\":\"wo-M\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"party\":\"M\","
		"\"reason\":\"uncollectible\"}]"},
	{15, "and a second person approves", "checker",
		"[{\"command\":\"proposal.approve\",\"proposal\":$LAST}]"},
	{16, "P bears the costs of the lawsuit", "maker",
		"[{\"command\":\"cost.record\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"amount\":\"5000.00\",\"reason\":\"court-fee\","
		"\"evidence_hash\":" HASH("e5") "}]"},
	{16, "the court adjudges interest to the consumers", "maker",
		"[{\"command\":\"interest.adjudge\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"party\":\"M\",\"amount\":\"6000.00\","
		"\"basis_hash\":" HASH("f6") "}]"},
	{17, "M pays late", "bank", RECEIVED("m-3", "M", "45000.00")},
	{18, "what was written off is reinstated", "maker",
		"[{\"command\":\"write_off.reinstate\",\"write_off\":\"wo-M\",\"recovery\":\"m-3\"}]"},
	{19, "the waterfall: costs, advance, the consumers' interest, the rest is M's", "maker",
		ALLOCATE("m-3")},
	{20, "paid out to P", "bank", REMIT("5")},
	{20, "to the consumers, and back to M", "bank",
		"[{\"command\":\"surplus.pay\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"beneficiary\":\"consumers\",\"bank_reference\":\"out-c\"},"
		"{\"command\":\"surplus.pay\",\"incident\":\"" GOLDEN_INCIDENT
		"\",\"beneficiary\":\"M\",\"bank_reference\":\"out-M\"}]"},
};
const size_t golden_step_count = sizeof golden_steps / sizeof golden_steps[0];
