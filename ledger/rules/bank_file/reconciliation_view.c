/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_day.h"

#include <limits.h>
#include <stdio.h>

/*
 * A day from three sides, and each reason for which the bank has more or less than the ledger. The reasons come to just
 * that: what they do not explain is one itself, so a page's `next` has how much those before it came to.
 */
enum { TOKEN_SIZE = 128, LOOKS_MAX = 4096 };
enum { DAY_CUSTODIAN, DAY_DAY, DAY_UNIT, DAY_FROM, DAY_LIMIT };
static const struct recourse_field day_fields[] = {
	[DAY_CUSTODIAN] = FIELD_OPTIONAL(ID, "custodian", "whose day; your own party's if absent"),
	[DAY_DAY] = FIELD_DAY("day", "that has begun, at the custodian's place: 2016-05-04"),
	[DAY_UNIT] = FIELD(UNIT, "unit", "currency of the account"),
	[DAY_FROM] = FIELD_OPTIONAL_TEXT("from", TOKEN_SIZE, "where the page begins, as `next` gave it"),
	[DAY_LIMIT] = FIELD_PRESET(
		"limit", 1, 200, 50, "most lines and entries of a page; fewer where few are any"),
};

enum reason {
	REASON_BEFORE,
	REASON_APART,
	REASON_ANOTHER_DAY,
	REASON_NOT_BOOKED,
	REASON_NOT_STATED,
	REASON_UNIDENTIFIED,
	REASON_CHARGE,
	REASON_INTEREST,
	REASON_RETURN,
	REASON_TWICE,
	REASON_NOT_ENDED,
	REASON_MISSING,
	REASON_ATTESTED,
	REASON_OTHER_FILE,
	REASON_NO_STATEMENT,
	REASON_UNEXPLAINED,
};
static const char *const reason_names[] = {"of-before", "statements-apart", "of-another-day", "not-booked",
	"not-on-statement", "unidentified", "charge", "interest", "return-less-a-fee", "paid-twice",
	"file-not-ended", "number-missing", "attested-otherwise", "attested-of-another-file", "no-statement",
	"unexplained", NULL};

/* What they come from, in the order in which they are listed. */
enum part { PART_BEFORE, PART_LINES, PART_CASH, PART_OVERDRAWN, PART_REST };

struct reconciliation {
	struct bank_day day;
	amount_sum difference; /* of what two others say: each may be as much as there is */
	amount_sum attested_difference;
	bool agrees;
	uint32_t owner;
	enum part part; /* where the page begins, */
	slice key;      /* and with which of it */
	amount_sum sum; /* of the reasons before */
};

struct reason_row {
	enum reason reason;
	slice reference;
	slice file;
	uint64_t entry;
	uint64_t number; /* of a sequence */
	uint64_t since;
	uint32_t owner;
	struct unit unit;
	amount_sum amount;
	amount_sum difference;
};

static const struct recourse_column reason_columns[] = {
	{COLUMN_CHOICE("reason", reason_names, struct reason_row, reason, "why")},
	{COLUMN(ID, "line", struct reason_row, reference, "of the statement"), OPTIONAL},
	{COLUMN(ID, "file", struct reason_row, file, "that is not whole, or does not follow"), OPTIONAL},
	{COLUMN(INTEGER, "number", struct reason_row, number, "the first that is missing"), OPTIONAL},
	{COLUMN(ENTRY, "entry", struct reason_row, entry, "that said so, or booked it"), OPTIONAL},
	{COLUMN_AMOUNT("amount", struct reason_row, amount, unit, "that it is about")},
	{COLUMN_AMOUNT("difference", struct reason_row, difference, unit,
		"so much more has the bank by it; below zero: less")},
	{COLUMN(TIME, "since", struct reason_row, since, "when that was")},
	{COLUMN_AGE("age_hours", struct reason_row, since, "how long it is so")},
	{COLUMN_PARTY("owner", struct reason_row, owner, "who is to see to it")},
};

/* ---- the page ---- */

/* The reasons on their way into it. */
struct reasons {
	struct view_rows *rows;
	struct query *query;
	const struct reconciliation *report;
	amount_sum sum;
	uint64_t looks;
};

static bool is_full(const struct reasons *reasons)
{
	return reasons->rows->count >= (uint64_t)reasons->query->values[DAY_LIMIT].integer ||
	       reasons->looks >= LOOKS_MAX;
}

