/* SPDX-License-Identifier: Apache-2.0 */
#include "books/desk_index.h"

#include "books/record_desk.h"

#include <string.h>

static slice text_of(const char text[static TEXT_ID_SIZE])
{
	return slice_of(text, strnlen(text, TEXT_ID_SIZE));
}

bool desk_index_overdue(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	record_path_number(path, desk->overdue);
	record_path_text(path, row->parts[0].text);
	return desk->overdue != 0;
}

/* What waits: the urgent first, then by when it is due. */
bool desk_index_waiting(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	record_path_short(path, desk->urgent_entry != 0 ? DESK_URGENT : DESK_ORDINARY);
	record_path_number(path, desk->due);
	record_path_text(path, row->parts[0].text);
	return desk->due != 0;
}

bool desk_index_person(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	record_path_short(path, desk->person);
	return desk_index_waiting(row, record, path) && desk->person != 0;
}

/* Also those that one of it took. */
bool desk_index_team(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	record_path_text(path, text_of(desk->team));
	return desk_index_waiting(row, record, path) && desk->team[0] != 0;
}

bool desk_index_promise(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_promise *promise = record;
	record_path_text(path, text_of(promise->claim));
	record_path_number(path, row->parts[0].number);
	return true;
}

bool desk_index_open_promise(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_promise *promise = record;
	record_path_number(path, promise->due);
	record_path_number(path, row->parts[0].number);
	return promise->kept_entry == 0 && promise->withdrawn_entry == 0;
}

bool desk_index_owed_promise(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_promise *promise = record;
	record_path_text(path, text_of(promise->claim));
	return desk_index_open_promise(row, record, path);
}
