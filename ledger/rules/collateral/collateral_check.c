/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"
#include "books/clock_name.h"
#include "rules/collateral/instrument.h"

/* ---- a merchant ---- */

/* What waits secures nobody. */
static enum recourse_error compare_sums(struct check_context *check, const struct check_row *row)
{
	const struct record_collateral *record = row->record;
	slice unit = unit_code(&record->unit);
	struct instruments live;
	int64_t held = 0;
	int64_t exposure = 0;
	SCOPED(account_walk_end)
	struct account_walk walk = {
		.view = check->state, .one_party = true, .party = row->key->parts[0].text};
	while (account_walk_next(&walk)) {
		bool deposit = walk.name.code == CHART_DEPOSIT || account_is_summed(walk.name.code);
		if (!slice_equal(walk.name.unit, unit) || account_reference_waits(walk.name.reference))
			continue;
		held -= deposit ? walk.account.balance : 0;
		exposure += walk.name.code == CHART_EXPOSURE ? walk.account.balance : 0;
	}
	TRY(walk.error);
	TRY(instrument_list(check->state, check->arena, record->merchant, unit, &live));
	return check_that_id(check, row,
		held == record->held && exposure == record->exposure && live.left == record->instruments,
		"A2: what secures merchant ", " is not what its accounts and instruments say");
}

/* An issuer's share; and whether the sweep of its new class has yet to come to the merchant. */
static enum recourse_error compare_share(struct check_context *check, const struct check_row *row,
	slice issuer, int64_t exposure, bool *awaits)
{
	const struct record_collateral *record = row->record;
	slice merchant = row->key->parts[0].text;
	struct record_path path = record_path_of_texts(RECORD_SHARE, issuer, unit_code(&record->unit));
	struct record_share share;
	struct record_share expected;
	bool there;
	record_path_text(&path, merchant);
	TRY(record_get_optional(check->state, &path, &share, sizeof share, &there));
	share_of(record, exposure, &expected);
	if (!there || share.cash != expected.cash || share.instruments != expected.instruments)
		return check_wrong(check,
			"A8: issuer %.*s has another share in merchant %.*s than its exposure",
			SLICE_ARGUMENTS(issuer), SLICE_ARGUMENTS(merchant));
	return sweep_awaits(check->state, record_path_slice(&path), awaits);
}

/*
 * What the policy asks for, from the exposure accounts anew. Until the sweep of an issuer's new class has come to the
 * merchant, what that issuer's former class asked for is right. The state does not keep that class: nothing to all of
 * the exposure may be asked for.
 */
static enum recourse_error compare_requirement(struct check_context *check, const struct check_row *row)
{
	const struct record_collateral *record = row->record;
	struct record_collateral expected = *record;
	struct record_requirement policy;
	__int128 awaiting = 0; /* exposure of such issuers */
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state,
		.code = CHART_EXPOSURE,
		.one_party = true,
		.party = row->key->parts[0].text};
	TRY(requirement_of(check->state, record, &policy));
	int64_t gross = policy.amount;
	while (account_walk_next(&walk)) {
		slice issuer = walk.name.reference;
		int64_t exposure = walk.account.balance;
		bool awaits;
		if (!slice_equal(walk.name.unit, unit_code(&record->unit)))
			continue;
		TRY(compare_share(check, row, issuer, exposure, &awaits));
		awaiting += awaits ? exposure : 0;
		TRY(requirement_add(check->state, &policy, issuer, exposure, &gross));
	}
	TRY(walk.error);
	TRY(requirement_close(&policy, &expected));
	__int128 off = (__int128)gross - record->gross;
	return check_that_id(check, row,
		off <= awaiting && off >= -awaiting && expected.required == record->required,
		"A2: what is required of merchant ", " is not what its policy asks for");
}

/* The entry that set the clock of a duty opened it; none, once it has struck. */
static enum recourse_error compare_duty(struct check_context *check, const struct check_row *row)
{
	const struct record_collateral *record = row->record;
	slice unit = unit_code(&record->unit);
	struct record_path home = record_path_of_texts(RECORD_DEPOSIT, row->key->parts[0].text, unit);
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	slice subject = clock_name_of_party(unit, record->merchant, text);
	struct record_path deadline = record_deadline_path(record->clock, CLOCK_TOP_UP, subject);
	struct record_deposit deposit;
	struct record_deadline clock;
	TRY(record_get_optional(check->state, &home, &deposit, sizeof deposit, NULL));
	TRY(record_get_optional(check->state, &deadline, &clock, sizeof clock, NULL));
	int64_t gap = duty_gap(record, &deposit);
	return check_that_id(check, row,
		(record->duty != 0) == (gap > 0) && record->shortfall == gap &&
			clock.entry == (record->restricted == 0 ? record->duty : 0) &&
			(record->restricted == 0 || gap != 0),
		"A2: merchant ", " has a duty and no gap, or a gap and no duty");
}

/* ---- an issuer ---- */