static enum recourse_error end_page(struct reasons *reasons, enum part part, slice key)
{
	char token[TOKEN_SIZE];
	if (reasons->sum > INT64_MAX || reasons->sum < -INT64_MAX)
		return RECOURSE_OVERFLOW;
	int size = snprintf(token, sizeof token, "%u:%lld:%.*s", (unsigned)part, (long long)reasons->sum,
		SLICE_ARGUMENTS(key));
	return arena_copy(reasons->query->arena, slice_of(token, (size_t)size), &reasons->query->next);
}

static enum recourse_error end_page_at(struct reasons *reasons, enum part part, uint64_t entry)
{
	char key[24];
	snprintf(key, sizeof key, "%llu", (unsigned long long)entry);
	return end_page(reasons, part, slice_text(key));
}

static enum recourse_error add(struct reasons *reasons, struct reason_row *row)
{
	row->unit = reasons->report->day.unit;
	row->owner = row->owner != 0 ? row->owner : reasons->report->owner;
	row->since = row->since != 0 ? row->since : reasons->report->day.since;
	reasons->sum += row->difference;
	return view_add(reasons->rows, row);
}

/* ---- lines of the bank's day ---- */

/* What the ledger has by a line, and what was of another day when it was booked. */
static int64_t booked_as_cash(const struct record_bank_line *line)
{
	int64_t steps = line->direction == BANK_CREDIT ? line->amount : line->booked;
	return line->direction == BANK_CREDIT ? steps - line->early : line->early - steps;
}

static enum recourse_error is_early(
	struct reasons *reasons, const struct record_bank_line *line, uint64_t *time, bool *early)
{
	const struct bank_day *day = &reasons->report->day;
	TRY(query_entry_time(reasons->query, line->entry, time));
	*early = line->early != 0 && day_of(*time, place_east(&day->place, day->day)) != day->day;
	return RECOURSE_OK;
}

/* What became of it is told by what named it last. */
static enum recourse_error add_kind(
	struct reasons *reasons, const struct record_bank_line *line, struct reason_row *row)
{
	struct bank_move move = {.time = 0};
	if (line->named == 0)
		return RECOURSE_OK;
	TRY(bank_day_move(reasons->query, &reasons->report->day, line->named, &move));
	row->entry = line->named;
	row->since = move.time;
	row->amount = line->amount;
	row->difference = 0;
	if (slice_is(move.kind, "bank.fee"))
		row->reason = REASON_CHARGE;
	else if (slice_is(move.kind, "bank.interest"))
		row->reason = REASON_INTEREST;
	else if (move.fee && slice_is(move.kind, "payout.settle"))
		row->reason = REASON_TWICE;
	else if (move.fee)
		row->reason = REASON_RETURN;
	else
		return RECOURSE_OK;
	return add(reasons, row);
}

static enum recourse_error add_left(
	struct reasons *reasons, const struct record_bank_line *line, struct reason_row *row)
{
	struct record_path path = unidentified_path(line->stated);
	struct record_unidentified receipt;
	row->amount = line->amount - line->booked;
	row->entry = line->stated;
	TRY(query_entry_time(reasons->query, line->stated, &row->since));
	if (line->direction == BANK_DEBIT) {
		row->reason = REASON_NOT_BOOKED;
		row->difference = -row->amount;
		return add(reasons, row);
	}
	TRY(record_get_named(reasons->query->state, &path, &receipt, sizeof receipt));
	row->reason = REASON_UNIDENTIFIED;
	row->owner = receipt.owner;
	return add(reasons, row);
}

static enum recourse_error add_line(
	struct reasons *reasons, slice reference, const struct record_bank_line *line)
{
	struct reason_row row = {.reference = reference};
	uint64_t time;
	bool stated;
	bool early;
	TRY(bank_day_is_stated(reasons->query->state, line, &stated));
	if (!stated) {
		row.reason = REASON_NOT_STATED;
		row.entry = line->stated;
		row.amount = booked_as_cash(line);
		row.difference = -row.amount;
		TRY(query_entry_time(reasons->query, line->stated, &row.since));
		return row.difference != 0 ? add(reasons, &row) : RECOURSE_OK;
	}
	TRY(is_early(reasons, line, &time, &early));
	if (line->amount != line->booked)
		TRY(add_left(reasons, line, &row));
	else
		TRY(add_kind(reasons, line, &row));
	if (!early) {
		/* what was booked of it before it was stated was of this day */
		reasons->sum += line->direction == BANK_CREDIT ? line->early : -line->early;
		return RECOURSE_OK;
	}
	row = (struct reason_row){.reason = REASON_ANOTHER_DAY,
		.reference = reference,
		.entry = line->entry,
		.since = time,
		.amount = line->early,
		.difference = line->direction == BANK_CREDIT ? line->early : -line->early};
	return add(reasons, &row);
}

