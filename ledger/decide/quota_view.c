/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "decide/quota.h"

/* What each party, and each of its keys, has had stored today, beside what it may: before somebody is BUSY. */
static const struct recourse_field stored_fields[] = {
	QUERY_ROWS("most rows of a page"),
};

struct stored_row {
	uint64_t party;
	uint64_t key; /* 0: all of the party's */
	uint64_t bytes;
	uint64_t quota;
};

static const struct recourse_column stored_row_columns[] = {
	{COLUMN_PARTY("party", struct stored_row, party, "whose it is")},
	{COLUMN_KEY("key", struct stored_row, key, "by which key; all of the party's if absent"), OPTIONAL},
	{COLUMN(INTEGER, "stored_bytes", struct stored_row, bytes, "stored today")},
	{COLUMN(INTEGER, "quota_bytes", struct stored_row, quota,
		"with so many, what else it sends is BUSY until tomorrow; an admin's is taken all the same")},
};

static enum recourse_error visit_stored(struct view_rows *rows, const struct record_walk *walk)
{
	struct record_stored stored;
	struct stored_row row = {
		.party = walk->key.parts[0].number,
		.key = walk->key.parts[1].number,
	};
	TRY(view_record(walk, &stored, sizeof stored));
	if (stored.day != rows->query->now / INSTANT_DAY)
		return RECOURSE_OK;
	row.bytes = stored.bytes;
	TRY(quota_of(rows->query->state, row.key, &row.quota));
	return view_add(rows, &row);
}

static const struct recourse_column stored_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "stored", stored_row_columns, struct view_list, range, visit_stored,
		"by party; first all of its keys, then each"),
};

static enum recourse_error find_stored(struct query *query, void *row)
{
	(void)query;
	((struct view_list *)row)->range.prefix = record_path_of(RECORD_STORED);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.stored", QUERY_READ_ALL, stored_fields, stored_columns, struct view_list, find_stored,
		"how much each party and key has had stored today, and what it may"),
};
const struct query_group quota_view_group = {rows, sizeof rows / sizeof rows[0]};
