/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "books/life.h"

/*
 * Every pair of every life against a list of its own, typed a second time and by names. A line is a
 * state and what may follow it; what is not on a line must be refused.
 */
enum { STEPS_MAX = 10 };
struct steps {
	const char *from;
	const char *to[STEPS_MAX];
};

static const struct steps deposit[] = {
	{"none", {"required", "funded"}},
	{"required", {"partial", "funded", "restricted"}},
	{"partial", {"funded", "frozen", "restricted"}},
	{"funded", {"frozen", "top-up due", "exit hold"}},
	{"frozen", {"applied", "funded"}},
	{"applied", {"top-up due", "funded"}},
	{"top-up due", {"funded", "restricted", "frozen"}},
	{"restricted", {"funded", "exit hold", "frozen"}},
	{"exit hold", {"refunded", "frozen", "funded"}},
	{"refunded", {"required", "funded"}},
};
static const struct steps incident[] = {
	{"none", {"alert", "declared"}},
	{"alert", {"declared", "closed"}},
	{"declared", {"claims open"}},
	{"claims open", {"bar date", "adjudicated", "cancelled"}},
	{"bar date", {"adjudicated", "closed", "cancelled"}},
	{"adjudicated", {"recovery", "closed"}},
	{"recovery", {"closed", "reopened"}},
	{"closed", {"reopened"}},
	{"reopened", {"claims open", "adjudicated", "recovery", "closed"}},
	{"cancelled", {NULL}},
};
static const struct steps claim[] = {
	{"none", {"received", "linked"}},
	{"received",
		{"evidence", "merchant response", "proposed", "ruled", "rejected", "withdrawn", "linked"}},
	{"evidence", {"merchant response", "proposed", "ruled", "rejected", "withdrawn", "linked"}},
	{"merchant response", {"proposed", "ruled", "rejected", "withdrawn", "linked"}},
	{"proposed", {"proposed", "agreed", "ruled", "rejected", "withdrawn", "linked"}},
	{"agreed", {"ruled"}},
	{"ruled", {"approved", "appealed", "reopened"}},
	{"approved", {"paying", "appealed", "reopened"}},
	{"paying", {"paid", "approved", "reopened"}},
	{"paid", {"closed", "paying"}},
	{"closed", {"reopened"}},
	{"rejected", {"appealed", "reopened"}},
	{"withdrawn", {"reopened"}},
	{"linked", {"received", "reopened"}},
	{"appealed", {"ruled", "rejected", "approved"}},
	{"reopened",
		{"evidence", "merchant response", "proposed", "ruled", "rejected", "withdrawn", "linked"}},
};
/* What a rail may say, again too, and that it was made. */
#define PAYOUT_UNDERWAY "accepted", "awaiting payee", "settled", "unknown", "rejected", "expired", "stopped"
static const struct steps payout[] = {
	{"none", {"instructed"}},
	{"draft", {NULL}},
	{"checked", {NULL}},
	{"instructed", {"cancelled", PAYOUT_UNDERWAY}},
	{"accepted", {PAYOUT_UNDERWAY}},
	{"settled", {"returned", "instructed"}},
	{"returned", {"reissued", "unclaimed", "cancelled"}},
	{"reissued", {"cancelled", "returned", PAYOUT_UNDERWAY}},
	{"rejected", {"reissued", "cancelled", "returned", "unclaimed"}},
	{"unknown", {PAYOUT_UNDERWAY}},
	{"cancelled", {"instructed"}},
	{"unclaimed", {"reissued", "cancelled", "returned"}},
	{"awaiting payee", {PAYOUT_UNDERWAY}},
	{"expired", {"reissued", "cancelled", "returned", "unclaimed"}},
	{"stopped", {"reissued", "cancelled", "returned", "unclaimed"}},
};
static const struct steps recourse[] = {
	{"none", {"inchoate", "perfected"}},
	{"inchoate", {"perfected"}},
	{"perfected", {"demanded", "partial", "satisfied", "uneconomic"}},
	{"demanded", {"promised", "litigated", "proof lodged", "partial", "satisfied", "uneconomic"}},
	{"promised", {"litigated", "proof lodged", "partial", "satisfied", "uneconomic"}},
	{"litigated", {"proof lodged", "partial", "satisfied", "uneconomic"}},
	{"proof lodged", {"partial", "satisfied", "uneconomic"}},
	{"partial",
		{"partial", "satisfied", "demanded", "promised", "litigated", "proof lodged", "uneconomic"}},
	{"satisfied", {"partial"}},
	{"uneconomic", {"demanded", "partial", "satisfied"}},
};
static const struct steps write_off[] = {
	{"none", {"proposed"}},
	{"proposed", {"approved"}},
	{"approved", {"written off"}},
	{"written off", {"reinstated"}},
	{"reinstated", {"reinstated"}},
};
static const struct steps appeal[] = {
	{"none", {"lodged"}},
	{"lodged", {"stayed", "upheld", "varied", "reversed"}},
	{"stayed", {"upheld", "varied", "reversed"}},
	{"upheld", {"lodged"}},
	{"varied", {"lodged"}},
	{"reversed", {"lodged"}},
};
static const struct steps leaving[] = {
	{"none", {"requested"}},
	{"requested", {"notice"}},
	{"notice", {"tail", "cancelled"}},
	{"tail", {"offset", "cancelled"}},
	{"offset", {"refunded", "cancelled"}},
	{"refunded", {"cancelled"}},
	{"cancelled", {NULL}},
};
static const struct steps instrument[] = {
	{"none", {"in force"}},
	{"in force", {"exhausted", "expired", "cancelled"}},
	{"exhausted", {"in force", "expired", "cancelled"}},
	{"expired", {NULL}},
	{"cancelled", {"in force"}},
};
static const struct steps withdrawal[] = {
	{"none", {"requested"}},
	{"requested", {"paid", "cancelled"}},
	{"paid", {"requested"}},
	{"cancelled", {"requested"}},
};

