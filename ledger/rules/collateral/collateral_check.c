/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/invariants.h"

#include "books/record_account.h"
#include "books/record_claim.h"
#include "books/record_collateral.h"
#include "books/record_deposit.h"
#include "base/try.h"
#include "books/account.h"
#include "books/clock_subject.h"
#include "rules/collateral/duty.h"
#include "rules/collateral/exposure.h"
#include "rules/collateral/instrument.h"
#include "rule/clock.h"
#include "rule/party.h"
#include "rules/collateral/requirement.h"
#include "rules/collateral/share.h"

/*
 * A2, A8: what secures a merchant is what its accounts say, what is required follows from the policy, a duty is open
 * where something is missing, and what issuers' coverage rests on adds up from the merchants.
 */

/* ---- a merchant ---- */

/* The balances of one code and party in that unit, debit positive; those under "@" secure nobody. */
static enum recourse_error sum_accounts(
	struct replay *replay, enum chart_code code, const struct collateral *collateral, int64_t *sum)
{
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, code);
	struct state_walk walk;
	record_path_text(&prefix, collateral->merchant);
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_account account;
		struct account_name name;
		error = account_name_decode(walk.key, &name);
		invariants_read(walk.value, &account, sizeof account);
		if (error == RECOURSE_OK && slice_equal(name.unit, unit_code(&collateral->record.unit)) &&
			(name.reference.size == 0 || name.reference.data[0] != '@'))
			*sum += account.balance;
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_sums(struct replay *replay, const struct collateral *collateral)
{
	int64_t held = 0;
	int64_t exposure = 0;
	int64_t instruments = 0;
	TRY(sum_accounts(replay, CHART_DEPOSIT, collateral, &held));
	TRY(sum_accounts(replay, CHART_DEPOSIT_FROZEN, collateral, &held));
	TRY(sum_accounts(replay, CHART_DEPOSIT_EXIT, collateral, &held));
	TRY(sum_accounts(replay, CHART_EXPOSURE, collateral, &exposure));
	TRY(instrument_total(replay->core.state, collateral->record.merchant,
		unit_code(&collateral->record.unit), &instruments));
	if (-held != collateral->record.held || exposure != collateral->record.exposure ||
		instruments != collateral->record.instruments)
		return replay_wrong(replay,
			"A2: what secures merchant %.*s is not what its accounts and instruments say",
			SLICE_ARGUMENTS(collateral->merchant));
	return RECOURSE_OK;
}

/* What the policy asks for, from the exposure accounts anew; and each issuer's share. */
struct derived {
	struct replay *replay;
	struct decision *decision;
	const struct collateral *collateral;
	struct requirement requirement;
};

static enum recourse_error derive_issuer(
	struct derived *derived, slice issuer, const struct record_account *account)
{
	const struct record_collateral *record = &derived->collateral->record;
	struct record_path path = record_path_of_texts(RECORD_SHARE, issuer, unit_code(&record->unit));
	struct record_share share;
	struct record_share expected;
	record_path_text(&path, derived->collateral->merchant);
	enum recourse_error error = record_get(derived->replay->core.state, &path, &share, sizeof share);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	share_of(record, account->balance, &expected);
	if (error != RECOURSE_OK || share.cash != expected.cash || share.instruments != expected.instruments)
		return replay_wrong(derived->replay,
			"A8: issuer %.*s has another share in merchant %.*s than its exposure",
			SLICE_ARGUMENTS(issuer), SLICE_ARGUMENTS(derived->collateral->merchant));
	return requirement_add(derived->decision, &derived->requirement, issuer, account->balance);
}

