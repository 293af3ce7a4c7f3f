/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

#include "books/record_account.h"
#include "books/record_deposit.h"
#include "books/record_party.h"
#include "base/try.h"
#include "books/account.h"
#include "rules/collateral/coverage.h"
#include "rules/collateral/duty.h"
#include "rules/collateral/requirement.h"

struct record_path collateral_path(slice merchant, slice unit)
{
	struct record_path path = record_path_of_text(RECORD_COLLATERAL, merchant);
	record_path_text(&path, unit);
	return path;
}

struct record_path collateral_share_path(slice issuer, slice unit, slice merchant)
{
	struct record_path path = record_path_of_text(RECORD_SHARE, issuer);
	record_path_text(&path, unit);
	record_path_text(&path, merchant);
	return path;
}

struct record_path collateral_issuer_path(slice issuer, slice unit)
{
	struct record_path path = record_path_of_text(RECORD_ISSUER, issuer);
	record_path_text(&path, unit);
	return path;
}

enum recourse_error collateral_load(
	struct decision *decision, slice merchant, const struct unit *unit, struct collateral *collateral)
{
	struct record_path path = collateral_path(merchant, unit_code(unit));
	struct record_party party;
	memset(collateral, 0, sizeof *collateral);
	collateral->merchant = merchant;
	enum recourse_error error =
		record_get(decision->state, &path, &collateral->record, sizeof collateral->record);
	if (error == RECOURSE_QUERY_NOT_FOUND) {
		error = decision_party(decision, "merchant", merchant, &party);
		collateral->record.merchant = party.number;
		collateral->record.unit = *unit;
	}
	collateral->before = collateral->record;
	return error;
}

static enum recourse_error read_known(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_collateral *record)
{
	struct record_path path = collateral_path(merchant, unit_code(unit));
	enum recourse_error error = record_get(decision->state, &path, record, sizeof *record);
	if (error == RECOURSE_QUERY_NOT_FOUND) {
		memset(record, 0, sizeof *record);
		return RECOURSE_OK;
	}
	return error;
}

enum recourse_error collateral_unrestricted(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit)
{
	struct record_collateral record;
	TRY(read_known(decision, merchant, unit, &record));
	if (record.restricted != 0)
		return refusal_entry(decision->refusal, RECOURSE_NOT_PERMITTED, field, record.restricted);
	return RECOURSE_OK;
}

enum recourse_error collateral_required(
	struct decision *decision, slice merchant, const struct unit *unit, bool *required)
{
	struct record_collateral record;
	enum recourse_error error = read_known(decision, merchant, unit, &record);
	*required = error == RECOURSE_OK && record.policy_version != 0;
	return error;
}

/* ---- shares: what of a merchant's security is each issuer's ---- */

struct spread {
	size_t count;
	struct {
		slice issuer;
		int64_t exposure;
	} rows[COLLATERAL_ISSUERS_MAX];
};

static enum recourse_error add_spread_row(
	struct decision *decision, const struct state_walk *walk, slice unit, struct spread *spread)
{
	struct record_account account = {0};
	struct account_name name;
	enum recourse_error error = account_name_decode(walk->key, &name);
	if (error != RECOURSE_OK || walk->value.size > sizeof account)
		return RECOURSE_STORE_CORRUPT;
	if (!slice_equal(name.unit, unit))
		return RECOURSE_OK;
	memcpy(&account, walk->value.data, walk->value.size);
	uint8_t *copy = arena_allocate(decision->arena, name.reference.size);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	if (spread->count == COLLATERAL_ISSUERS_MAX)
		return RECOURSE_STORE_CORRUPT;
	memcpy(copy, name.reference.data, name.reference.size);
	spread->rows[spread->count].issuer = slice_of(copy, name.reference.size);
	spread->rows[spread->count++].exposure = account.balance;
	return RECOURSE_OK;
}

