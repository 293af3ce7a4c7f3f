/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "base/try.h"
#include "rules/custody/custody.h"
#include "books/day.h"
#include "base/instant.h"

/* Custody as it stands: what each custodian holds by the ledger, what it attested, and whether it covers anything. */
enum { CUSTODY_CUSTODIAN };
static const struct recourse_field custody_fields[] = {
	FIELD_OPTIONAL(ID, "custodian", "this one only; all that you may see if absent"),
};

static const char *const standing_names[] = {
	[CUSTODY_NEVER] = "never",
	[CUSTODY_FRESH] = "fresh",
	[CUSTODY_STALE] = "stale",
};

/* One custodian and unit; all zeroes where there is none of it. */
struct holding {
	struct unit unit;
	int64_t ledger;
	struct record_custody custody;
	struct record_attestation attestation;
	struct record_break gap;
};

static enum recourse_error read_holding(
	struct query *query, const struct account_name *name, struct holding *holding)
{
	struct record_path path = custody_path(name->party, name->unit);
	enum recourse_error error =
		record_get(query->state, &path, &holding->custody, sizeof holding->custody);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	path = custody_attestation_path(holding->custody.attested_entry);
	if (error == RECOURSE_OK)
		error = record_get(query->state, &path, &holding->attestation, sizeof holding->attestation);
	path = custody_break_path(holding->custody.open_break);
	if (error == RECOURSE_OK && holding->custody.open_break != 0)
		error = record_get(query->state, &path, &holding->gap, sizeof holding->gap);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

static void write_day(const char *name, uint64_t day, struct buffer *out)
{
	char text[DAY_TEXT_SIZE];
	day_format(day, text);
	item_write_pair_text(out, name, slice_text(text));
}

static void write_age(const char *name, uint64_t day, uint64_t now, struct buffer *out)
{
	uint64_t age = now > day_end(day) ? now - day_end(day) : 0;
	item_write_pair_integer(out, name, (int64_t)(age / INSTANT_HOUR));
}

/* A7: custody that nobody attests, or that does not agree, covers nothing; nor does what came in since. */
static void write_coverage(const struct holding *holding, enum custody_standing standing, struct buffer *out)
{
	int64_t attested = holding->attestation.balance;
	const char *reason = "attested";
	if (standing == CUSTODY_NEVER)
		reason = "never attested";
	else if (standing == CUSTODY_STALE)
		reason = "attested too long ago";
	else if (holding->custody.open_break != 0)
		reason = "differs from the ledger";
	bool counts = standing == CUSTODY_FRESH && holding->custody.open_break == 0;
	item_write_pair_text(out, "counts", slice_text(counts ? "yes" : "no"));
	item_write_pair_text(out, "reason", slice_text(reason));
	if (attested > holding->ledger)
		attested = holding->ledger;
	query_pair_amount(out, "coverage", &holding->unit, counts ? attested : 0);
}

static void write_holding(
	const struct account_name *name, const struct holding *holding, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	enum custody_standing standing = custody_standing(&holding->custody, now);
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "custodian", name->party);
	item_write_pair_text(out, "unit", name->unit);
	query_pair_amount(out, "ledger_balance", &holding->unit, holding->ledger);
	item_write_pair_text(out, "standing", slice_text(standing_names[standing]));
	write_coverage(holding, standing, out);
	if (standing != CUSTODY_NEVER) {
		write_day("day", holding->attestation.day, out);
		query_pair_amount(out, "attested", &holding->unit, holding->attestation.balance);
		item_write_pair_integer(out, "entry", (int64_t)holding->custody.attested_entry);
		item_write_pair_integer(out, "as_of_entry", (int64_t)holding->attestation.as_of);
		write_age("age_hours", holding->attestation.day, now, out);
	}
	item_map_close(map, out);
	list->count++;
}

static void write_gap(
	const struct account_name *name, const struct holding *holding, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	const struct record_break *gap = &holding->gap;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "break", (int64_t)holding->custody.open_break);
	item_write_pair_text(out, "custodian", name->party);
	item_write_pair_text(out, "unit", name->unit);
	query_pair_amount(
		out, "difference", &holding->unit, gap->difference < 0 ? -gap->difference : gap->difference);
	item_write_pair_text(out, "side", slice_text(gap->difference < 0 ? "short" : "over"));
	write_day("first_day", gap->first_day, out);
	write_day("last_day", gap->last_day, out);
	item_write_pair_integer(out, "last_entry", (int64_t)gap->last_entry);
	write_age("age_hours", gap->first_day, now, out);
	item_map_close(map, out);
	list->count++;
}

struct custody_lists {
	struct query_list holdings;
	struct query_list gaps;
};

static enum recourse_error add_holding(
	struct query *query, const struct state_walk *walk, uint64_t now, struct custody_lists *lists)
{
	struct record_account account = {0};
	struct holding holding = {0};
	struct account_name name;
	const struct value *custodian = &query->values[CUSTODY_CUSTODIAN];
	enum recourse_error error = account_name_decode(walk->key, &name);
	if (error != RECOURSE_OK || walk->value.size > sizeof account)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&account, walk->value.data, walk->value.size);
	if (!query_sees(query, name.party) ||
		(custodian->present && !slice_equal(custodian->text, name.party)))
		return RECOURSE_OK;
	holding.unit = account_unit(&account, name.unit);
	holding.ledger = account.balance;
	TRY(read_holding(query, &name, &holding));
	write_holding(&name, &holding, now, &lists->holdings);
	if (holding.custody.open_break != 0)
		write_gap(&name, &holding, now, &lists->gaps);
	return RECOURSE_OK;
}

static enum recourse_error run_custody(struct query *query)
{
	struct record_path prefix;
	struct state_walk walk;
	struct custody_lists lists = {0};
	uint64_t now = 0;
	if (query->entries == 0)
		return query_absent(query, "custodian");
	enum recourse_error error = query_entry_time(query, query->entries - 1, &now);
	if (error != RECOURSE_OK)
		return error;
	record_path_start(&prefix, RECORD_ACCOUNT);
	record_path_short(&prefix, CHART_CASH);
	error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = add_holding(query, &walk, now, &lists);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	bool absent = query->values[CUSTODY_CUSTODIAN].present && lists.holdings.count == 0;
	struct item_map map = item_map_open(query->out);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", now);
	query_list_close(query, "custody", &lists.holdings);
	query_list_close(query, "breaks", &lists.gaps);
	item_map_close(map, query->out);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		error = absent ? query_absent(query, "custodian") : RECOURSE_OK;
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.custody", QUERY_READ_OWN, custody_fields, run_custody,
		"what custodians hold, attested, and whether it counts as coverage"),
};
const struct query_group custody_view_group = {rows, sizeof rows / sizeof rows[0]};
