/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

/* ---- report.coverage ---- */

enum { COVERAGE_ISSUER };
static const struct recourse_field coverage_fields[] = {
	[COVERAGE_ISSUER] = FIELD_OPTIONAL(ID, "issuer", "this one only; all if absent"),
	QUERY_ROWS("most rows of a page"),
};

struct covered {
	slice issuer;
	struct coverage coverage;
	const char *class;
	slice level;
};

#define COVERED_AMOUNT(title, member, text)                                                                  \
	COLUMN_AMOUNT(title, struct covered, coverage.member, coverage.record.unit, text)
static const struct recourse_column coverage_row_columns[] = {
	{COLUMN(ID, "issuer", struct covered, issuer, "who owes the units")},
	{COLUMN(UNIT, "unit", struct covered, coverage.record.unit, "currency of what was paid for them")},
	{COLUMN(TEXT, "class", struct covered, class, "of issuers, or unclassified")},
	{COLUMN(TEXT, "level", struct covered, level, "the lowest threshold that it is below, or none")},
	{COLUMN(PERCENT, "ratio", struct covered, coverage.ratio, "of what secures to what is owed")},
	{COVERED_AMOUNT("exposure", record.exposure, "prepaid and unused")},
	{COVERED_AMOUNT("attested_cash", cash, "deposits that are attested")},
	{COVERED_AMOUNT("uncounted_cash", uncounted, "deposits that are not attested")},
	{COVERED_AMOUNT("instruments", record.instruments, "what is left of them")},
	{COLUMN(TIME, "watched_next", struct covered, coverage.record.watch, "when a clock looks at it"),
		OPTIONAL},
	{COLUMN(ENTRY, "watched_entry", struct covered, coverage.record.looked, "that looked at it last"),
		OPTIONAL},
};

static enum recourse_error visit_issuer(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct covered row = {.class = "unclassified", .issuer = walk->key.parts[0].text};
	struct record_class class;
	TRY(view_record(walk, &row.coverage.record, sizeof row.coverage.record));
	TRY(coverage_warning(query->state, unit_code(&row.coverage.record.unit), &row.coverage.warning));
	TRY(coverage_measure(query->state, query->arena, row.issuer, query->now, &row.coverage));
	row.level = coverage_level_name(&row.coverage.warning, row.coverage.level);
	TRY(requirement_class(query->state, row.issuer, &class));
	if (class.entry != 0)
		row.class = requirement_class_names[class.issuer_class];
	return view_add(rows, &row);
}

static const struct recourse_column coverage_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "coverage", coverage_row_columns, struct view_list, range, visit_issuer,
		"by issuer and unit"),
};

static enum recourse_error find_coverage(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	const struct value *issuer = &query->values[COVERAGE_ISSUER];
	record_path_start(prefix, RECORD_ISSUER);
	if (!issuer->present)
		return RECOURSE_OK;
	record_path_text(prefix, issuer->text);
	return query_any(query, "issuer", prefix);
}

/* ---- report.exposure ---- */

enum { EXPOSURE_ISSUER, EXPOSURE_UNIT, EXPOSURE_PAGE, EXPOSURE_AS_OF = EXPOSURE_PAGE + QUERY_PAGE_FIELDS };
static const struct recourse_field exposure_fields[] = {
	[EXPOSURE_ISSUER] = FIELD(ID, "issuer", "who owes the units"),
	[EXPOSURE_UNIT] = FIELD(UNIT, "unit", "currency of what was paid for them"),
	[EXPOSURE_PAGE] = QUERY_ROWS("most merchants of a page"),
	[EXPOSURE_AS_OF] = QUERY_AS_OF,
};

struct exposed {
	slice merchant;
	struct unit unit;
	int64_t exposure;
	struct record_share share;
};

static const struct recourse_column merchant_columns[] = {
	{COLUMN(ID, "merchant", struct exposed, merchant, "who is to perform")},
	{COLUMN_AMOUNT("exposure", struct exposed, exposure, unit, "prepaid there and unused")},
	{COLUMN_AMOUNT("cash_share", struct exposed, share.cash, unit, "of its deposit, as of now"),
		OPTIONAL},
	{COLUMN_AMOUNT("instruments_share", struct exposed, share.instruments, unit,
		 "of its instruments, as of now"),
		OPTIONAL},
};

/* Merchants whose account came later are left out. */
static enum recourse_error visit_merchant(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	slice unit = query->values[EXPOSURE_UNIT].text;
	struct exposed row = {.merchant = walk->key.parts[2].text};
	struct record_account account;
	TRY(view_record(walk, &row.share, sizeof row.share));
	struct record_path path =
		account_path(CHART_EXPOSURE, row.merchant, query->values[EXPOSURE_ISSUER].text, unit);
	enum recourse_error error = record_get(query->state, &path, &account, sizeof account);
	if (error == RECOURSE_OK)
		error = account_balance_at(query->state, account.number, query->as_of, &row.exposure);
	if (error != RECOURSE_OK)
		return query_perhaps(error);
	row.unit = account_unit(&account, unit);
	if (query->as_of != query->entries - 1)
		row.share = (struct record_share){VIEW_NONE, VIEW_NONE};
	return view_add(rows, &row);
}

struct exposure {
	slice issuer;
	struct record_issuer record;
	struct view_range range;
};

