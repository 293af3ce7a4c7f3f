/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/* Custody as it stands: what each custodian holds by the ledger, what it attested, and whether it covers anything. */
enum { CUSTODY_CUSTODIAN };
static const struct recourse_field custody_fields[] = {
	FIELD_OPTIONAL(ID, "custodian", "this one only; all that you may see if absent"),
};

static const char *const side_names[] = {"over", "short", NULL};
static const char *const standing_names[] = {
	[CUSTODY_NEVER] = "never",
	[CUSTODY_FRESH] = "fresh",
	[CUSTODY_STALE] = "stale",
	NULL,
};

/* One custodian and unit; all zeroes where there is none of it. */
struct holding {
	slice custodian;
	struct unit unit;
	int64_t ledger;
	struct record_place place;
	struct custody_word word;
	struct record_break gap;
	const char *reason;
	int64_t coverage;
	int64_t attested; /* VIEW_NONE: never was, like the next */
	int64_t as_of;
	uint64_t day_ended; /* that was attested */
	int64_t difference;
	bool is_short;
	uint64_t first_ended; /* the first day that differed */
	int64_t explained;    /* VIEW_NONE: nothing is, like the next */
	const char *explained_side;
	uint64_t explained_since;
};

static const struct recourse_column holding_columns[] = {
	{COLUMN(ID, "custodian", struct holding, custodian, "who holds it")},
	{COLUMN(UNIT, "unit", struct holding, unit, "of what is held")},
	{COLUMN_CHOICE(
		"standing", standing_names, struct holding, word.standing, "of what was attested last")},
	{COLUMN_CHOICE("counts", query_no_yes, struct holding, word.counts, "whether it covers anything")},
	{COLUMN(TEXT, "reason", struct holding, reason, "why, or why not")},
	{COLUMN_AMOUNT("ledger_balance", struct holding, ledger, unit, "held, by the ledger")},
	{COLUMN_AMOUNT("attested", struct holding, attested, unit, "held, by the custodian"), OPTIONAL},
	{COLUMN_AMOUNT("coverage", struct holding, coverage, unit, "the smaller, where it counts")},
	{COLUMN_AMOUNT("explained", struct holding, explained, unit,
		 "how much of it is a difference that was explained"),
		OPTIONAL},
	{COLUMN_CHOICE("explained_side", side_names, struct holding, explained_side,
		 "less than the ledger has, or more"),
		OPTIONAL},
	{COLUMN_AGE("explained_hours", struct holding, explained_since, "since the first such day ended"),
		OPTIONAL},
	{COLUMN(DAY, "day", struct holding, word.attestation.day, "at whose end"), OPTIONAL},
	{COLUMN(ID, "calendar", struct holding, place.calendar, "whose days they are; UTC's if absent"),
		OPTIONAL},
	{COLUMN_AGE("age_hours", struct holding, day_ended, "since that day ended"), OPTIONAL},
	{COLUMN(ENTRY, "entry", struct holding, word.record.attested_entry, "that attested it"), OPTIONAL},
	{COLUMN(ENTRY, "as_of_entry", struct holding, as_of, "the last one of that day"), OPTIONAL},
};

static const struct recourse_column gap_columns[] = {
	{COLUMN(ENTRY, "break", struct holding, word.record.open_break, "the entry that began it")},
	{COLUMN(ID, "custodian", struct holding, custodian, "whose word differs")},
	{COLUMN(UNIT, "unit", struct holding, unit, "of what is held")},
	{COLUMN_CHOICE("side", side_names, struct holding, is_short, "less than the ledger has, or more")},
	{COLUMN_AMOUNT("difference", struct holding, difference, unit, "by how much")},
	{COLUMN(DAY, "first_day", struct holding, gap.first_day, "that differed")},
	{COLUMN(DAY, "last_day", struct holding, gap.last_day, "that was attested since")},
	{COLUMN_AGE("age_hours", struct holding, first_ended, "since the first day ended")},
	{COLUMN(ENTRY, "last_entry", struct holding, gap.last_entry, "that attested the last day")},
};

static enum recourse_error read_holding(
	struct query *query, const struct record_walk *walk, struct holding *holding)
{
	struct custody_word *word = &holding->word;
	struct record_account account;
	TRY(view_record(walk, &account, sizeof account));
	*holding = (struct holding){.custodian = walk->key.parts[1].text,
		.unit = account_unit(&account, walk->key.parts[3].text),
		.ledger = account.balance,
		.attested = VIEW_NONE,
		.explained = VIEW_NONE,
		.as_of = VIEW_NONE};
	TRY(place_read(query->state, holding->custodian, &holding->place));
	TRY(custody_read(query->state, holding->custodian, unit_code(&holding->unit), query->now, word));
	struct record_path path = record_path_of_number(RECORD_BREAK, word->record.open_break);
	bool differs = word->record.open_break != 0;
	if (differs)
		TRY(record_get(query->state, &path, &holding->gap, sizeof holding->gap));
	holding->reason = word->standing == CUSTODY_NEVER   ? "never attested"
			  : word->standing == CUSTODY_STALE ? "attested too long ago"
			  : differs                         ? "differs from the ledger"
							    : "attested";
	if (word->standing != CUSTODY_NEVER) {
		holding->attested = word->attestation.balance;
		holding->as_of = (int64_t)word->attestation.as_of;
		holding->day_ended = day_end(word->attestation.day, word->attestation.east);
	}
	if (word->record.explained != 0) {
		holding->explained_side = side_names[word->record.explained < 0];
		holding->explained =
			word->record.explained < 0 ? -word->record.explained : word->record.explained;
		holding->explained_since = day_end(word->record.explained_day, word->attestation.east);
	}
	/* what came in since does not count either */
	if (word->counts)
		holding->coverage = amount_least(holding->attested, holding->ledger);
	holding->is_short = holding->gap.difference < 0;
	holding->difference = holding->is_short ? -holding->gap.difference : holding->gap.difference;
	holding->first_ended = day_end(holding->gap.first_day, word->attestation.east);
	return RECOURSE_OK;
}

static enum recourse_error visit_holding(struct view_rows *rows, const struct record_walk *walk)
{
	struct holding holding;
	TRY(read_holding(rows->query, walk, &holding));
	return view_add(rows, &holding);
}

static enum recourse_error visit_gap(struct view_rows *rows, const struct record_walk *walk)
{
	struct holding holding;
	TRY(read_holding(rows->query, walk, &holding));
	return holding.word.record.open_break == 0 ? RECOURSE_OK : view_add(rows, &holding);
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	{COLUMN_WALK(
		"custody", holding_columns, struct view_list, range, visit_holding, "by custodian, unit")},
	{COLUMN_WALK("breaks", gap_columns, struct view_list, range, visit_gap, "where the two differ")},
};

static enum recourse_error find_custody(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	const struct value *asked = &query->values[CUSTODY_CUSTODIAN];
	slice custodian;
	TRY(query_whose(query, "custodian", asked, &custodian, NULL));
	*prefix = record_path_of_short(RECORD_ACCOUNT, CHART_CASH);
	if (custodian.size > 0)
		record_path_text(prefix, custodian);
	return asked->present ? query_any(query, "custodian", prefix) : RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.custody", QUERY_READ_OWN, custody_fields, report_columns, struct view_list, find_custody,
		"what custodians hold, attested, and whether it counts as coverage"),
};
const struct query_group custody_view_group = {rows, sizeof rows / sizeof rows[0]};