static enum recourse_error list_lines(struct reasons *reasons, slice from_key)
{
	const struct bank_day *day = &reasons->report->day;
	struct record_path prefix =
		record_path_of_texts(RECORD_BANK_LINE_DAY, day->custodian, unit_code(&day->unit));
	struct record_bank_line line;
	record_path_number(&prefix, day->day);
	struct record_path from = prefix;
	if (from_key.size > 0)
		record_path_text(&from, from_key);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(reasons->query->state, &prefix, &from, STATE_UP);
	for (; record_walk_next(&walk, NULL, 0); reasons->looks++) {
		slice reference = view_last_text(&walk);
		if (is_full(reasons))
			return end_page(reasons, PART_LINES, reference);
		struct record_path path = record_path_of_texts(RECORD_BANK_LINE, day->custodian, reference);
		TRY(record_get_named(reasons->query->state, &path, &line, sizeof line));
		TRY(add_line(reasons, reference, &line));
	}
	return walk.error;
}

/* ---- what entries of the day moved by lines that were not stated then, or by none ---- */

static enum recourse_error add_move(struct reasons *reasons, uint64_t entry, const struct bank_move *move)
{
	const struct bank_day *day = &reasons->report->day;
	struct record_path path = record_path_of_texts(RECORD_BANK_LINE, day->custodian, move->reference);
	struct record_bank_line line = {.stated = 0};
	bool stated = false;
	if (move->reference.size > 0) {
		TRY(record_get_optional(reasons->query->state, &path, &line, sizeof line, NULL));
		TRY(bank_day_is_stated(reasons->query->state, &line, &stated));
	}
	if (move->steps == 0 || move->states || (line.stated != 0 && line.stated <= entry))
		return RECOURSE_OK;
	if (stated && line.day == day->day) {
		reasons->sum -= move->steps;
		return RECOURSE_OK;
	}
	struct reason_row row = {.reason = stated ? REASON_ANOTHER_DAY : REASON_NOT_STATED,
		.reference = move->reference,
		.entry = entry,
		.since = move->time,
		.amount = move->steps,
		.difference = -move->steps};
	return add(reasons, &row);
}

static enum recourse_error list_moves(struct reasons *reasons, enum part part, uint64_t from)
{
	const struct bank_day *day = &reasons->report->day;
	uint32_t account = part == PART_CASH ? day->cash : day->overdrawn;
	if (account == 0)
		return RECOURSE_OK;
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(
		reasons->query->state, account, from > day->first ? from : day->first, STATE_UP);
	for (; history_walk_next(&walk) && walk.at.entry <= day->last; reasons->looks++) {
		struct bank_move move;
		if (is_full(reasons))
			return end_page_at(reasons, part, walk.at.entry);
		TRY(bank_day_move(reasons->query, day, walk.at.entry, &move));
		if (part == PART_CASH || move.cash == 0) /* else it came by before */
			TRY(add_move(reasons, walk.at.entry, &move));
	}
	return walk.error;
}

/* ---- what is missing ---- */

static enum recourse_error list_open_files(struct reasons *reasons)
{
	const struct bank_day *day = &reasons->report->day;
	struct record_path prefix = record_path_of_short(RECORD_BANK_FILE_OPEN, day->number);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(reasons->query->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = bank_file_path(view_last_number(&walk));
		struct record_bank_file file;
		TRY(record_get_named(reasons->query->state, &path, &file, sizeof file));
		if (!unit_same(&file.unit, &day->unit))
			continue;
		int64_t left = file.credit - file.credited - (file.debit - file.debited);
		bool of_day = file.statement != 0 && file.first_day == day->day && file.last_day == day->day;
		struct reason_row row = {.reason = REASON_NOT_ENDED,
			.file = RECORD_TEXT(file.file),
			.entry = view_last_number(&walk),
			.since = file.time,
			.amount = left,
			.difference = of_day ? left : 0};
		TRY(add(reasons, &row));
	}
	return walk.error;
}

