/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/arithmetic.h"

#include "rules/claims/claim.h"
#include "rules/claims/said_left.h"
#include "rules/claims/withheld.h"

#include <assert.h>

#define FACTOR(kind, title, member, text) COLUMN(kind, title, struct arithmetic_factor, member, text)
const struct recourse_column arithmetic_columns[ARITHMETIC_COLUMNS] = {
	{FACTOR(TEXT, "factor", factor, "what")},
	{COLUMN_AMOUNT("value", struct arithmetic_factor, value, unit, "how much of it")},
	{FACTOR(UNIT, "unit", unit, "of that")},
	{FACTOR(ENTRY, "entry", entry, "that says so; absent: it follows from the others"), .optional = true},
	{FACTOR(TEXT, "how", how, "it follows"), .optional = true},
};

enum recourse_error arithmetic_show(struct view_rows *rows, const struct arithmetic *arithmetic)
{
	for (size_t index = 0; index < arithmetic->count; index++)
		TRY(view_add(rows, &arithmetic->factors[index]));
	return RECOURSE_OK;
}

static void add(struct arithmetic *arithmetic, const char *factor, const struct unit *unit, int64_t value,
	uint64_t entry, const char *how)
{
	assert(arithmetic->count < ARITHMETIC_FACTORS_MAX);
	arithmetic->factors[arithmetic->count++] = (struct arithmetic_factor){
		.factor = factor, .unit = *unit, .value = value, .entry = entry, .how = how};
}

static bool is_ruled(const struct record_claim *claim)
{
	return claim->decided_entry != 0 && !claim_undecided(claim);
}

static const char *promise_words(const struct record_policy *policy)
{
	static const char *const words[] = {
		[POLICY_FULL] = "the loss",
		[POLICY_CAPPED] = "the loss, up to the policy's cap",
		[POLICY_PERCENTAGE] = "the policy's part of the loss",
		[POLICY_DEPOSIT_ONLY] = "nothing beside the deposit",
	};
	return words[policy->scheme];
}

/* Of the lot as it was before a ruling ended it: what was used and what is left of it. */
static void add_units(
	struct arithmetic *arithmetic, const struct record_claim *claim, const struct record_entitlement *lot)
{
	bool said = withheld_is(lot) && claim->said_left > 0;
	add(arithmetic, "issued", &lot->unit, lot->quantity, lot->issue_entry, NULL);
	add(arithmetic, "used", &lot->unit, lot->consumed, lot->evidence_entry, NULL);
	if (claim->said_left > 0)
		add(arithmetic, "said_left", &lot->unit, claim->said_left,
			claim->said_entry != 0 ? claim->said_entry : claim->filed_entry,
			said_left_basis(claim));
	add(arithmetic, "left", &lot->unit, withheld_units(lot, claim),
		withheld_is(lot) ? lot->withheld_entry : 0,
		said ? "said_left, up to issued - used" : "issued - used");
	add(arithmetic, "cost", &lot->currency, lot->cost, lot->issue_entry, NULL);
}

/* What that is worth, and what the scheme would promise of it: nothing where nobody knows what was used. */
static enum recourse_error add_loss(struct arithmetic *arithmetic, const struct record_claim *claim,
	const struct record_entitlement *lot, const struct record_policy *policy)
{
	int64_t promised;
	int64_t value;
	bool known = withheld_is_known(lot) && lot->disputes == 0;
	if (known) {
		TRY(withheld_value(lot, claim, &value));
		add(arithmetic, "worth", &lot->currency, value, 0, "left x cost / issued");
	}
	if (claim->asked > 0)
		add(arithmetic, "asked", &lot->currency, claim->asked, claim->filed_entry, NULL);
	arithmetic->claimed = claim->asked > 0 ? claim->asked : known ? value : VIEW_NONE;
	if (is_ruled(claim))
		add(arithmetic, "loss", &lot->currency, claim->loss, claim->decided_entry, NULL);
	else if (!known)
		return RECOURSE_OK;
	TRY(terms_promise(policy, is_ruled(claim) ? claim->loss : value, &promised));
	add(arithmetic, "elsewhere", &lot->currency, claim->received, 0, "had from others");
	add(arithmetic, "promised", &lot->currency, promised, policy->entry, promise_words(policy));
	return RECOURSE_OK;
}

enum recourse_error arithmetic_find(const struct record_claim *claim, const struct record_entitlement *lot,
	const struct record_policy *policy, struct arithmetic *arithmetic)
{
	struct record_entitlement before = *lot;
	before.extinguished = 0;
	*arithmetic = (struct arithmetic){.adjusted = VIEW_NONE};
	arithmetic->evidence = lot->disputes > 0 ? "disputed" : withheld_evidence(lot);
	add_units(arithmetic, claim, &before);
	TRY(add_loss(arithmetic, claim, &before, policy));
	if (is_ruled(claim) && arithmetic->claimed != VIEW_NONE)
		arithmetic->adjusted = claim->loss - arithmetic->claimed;
	return RECOURSE_OK;
}
