/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_day.h"

#include <stdlib.h>

/* ---- the ledger ---- */

static enum recourse_error find_account(
	struct query *query, enum chart_code code, const struct bank_day *day, uint32_t *number)
{
	struct record_path path = account_path(code, day->custodian, slice_text(""), unit_code(&day->unit));
	struct record_account account;
	TRY(record_get_optional(query->state, &path, &account, sizeof account, NULL));
	*number = account.number;
	return RECOURSE_OK;
}

static enum recourse_error stood_at(struct query *query, uint32_t account, uint64_t entry, int64_t *steps)
{
	*steps = 0;
	return account == 0 ? RECOURSE_OK
			    : query_perhaps(account_balance_at(query->state, account, entry, steps));
}

/* As the bank has it: what later entries brought of lines that were booked by then is in it. */
static enum recourse_error find_balance(
	struct query *query, const struct bank_day *found, uint64_t day, uint64_t entry, int64_t *steps)
{
	int64_t overdrawn;
	int64_t later;
	TRY(stood_at(query, found->cash, entry, steps));
	TRY(stood_at(query, found->overdrawn, entry, &overdrawn));
	TRY(attest_later(query->state, found->custodian, unit_code(&found->unit), day, &later));
	*steps += overdrawn; /* below zero */
	return amount_add_steps(*steps, later, steps);
}

static enum recourse_error read_ledger(struct query *query, struct bank_day *found)
{
	const struct record_place *place = &found->place;
	uint64_t before = 0;
	uint64_t end = day_end(found->day, place_east(place, found->day));
	found->since = end < query->now ? end : query->now;
	if (day_begin(found->day, place_east(place, found->day)) > query->now)
		return query_absent(query, "day");
	TRY(query_found(query,
		day_last_entry(query->state, place_east(place, found->day), found->day, query->entries,
			&found->last),
		"day"));
	TRY(find_account(query, CHART_CASH, found, &found->cash));
	TRY(find_account(query, CHART_OVERDRAWN, found, &found->overdrawn));
	TRY(find_balance(query, found, found->day, found->last, &found->ledger_closing));
	enum recourse_error error = found->day == 0
					    ? RECOURSE_QUERY_NOT_FOUND
					    : day_last_entry(query->state, place_east(place, found->day - 1),
						      found->day - 1, query->entries, &before);
	found->first = error == RECOURSE_OK ? before + 1 : 0;
	TRY(query_perhaps(error));
	return error == RECOURSE_OK
		       ? find_balance(query, found, found->day - 1, before, &found->ledger_opening)
		       : RECOURSE_OK;
}

/* ---- what was attested ---- */

/* A day is attested when it has ended, and each after the one before: what comes first from then on is it, or a later one. */
static enum recourse_error read_attested(struct query *query, struct bank_day *found)
{
	struct record_path prefix = record_path_of(RECORD_ATTESTATION);
	struct record_path last =
		record_path_of_texts(RECORD_CUSTODY, found->custodian, unit_code(&found->unit));
	struct record_custody custody;
	struct record_attestation word;
	TRY(record_get_optional(query->state, &last, &custody, sizeof custody, NULL));
	if (custody.attested_entry == 0 || custody.day < found->day)
		return RECOURSE_OK;
	struct record_path from = record_path_of_number(RECORD_ATTESTATION, found->last);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, &word, sizeof word)) {
		if (word.custodian != found->number || word.day < found->day ||
			!slice_equal(RECORD_TEXT(word.unit), unit_code(&found->unit)))
			continue;
		if (word.day == found->day) {
			found->attested = word.balance;
			found->attested_entry = view_last_number(&walk);
		}
		break;
	}
	return walk.error;
}

/* ---- statements ---- */

/* What the lines of a statement of several days came to before one of them. */
static enum recourse_error came_before(struct query *query, uint64_t file, uint64_t day, int64_t *steps)
{
	struct record_path prefix = record_path_of_number(RECORD_BANK_FILE_DAY, file);
	struct record_bank_file_day of_day;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
	while (record_walk_next(&walk, &of_day, sizeof of_day) && view_last_number(&walk) < day)
		TRY(amount_add_steps(*steps, of_day.credited - of_day.debited, steps));
	return walk.error;
}

struct statement {
	struct record_bank_file file;
	uint64_t entry;
};

