/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal_view.h"

#include "books/record_party.h"
#include "base/try.h"
#include "base/instant.h"
#include "rule/party.h"

/*
 * Deductions and appeals (A4, D7): what was taken from a merchant's deposit and why, until when it can be appealed,
 * and where each appeal stands. Ages and countdowns are as of the last entry.
 */
struct appeal_page {
	struct query_list list;
	uint64_t now; /* of the last entry */
	uint64_t next;
};

static int64_t seconds_between(uint64_t from, uint64_t to)
{
	return to > from ? (int64_t)((to - from) / INSTANT_SECOND) : 0;
}

enum recourse_error appeal_view_read_deduction(struct query *query, uint64_t entry,
	struct record_deduction *deduction, struct record_incident *incident)
{
	struct record_path path = deduction_path(entry);
	enum recourse_error error = record_get(query->state, &path, deduction, sizeof *deduction);
	if (error == RECOURSE_OK)
		error = incident_load(query->state, deduction->incident, incident);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error appeal_view_read(struct query *query, uint64_t entry, struct record_appeal *appeal)
{
	struct record_path path = appeal_path(entry);
	enum recourse_error error = record_get(query->state, &path, appeal, sizeof *appeal);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

/* ---- report.appeals ---- */

/* Decided ones are not due any more; one that was late stays told. */
static void write_due(const struct record_appeal *appeal, uint64_t now, struct buffer *out)
{
	bool open = appeal->decided_entry == 0;
	bool overdue = open && now >= appeal->due;
	query_pair_time(out, "due", appeal->due);
	if (open)
		item_write_pair_integer(out, "due_seconds", seconds_between(now, appeal->due));
	item_write_pair_text(out, "overdue", slice_text(overdue ? "yes" : "no"));
	if (overdue)
		item_write_pair_integer(out, "overdue_seconds", seconds_between(appeal->due, now));
	if (appeal->overdue_entry != 0)
		item_write_pair_integer(out, "overdue_entry", (int64_t)appeal->overdue_entry);
}

static void write_outcome(const struct record_appeal *appeal, const struct unit *unit, struct buffer *out)
{
	bool decided = appeal->decided_entry != 0;
	item_write_pair_text(
		out, "outcome", slice_text(decided ? life_state_name(LIFE_APPEAL, appeal->state) : "none"));
	if (decided)
		item_write_pair_integer(out, "decided_entry", (int64_t)appeal->decided_entry);
	query_pair_amount(out, "restored", unit, appeal->restored);
	query_pair_amount(out, "funded", unit, appeal->funded);
	query_pair_amount(out, "open", unit, appeal->restored - appeal->funded);
	query_pair_amount(out, "recourse", unit, appeal->recourse);
}

enum recourse_error appeal_view_row(
	struct query *query, uint64_t entry, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	struct record_deduction deduction;
	struct record_incident incident;
	struct record_appeal appeal;
	slice merchant;
	enum recourse_error error = appeal_view_read(query, entry, &appeal);
	if (error == RECOURSE_OK)
		error = appeal_view_read_deduction(query, appeal.deduction, &deduction, &incident);
	if (error == RECOURSE_OK)
		error = party_name(query->state, query->arena, deduction.merchant, &merchant);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "appeal", (int64_t)entry);
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_text(out, "incident", RECORD_TEXT(incident.id));
	item_write_pair_integer(out, "deduction", (int64_t)appeal.deduction);
	item_write_pair_text(out, "unit", unit_code(&incident.unit));
	query_pair_amount(out, "deducted", &incident.unit, deduction.amount);
	item_write_pair_text(out, "reason", RECORD_TEXT(appeal.reason));
	item_write_pair_text(out, "state", slice_text(life_state_name(LIFE_APPEAL, appeal.state)));
	item_write_pair_text(out, "stays_payment", slice_text(appeal.state == APPEAL_STAYED ? "yes" : "no"));
	query_pair_time(out, "lodged", appeal.lodged);
	write_due(&appeal, now, out);
	write_outcome(&appeal, &incident.unit, out);
	item_map_close(map, out);
	list->count++;
	return RECOURSE_OK;
}

/* ---- report.deductions ---- */

bool appeal_view_possible(const struct record_deduction *deduction, uint64_t now)
{
	return deduction->appeal == 0 && now <= deduction->until;
}

static void write_window(const struct record_deduction *deduction, uint64_t now, struct buffer *out)
{
	bool open = appeal_view_possible(deduction, now);
	query_pair_time(out, "appealable_until", deduction->until);
	item_write_pair_text(out, "appealable", slice_text(open ? "yes" : "no"));
	item_write_pair_integer(out, "appealable_seconds", open ? seconds_between(now, deduction->until) : 0);
}

enum recourse_error appeal_view_deduction_row(
	struct query *query, uint64_t number, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	struct record_deduction deduction;
	struct record_incident incident;
	struct record_appeal appeal = {0};
	struct entry entry;
	enum recourse_error error = appeal_view_read_deduction(query, number, &deduction, &incident);
	if (error == RECOURSE_OK && deduction.appeal != 0)
		error = appeal_view_read(query, deduction.appeal, &appeal);
	if (error == RECOURSE_OK)
		error = query_entry(query, number, &entry);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "deduction", (int64_t)number);
	query_pair_time(out, "time", deduction.time);
	item_write_pair_text(out, "incident", RECORD_TEXT(incident.id));
	item_write_pair_text(out, "policy", entry.policy);
	item_write_pair_text(out, "rule", entry.rule);
	item_write_pair_text(out, "unit", unit_code(&incident.unit));
	query_pair_amount(out, "amount", &incident.unit, deduction.amount);
	item_write_pair_integer(out, "claims", (int64_t)deduction.claims);
	write_window(&deduction, now, out);
	if (deduction.appeal != 0) {
		item_write_pair_integer(out, "appeal", (int64_t)deduction.appeal);
		item_write_pair_text(
			out, "appeal_state", slice_text(life_state_name(LIFE_APPEAL, appeal.state)));
	}
	query_pair_amount(out, "restored", &incident.unit, appeal.restored);
	item_map_close(map, out);
	list->count++;
	return RECOURSE_OK;
}