static const struct recourse_column exposure_columns[] = {
	{COLUMN(ID, "issuer", struct exposure, issuer, "who owes the units")},
	{COLUMN(UNIT, "unit", struct exposure, record.unit, "currency of what was paid for them")},
	{COLUMN_AMOUNT("exposure", struct exposure, record.exposure, record.unit, "all of it, as of now"),
		OPTIONAL},
	VIEW_AS_OF_ENTRY,
	VIEW_PAGE(TEXT, next, "merchants", merchant_columns, struct exposure, range, visit_merchant,
		"one by one"),
};

static enum recourse_error find_exposure(struct query *query, void *row)
{
	struct exposure *exposure = row;
	slice unit = query->values[EXPOSURE_UNIT].text;
	exposure->issuer = query->values[EXPOSURE_ISSUER].text;
	struct record_path path = record_path_of_texts(RECORD_ISSUER, exposure->issuer, unit);
	TRY(query_record(query, "issuer", &path, &exposure->record, sizeof exposure->record));
	TRY(query_as_of(query, query->values + EXPOSURE_AS_OF));
	if (query->as_of != query->entries - 1)
		exposure->record.exposure = VIEW_NONE;
	exposure->range.prefix = record_path_of_texts(RECORD_SHARE, exposure->issuer, unit);
	return RECOURSE_OK;
}

/* ---- report.alerts ---- */

enum { ALERTS_ISSUER, ALERTS_OPEN };
static const struct recourse_field alerts_fields[] = {
	[ALERTS_ISSUER] = FIELD_OPTIONAL(ID, "issuer", "this one only; all if absent"),
	[ALERTS_OPEN] = FIELD_OPTIONAL_CHOICE("standing", query_no_yes, "yes: those that still stand"),
	QUERY_ROWS("most alerts of a page"),
};

struct alerted {
	uint64_t entry;
	uint64_t time;
	slice issuer;
	struct unit unit;
	struct record_alert record;
	slice level;
	slice before;
	bool standing;
};

static const struct recourse_column alert_columns[] = {
	{COLUMN(ENTRY, "entry", struct alerted, entry, "that found it")},
	{COLUMN(TIME, "time", struct alerted, time, "when it did")},
	{COLUMN(ID, "issuer", struct alerted, issuer, "who owes the units")},
	{COLUMN(UNIT, "unit", struct alerted, unit, "currency of what was paid for them")},
	{COLUMN_CHOICE("standing", query_no_yes, struct alerted, standing, "whether it is the last word")},
	{COLUMN(TEXT, "level", struct alerted, level, "the lowest threshold that it was below, or none")},
	{COLUMN(TEXT, "level_before", struct alerted, before, "the same, as it was found before")},
	{COLUMN(PERCENT, "ratio", struct alerted, record.ratio, "of what secured to what was owed")},
	{COLUMN_AMOUNT("exposure", struct alerted, record.exposure, unit, "prepaid and unused")},
	{COLUMN_AMOUNT("attested_cash", struct alerted, record.cash, unit, "deposits that counted")},
	{COLUMN_AMOUNT("instruments", struct alerted, record.instruments, unit, "what was left of them")},
};

/* The last change of the issuer's level stands for as long as that level is not "none". */
static enum recourse_error visit_alert(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	const struct value *issuer = &query->values[ALERTS_ISSUER];
	struct alerted row = {.entry = view_last_number(walk)};
	struct record_warning warning;
	struct record_issuer record;
	TRY(view_record(walk, &row.record, sizeof row.record));
	slice unit = RECORD_TEXT(row.record.unit);
	TRY(party_name(query->state, query->arena, row.record.issuer, &row.issuer));
	struct record_path path = record_path_of_texts(RECORD_ISSUER, row.issuer, unit);
	TRY(record_get_named(query->state, &path, &record, sizeof record));
	row.standing = row.record.level > 0 && record.alert == row.entry;
	if ((issuer->present && !slice_equal(issuer->text, row.issuer)) ||
		(query->values[ALERTS_OPEN].integer == 1 && !row.standing))
		return RECOURSE_OK;
	TRY(coverage_warning(query->state, unit, &warning));
	row.level = coverage_level_name(&warning, row.record.level);
	row.before = coverage_level_name(&warning, row.record.before);
	TRY(query_unit(query, "unit", unit, &row.unit));
	TRY(query_entry_time(query, row.entry, &row.time));
	return view_add(rows, &row);
}

static const struct recourse_column alerts_columns[] = {
	VIEW_PAGE(TEXT, next, "alerts", alert_columns, struct view_list, range, visit_alert,
		"the oldest first"),
};

static enum recourse_error find_alerts(struct query *query, void *row)
{
	(void)query;
	record_path_start(&((struct view_list *)row)->range.prefix, RECORD_ALERT);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.coverage", QUERY_READ_ALL, coverage_fields, coverage_columns, struct view_list,
		find_coverage,
		"what secures the holders of each issuer's cards, against what they have not used"),
	VIEW("report.exposure", QUERY_READ_ALL, exposure_fields, exposure_columns, struct exposure,
		find_exposure,
		"an issuer's prepaid and unused value by merchant, now or as of an entry or time"),
	VIEW("report.alerts", QUERY_READ_ALL, alerts_fields, alerts_columns, struct view_list, find_alerts,
		"alerts of coverage, and which of them stand"),
};
const struct query_group coverage_view_group = {rows, sizeof rows / sizeof rows[0]};
