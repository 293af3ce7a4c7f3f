/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral_change.h"
#include "rules/collateral/share.h"

/* What is promised to somebody, or not there in cash yet, stands under the entry that did so and secures nobody. */
static bool is_deposit(const struct account_posting *posting)
{
	bool deposit = posting->code == CHART_DEPOSIT || posting->code == CHART_DEPOSIT_FROZEN ||
		       posting->code == CHART_DEPOSIT_EXIT;
	return deposit && !reference_waits(posting->reference);
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
static enum recourse_error follow_postings(
	struct decision *decision, size_t first, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_deposit deposit;
	size_t sales = 0;
	for (size_t index = first; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (!concerns(&decision->postings[first], posting))
			continue;
		if (posting->code == CHART_EXPOSURE) {
			sales++;
			TRY(follow_exposure(decision, posting, collateral));
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
		collateral->issuer = slice_text("");
	return RECOURSE_OK;
}

static enum recourse_error follow_merchant(struct decision *decision, size_t first)
{
	const struct account_posting *posting = &decision->postings[first];
	struct collateral collateral;
	TRY(collateral_load(decision, posting->party, &posting->unit, &collateral));
	enum recourse_error error = follow_postings(decision, first, &collateral);
	if (error == RECOURSE_OVERFLOW)
		return refuse(decision, error, NULL, "64 bits for a merchant and an issuer");
	return error == RECOURSE_OK ? collateral_change(decision, &collateral) : error;
}

enum recourse_error collateral_follow(struct decision *decision)
{
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		bool first = is_deposit(posting) || posting->code == CHART_EXPOSURE;
		for (size_t before = 0; first && before < index; before++)
			first = !concerns(posting, &decision->postings[before]);
		if (first)
			TRY(follow_merchant(decision, index));
	}
	return RECOURSE_OK;
}