static enum recourse_error list_gaps(struct reasons *reasons)
{
	const struct bank_day *day = &reasons->report->day;
	struct record_path prefix =
		record_path_of_texts(RECORD_BANK_GAP, day->custodian, unit_code(&day->unit));
	struct record_bank_gap gap;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(reasons->query->state, &prefix);
	while (record_walk_next(&walk, &gap, sizeof gap)) {
		struct reason_row row = {.reason = REASON_MISSING,
			.number = view_last_number(&walk),
			.entry = gap.entry,
			.since = gap.since};
		if (gap.explained_entry == 0)
			TRY(add(reasons, &row));
	}
	return walk.error;
}

static enum recourse_error list_rest(struct reasons *reasons)
{
	const struct reconciliation *report = reasons->report;
	const struct bank_day *day = &report->day;
	TRY(list_open_files(reasons));
	TRY(list_gaps(reasons));
	struct reason_row row = {.reason = REASON_ATTESTED,
		.entry = day->attested_entry,
		.amount = report->attested_difference};
	if (report->attested_difference != 0)
		TRY(add(reasons, &row));
	row = (struct reason_row){.reason = REASON_OTHER_FILE, .entry = day->attested_entry};
	if (day->of_other_bytes)
		TRY(add(reasons, &row));
	row = (struct reason_row){.reason = day->statements == 0 ? REASON_NO_STATEMENT : REASON_UNEXPLAINED};
	row.amount = row.difference = report->difference - reasons->sum;
	return row.difference != 0 || day->statements == 0 ? add(reasons, &row) : RECOURSE_OK;
}

static uint64_t key_number(slice key)
{
	uint64_t number = 0;
	for (size_t place = 0; place < key.size && key.data[place] >= '0' && key.data[place] <= '9'; place++)
		number = number * 10 + (uint64_t)(key.data[place] - '0');
	return number;
}

/* What was before the day's statements, and between them. */
static enum recourse_error list_before(struct reasons *reasons)
{
	const struct bank_day *day = &reasons->report->day;
	struct record_path path = bank_file_path(day->apart);
	struct record_bank_file file;
	struct reason_row row = {.reason = REASON_BEFORE};
	row.amount = row.difference = (amount_sum)day->opening - day->ledger_opening;
	if (row.difference != 0)
		TRY(add(reasons, &row));
	if (day->apart == 0)
		return RECOURSE_OK;
	TRY(record_get_named(reasons->query->state, &path, &file, sizeof file));
	row = (struct reason_row){.reason = REASON_APART,
		.file = RECORD_TEXT(file.file),
		.entry = day->apart,
		.since = file.time,
		.amount = day->apart_steps,
		.difference = day->apart_steps};
	return add(reasons, &row);
}

/* Without a statement there is nothing to hold lines and cash against. */
static enum recourse_error list_reasons(struct view_rows *rows)
{
	const struct reconciliation *report = rows->above;
	struct reasons reasons = {.rows = rows, .query = rows->query, .report = report, .sum = report->sum};
	for (unsigned part = report->part; part <= PART_REST && rows->query->next.size == 0; part++) {
		slice key = part == (unsigned)report->part ? report->key : slice_text("");
		if (part == PART_REST)
			TRY(is_full(&reasons) ? end_page(&reasons, PART_REST, slice_text(""))
					      : list_rest(&reasons));
		else if (report->day.statements == 0)
			continue;
		else if (part == PART_LINES)
			TRY(list_lines(&reasons, key));
		else if (part != PART_BEFORE)
			TRY(list_moves(&reasons, (enum part)part, key_number(key)));
		else
			TRY(list_before(&reasons));
	}
	return RECOURSE_OK;
}

/* ---- the three sides ---- */

#define DAY_AMOUNT(title, member, text)                                                                      \
	COLUMN_AMOUNT(title, struct reconciliation, day.member, day.unit, text)
