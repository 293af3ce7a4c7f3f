/* SPDX-License-Identifier: Apache-2.0 */
#include "books/desk_index.h"

#include "books/record_cover.h"
#include "books/record_desk.h"
#include "books/record_evidence.h"
#include "books/record_hearing.h"

#include <string.h>

static slice text_of(const char text[static TEXT_ID_SIZE])
{
	return slice_of(text, strnlen(text, TEXT_ID_SIZE));
}

/* The earlier of two instants, 0 being none. */
static uint64_t first_of(uint64_t one, uint64_t other)
{
	return other == 0 || (one != 0 && one <= other) ? one : other;
}

/* Its own day, or that of what was promised and is owed. */
bool desk_index_overdue(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	uint64_t since = first_of(desk->overdue, desk->promise_late != 0 ? desk->promise_due : 0);
	record_path_number(path, since);
	record_path_text(path, row->parts[0].text);
	return since != 0;
}

/* What waits: the urgent first, then by when it is due. */
bool desk_index_waiting(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_desk *desk = record;
	uint64_t due = first_of(first_of(desk->due, desk->promise_due), desk->flag_due);
	record_path_short(path, desk->urgent_entry != 0 ? DESK_URGENT : DESK_ORDINARY);
	record_path_number(path, due);
	record_path_text(path, row->parts[0].text);
	return due != 0;
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

bool desk_index_open_flag(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_flag *flag = record;
	record_path_number(path, flag->due);
	record_path_text(path, row->parts[0].text);
	record_path_short(path, (uint32_t)row->parts[1].number);
	return flag->cleared_entry == 0;
}

bool desk_index_paper(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_paper *paper = record;
	char hex[2 * sizeof paper->hash + 1];
	text_to_hex(paper->hash, sizeof paper->hash, hex);
	record_path_text(path, row->parts[0].text);
	record_path_text(path, slice_text(hex));
	record_path_number(path, row->parts[1].number);
	return true;
}

/* What a party has yet to answer, the most urgent first. */
bool desk_index_asked(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_asked *asked = record;
	record_path_short(path, asked->party);
	record_path_number(path, asked->due);
	record_path_number(path, row->parts[0].number);
	return asked->party != 0 && asked->outcome == ASKED_OPEN;
}

bool desk_index_silent(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_asked *asked = record;
	record_path_text(path, text_of(asked->entitlement));
	record_path_number(path, row->parts[0].number);
	return asked->party != 0 && asked->outcome == ASKED_SILENT;
}

bool desk_index_note(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_note *note = record;
	record_path_text(path, text_of(note->claim));
	record_path_number(path, row->parts[0].number);
	return true;
}

bool desk_index_erased_key(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_note_key *key = record;
	record_path_number(path, key->erased_entry);
	record_path_number(path, row->parts[0].number);
	return key->erased_entry != 0;
}

/* What a merchant has yet to answer, the most urgent first: a claim, or what was proposed of it. */
bool desk_index_hearing(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_hearing *hearing = record;
	bool asked = hearing->answer == ANSWERED_OPEN;
	bool proposed = hearing->consent == CONSENT_SOUGHT && hearing->to_merchant == 1 &&
			hearing->merchant_agreed == 0;
	record_path_short(path, hearing->merchant);
	record_path_number(path, asked ? hearing->answer_due : hearing->proposal_due);
	record_path_text(path, row->parts[0].text);
	return asked || proposed;
}
