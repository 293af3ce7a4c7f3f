/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_agreement.h"
#include "base/try.h"
#include "decide/break_glass.h"
#include "base/instant.h"
#include "rule/party.h"

/*
 * Uses of break-glass (H6), oldest first: who carried out what without whose approval, and what the review found. Ages
 * are as of the last entry, and so is what is overdue: right also where no clock runs.
 */
static const char *const which_names[] = {"all", "open", NULL};
enum { WHICH_ALL, WHICH_OPEN };
enum { USES_REVIEW, USES_FROM, USES_LIMIT };
static const struct recourse_field uses_fields[] = {
	[USES_REVIEW] = FIELD_OPTIONAL_CHOICE(
		"review", which_names, "open: those that wait for their review; all if absent"),
	[USES_FROM] = QUERY_OPTIONAL_ENTRY("from", "first use of the page, as `next` gave it"),
	[USES_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most uses of a page"),
};

static const char *review_of(const struct record_break_glass *use, uint64_t now)
{
	switch ((enum break_glass_finding)use->finding) {
	case BREAK_GLASS_JUSTIFIED:
		return "justified";
	case BREAK_GLASS_UNJUSTIFIED:
		return "unjustified";
	case BREAK_GLASS_OPEN:
		break;
	}
	return use->overdue_entry != 0 || now > use->due ? "overdue" : "open";
}

static enum recourse_error write_key(
	struct query *query, const char *name, uint32_t number, struct buffer *out)
{
	slice handle;
	TRY(party_key_name(query->state, query->arena, number, &handle));
	item_write_pair_text(out, name, handle);
	return RECOURSE_OK;
}

static void write_amount(const struct record_break_glass *use, struct buffer *out)
{
	char text[AMOUNT_TEXT_SIZE];
	if (use->amount == 0)
		return;
	size_t size = amount_format(&use->unit, use->amount, text);
	item_write_pair_text(out, "amount", slice_of(text, size));
	item_write_pair_text(out, "unit", unit_code(&use->unit));
}

static enum recourse_error write_review(
	struct query *query, const struct record_break_glass *use, uint64_t now, struct buffer *out)
{
	item_write_pair_text(out, "review", slice_text(review_of(use, now)));
	query_pair_time(out, "review_due", use->due);
	if (use->overdue_entry != 0)
		item_write_pair_integer(out, "overdue_entry", (int64_t)use->overdue_entry);
	if (use->review_entry == 0)
		return RECOURSE_OK;
	item_write_pair_integer(out, "review_entry", (int64_t)use->review_entry);
	item_write_pair_text(out, "review_reason", RECORD_TEXT(use->review_reason));
	return write_key(query, "reviewer", use->reviewer, out);
}

static enum recourse_error write_use(
	struct query *query, uint64_t entry, uint64_t now, struct query_list *list)
{
	struct record_path path = break_glass_path(entry);
	struct record_break_glass use;
	struct buffer *out = &list->items;
	enum recourse_error error = record_get(query->state, &path, &use, sizeof use);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "use", (int64_t)entry);
	query_pair_time(out, "time", use.used);
	item_write_pair_integer(
		out, "age_hours", (int64_t)(now > use.used ? (now - use.used) / INSTANT_HOUR : 0));
	item_write_pair_text(out, "command", RECORD_TEXT(use.command));
	write_amount(&use, out);
	item_write_pair_text(out, "reason", RECORD_TEXT(use.reason));
	item_write_pair_integer(out, "proposal", (int64_t)use.proposal);
	item_write_pair_integer(out, "approvals_given", use.given);
	item_write_pair_integer(out, "approvals_missing", use.missing);
	error = write_key(query, "maker", use.maker, out);
	if (error == RECOURSE_OK)
		error = write_key(query, "by", use.user, out);
	if (error == RECOURSE_OK)
		error = write_review(query, &use, now, out);
	item_map_close(map, out);
	list->count++;
	return error;
}

static enum recourse_error write_page(
	struct query *query, uint64_t now, struct query_list *list, uint64_t *next)
{
	const struct value *values = query->values;
	bool open = values[USES_REVIEW].present && values[USES_REVIEW].integer == WHICH_OPEN;
	struct record_path prefix = open ? break_glass_open() : break_glass_uses();
	struct record_path start = prefix;
	struct state_walk walk;
	record_path_number(&start, values[USES_FROM].integer < 0 ? 0 : (uint64_t)values[USES_FROM].integer);
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), record_path_slice(&start), STATE_UP);
	while (error == RECOURSE_OK) {
		uint64_t entry = record_path_last_number(walk.key);
		if (list->count == (uint64_t)values[USES_LIMIT].integer) {
			*next = entry;
			break;
		}
		error = write_use(query, entry, now, list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error run_uses(struct query *query)
{
	struct query_list list = {0};
	uint64_t next = 0;
	uint64_t now;
	enum recourse_error error = query_entry_time(query, query->entries - 1, &now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = write_page(query, now, &list, &next);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", now);
	query_list_close(query, "uses", &list);
	if (next != 0)
		query_integer(query, "next", next);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.break_glass", QUERY_READ_ALL, uses_fields, run_uses,
		"proposals that were carried out without all approvals, and their reviews"),
};
const struct query_group break_glass_view_group = {rows, sizeof rows / sizeof rows[0]};