static enum recourse_error add_statement(struct query *query, const struct bank_day *found, uint64_t entry,
	struct statement *statements, uint64_t *count)
{
	struct record_path path = bank_file_path(entry);
	struct statement statement = {.entry = entry};
	TRY(record_get_named(query->state, &path, &statement.file, sizeof statement.file));
	if (!unit_same(&statement.file.unit, &found->unit))
		return RECOURSE_OK;
	if (statements != NULL)
		statements[*count] = statement;
	++*count;
	return RECOURSE_OK;
}

/* Of so many days each: those that end on that day, or so shortly behind it that they begin on it at the latest. */
static enum recourse_error list_of_days(struct query *query, const struct bank_day *found, uint64_t days,
	struct statement *statements, uint64_t *count)
{
	struct record_path prefix = record_path_of_short(RECORD_BANK_STATEMENT, found->number);
	record_path_number(&prefix, days);
	struct record_path from = prefix;
	record_path_number(&from, found->day);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, NULL, 0) && walk.key.parts[2].number < found->day + days)
		TRY(add_statement(query, found, view_last_number(&walk), statements, count));
	return walk.error;
}

/* The next number of days, from there on, of which there is any statement; 0: none. */
static enum recourse_error find_days(
	struct query *query, const struct bank_day *found, uint64_t least, uint64_t *days)
{
	struct record_path prefix = record_path_of_short(RECORD_BANK_STATEMENT, found->number);
	struct record_path from = prefix;
	record_path_number(&from, least);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &from, STATE_UP);
	*days = record_walk_next(&walk, NULL, 0) ? walk.key.parts[1].number : 0;
	return walk.error;
}

/* Those of the day; with room for none, they are counted. Banks make few sorts: of a day, a week, a month. */
static enum recourse_error list_statements(
	struct query *query, const struct bank_day *found, struct statement *statements, uint64_t *count)
{
	uint64_t days;
	*count = 0;
	TRY(find_days(query, found, 1, &days));
	while (days != 0) {
		TRY(list_of_days(query, found, days, statements, count));
		TRY(find_days(query, found, days + 1, &days));
	}
	return RECOURSE_OK;
}

/* As they follow one another: by their days, their numbers, and as they were begun. */
static int order_statements(const void *first, const void *second)
{
	const struct record_bank_file *a = &((const struct statement *)first)->file;
	const struct record_bank_file *b = &((const struct statement *)second)->file;
	const uint64_t keys[][2] = {{a->first_day, b->first_day}, {a->number, b->number}, {a->time, b->time},
		{((const struct statement *)first)->entry, ((const struct statement *)second)->entry}};
	for (size_t index = 0; index < sizeof keys / sizeof keys[0]; index++) {
		if (keys[index][0] != keys[index][1])
			return keys[index][0] < keys[index][1] ? -1 : 1;
	}
	return 0;
}

/* Each opens with what the one before closed, or another one is missing between them. */
static void follow(const struct statement *statements, struct bank_day *found)
{
	found->whole = true;
	for (uint64_t index = 0; index < found->statements; index++) {
		const struct record_bank_file *file = &statements[index].file;
		found->whole = found->whole && file->state == BANK_FILE_WHOLE;
		if (index == 0 || file->opening == statements[index - 1].file.closing)
			continue;
		found->apart = found->apart == 0 ? statements[index].entry : found->apart;
		found->apart_steps += (amount_sum)file->opening - statements[index - 1].file.closing;
	}
}

