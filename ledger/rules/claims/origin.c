/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/origin.h"

#include "books/record_desk.h"
#include "rule/check.h"
#include "rule/view.h"
#include "rule/watch.h"

static struct record_path path_of(slice origin, uint64_t entry)
{
	struct record_path path = record_path_of_text(RECORD_ORIGIN, origin);
	record_path_number(&path, entry);
	return path;
}

enum recourse_error origin_count(struct state_view *view, slice origin, uint64_t entry,
	const struct record_origin *row, uint32_t *count)
{
	struct record_path prefix = record_path_of_text(RECORD_ORIGIN, origin);
	struct record_path from = path_of(origin, entry - 1);
	uint64_t span = row->hours * INSTANT_HOUR;
	struct record_origin before;
	*count = 1; /* itself */
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(view, &prefix, &from, STATE_DOWN);
	while (*count <= row->most && record_walk_next(&walk, &before, sizeof before)) {
		if (row->time - before.time >= span)
			break;
		++*count;
	}
	return walk.error;
}

enum recourse_error origin_take(
	struct decision *decision, const struct value *hash, slice claim, uint32_t *shown)
{
	char origin[2 * CRYPTO_HASH_SIZE + 1];
	struct record_watch watch;
	*shown = 0;
	if (!hash->present)
		return RECOURSE_OK;
	text_to_hex(hash->text.data, hash->text.size, origin);
	TRY(watch_read(decision->state, &watch));
	struct record_path path = path_of(slice_text(origin), decision->entry);
	struct record_origin row = {.time = decision->time, .most = watch.claims, .hours = watch.hours};
	record_text_set(row.claim, sizeof row.claim, claim);
	TRY(origin_count(decision->state, slice_text(origin), decision->entry, &row, &row.claims));
	if (row.claims > row.most)
		*shown = FLAG_BIT(FLAG_ONE_ORIGIN);
	return decision_put(decision, &path, &row, sizeof row);
}

/* ---- claim.origin: what came from there, so that who looks at one claim sees the others ---- */

enum { LIST_ORIGIN };
static const struct recourse_field list_fields[] = {
	[LIST_ORIGIN] = FIELD_OPTIONAL(HASH, "origin_hash", "as claims were filed with; any if absent"),
	QUERY_ROWS("most claims of a page"),
};

struct origin_row {
	const char *origin;
	slice claim;
	uint64_t entry;
	struct record_origin record;
};

#define ORIGIN_COLUMN(kind, title, member, text) COLUMN(kind, title, struct origin_row, member, text)
static const struct recourse_column origin_columns[] = {
	{ORIGIN_COLUMN(TEXT, "origin_hash", origin, "from where")},
	{ORIGIN_COLUMN(ID, "claim", claim, "that came")},
	{ORIGIN_COLUMN(ENTRY, "entry", entry, "that filed it")},
	{ORIGIN_COLUMN(TIME, "time", record.time, "when that was")},
	{ORIGIN_COLUMN(INTEGER, "claims", record.claims,
		"that had come from there within the hours, with it, counted to one beyond `most`")},
	{ORIGIN_COLUMN(INTEGER, "most", record.most, "that are not looked at, as published by then")},
	{ORIGIN_COLUMN(INTEGER, "hours", record.hours, "within which, as published by then")},
};

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	char origin[2 * CRYPTO_HASH_SIZE + 1] = {0};
	slice text = walk->key.parts[0].text;
	struct origin_row row = {.origin = origin, .entry = view_last_number(walk)};
	memcpy(origin, text.data, text.size < sizeof origin ? text.size : sizeof origin - 1);
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.claim = RECORD_TEXT(row.record.claim);
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "claims", origin_columns, struct view_list, range, visit,
		"by origin, the first one first"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_list *list = found;
	const struct value *hash = &query->values[LIST_ORIGIN];
	char origin[2 * CRYPTO_HASH_SIZE + 1];
	list->range.prefix = record_path_of(RECORD_ORIGIN);
	if (!hash->present)
		return RECOURSE_OK;
	text_to_hex(hash->text.data, hash->text.size, origin);
	list->range.prefix = record_path_of_text(RECORD_ORIGIN, slice_text(origin));
	return RECOURSE_OK;
}

static const struct query_row queries[] = {
	VIEW("claim.origins", QUERY_READ_ALL, list_fields, list_columns, struct view_list, find_list,
		"claims that were filed with the origin that they came from"),
};
const struct query_group origin_view_group = {queries, sizeof queries / sizeof queries[0]};