static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	{COLUMN(ID, "custodian", struct reconciliation, day.custodian, "whose day")},
	{COLUMN(DAY, "day", struct reconciliation, day.day, "as it was at the custodian's place")},
	{COLUMN(UNIT, "unit", struct reconciliation, day.unit, "of all amounts; below zero: overdrawn")},
	{COLUMN_CHOICE("agrees", query_no_yes, struct reconciliation, agrees,
		"whether who has the money says the same, all of it, and nothing else")},
	{DAY_AMOUNT("ledger_opening", ledger_opening, "1010 less 2180 when it began")},
	{DAY_AMOUNT("ledger_closing", ledger_closing, "and when it ended, as the bank has it")},
	{DAY_AMOUNT("statement_opening", opening, "by the statements of that day"), OPTIONAL},
	{DAY_AMOUNT("statement_closing", closing, "and what they close with"), OPTIONAL},
	{DAY_AMOUNT("attested", attested, "by the custodian"), OPTIONAL},
	{COLUMN_AMOUNT("difference", struct reconciliation, difference, day.unit,
		"so much more has the bank than the ledger, by its statements, else as attested")},
	{COLUMN(INTEGER, "statements", struct reconciliation, day.statements, "that are of that day")},
	{COLUMN_ROWS("reasons", reason_columns, list_reasons,
		"what the difference comes from: of before, lines, cash, what is missing, the rest")},
	VIEW_NEXT(TEXT, next),
};

/* "1:-500:reference", as end_page() wrote it. */
static bool read_token(struct query *query, slice token, struct reconciliation *report)
{
	char text[TOKEN_SIZE + 1];
	unsigned part;
	long long sum;
	int size = 0;
	memcpy(text, token.data, token.size);
	text[token.size] = '\0';
	if (sscanf(text, "%u:%lld:%n", &part, &sum, &size) != 2 || size == 0 || part > PART_REST ||
		token.size - (size_t)size > TEXT_ID_SIZE || sum == LLONG_MIN)
		return false;
	report->part = (enum part)part;
	report->sum = sum;
	return arena_copy(query->arena, slice_from(token, (size_t)size), &report->key) == RECOURSE_OK;
}

/* Nothing agrees that nobody outside has said, or has not said to its end. */
static void compare(struct reconciliation *report)
{
	const struct bank_day *day = &report->day;
	int64_t held = day->closing != VIEW_NONE ? day->closing : day->ledger_closing;
	if (day->statements > 0)
		report->difference = (amount_sum)day->closing - day->ledger_closing;
	if (day->attested != VIEW_NONE && day->statements > 0)
		report->attested_difference = (amount_sum)day->attested - amount_most(held, 0);
	else if (day->attested != VIEW_NONE)
		report->difference = (amount_sum)day->attested - amount_most(held, 0);
	bool heard = day->statements > 0 ? day->whole && day->apart == 0 : day->attested != VIEW_NONE;
	report->agrees =
		heard && report->difference == 0 && report->attested_difference == 0 && !day->of_other_bytes;
}

static enum recourse_error find_day(struct query *query, void *row)
{
	struct reconciliation *report = row;
	const struct value *from = &query->values[DAY_FROM];
	slice custodian;
	uint64_t day;
	TRY(query_whose(query, "custodian", &query->values[DAY_CUSTODIAN], &custodian, NULL));
	if (custodian.size == 0)
		custodian = query->actor->party;
	if (day_parse(query->values[DAY_DAY].text, &day) != RECOURSE_OK)
		return refusal_field(
			query->refusal, RECOURSE_FIELD_FORMAT, "day", "a day such as 2016-05-04");
	TRY(bank_day_read(query, custodian, query->values[DAY_UNIT].text, day, &report->day));
	if (report->day.cash == 0)
		return query_absent(query, "unit");
	TRY(bank_file_owner(query, &report->owner));
	compare(report);
	return !from->present || read_token(query, from->text, report)
		       ? RECOURSE_OK
		       : refusal_field(query->refusal, RECOURSE_FIELD_FORMAT, "from",
				 "as `next` of the page before gave it");
}

static const struct query_row rows[] = {
	VIEW_REFUSED("report.reconciliation", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, day_fields,
		report_columns, struct reconciliation, find_day,
		"a custodian's day by ledger, attestation and statement, and why they differ",
		RECOURSE_FIELD_FORMAT, RECOURSE_OVERFLOW),
};
const struct query_group reconciliation_view_group = {rows, sizeof rows / sizeof rows[0]};
