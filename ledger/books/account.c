/* SPDX-License-Identifier: Apache-2.0 */
#include "books/account.h"

#include "base/amount.h"
#include "proof/note.h"

#include <assert.h>
#include <stdio.h>

struct record_path account_path(int64_t code, slice party, slice reference, slice unit)
{
	struct record_path path;
	record_path_start(&path, RECORD_ACCOUNT);
	record_path_short(&path, (uint32_t)code);
	record_path_text(&path, party);
	record_path_text(&path, reference);
	record_path_text(&path, unit);
	return path;
}

enum recourse_error account_balance(struct state_view *view, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps)
{
	struct record_path path = account_path(code, party, reference, unit_code(unit));
	struct record_account account;
	TRY(record_get_optional(view, &path, &account, sizeof account, NULL));
	*steps = account_shown(code, account.balance);
	return RECOURSE_OK;
}

bool account_is_summed(int64_t code)
{
	return code == CHART_DEPOSIT_FROZEN || code == CHART_DEPOSIT_EXIT;
}

struct record_path account_sum_path(int64_t code, slice party, slice unit)
{
	struct record_path path;
	record_path_start(&path, RECORD_ACCOUNT_SUM);
	record_path_short(&path, (uint32_t)code);
	record_path_text(&path, party);
	record_path_text(&path, unit);
	return path;
}

/* Reads it, or begins one. */
static enum recourse_error open_account(struct state_view *view, const struct record_path *path,
	const struct unit *unit, struct record_account *account)
{
	uint64_t number;
	bool there;
	TRY(record_get_optional(view, path, account, sizeof *account, &there));
	if (there)
		return RECOURSE_OK;
	TRY(record_count(view, RECORD_ACCOUNT, &number));
	assert(number <= UINT32_MAX);
	*account = (struct record_account){
		.number = (uint32_t)number, .digits = unit->digits, .step = unit->step};
	return RECOURSE_OK;
}

static enum recourse_error refuse(const struct account_posting *posting, const struct record_account *account,
	enum chart_side side, struct recourse_refusal *refusal)
{
	struct account_name name = {
		posting->code, posting->party, posting->reference, unit_code(&posting->unit)};
	int64_t available = side == CHART_DEBIT ? account->balance : -account->balance;
	int64_t needed = posting->steps < 0 ? -posting->steps : posting->steps;
	account_name_format(&name, refusal->account, sizeof refusal->account);
	return refusal_amount(refusal, RECOURSE_INSUFFICIENT, NULL, &posting->unit, needed, available);
}

static enum recourse_error move(struct state_view *view, const struct record_path *path, uint64_t entry,
	const struct account_posting *posting, struct recourse_refusal *refusal)
{
	const struct chart_row *row = chart_find(posting->code);
	struct record_account account;
	assert(row != NULL && posting->steps != 0);
	TRY(open_account(view, path, &posting->unit, &account));

	int64_t balance;
	if (amount_add_steps(account.balance, posting->steps, &balance) != RECOURSE_OK ||
		balance == INT64_MIN) /* of it there is no negative: it could not be shown */
		return refusal_field(refusal, RECOURSE_OVERFLOW, NULL, "balances within 64 bits");
	if (row->side == CHART_DEBIT ? balance < 0 : balance > 0)
		return refuse(posting, &account, row->side, refusal);

	TRY(history_append(view, &account, entry, posting->steps));
	account.balance = balance;
	account.debits += posting->steps > 0 ? posting->steps : 0;
	account.last_entry = entry;
	account.postings++;
	return record_put(view, path, &account, sizeof account);
}

enum recourse_error account_apply(struct state_view *view, uint64_t entry,
	const struct account_posting *posting, struct recourse_refusal *refusal)
{
	slice unit = unit_code(&posting->unit);
	struct record_path path = account_path(posting->code, posting->party, posting->reference, unit);
	TRY(move(view, &path, entry, posting, refusal));
	if (!account_is_summed(posting->code))
		return RECOURSE_OK;
	struct record_path sum = account_sum_path(posting->code, posting->party, unit);
	return move(view, &sum, entry, posting, refusal);
}