/* ---- pages of both: by the entry that begins each ---- */

enum { PAGE_MERCHANT, PAGE_FROM, PAGE_LIMIT };
#define PAGE_FIELDS                                                                                          \
	[PAGE_FROM] = QUERY_OPTIONAL_ENTRY("from", "first entry of the page, as `next` gave it"),            \
	[PAGE_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most rows of a page")
static const struct recourse_field appeals_fields[] = {
	[PAGE_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	PAGE_FIELDS,
};
static const struct recourse_field deductions_fields[] = {
	[PAGE_MERCHANT] = FIELD(ID, "merchant", "whose deposit was deducted from"),
	PAGE_FIELDS,
};

/* The merchant's own index; the whole table for whoever sees all and asks for nobody. */
static enum recourse_error find_prefix(
	struct query *query, enum record_table table, struct record_path *prefix)
{
	const struct value *merchant = &query->values[PAGE_MERCHANT];
	slice whose = merchant->present ? merchant->text : query->actor->party;
	if (!merchant->present && (query->actor->roles & QUERY_READ_ALL) != 0) {
		record_path_start(prefix, table);
		return RECOURSE_OK;
	}
	*prefix = query_subject_path(table, whose);
	if (!query_sees(query, whose))
		return query_absent(query, "merchant");
	struct record_path path = record_path_of_text(RECORD_PARTY, whose);
	struct record_party party;
	return query_record(query, "merchant", &path, &party, sizeof party);
}

typedef enum recourse_error write_row(
	struct query *query, uint64_t entry, uint64_t now, struct query_list *list);

static enum recourse_error walk_page(
	struct query *query, const struct record_path *prefix, write_row *write, struct appeal_page *page)
{
	const struct value *from = &query->values[PAGE_FROM];
	struct record_path start = *prefix;
	struct state_walk walk;
	record_path_number(&start, from->present ? (uint64_t)from->integer : 0);
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(prefix), record_path_slice(&start), STATE_UP);
	while (error == RECOURSE_OK) {
		uint64_t entry = record_path_last_number(walk.key);
		if (page->list.count == (uint64_t)query->values[PAGE_LIMIT].integer) {
			page->next = entry;
			break;
		}
		error = write(query, entry, page->now, &page->list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error run_page(
	struct query *query, enum record_table table, const char *name, write_row *write)
{
	struct appeal_page page = {0};
	struct record_path prefix;
	enum recourse_error error = find_prefix(query, table, &prefix);
	if (error == RECOURSE_OK)
		error = query_entry_time(query, query->entries - 1, &page.now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = walk_page(query, &prefix, write, &page);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", page.now);
	query_list_close(query, name, &page.list);
	if (page.next != 0)
		query_integer(query, "next", page.next);
	item_map_close(map, query->out);
	return error;
}

static enum recourse_error run_appeals(struct query *query)
{
	return run_page(query, RECORD_APPEAL, "appeals", appeal_view_row);
}

static enum recourse_error run_deductions(struct query *query)
{
	return run_page(query, RECORD_DEDUCTION, "deductions", appeal_view_deduction_row);
}

static const struct query_row rows[] = {
	QUERY("report.appeals", QUERY_READ_OWN, appeals_fields, run_appeals,
		"appeals of deductions: stayed, due, overdue, decided, restored"),
	QUERY("report.deductions", QUERY_READ_OWN, deductions_fields, run_deductions,
		"what was taken from a merchant's deposit, by which rule, and until when it can be appealed"),
};
const struct query_group appeal_view_group = {rows, sizeof rows / sizeof rows[0]};
