/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral_change.h"

#include "rules/collateral/coverage.h"
#include "rules/collateral/duty.h"
#include "rules/collateral/requirement.h"
#include "rules/collateral/share.h"

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
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, CHART_EXPOSURE);
	struct record_account account;
	record_path_text(&prefix, collateral->merchant);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &account, sizeof account)) {
		struct account_name name = account_name(&walk.key);
		if (!slice_equal(name.unit, unit_code(&collateral->record.unit)))
			continue;
		if (spread->count == COLLATERAL_ISSUERS_MAX)
			return RECOURSE_STORE_CORRUPT;
		TRY(arena_copy(decision->arena, name.reference, &spread->rows[spread->count].issuer));
		spread->rows[spread->count++].exposure = account.balance;
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

enum recourse_error collateral_change(struct decision *decision, struct collateral *collateral)
{
	enum recourse_error error = change(decision, collateral);
	return error == RECOURSE_OVERFLOW
		       ? refuse(decision, error, NULL, "64 bits for a merchant and an issuer")
		       : error;
}

enum recourse_error collateral_change_refresh(
	struct decision *decision, slice merchant, const struct unit *unit)
{
	struct collateral collateral;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	return collateral.before.merchant == 0 ? RECOURSE_OK : collateral_change(decision, &collateral);
}

enum recourse_error collateral_change_instruments(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct collateral collateral;
	int64_t *instruments = &collateral.record.instruments;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	if (amount_add_steps(*instruments, steps, instruments) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "limit", "64 bits for a merchant");
	return collateral_change(decision, &collateral);
}

enum recourse_error collateral_change_overdue(struct decision *decision, slice subject)
{
	struct collateral collateral;
	struct unit unit;
	slice merchant;
	TRY(clock_subject_read_party(decision, subject, &unit, &merchant));
	TRY(collateral_load(decision, merchant, &unit, &collateral));
	if (collateral.record.duty == 0 || decision->time < collateral.record.due)
		return refuse_state(decision, "subject", "no duty");
	collateral.record.restricted = decision->entry;
	duty_tell(decision, &collateral, "restricted");
	TRY(collateral_change(decision, &collateral));
	return decision_about(decision, RECORD_PARTY, merchant);
}