enum recourse_error account_balance_at(
	struct state_view *view, uint32_t number, uint64_t entry, int64_t *balance)
{
	struct history_point point;
	TRY(history_at(view, number, entry, &point));
	*balance = point.balance;
	return RECOURSE_OK;
}

struct account_name account_name(const struct table_key *key)
{
	return (struct account_name){
		.code = (uint16_t)key->parts[0].number,
		.party = key->parts[1].text,
		.reference = key->parts[2].text,
		.unit = key->parts[3].text,
	};
}

enum recourse_error account_name_decode(slice key, struct account_name *name)
{
	struct table_key read;
	if (tables_of(key) != tables_at(RECORD_ACCOUNT))
		return RECOURSE_STORE_CORRUPT;
	TRY(tables_shape_read_key(tables_at(RECORD_ACCOUNT), key, &read));
	*name = account_name(&read);
	return RECOURSE_OK;
}

void account_name_format(const struct account_name *name, char *text, size_t size)
{
	snprintf(text, size, "%u/%.*s/%.*s/%.*s", name->code, SLICE_ARGUMENTS(name->party),
		SLICE_ARGUMENTS(name->reference), SLICE_ARGUMENTS(name->unit));
}

int64_t account_shown(int64_t code, int64_t balance)
{
	const struct chart_row *row = chart_find(code);
	return row != NULL && row->side == CHART_CREDIT ? -balance : balance;
}

struct unit account_unit(const struct record_account *account, slice code)
{
	struct unit unit = {.digits = (uint8_t)account->digits, .step = (uint32_t)account->step};
	assert(code.size <= UNIT_CODE_SIZE);
	memcpy(unit.code, code.data, code.size);
	return unit;
}

enum recourse_error account_reference_make(struct arena *arena, uint64_t entry, slice *reference)
{
	char text[22];
	snprintf(text, sizeof text, "@%llu", (unsigned long long)entry);
	return arena_copy(arena, slice_text(text), reference);
}

bool account_reference_read(slice reference, uint64_t *entry)
{
	return account_reference_waits(reference) &&
	       note_number(slice_of(reference.data + 1, reference.size - 1), entry) == RECOURSE_OK;
}

bool account_reference_waits(slice reference)
{
	return reference.size > 0 && reference.data[0] == '@';
}

/* ---- walks ---- */

bool account_walk_has(const struct account_walk *walk, const struct account_name *name)
{
	return (walk->code == 0 || walk->code == name->code) &&
	       (!walk->one_party || slice_equal(walk->party, name->party));
}

/* The chart's row of the account to begin with; one behind the last for no account of this walk. */
static size_t row_of(const struct account_walk *walk, slice from)
{
	struct account_name name;
	bool has = account_name_decode(from, &name) == RECOURSE_OK && account_walk_has(walk, &name);
	size_t row = 0;
	while (chart_at(row) != NULL && !(has && chart_at(row)->code == name.code))
		row++;
	return row;
}

static void enter_row(struct account_walk *walk, uint16_t code)
{
	struct record_path prefix = record_path_of_short(RECORD_ACCOUNT, code);
	if (walk->one_party)
		record_path_text(&prefix, walk->party);
	walk->walk = record_walk_from(walk->view, &prefix, &walk->from, STATE_UP);
	walk->within = true;
	walk->from.size = 0;
}

bool account_walk_next(struct account_walk *walk)
{
	const struct chart_row *row;
	if (walk->from.size > 0)
		walk->chart = row_of(walk, record_path_slice(&walk->from));
	for (; walk->error == RECOURSE_OK && (row = chart_at(walk->chart)) != NULL; walk->chart++) {
		if (walk->code != 0 && row->code != walk->code)
			continue;
		if (!walk->within)
			enter_row(walk, row->code);
		if (record_walk_next(&walk->walk, &walk->account, sizeof walk->account)) {
			walk->name = account_name(&walk->walk.key);
			walk->key = walk->walk.bytes;
			return true;
		}
		walk->error = walk->walk.error;
		account_walk_end(walk);
	}
	return false;
}

void account_walk_end(struct account_walk *walk)
{
	if (walk->within)
		record_walk_end(&walk->walk);
	walk->within = false;
}