static enum recourse_error derive(struct derived *derived)
{
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, CHART_EXPOSURE);
	struct state_walk walk;
	record_path_text(&prefix, derived->collateral->merchant);
	enum recourse_error error = state_walk_first(
		&walk, derived->replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_account account;
		struct account_name name;
		error = account_name_decode(walk.key, &name);
		invariants_read(walk.value, &account, sizeof account);
		if (error == RECOURSE_OK &&
			slice_equal(name.unit, unit_code(&derived->collateral->record.unit)))
			error = derive_issuer(derived, name.reference, &account);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_requirement(
	struct replay *replay, struct decision *decision, const struct collateral *collateral)
{
	struct derived derived = {.replay = replay, .decision = decision, .collateral = collateral};
	struct collateral expected = *collateral;
	enum recourse_error error = requirement_open(decision, collateral, &derived.requirement);
	if (error == RECOURSE_OK)
		error = derive(&derived);
	if (error == RECOURSE_OK)
		error = requirement_close(&derived.requirement, &expected);
	if (error != RECOURSE_OK)
		return error;
	if (expected.record.required != collateral->record.required ||
		expected.record.gross != collateral->record.gross)
		return replay_wrong(replay,
			"A2: what is required of merchant %.*s is not what its policy asks for",
			SLICE_ARGUMENTS(collateral->merchant));
	return RECOURSE_OK;
}

/* The entry that set the clock of a duty opened it; none, once it has struck. */
static enum recourse_error read_clock(
	struct state_view *view, const struct record_collateral *record, uint64_t *entry)
{
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	slice subject = clock_subject_of_party(unit_code(&record->unit), record->merchant, text);
	struct record_path path = record_deadline_path(record->due, CLOCK_TOP_UP, subject);
	return record_get_optional(view, &path, entry, sizeof *entry, NULL);
}

static enum recourse_error check_duty(struct replay *replay, const struct collateral *collateral)
{
	const struct record_collateral *record = &collateral->record;
	struct record_path home =
		record_path_of_texts(RECORD_DEPOSIT, collateral->merchant, unit_code(&record->unit));
	struct record_deposit deposit;
	uint64_t clock;
	TRY(record_get_optional(replay->core.state, &home, &deposit, sizeof deposit, NULL));
	TRY(read_clock(replay->core.state, record, &clock));
	bool leaving = deposit.state == DEPOSIT_EXIT_HOLD || deposit.state == DEPOSIT_REFUNDED;
	bool owed = record->policy_version != 0 && !leaving && record->required > record->held;
	if ((record->duty != 0) != owed || clock != (record->restricted == 0 ? record->duty : 0) ||
		(record->shortfall > 0) != owed ||
		(owed && record->shortfall != record->required - record->held) ||
		(record->restricted != 0 && !owed))
		return replay_wrong(replay, "A2: merchant %.*s has a duty and no gap, or a gap and no duty",
			SLICE_ARGUMENTS(collateral->merchant));
	return RECOURSE_OK;
}

static enum recourse_error check_security(struct replay *replay, slice key, slice value, void *context)
{
	struct recourse_refusal refusal;
	struct decision decision = {
		.state = replay->core.state, .arena = &replay->arena, .refusal = &refusal};
	struct collateral collateral = {
		.merchant = slice_of(key.data + 2, strnlen((const char *)key.data + 2, key.size - 2))};
	(void)context;
	invariants_read(value, &collateral.record, sizeof collateral.record);
	TRY(check_sums(replay, &collateral));
	TRY(check_requirement(replay, &decision, &collateral));
	return check_duty(replay, &collateral);
}

/* ---- an issuer ---- */

static enum recourse_error sum_shares(struct replay *replay, slice issuer, slice unit, size_t prefix_size,
	struct record_path prefix, int64_t *exposure, struct record_share *sum)
{
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_account account;
		struct record_share share;
		slice merchant = slice_of(walk.key.data + prefix_size, walk.key.size - prefix_size - 1);
		invariants_read(walk.value, &share, sizeof share);
		error = account_get(replay->core.state, CHART_EXPOSURE, merchant, issuer, unit, &account);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			error = RECOURSE_STORE_CORRUPT;
		if (error != RECOURSE_OK)
			break;
		*exposure += account.balance;
		sum->cash += share.cash;
		sum->instruments += share.instruments;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error sum_cash(struct replay *replay, struct record_path prefix, int64_t *sum)
{
	struct state_walk walk;
	prefix.bytes[1] = RECORD_ISSUER_CASH & 0xFF;
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		int64_t cash;
		invariants_read(walk.value, &cash, sizeof cash);
		*sum += cash;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_issuer(struct replay *replay, slice key, slice value, void *context)
{
	struct record_issuer record;
	struct record_share sum = {0};
	struct record_path prefix = {.size = key.size};
	int64_t exposure = 0;
	int64_t cash = 0;
	slice issuer = slice_of(key.data + 2, strnlen((const char *)key.data + 2, key.size - 2));
	(void)context;
	invariants_read(value, &record, sizeof record);
	memcpy(prefix.bytes, key.data, key.size);
	prefix.bytes[1] = RECORD_SHARE & 0xFF;
	TRY(sum_shares(replay, issuer, unit_code(&record.unit), prefix.size, prefix, &exposure, &sum));
	TRY(sum_cash(replay, prefix, &cash));
	if (exposure != record.exposure || sum.instruments != record.instruments || sum.cash != cash ||
		sum.cash != record.cash)
		return replay_wrong(replay, "A8: the merchants of issuer %.*s do not add up to what it has",
			SLICE_ARGUMENTS(issuer));
	return RECOURSE_OK;
}

/* ---- lots ---- */

enum { LOT_UNITS_MAX = 256 };
struct lot_sums {
	size_t count;
	struct {
		struct unit unit;
		__int128 sum;
	} rows[LOT_UNITS_MAX];
};

static enum recourse_error add_lot(
	struct replay *replay, struct lot_sums *sums, const struct unit *unit, int64_t steps)
{
	size_t index = 0;
	while (index < sums->count && !unit_same(&sums->rows[index].unit, unit))
		index++;
	if (index == LOT_UNITS_MAX)
		return replay_wrong(replay, "more than %d currencies of lots: the audit can not add them up",
			LOT_UNITS_MAX);
	if (index == sums->count)
		sums->rows[sums->count++].unit = *unit;
	sums->rows[index].sum += steps;
	return RECOURSE_OK;
}

static enum recourse_error check_lot(struct replay *replay, slice key, slice value, void *context)
{
	struct record_entitlement entitlement;
	int64_t steps;
	(void)key;
	invariants_read(value, &entitlement, sizeof entitlement);
	TRY(exposure_value(&entitlement, &steps));
	return add_lot(replay, context, &entitlement.currency, steps);
}

static enum recourse_error subtract_exposure(struct replay *replay, slice key, slice value, void *context)
{
	struct record_collateral record;
	(void)key;
	invariants_read(value, &record, sizeof record);
	return add_lot(replay, context, &record.unit, -record.exposure);
}

enum recourse_error collateral_check(struct replay *replay)
{
	struct lot_sums sums = {0};
	TRY(invariants_walk(replay, RECORD_COLLATERAL, check_security, NULL));
	TRY(invariants_walk(replay, RECORD_ISSUER, check_issuer, NULL));
	TRY(invariants_walk(replay, RECORD_ENTITLEMENT, check_lot, &sums));
	TRY(invariants_walk(replay, RECORD_COLLATERAL, subtract_exposure, &sums));
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return replay_wrong(replay, "A8: exposure is not what is left of the lots, in %.*s",
				SLICE_ARGUMENTS(unit_code(&sums.rows[index].unit)));
	}
	return RECOURSE_OK;
}