static const struct steps payment_batch[] = {
	{"none", {"made"}},
	{"made", {"checked", "withdrawn"}},
	{"checked", {"sending", "sent", "withdrawn"}},
	{"sending", {"sending", "sent", "checked"}},
	{"sent", {"sending", "checked"}},
	{"withdrawn", {NULL}},
};

#define LIFE(title, list)                                                                                    \
	{                                                                                                    \
		title, list, sizeof(list) / sizeof(list)[0]                                                  \
	}
static const struct {
	const char *name;
	const struct steps *states;
	size_t count;
} lives[] = {
	[LIFE_DEPOSIT] = LIFE("deposit", deposit),
	[LIFE_INCIDENT] = LIFE("incident", incident),
	[LIFE_CLAIM] = LIFE("claim", claim),
	[LIFE_PAYOUT] = LIFE("payout", payout),
	[LIFE_RECOURSE] = LIFE("recourse", recourse),
	[LIFE_WRITE_OFF] = LIFE("write-off", write_off),
	[LIFE_APPEAL] = LIFE("appeal", appeal),
	[LIFE_EXIT] = LIFE("exit", leaving),
	[LIFE_INSTRUMENT] = LIFE("instrument", instrument),
	[LIFE_WITHDRAWAL] = LIFE("withdrawal", withdrawal),
	[LIFE_PAYMENT_BATCH] = LIFE("payment batch", payment_batch),
};

static bool is_listed(const struct steps *row, const char *to)
{
	for (size_t index = 0; index < STEPS_MAX && row->to[index] != NULL; index++) {
		if (strcmp(row->to[index], to) == 0)
			return true;
	}
	return false;
}

/* Nor is a line empty talk: what it names are states. */
static void check_line(enum life_kind kind, uint32_t from)
{
	const struct steps *row = &lives[kind].states[from];
	size_t named = 0;
	assert_string_equal(life_state_name(kind, from), row->from);
	for (uint32_t to = 0; to < lives[kind].count; to++) {
		const char *name = lives[kind].states[to].from;
		bool listed = is_listed(row, name);
		if (life_allows(kind, from, to) != listed)
			print_message("%s: %s to %s\n", lives[kind].name, row->from, name);
		assert_int_equal(life_allows(kind, from, to), listed);
		uint32_t state = from;
		assert_int_equal(life_step(kind, &state, to), listed);
		assert_int_equal(state, listed ? to : from);
		named += listed && to > 0;
	}
	assert_true(named == STEPS_MAX || row->to[named] == NULL);
}

static void test_every_pair(void **state)
{
	assert_int_equal(sizeof lives / sizeof lives[0], LIFE_KINDS);
	for (enum life_kind kind = 0; kind < LIFE_KINDS; kind++) {
		for (uint32_t from = 0; from < lives[kind].count; from++)
			check_line(kind, from);
	}
}

static void test_out_of_range(void **state)
{
	for (enum life_kind kind = 0; kind < LIFE_KINDS; kind++) {
		const uint32_t beyond[] = {(uint32_t)lives[kind].count, 31, 32, 33, 63, 64, UINT32_MAX};
		for (size_t index = 0; index < sizeof beyond / sizeof beyond[0]; index++) {
			assert_false(life_allows(kind, 0, beyond[index]));
			assert_false(life_allows(kind, beyond[index], 1));
			assert_null(life_state_name(kind, beyond[index]));
		}
	}
	assert_false(life_allows(LIFE_KINDS, 0, 1));
	assert_null(life_state_name(LIFE_KINDS, 0));
}

/* Values are stored: they are fixed for ever. */
static void test_values(void **state)
{
	static const struct {
		enum life_kind kind;
		uint32_t state, value;
		const char *name;
	} last[] = {
		{LIFE_DEPOSIT, DEPOSIT_REFUNDED, 9, "refunded"},
		{LIFE_INCIDENT, INCIDENT_CANCELLED, 9, "cancelled"},
		{LIFE_CLAIM, CLAIM_REOPENED, 15, "reopened"},
		{LIFE_PAYOUT, PAYOUT_UNCLAIMED, 11, "unclaimed"},
		{LIFE_PAYOUT, PAYOUT_STOPPED, 14, "stopped"},
		{LIFE_RECOURSE, RECOURSE_UNECONOMIC, 9, "uneconomic"},
		{LIFE_WRITE_OFF, WRITE_OFF_REINSTATED, 4, "reinstated"},
		{LIFE_APPEAL, APPEAL_REVERSED, 5, "reversed"},
		{LIFE_EXIT, EXIT_CANCELLED, 6, "cancelled"},
	};
	for (size_t index = 0; index < sizeof last / sizeof last[0]; index++) {
		assert_int_equal(last[index].state, last[index].value);
		assert_string_equal(life_state_name(last[index].kind, last[index].state), last[index].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
