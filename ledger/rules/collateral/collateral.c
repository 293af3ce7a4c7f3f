/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

enum recourse_error collateral_known(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_collateral *record)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, merchant, unit_code(unit));
	return record_get_optional(decision->state, &path, record, sizeof *record, NULL);
}

enum recourse_error collateral_load(
	struct decision *decision, slice merchant, const struct unit *unit, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	*collateral = (struct collateral){.merchant = merchant};
	TRY(collateral_known(decision, merchant, unit, record));
	collateral->before = *record;
	if (record->merchant != 0)
		return RECOURSE_OK;
	record->unit = *unit;
	return decision_party(decision, "merchant", merchant, &record->merchant);
}

/* ---- what follows from a change ---- */

/* The merchant's issuers, with what it owes to the holders of each. */
struct spread {
	size_t count;
	struct {
		slice issuer;
		int64_t exposure;
	} rows[COLLATERAL_ISSUERS_MAX];
};

/* With one issuer, all is its own: a sale changes no share but for the first, and there is nothing to walk. */
static bool is_plain_sale(const struct collateral *collateral)
{
	const struct record_collateral *now = &collateral->record;
	const struct record_collateral *before = &collateral->before;
	return collateral->issuer.size > 0 && now->issuers == 1 && before->issuers == 1 &&
	       now->held == before->held && now->instruments == before->instruments && before->exposure > 0 &&
	       now->exposure > 0;
}

/* The exposure accounts of the merchant: few, and there is one for each issuer. */
static enum recourse_error find_spread(
	struct decision *decision, const struct collateral *collateral, struct spread *spread)
{
	spread->count = is_plain_sale(collateral);
	spread->rows[0].issuer = collateral->issuer;
	spread->rows[0].exposure = collateral->record.exposure;
	if (spread->count == 1)
		return RECOURSE_OK;
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = decision->state,
		.code = CHART_EXPOSURE,
		.one_party = true,
		.party = collateral->merchant};
	while (account_walk_next(&walk)) {
		if (!slice_equal(walk.name.unit, unit_code(&collateral->record.unit)))
			continue;
		if (spread->count == COLLATERAL_ISSUERS_MAX)
			return RECOURSE_STORE_CORRUPT;
		TRY(arena_copy(decision->arena, walk.name.reference, &spread->rows[spread->count].issuer));
		spread->rows[spread->count++].exposure = walk.account.balance;
	}
	return walk.error;
}

/* Shares that differ, what the policy asks for each issuer, and whether coverage crosses a threshold; then the duty. */
static enum recourse_error change(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_path path =
		record_path_of_texts(RECORD_COLLATERAL, collateral->merchant, unit_code(&record->unit));
	struct record_requirement policy;
	struct spread spread;
	TRY(find_spread(decision, collateral, &spread));
	TRY(requirement_of(decision->state, record, &policy));
	record->gross = policy.amount;
	for (size_t row = 0; row < spread.count; row++) {
		slice issuer = spread.rows[row].issuer;
		int64_t exposure = spread.rows[row].exposure;
		TRY(share_put(decision, collateral, issuer, exposure));
		TRY(requirement_add(decision->state, &policy, issuer, exposure, &record->gross));
		TRY(coverage_follow(decision, issuer, &record->unit));
	}
	TRY(requirement_close(&policy, record));
	TRY(duty_follow(decision, collateral));
	return decision_put(decision, &path, record, sizeof *record);
}

static enum recourse_error within_64_bits(struct decision *decision, enum recourse_error error)
{
	return error == RECOURSE_OVERFLOW
		       ? refuse(decision, error, NULL, "64 bits for a merchant and an issuer")
		       : error;
}

enum recourse_error collateral_change(struct decision *decision, struct collateral *collateral)
{
	return within_64_bits(decision, change(decision, collateral));
}

enum recourse_error collateral_change_refresh(
	struct decision *decision, slice merchant, const struct unit *unit)
{
	struct collateral collateral;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	return collateral.before.merchant == 0 ? RECOURSE_OK : collateral_change(decision, &collateral);
}

/* ---- what the postings changed ---- */

/* What is promised to somebody, or not there in cash yet, stands under the entry that did so and secures nobody. */
static bool is_deposit(const struct account_posting *posting)
{
	bool deposit = posting->code == CHART_DEPOSIT || account_is_summed(posting->code);
	return deposit && !account_reference_waits(posting->reference);
}

static bool concerns(const struct account_posting *posting, const struct account_posting *other)
{
	return (is_deposit(other) || other->code == CHART_EXPOSURE) &&
	       slice_equal(posting->party, other->party) && unit_same(&posting->unit, &other->unit);
}

static enum recourse_error follow_exposure(
	struct decision *decision, const struct account_posting *posting, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_account account;
	slice issuer = posting->reference;
	struct record_path path =
		account_path(CHART_EXPOSURE, posting->party, issuer, unit_code(&posting->unit));
	TRY(record_get_named(decision->state, &path, &account, sizeof account));
	if (account.postings == 1 && ++record->issuers > COLLATERAL_ISSUERS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "issuer", "%d issuers of a merchant",
			COLLATERAL_ISSUERS_MAX);
	collateral->issuer = issuer;
	TRY(amount_add_steps(record->exposure, posting->steps, &record->exposure));
	return share_add(decision, collateral, issuer, posting->steps, &(struct record_share){0});
}

/* All of the entry's postings that concern the merchant and unit of the one that is the first of them. */
static enum recourse_error follow_merchant(struct decision *decision, size_t first)
{
	const struct account_posting *of = &decision->postings[first];
	struct collateral collateral;
	struct record_collateral *record = &collateral.record;
	struct record_deposit deposit;
	size_t sales = 0;
	TRY(collateral_load(decision, of->party, &of->unit, &collateral));
	for (size_t index = first; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (!concerns(of, posting))
			continue;
		if (posting->code == CHART_EXPOSURE) {
			sales++;
			TRY(follow_exposure(decision, posting, &collateral));
			continue;
		}
		if (record->custodian == 0) { /* it is the deposit's for good */
			struct record_path path = record_path_of_texts(
				RECORD_DEPOSIT, posting->party, unit_code(&posting->unit));
			TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, NULL));
			record->custodian = deposit.custodian;
		}
		TRY(amount_add_steps(record->held, -posting->steps, &record->held));
	}
	if (sales != 1)
		collateral.issuer = slice_text("");
	return change(decision, &collateral);
}

enum recourse_error collateral_follow(struct decision *decision)
{
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		bool first = is_deposit(posting) || posting->code == CHART_EXPOSURE;
		for (size_t before = 0; first && before < index; before++)
			first = !concerns(posting, &decision->postings[before]);
		if (first)
			TRY(within_64_bits(decision, follow_merchant(decision, index)));
	}
	return RECOURSE_OK;
}
