/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral_view.h"

#include "base/try.h"
#include "rules/incident/default_signal.h"
#include "base/instant.h"
#include "rule/party.h"
#include "rules/collateral/requirement.h"
#include "rules/collateral/collateral.h"

/*
 * What is required of merchants against what they hold (A2), and what is to be paid back (A3). Countdowns are as of
 * the last entry: no clock of a reader's host comes into it.
 */
static const char *const yes_no[] = {"no", "yes", NULL};
enum { REQUIREMENTS_MERCHANT, REQUIREMENTS_SHORT, REQUIREMENTS_FROM, REQUIREMENTS_LIMIT };
static const struct recourse_field requirements_fields[] = {
	[REQUIREMENTS_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[REQUIREMENTS_SHORT] = FIELD_OPTIONAL_CHOICE(
		"short", yes_no, "yes: those with a duty to top up only, the most urgent first"),
	[REQUIREMENTS_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[REQUIREMENTS_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most rows of a page"),
};

/* ---- one merchant and unit ---- */

static void write_duty(const struct record_collateral *record, uint64_t now, struct buffer *out)
{
	item_write_pair_integer(out, "duty", (int64_t)record->duty);
	query_pair_time(out, "due", record->due);
	query_pair_countdown(out, "due_seconds", record->due, now);
	if (record->restricted != 0)
		item_write_pair_integer(out, "restricted", (int64_t)record->restricted);
}

static enum recourse_error write_signal(struct query *query, slice merchant, struct buffer *out)
{
	struct record_signal signal;
	enum recourse_error error = default_signal_read(query->state, merchant, &signal);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	item_write_pair_integer(out, "signal", (int64_t)signal.entry);
	item_write_pair_text(out, "signal_reason", RECORD_TEXT(signal.reason));
	return RECOURSE_OK;
}

static const char *standing_of(const struct record_collateral *record)
{
	if (record->policy_version == 0)
		return "not required";
	if (record->restricted != 0)
		return "restricted";
	return record->shortfall > 0 ? "short" : "met";
}

enum recourse_error collateral_view_row(
	struct query *query, const struct record_collateral *record, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	const struct unit *unit = &record->unit;
	slice merchant;
	enum recourse_error error = party_name(query->state, query->arena, record->merchant, &merchant);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_text(out, "unit", unit_code(unit));
	item_write_pair_text(out, "standing", slice_text(standing_of(record)));
	query_pair_amount(out, "required", unit, record->required);
	query_pair_amount(out, "held", unit, record->held);
	query_pair_amount(out, "shortfall", unit, record->shortfall);
	query_pair_amount(out, "exposure", unit, record->exposure);
	query_pair_amount(out, "instruments", unit, record->instruments);
	query_pair_amount(out, "before_offset", unit, record->gross);
	item_write_pair_text(out, "policy", RECORD_TEXT(record->policy));
	item_write_pair_integer(out, "version", record->policy_version);
	if (record->duty != 0)
		write_duty(record, now, out);
	if (record->withdrawal != 0)
		item_write_pair_integer(out, "withdrawal", (int64_t)record->withdrawal);
	error = write_signal(query, merchant, out);
	item_map_close(map, out);
	list->count++;
	return error;
}

static enum recourse_error read_security(
	struct query *query, const struct record_path *path, struct record_collateral *record)
{
	enum recourse_error error = record_get(query->state, path, record, sizeof *record);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

/* ---- report.requirements ---- */

/* The key of a duty: table, due, merchant, unit. What follows the instant is the key of what is short. */
static struct record_path collateral_of_duty(slice key)
{
	enum { MERCHANT = 2 + 8 };
	struct record_path path;
	record_path_start(&path, RECORD_COLLATERAL);
	if (key.size > MERCHANT) {
		memcpy(path.bytes + path.size, key.data + MERCHANT, key.size - MERCHANT);
		path.size += key.size - MERCHANT;
	}
	return path;
}

static enum recourse_error write_row(
	struct query *query, const struct state_walk *walk, uint64_t now, struct query_list *list)
{
	struct record_collateral record = {0};
	if (record_path_table(walk->key) == RECORD_DUTY) {
		struct record_path path = collateral_of_duty(walk->key);
		TRY(read_security(query, &path, &record));
		return collateral_view_row(query, &record, now, list);
	}
	if (walk->value.size > sizeof record)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&record, walk->value.data, walk->value.size);
	return collateral_view_row(query, &record, now, list);
}

/* Whose: the one that is asked for, or the key's own where it may not see all. */
static enum recourse_error find_prefix(struct query *query, struct record_path *prefix)
{
	const struct value *merchant = &query->values[REQUIREMENTS_MERCHANT];
	bool urgent = query->values[REQUIREMENTS_SHORT].integer == 1;
	bool all = (query->actor->roles & QUERY_READ_ALL) != 0;
	struct record_path probe;
	struct state_walk walk;
	record_path_start(prefix, RECORD_COLLATERAL);
	if (!merchant->present && all) {
		record_path_start(prefix, urgent ? RECORD_DUTY : RECORD_COLLATERAL);
		return RECOURSE_OK;
	}
	if (urgent)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "short",
			"without merchant, and for who reads all");
	slice id = merchant->present ? merchant->text : query->actor->party;
	if (!query_sees(query, id))
		return query_absent(query, "merchant");
	record_path_text(prefix, id);
	probe = *prefix;
	enum recourse_error error =
		state_walk_first(&walk, query->state, record_path_slice(&probe), slice_of(NULL, 0), STATE_UP);
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(query, "merchant") : error;
}

static enum recourse_error run_requirements(struct query *query)
{
	struct record_path prefix;
	struct query_cursor page = {0};
	struct query_list list = {0};
	uint64_t now;
	enum recourse_error error = query_now(query, &now);
	if (error == RECOURSE_OK)
		error = find_prefix(query, &prefix);
	if (error != RECOURSE_OK)
		return error;
	error = query_cursor_first(
		query, &page, &prefix, &query->values[REQUIREMENTS_FROM], &query->values[REQUIREMENTS_LIMIT]);
	struct item_map map = item_map_open(query->out);
	while (error == RECOURSE_OK) {
		error = write_row(query, &page.walk, now, &list);
		if (error == RECOURSE_OK)
			error = query_cursor_next(query, &page);
	}
	query_integer(query, "as_of_entry", query->entries - 1);
	query_list_close(query, "requirements", &list);
	error = query_cursor_end(query, &page, error);
	item_map_close(map, query->out);
	return error;
}

/* ---- withdrawals ---- */

static const char *const withdrawal_states[] = {
	[WITHDRAWAL_REQUESTED] = "requested",
	[WITHDRAWAL_PAID] = "paid",
	[WITHDRAWAL_CANCELLED] = "cancelled",
};

static enum recourse_error write_withdrawal(struct query *query, uint64_t entry,
	const struct record_withdrawal *record, slice merchant, struct buffer *out)
{
	uint64_t now;
	TRY(query_now(query, &now));
	item_write_pair_integer(out, "withdrawal", (int64_t)entry);
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_text(out, "unit", unit_code(&record->unit));
	query_pair_amount(out, "amount", &record->unit, record->amount);
	item_write_pair_text(out, "state", slice_text(withdrawal_states[record->state]));
	query_pair_time(out, "requested", record->requested);
	if (record->state == WITHDRAWAL_REQUESTED)
		item_write_pair_integer(
			out, "age_hours", (int64_t)((now - record->requested) / INSTANT_HOUR));
	else
		item_write_pair_integer(out, "closed_entry", (int64_t)record->closed_entry);
	return RECOURSE_OK;
}

enum { WITHDRAWAL_WITHDRAWAL };
static const struct recourse_field withdrawal_fields[] = {
	[WITHDRAWAL_WITHDRAWAL] = FIELD_INTEGER("withdrawal", 1, INT64_MAX, "the entry that requested it"),
};

/* The merchant, and the custodian who is to pay it. */
static enum recourse_error sees_withdrawal(
	struct query *query, const struct record_withdrawal *record, slice merchant)
{
	struct record_path path = collateral_path(merchant, unit_code(&record->unit));
	struct record_collateral collateral;
	slice custodian;
	if (query_sees(query, merchant))
		return RECOURSE_OK;
	TRY(read_security(query, &path, &collateral));
	TRY(party_name(query->state, query->arena, collateral.custodian, &custodian));
	return query_sees(query, custodian) ? RECOURSE_OK : query_absent(query, "withdrawal");
}

static enum recourse_error run_withdrawal(struct query *query)
{
	uint64_t entry = (uint64_t)query->values[WITHDRAWAL_WITHDRAWAL].integer;
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, entry);
	struct record_withdrawal record;
	slice merchant;
	enum recourse_error error = query_record(query, "withdrawal", &path, &record, sizeof record);
	if (error == RECOURSE_OK)
		error = party_name(query->state, query->arena, record.merchant, &merchant);
	if (error == RECOURSE_OK)
		error = sees_withdrawal(query, &record, merchant);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = write_withdrawal(query, entry, &record, merchant, query->out);
	item_map_close(map, query->out);
	return error;
}

enum { WITHDRAWALS_FROM, WITHDRAWALS_LIMIT };
static const struct recourse_field withdrawals_fields[] = {
	[WITHDRAWALS_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[WITHDRAWALS_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most rows of a page"),
};

enum recourse_error collateral_view_withdrawal(struct query *query, uint64_t entry, struct query_list *list)
{
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, entry);
	struct record_withdrawal record;
	slice merchant;
	enum recourse_error error = record_get(query->state, &path, &record, sizeof record);
	if (error == RECOURSE_OK)
		error = party_name(query->state, query->arena, record.merchant, &merchant);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct item_map map = item_map_open(&list->items);
	error = write_withdrawal(query, entry, &record, merchant, &list->items);
	item_map_close(map, &list->items);
	list->count++;
	return error;
}

/* By custodian, who has to pay them: a custodian sees its own. */
static enum recourse_error run_withdrawals(struct query *query)
{
	struct record_path prefix;
	struct query_cursor page = {0};
	struct query_list list = {0};
	record_path_start(&prefix, RECORD_PAYABLE);
	if ((query->actor->roles & QUERY_READ_ALL) == 0)
		record_path_short(&prefix, query->actor->party_number);
	enum recourse_error error = query_cursor_first(
		query, &page, &prefix, &query->values[WITHDRAWALS_FROM], &query->values[WITHDRAWALS_LIMIT]);
	struct item_map map = item_map_open(query->out);
	while (error == RECOURSE_OK) {
		error = collateral_view_withdrawal(query, record_path_last_number(page.walk.key), &list);
		if (error == RECOURSE_OK)
			error = query_cursor_next(query, &page);
	}
	query_list_close(query, "withdrawals", &list);
	error = query_cursor_end(query, &page, error);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.requirements", QUERY_READ_OWN, requirements_fields, run_requirements,
		"what is required of merchants against what they hold, and who has to top up by when"),
	QUERY("withdrawal.get", QUERY_READ_OWN, withdrawal_fields, run_withdrawal,
		"a withdrawal: how much, when, whether it was paid"),
	QUERY("report.withdrawals", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, withdrawals_fields,
		run_withdrawals, "withdrawals that are to be paid"),
};
const struct query_group collateral_view_group = {rows, sizeof rows / sizeof rows[0]};