/* Whether one of them is the file whose hash was attested. */
static enum recourse_error compare_bytes(
	struct query *query, const struct statement *statements, struct bank_day *found)
{
	struct entry entry;
	slice text;
	uint8_t hash[sizeof statements->file.hash];
	if (found->attested_entry == 0)
		return RECOURSE_OK;
	TRY(query_entry(query, found->attested_entry, &entry));
	if (entry_body_text(&entry, "statement_hash", &text) != RECOURSE_OK ||
		text_from_hex(text, hash, sizeof hash) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	found->of_other_bytes = true;
	for (uint64_t index = 0; index < found->statements; index++) {
		if (memcmp(statements[index].file.hash, hash, sizeof hash) == 0)
			found->of_other_bytes = false;
	}
	return RECOURSE_OK;
}

static enum recourse_error read_statements(struct query *query, struct bank_day *found)
{
	TRY(list_statements(query, found, NULL, &found->statements));
	if (found->statements == 0)
		return RECOURSE_OK;
	struct statement *statements = arena_allocate(query->arena, found->statements * sizeof *statements);
	if (statements == NULL)
		return RECOURSE_MEMORY;
	TRY(list_statements(query, found, statements, &found->statements));
	qsort(statements, found->statements, sizeof *statements, order_statements);
	follow(statements, found);
	TRY(compare_bytes(query, statements, found));
	const struct statement *first = &statements[0];
	const struct statement *last = &statements[found->statements - 1];
	found->statement = last->entry;
	found->opening = first->file.opening;
	found->closing = last->file.last_day == found->day ? last->file.closing : last->file.opening;
	if (first->file.first_day < found->day)
		TRY(came_before(query, first->entry, found->day, &found->opening));
	return last->file.last_day == found->day
		       ? RECOURSE_OK
		       : came_before(query, last->entry, found->day + 1, &found->closing);
}

enum recourse_error bank_day_read(
	struct query *query, slice custodian, slice unit, uint64_t day, struct bank_day *found)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, custodian);
	struct record_party party;
	*found = (struct bank_day){.custodian = custodian,
		.day = day,
		.attested = VIEW_NONE,
		.opening = VIEW_NONE,
		.closing = VIEW_NONE};
	TRY(query_record(query, "custodian", &path, &party, sizeof party));
	found->number = party.number;
	TRY(query_unit(query, "unit", unit, &found->unit));
	TRY(place_read(query->state, custodian, &found->place));
	TRY(read_ledger(query, found));
	TRY(read_attested(query, found));
	return read_statements(query, found);
}

enum recourse_error bank_day_is_stated(
	struct state_view *view, const struct record_bank_line *line, bool *stated)
{
	struct record_path path = bank_file_path(line->statement);
	struct record_bank_file file = {.state = BANK_FILE_GIVEN_UP};
	if (line->statement != 0)
		TRY(record_get_named(view, &path, &file, sizeof file));
	*stated = file.state != BANK_FILE_GIVEN_UP;
	return RECOURSE_OK;
}

/* ---- what an entry moved ---- */

static slice find_text(const struct entry *entry, const char *name)
{
	slice text;
	return entry_body_text(entry, name, &text) == RECOURSE_OK ||
			       entry_carried_text(entry, name, &text) == RECOURSE_OK
		       ? text
		       : slice_text("");
}

/* What a correction takes back; 0: it is none. */
static uint64_t find_corrected(const struct entry *entry)
{
	slice map = entry->body;
	slice carried;
	slice member;
	uint64_t number;
	if (item_find(map, "carried_out", &carried) == RECOURSE_OK)
		map = carried;
	return item_find(map, "entry", &member) == RECOURSE_OK && item_read_number(&member, &number) ? number
												     : 0;
}

/* The line that it names, or that what it takes back named; whether that said what the bank says. */
static void find_line(const struct entry *entry, struct bank_move *move)
{
	slice kind = find_text(entry, "command");
	if (kind.size == 0)
		kind = entry->kind;
	move->reference = find_text(entry, slice_is(kind, "bank.line") ? "line" : "bank_reference");
	move->states = slice_is(kind, "bank.line") || slice_is(kind, "receipt.record");
}

enum recourse_error bank_day_move(
	struct query *query, const struct bank_day *day, uint64_t number, struct bank_move *move)
{
	struct entry_posting posting;
	struct entry entry;
	struct entry before;
	TRY(query_entry(query, number, &entry));
	struct entry_postings walk = entry_postings(&entry);
	*move = (struct bank_move){.time = entry.time, .kind = entry.kind};
	while (entry_postings_next(&walk, &posting)) {
		bool own = slice_equal(posting.party, day->custodian) &&
			   slice_equal(posting.unit, unit_code(&day->unit));
		if (own && posting.code == CHART_CASH)
			move->cash += posting.steps;
		if (own && (posting.code == CHART_CASH || posting.code == CHART_OVERDRAWN))
			move->steps += posting.steps;
		move->fee = move->fee || (posting.code == CHART_OWED_BY_PLATFORM && posting.steps > 0);
	}
	find_line(&entry, move);
	uint64_t corrected = move->reference.size == 0 ? find_corrected(&entry) : 0;
	if (corrected == 0 || corrected >= number)
		return RECOURSE_OK;
	TRY(query_entry(query, corrected, &before));
	find_line(&before, move);
	return RECOURSE_OK;
}