/* The exposure accounts of the merchant: few, and there is one for each issuer. */
static enum recourse_error list_issuers(
	struct decision *decision, const struct collateral *collateral, struct spread *spread)
{
	slice unit = unit_code(&collateral->record.unit);
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, CHART_EXPOSURE);
	struct state_walk walk;
	record_path_text(&prefix, collateral->merchant);
	spread->count = 0;
	enum recourse_error error = state_walk_first(
		&walk, decision->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = add_spread_row(decision, &walk, unit, spread);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error add_issuer_cash(
	struct decision *decision, const struct collateral *collateral, slice issuer, int64_t steps)
{
	struct record_path path = record_path_of_text(RECORD_ISSUER_CASH, issuer);
	int64_t cash = 0;
	record_path_text(&path, unit_code(&collateral->record.unit));
	record_path_short(&path, collateral->record.custodian);
	if (steps == 0)
		return RECOURSE_OK;
	enum recourse_error error = record_get(decision->state, &path, &cash, sizeof cash);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	error = amount_add_steps(cash, steps, &cash);
	return error == RECOURSE_OK ? decision_put(decision, &path, &cash, sizeof cash) : error;
}

/* Whatever is summed over an issuer's merchants fits in 64 bits, or what would be too much is refused. */
static enum recourse_error add_issuer(struct decision *decision, const struct collateral *collateral,
	slice issuer, int64_t exposure, const struct record_share *share)
{
	struct record_path path = collateral_issuer_path(issuer, unit_code(&collateral->record.unit));
	struct record_party party;
	struct record_issuer record;
	enum recourse_error error = record_get(decision->state, &path, &record, sizeof record);
	if (error == RECOURSE_QUERY_NOT_FOUND) {
		error = decision_party(decision, "issuer", issuer, &party);
		record = (struct record_issuer){.unit = collateral->record.unit, .issuer = party.number};
	}
	if (error == RECOURSE_OK)
		error = amount_add_steps(record.exposure, exposure, &record.exposure);
	if (error == RECOURSE_OK)
		error = amount_add_steps(record.cash, share->cash, &record.cash);
	if (error == RECOURSE_OK)
		error = amount_add_steps(record.instruments, share->instruments, &record.instruments);
	return error == RECOURSE_OK ? decision_put(decision, &path, &record, sizeof record) : error;
}

/* Pro rata by exposure, rounded down. */
static int64_t part_of(int64_t whole, int64_t exposure, int64_t total)
{
	return total == 0 ? 0 : (int64_t)((__int128)whole * exposure / total);
}

void collateral_share(const struct record_collateral *record, int64_t exposure, struct record_share *share)
{
	share->cash = part_of(record->held, exposure, record->exposure);
	share->instruments = part_of(record->instruments, exposure, record->exposure);
}

static enum recourse_error put_share(
	struct decision *decision, const struct collateral *collateral, slice issuer, int64_t exposure)
{
	const struct record_collateral *record = &collateral->record;
	struct record_path path =
		collateral_share_path(issuer, unit_code(&record->unit), collateral->merchant);
	struct record_share share;
	struct record_share old = {0};
	collateral_share(record, exposure, &share);
	enum recourse_error error = record_get(decision->state, &path, &old, sizeof old);
	bool known = error == RECOURSE_OK;
	if (!known && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	if (known && memcmp(&old, &share, sizeof old) == 0)
		return RECOURSE_OK;
	const struct record_share more = {share.cash - old.cash, share.instruments - old.instruments};
	error = decision_put(decision, &path, &share, sizeof share);
	if (error == RECOURSE_OK)
		error = add_issuer_cash(decision, collateral, issuer, more.cash);
	if (error == RECOURSE_OK && (more.cash != 0 || more.instruments != 0))
		error = add_issuer(decision, collateral, issuer, 0, &more);
	return error;
}

/* Shares that differ, what the policy asks for each issuer, and whether coverage crosses a threshold. */
static enum recourse_error spread_over(
	struct decision *decision, struct collateral *collateral, const struct spread *spread)
{
	struct requirement requirement;
	enum recourse_error error = requirement_open(decision, collateral, &requirement);
	for (size_t row = 0; error == RECOURSE_OK && row < spread->count; row++) {
		slice issuer = spread->rows[row].issuer;
		error = put_share(decision, collateral, issuer, spread->rows[row].exposure);
		if (error == RECOURSE_OK)
			error = requirement_add(decision, &requirement, issuer, spread->rows[row].exposure);
		if (error == RECOURSE_OK)
			error = coverage_follow(decision, issuer, &collateral->record.unit);
	}
	return error == RECOURSE_OK ? requirement_close(&requirement, collateral) : error;
}

/* With one issuer, all is its own: a sale changes no share but for the first, and there is nothing to walk. */
static bool is_plain_sale(const struct collateral *collateral)
{
	const struct record_collateral *now = &collateral->record;
	const struct record_collateral *before = &collateral->before;
	return collateral->issuer.size > 0 && now->issuers == 1 && before->issuers == 1 &&
	       now->held == before->held && now->instruments == before->instruments && before->exposure > 0 &&
	       now->exposure > 0;
}

enum recourse_error collateral_save(struct decision *decision, struct collateral *collateral)
{
	struct record_path path = collateral_path(collateral->merchant, unit_code(&collateral->record.unit));
	struct spread spread = {.count = 1};
	enum recourse_error error = RECOURSE_OK;
	spread.rows[0].issuer = collateral->issuer;
	spread.rows[0].exposure = collateral->record.exposure;
	if (!is_plain_sale(collateral))
		error = list_issuers(decision, collateral, &spread);
	if (error == RECOURSE_OK)
		error = spread_over(decision, collateral, &spread);
	if (error == RECOURSE_OK)
		error = duty_follow(decision, collateral);
	if (error == RECOURSE_OK)
		error = decision_put(decision, &path, &collateral->record, sizeof collateral->record);
	return error == RECOURSE_OVERFLOW
		       ? refusal_field(decision->refusal, error, NULL, "64 bits for a merchant and an issuer")
		       : error;
}

enum recourse_error collateral_refresh(struct decision *decision, slice merchant, const struct unit *unit)
{
	struct collateral collateral = {.merchant = merchant};
	enum recourse_error error = read_known(decision, merchant, unit, &collateral.record);
	if (error != RECOURSE_OK || collateral.record.merchant == 0)
		return error;
	collateral.before = collateral.record;
	return collateral_save(decision, &collateral);
}

enum recourse_error collateral_instruments(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct collateral collateral;
	enum recourse_error error = collateral_load(decision, merchant, unit, &collateral);
	if (error == RECOURSE_OK)
		error = amount_add_steps(
			collateral.record.instruments, steps, &collateral.record.instruments);
	if (error == RECOURSE_OVERFLOW)
		return refusal_field(decision->refusal, error, "limit", "64 bits for a merchant");
	return error == RECOURSE_OK ? collateral_save(decision, &collateral) : error;
}

/* ---- what an entry's postings say ---- */

/* What is promised to somebody, or not there in cash yet, stands under the entry that did so and secures nobody. */
static bool is_deposit(const struct account_posting *posting)
{
	bool deposit = posting->code == CHART_DEPOSIT || posting->code == CHART_DEPOSIT_FROZEN ||
		       posting->code == CHART_DEPOSIT_EXIT;
	return deposit && (posting->reference.size == 0 || posting->reference.data[0] != '@');
}

static bool concerns(const struct account_posting *posting, const struct account_posting *other)
{
	return (is_deposit(other) || other->code == CHART_EXPOSURE) &&
	       slice_equal(posting->party, other->party) && unit_same(&posting->unit, &other->unit);
}

/* The custodian is the deposit's for good. */
static enum recourse_error find_custodian(struct decision *decision, struct collateral *collateral)
{
	struct record_path path = record_path_of_texts(
		RECORD_DEPOSIT, collateral->merchant, unit_code(&collateral->record.unit));
	struct record_deposit deposit;
	if (collateral->record.custodian != 0)
		return RECOURSE_OK;
	enum recourse_error error = record_get(decision->state, &path, &deposit, sizeof deposit);
	if (error == RECOURSE_OK)
		collateral->record.custodian = deposit.custodian;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error follow_exposure(
	struct decision *decision, const struct account_posting *posting, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_account account;
	slice issuer = posting->reference;
	enum recourse_error error = account_get(
		decision->state, CHART_EXPOSURE, posting->party, issuer, unit_code(&posting->unit), &account);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	if (account.postings == 1 && ++record->issuers > COLLATERAL_ISSUERS_MAX)
		return refusal_limit(decision->refusal, RECOURSE_FIELD_LIMIT, "issuer",
			"%d issuers of a merchant", COLLATERAL_ISSUERS_MAX);
	collateral->issuer = issuer;
	TRY(amount_add_steps(record->exposure, posting->steps, &record->exposure));
	return add_issuer(decision, collateral, issuer, posting->steps, &(struct record_share){0});
}

static enum recourse_error follow_posting(
	struct decision *decision, const struct account_posting *posting, struct collateral *collateral)
{
	if (posting->code == CHART_EXPOSURE)
		return follow_exposure(decision, posting, collateral);
	TRY(find_custodian(decision, collateral));
	return amount_add_steps(collateral->record.held, -posting->steps, &collateral->record.held);
}

/* All of the entry's postings that concern the merchant and unit of this one, which is the first of them. */
static enum recourse_error follow_merchant(struct decision *decision, size_t first)
{
	const struct account_posting *posting = &decision->postings[first];
	struct collateral collateral;
	size_t sales = 0;
	enum recourse_error error = collateral_load(decision, posting->party, &posting->unit, &collateral);
	for (size_t index = first; error == RECOURSE_OK && index < decision->posting_count; index++) {
		const struct account_posting *other = &decision->postings[index];
		if (!concerns(posting, other))
			continue;
		sales += other->code == CHART_EXPOSURE;
		error = follow_posting(decision, other, &collateral);
	}
	if (error == RECOURSE_OVERFLOW)
		return refusal_field(decision->refusal, error, NULL, "64 bits for a merchant and an issuer");
	if (sales != 1)
		collateral.issuer = slice_text("");
	return error == RECOURSE_OK ? collateral_save(decision, &collateral) : error;
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
