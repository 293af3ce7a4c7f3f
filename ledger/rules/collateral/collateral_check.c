/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"
#include "books/clock_name.h"
#include "rules/collateral/instrument.h"

/*
 * A2, A8: what secures a merchant is what its accounts say, what is required follows from the policy, a duty is open
 * where something is missing, and what issuers' coverage rests on adds up from the merchants.
 */
enum { CODE, REFERENCE = 2, UNIT }; /* parts of an account's key */

/* ---- a merchant ---- */

/* Balances in the merchant's unit, debit positive; those that wait secure nobody. */
struct balances {
	slice unit;
	int64_t deposits;
	int64_t exposure;
};

static enum recourse_error add_account(struct check_context *check, const struct check_row *row)
{
	const struct record_account *account = row->record;
	struct balances *balances = row->sums;
	bool exposure = row->key->parts[CODE].number == CHART_EXPOSURE;
	(void)check;
	if (slice_equal(row->key->parts[UNIT].text, balances->unit) &&
		!account_reference_waits(row->key->parts[REFERENCE].text))
		*(exposure ? &balances->exposure : &balances->deposits) += account->balance;
	return RECOURSE_OK;
}

static enum recourse_error compare_sums(struct check_context *check, const struct check_row *row)
{
	static const enum chart_code codes[] = {
		CHART_DEPOSIT, CHART_DEPOSIT_FROZEN, CHART_DEPOSIT_EXIT, CHART_EXPOSURE};
	const struct record_collateral *record = row->record;
	struct balances balances = {.unit = unit_code(&record->unit)};
	struct instruments live;
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, codes[index]);
		record_path_text(&prefix, row->key->parts[0].text);
		TRY(check_each(check, &prefix, add_account, &balances));
	}
	TRY(instrument_list(check->state, check->arena, record->merchant, balances.unit, &live));
	return check_that_id(check, row,
		-balances.deposits == record->held && balances.exposure == record->exposure &&
			live.left == record->instruments,
		"A2: what secures merchant ", " is not what its accounts and instruments say");
}

/*
 * What the policy asks for, from the exposure accounts anew; and each issuer's share. Until the sweep of an issuer's
 * new class has come to the merchant, what that issuer's former class asked for is right. The state does not keep that
 * class: nothing to all of the exposure may be asked for.
 */
struct derived {
	const struct record_collateral *record;
	slice merchant;
	struct record_requirement policy;
	int64_t gross;
	int64_t awaiting; /* exposure of such issuers */
};

static enum recourse_error derive_issuer(struct check_context *check, const struct check_row *row)
{
	const struct record_account *account = row->record;
	struct derived *derived = row->sums;
	const struct record_collateral *record = derived->record;
	slice issuer = row->key->parts[REFERENCE].text;
	struct record_path path = record_path_of_texts(RECORD_SHARE, issuer, unit_code(&record->unit));
	struct record_share share;
	struct record_share expected;
	bool there;
	bool awaits;
	if (!slice_equal(row->key->parts[UNIT].text, unit_code(&record->unit)))
		return RECOURSE_OK;
	record_path_text(&path, derived->merchant);
	TRY(record_get_optional(check->state, &path, &share, sizeof share, &there));
	share_of(record, account->balance, &expected);
	if (!there || share.cash != expected.cash || share.instruments != expected.instruments)
		return check_wrong(check,
			"A8: issuer %.*s has another share in merchant %.*s than its exposure",
			SLICE_ARGUMENTS(issuer), SLICE_ARGUMENTS(derived->merchant));
	TRY(sweep_awaits(check->state, record_path_slice(&path), &awaits));
	if (awaits)
		TRY(amount_add_steps(derived->awaiting, account->balance, &derived->awaiting));
	return requirement_add(check->state, &derived->policy, issuer, account->balance, &derived->gross);
}

static enum recourse_error compare_requirement(struct check_context *check, const struct check_row *row)
{
	struct record_collateral expected = *(const struct record_collateral *)row->record;
	struct derived derived = {.record = row->record, .merchant = row->key->parts[0].text};
	struct record_path exposures = record_path_of_short(RECORD_ACCOUNT, CHART_EXPOSURE);
	record_path_text(&exposures, derived.merchant);
	TRY(requirement_of(check->state, &expected, &derived.policy));
	derived.gross = derived.policy.amount;
	TRY(check_each(check, &exposures, derive_issuer, &derived));
	TRY(requirement_close(&derived.policy, &expected));
	__int128 off = (__int128)derived.gross - expected.gross;
	return check_that_id(check, row,
		off <= derived.awaiting && off >= -(__int128)derived.awaiting &&
			expected.required == derived.record->required,
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

static enum recourse_error take_off_share(struct check_context *check, const struct check_row *row)
{
	const struct record_share *share = row->record;
	struct record_issuer *left = row->sums;
	struct record_account account;
	struct record_path path = account_path(
		CHART_EXPOSURE, row->key->parts[2].text, row->key->parts[0].text, row->key->parts[1].text);
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	left->exposure -= account.balance;
	left->cash -= share->cash;
	left->instruments -= share->instruments;
	return RECOURSE_OK;
}

static enum recourse_error look_at_issuer(struct check_context *check, const struct check_row *row)
{
	struct record_issuer left = *(const struct record_issuer *)row->record;
	struct record_path shares =
		record_path_of_texts(RECORD_SHARE, row->key->parts[0].text, unit_code(&left.unit));
	TRY(check_each(check, &shares, take_off_share, &left));
	return check_that_id(check, row, left.exposure == 0 && left.cash == 0 && left.instruments == 0,
		"A8: the merchants of issuer ", " do not add up to what it has");
}

static const struct check_sum kept = {
	.sum = offsetof(struct record_issuer, cash),
	.rows = RECORD_ISSUER_CASH,
	.of = "A8: the merchants of issuer ",
	.what = " do not add up to what it has",
};

/* ---- exposure is what is left of all lots ---- */

static enum recourse_error add_lot(struct check_context *check, const struct check_row *row)
{
	const struct record_entitlement *entitlement = row->record;
	int64_t steps;
	TRY(exposure_value(entitlement, &steps));
	return check_add(check, row->sums, 0, unit_code(&entitlement->currency), steps);
}

static enum recourse_error take_off_merchant(struct check_context *check, const struct check_row *row)
{
	const struct record_collateral *record = row->record;
	return check_add(check, row->sums, 0, unit_code(&record->unit), -record->exposure);
}

static enum recourse_error look_at_lots(struct check_context *check, const struct check_row *row)
{
	struct record_path lots = record_path_of(RECORD_ENTITLEMENT);
	struct record_path merchants = record_path_of(RECORD_COLLATERAL);
	struct check_units sums = {.count = 0};
	(void)row;
	TRY(check_each(check, &lots, add_lot, &sums));
	TRY(check_each(check, &merchants, take_off_merchant, &sums));
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return check_wrong(check, "A8: exposure is not what is left of the lots, in %s",
				sums.rows[index].unit);
	}
	return RECOURSE_OK;
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