static enum recourse_error look_at_issuer(struct check_context *check, const struct check_row *row)
{
	struct record_issuer left = *(const struct record_issuer *)row->record;
	slice issuer = row->key->parts[0].text;
	slice unit = row->key->parts[1].text;
	struct record_path shares = record_path_of_texts(RECORD_SHARE, issuer, unit);
	struct record_account account;
	struct record_share share;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &shares);
	while (record_walk_next(&walk, &share, sizeof share)) {
		struct record_path path = account_path(CHART_EXPOSURE, walk.key.parts[2].text, issuer, unit);
		TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
		left.exposure -= account.balance;
		left.cash -= share.cash;
		left.instruments -= share.instruments;
	}
	TRY(walk.error);
	return check_that_id(check, row, left.exposure == 0 && left.cash == 0 && left.instruments == 0,
		"A8: the merchants of issuer ", " do not add up to what it has");
}

static const struct check_sum kept = {
	.sum = offsetof(struct record_issuer, cash),
	.rows = RECORD_ISSUER_CASH,
	.of = "A8: the merchants of issuer ",
	.what = " do not add up to what it has",
};

/* ---- exposure is what is left of all lots, and of those of batches ---- */

enum { ALL_LOTS, BATCH_LOTS, BATCH_COUNTS };

/* B1: a lot's batch knows it. There may be a million: what is looked up of one is forgotten with it. */
static enum recourse_error find_batch(struct check_context *check, const struct record_entitlement *lot)
{
	SCOPED(arena_free) struct arena arena = {0};
	slice issuer;
	slice merchant;
	bool there;
	TRY(party_name(check->state, &arena, lot->issuer, &issuer));
	TRY(party_name(check->state, &arena, lot->merchant, &merchant));
	struct record_path path = record_path_of_texts(RECORD_BATCH, issuer, RECORD_TEXT(lot->batch));
	record_path_text(&path, unit_code(&lot->currency));
	record_path_text(&path, merchant);
	TRY(record_exists(check->state, &path, &there));
	return there ? RECOURSE_OK
		     : check_wrong_entry(
			       check, lot->issue_entry, "B1: a lot is of a batch that is not there");
}

static enum recourse_error add_lot(
	struct check_context *check, struct check_units *sums, const struct record_entitlement *lot)
{
	slice unit = unit_code(&lot->currency);
	int64_t steps;
	TRY(exposure_value(lot, &steps));
	TRY(check_add(check, sums, ALL_LOTS, unit, steps));
	if (lot->batch[0] == '\0')
		return RECOURSE_OK;
	TRY(find_batch(check, lot));
	TRY(check_add(check, sums, BATCH_LOTS, unit, steps));
	return check_add(check, sums, BATCH_COUNTS, unit, 1);
}

static enum recourse_error take_batches(struct check_context *check, struct check_units *sums)
{
	struct record_path prefix = record_path_of(RECORD_BATCH);
	struct record_batch batch;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &batch, sizeof batch)) {
		slice unit = walk.key.parts[2].text;
		TRY(check_add(check, sums, BATCH_LOTS, unit, -batch.exposure));
		TRY(check_add(check, sums, BATCH_COUNTS, unit, -(int64_t)batch.lots));
	}
	return walk.error;
}

static enum recourse_error look_at_lots(struct check_context *check, const struct check_row *row)
{
	struct record_path entitlements = record_path_of(RECORD_ENTITLEMENT);
	struct record_path collateral = record_path_of(RECORD_COLLATERAL);
	struct check_units sums = {.count = 0};
	struct record_entitlement lot;
	struct record_collateral merchant;
	SCOPED(record_walk_end) struct record_walk lots = record_walk_over(check->state, &entitlements);
	SCOPED(record_walk_end) struct record_walk merchants = record_walk_over(check->state, &collateral);
	(void)row;
	while (record_walk_next(&lots, &lot, sizeof lot))
		TRY(add_lot(check, &sums, &lot));
	TRY(lots.error);
	TRY(take_batches(check, &sums));
	while (record_walk_next(&merchants, &merchant, sizeof merchant))
		TRY(check_add(check, &sums, ALL_LOTS, unit_code(&merchant.unit), -merchant.exposure));
	TRY(merchants.error);
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL ? RECOURSE_OK
			    : check_wrong(check, "%s is not what is left of the lots, in %s",
				      left->kind == ALL_LOTS ? "A8: exposure" : "B1: a batch", left->unit);
}

static const struct check rows[] = {
	{.table = RECORD_COLLATERAL, .look = compare_sums},
	{.table = RECORD_COLLATERAL, .look = compare_requirement},
	{.table = RECORD_COLLATERAL, .look = compare_duty},
	{.table = RECORD_ISSUER, .look = look_at_issuer},
	{.table = RECORD_ISSUER, .look = check_sum, .of = &kept},
	{.look = look_at_lots},
};
const struct check_group collateral_check_rows = CHECK_GROUP(rows);
