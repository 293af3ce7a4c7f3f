/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_account.h"
#include "books/record_collateral.h"
#include "base/try.h"
#include "rules/collateral/coverage.h"
#include "rules/custody/custody.h"
#include "rule/party.h"
#include "rules/collateral/requirement.h"
#include "rules/collateral/collateral.h"

#include <stdio.h>

/*
 * What issuers owe in prepaid value and what secures it (A8): coverage as it stands, alerts as they were raised,
 * exposure by merchant as of any entry or time.
 */
static const char *const yes_no[] = {"no", "yes", NULL};

static void write_ratio(struct buffer *out, const char *name, uint64_t ratio)
{
	char text[32];
	snprintf(text, sizeof text, "%llu.%02llu", (unsigned long long)ratio / 100,
		(unsigned long long)ratio % 100);
	item_write_pair_text(out, name, slice_text(text));
}

static enum recourse_error read_warning(
	struct query *query, slice unit, struct record_warning *warning, bool *published)
{
	struct record_path path = coverage_warning_path(unit);
	enum recourse_error error = record_get(query->state, &path, warning, sizeof *warning);
	*published = error == RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* ---- report.coverage ---- */

enum { COVERAGE_ISSUER, COVERAGE_FROM, COVERAGE_LIMIT };
static const struct recourse_field coverage_fields[] = {
	[COVERAGE_ISSUER] = FIELD_OPTIONAL(ID, "issuer", "this one only; all if absent"),
	[COVERAGE_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[COVERAGE_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most rows of a page"),
};

static enum recourse_error write_class(struct query *query, slice issuer, struct buffer *out)
{
	struct record_class record;
	enum recourse_error error = requirement_class(query->state, issuer, &record);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	bool known = error == RECOURSE_OK;
	item_write_pair_text(out, "class",
		slice_text(known ? requirement_class_names[record.issuer_class] : "unclassified"));
	return RECOURSE_OK;
}

static enum recourse_error write_coverage(
	struct query *query, const struct record_issuer *record, uint64_t now, struct query_list *list)
{
	struct buffer *out = &list->items;
	slice unit = unit_code(&record->unit);
	struct record_warning warning;
	struct coverage coverage;
	slice issuer;
	bool published;
	enum recourse_error error = read_warning(query, unit, &warning, &published);
	if (error == RECOURSE_OK)
		error = party_name(query->state, query->arena, record->issuer, &issuer);
	if (error == RECOURSE_OK)
		error = coverage_measure(query->state, query->arena, issuer, unit, now, &coverage);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "issuer", issuer);
	item_write_pair_text(out, "unit", unit);
	query_pair_amount(out, "exposure", &record->unit, coverage.exposure);
	query_pair_amount(out, "attested_cash", &record->unit, coverage.cash);
	query_pair_amount(out, "uncounted_cash", &record->unit, coverage.uncounted);
	query_pair_amount(out, "instruments", &record->unit, coverage.instruments);
	write_ratio(out, "ratio", coverage.ratio);
	item_write_pair_text(out, "level", coverage_level_name(published ? &warning : NULL, coverage.level));
	error = write_class(query, issuer, out);
	if (record->looked != 0)
		item_write_pair_integer(out, "watched_entry", (int64_t)record->looked);
	if (record->watch != 0)
		query_pair_time(out, "watched_next", record->watch);
	item_map_close(map, out);
	list->count++;
	return error;
}

static enum recourse_error run_coverage(struct query *query)
{
	const struct value *issuer = &query->values[COVERAGE_ISSUER];
	struct record_path prefix;
	struct query_cursor page = {0};
	struct query_list list = {0};
	uint64_t now;
	record_path_start(&prefix, RECORD_ISSUER);
	if (issuer->present)
		record_path_text(&prefix, issuer->text);
	enum recourse_error error = query_now(query, &now);
	if (error != RECOURSE_OK)
		return error;
	error = query_cursor_first(
		query, &page, &prefix, &query->values[COVERAGE_FROM], &query->values[COVERAGE_LIMIT]);
	bool absent = error == RECOURSE_QUERY_NOT_FOUND && issuer->present;
	struct item_map map = item_map_open(query->out);
	while (error == RECOURSE_OK) {
		struct record_issuer record = {0};
		if (page.walk.value.size > sizeof record)
			error = RECOURSE_STORE_CORRUPT;
		else
			memcpy(&record, page.walk.value.data, page.walk.value.size);
		if (error == RECOURSE_OK)
			error = write_coverage(query, &record, now, &list);
		if (error == RECOURSE_OK)
			error = query_cursor_next(query, &page);
	}
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", now);
	query_list_close(query, "coverage", &list);
	error = query_cursor_end(query, &page, error);
	item_map_close(map, query->out);
	return absent ? query_absent(query, "issuer") : error;
}

/* ---- report.exposure ---- */

enum {
	EXPOSURE_ISSUER,
	EXPOSURE_UNIT,
	EXPOSURE_FROM,
	EXPOSURE_LIMIT,
	EXPOSURE_AS_OF,
	EXPOSURE_FIELDS = EXPOSURE_AS_OF + QUERY_AS_OF_FIELDS
};
static const struct recourse_field exposure_fields[EXPOSURE_FIELDS] = {
	[EXPOSURE_ISSUER] = FIELD(ID, "issuer", "who owes the units"),
	[EXPOSURE_UNIT] = FIELD(UNIT, "unit", "currency of what was paid for them"),
	[EXPOSURE_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[EXPOSURE_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most merchants of a page"),
	[EXPOSURE_AS_OF] = QUERY_AS_OF,
};

/* What the merchant's account stood at; false where there was none yet. */
static enum recourse_error exposure_at(
	struct query *query, slice merchant, uint64_t entry, struct unit *unit, int64_t *steps, bool *there)
{
	struct record_account account;
	enum recourse_error error = account_get(query->state, CHART_EXPOSURE, merchant,
		query->values[EXPOSURE_ISSUER].text, query->values[EXPOSURE_UNIT].text, &account);
	if (error == RECOURSE_OK) {
		*unit = account_unit(&account, query->values[EXPOSURE_UNIT].text);
		error = account_balance_at(query->state, account.number, entry, steps);
	}
	*there = error == RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error write_exposure(struct query *query, const struct state_walk *walk, size_t prefix,
	uint64_t entry, struct query_list *list)
{
	slice merchant = slice_of(walk->key.data + prefix, walk->key.size - prefix - 1);
	struct record_share share = {0};
	struct unit unit;
	int64_t steps = 0;
	bool there;
	if (walk->value.size > sizeof share)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&share, walk->value.data, walk->value.size);
	enum recourse_error error = exposure_at(query, merchant, entry, &unit, &steps, &there);
	if (error != RECOURSE_OK || !there)
		return error;
	struct item_map map = item_map_open(&list->items);
	item_write_pair_text(&list->items, "merchant", merchant);
	query_pair_amount(&list->items, "exposure", &unit, steps);
	if (entry == query->entries - 1) {
		query_pair_amount(&list->items, "cash_share", &unit, share.cash);
		query_pair_amount(&list->items, "instruments_share", &unit, share.instruments);
	}
	item_map_close(map, &list->items);
	list->count++;
	return RECOURSE_OK;
}

static enum recourse_error run_exposure(struct query *query)
{
	slice issuer = query->values[EXPOSURE_ISSUER].text;
	slice unit = query->values[EXPOSURE_UNIT].text;
	struct record_path prefix = record_path_of_text(RECORD_SHARE, issuer);
	struct record_path path = collateral_issuer_path(issuer, unit);
	struct record_issuer record;
	struct query_cursor page = {0};
	struct query_list list = {0};
	uint64_t entry = 0;
	record_path_text(&prefix, unit);
	enum recourse_error error = query_record(query, "issuer", &path, &record, sizeof record);
	if (error == RECOURSE_OK)
		error = query_as_of(query, query->values + EXPOSURE_AS_OF, &entry);
	if (error != RECOURSE_OK)
		return error;
	error = query_cursor_first(
		query, &page, &prefix, &query->values[EXPOSURE_FROM], &query->values[EXPOSURE_LIMIT]);
	struct item_map map = item_map_open(query->out);
	while (error == RECOURSE_OK) {
		error = write_exposure(query, &page.walk, prefix.size, entry, &list);
		if (error == RECOURSE_OK)
			error = query_cursor_next(query, &page);
	}
	query_text(query, "issuer", issuer);
	query_text(query, "unit", unit);
	query_integer(query, "as_of_entry", entry);
	if (entry == query->entries - 1)
		query_amount(query, "exposure", &record.unit, record.exposure);
	query_list_close(query, "merchants", &list);
	error = query_cursor_end(query, &page, error);
	item_map_close(map, query->out);
	return error;
}

/* ---- report.alerts ---- */

enum { ALERTS_ISSUER, ALERTS_OPEN, ALERTS_FROM, ALERTS_LIMIT };
static const struct recourse_field alerts_fields[] = {
	[ALERTS_ISSUER] = FIELD_OPTIONAL(ID, "issuer", "this one only; all if absent"),
	[ALERTS_OPEN] = FIELD_OPTIONAL_CHOICE("standing", yes_no, "yes: those that still stand"),
	[ALERTS_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[ALERTS_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most alerts that are looked at for a page"),
};

/* The last change of the issuer's level stands for as long as that level is not "none". */
static enum recourse_error stands(
	struct query *query, uint64_t entry, const struct record_alert *alert, slice issuer, bool *standing)
{
	struct record_path path = collateral_issuer_path(issuer, RECORD_TEXT(alert->unit));
	struct record_issuer record;
	enum recourse_error error = record_get(query->state, &path, &record, sizeof record);
	*standing = error == RECOURSE_OK && alert->level > 0 && record.alert == entry;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

static enum recourse_error write_alert(
	struct query *query, const struct state_walk *walk, struct query_list *list)
{
	const struct value *wanted = &query->values[ALERTS_ISSUER];
	struct buffer *out = &list->items;
	struct record_alert alert = {0};
	struct record_warning warning;
	struct unit unit;
	uint64_t entry = record_path_last_number(walk->key);
	uint64_t time;
	slice issuer;
	bool standing;
	bool published;
	if (walk->value.size > sizeof alert)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&alert, walk->value.data, walk->value.size);
	enum recourse_error error = party_name(query->state, query->arena, alert.issuer, &issuer);
	if (error == RECOURSE_OK)
		error = stands(query, entry, &alert, issuer, &standing);
	if (error != RECOURSE_OK || (wanted->present && !slice_equal(wanted->text, issuer)) ||
		(query->values[ALERTS_OPEN].integer == 1 && !standing))
		return error;
	error = read_warning(query, RECORD_TEXT(alert.unit), &warning, &published);
	if (error == RECOURSE_OK)
		error = query_unit(query, "unit", RECORD_TEXT(alert.unit), &unit);
	if (error == RECOURSE_OK)
		error = query_entry_time(query, entry, &time);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "entry", (int64_t)entry);
	query_pair_time(out, "time", time);
	item_write_pair_text(out, "issuer", issuer);
	item_write_pair_text(out, "unit", RECORD_TEXT(alert.unit));
	item_write_pair_text(out, "level", coverage_level_name(published ? &warning : NULL, alert.level));
	item_write_pair_text(
		out, "level_before", coverage_level_name(published ? &warning : NULL, alert.before));
	write_ratio(out, "ratio", alert.ratio);
	query_pair_amount(out, "exposure", &unit, alert.exposure);
	query_pair_amount(out, "attested_cash", &unit, alert.cash);
	query_pair_amount(out, "instruments", &unit, alert.instruments);
	item_write_pair_text(out, "standing", slice_text(yes_no[standing]));
	item_map_close(map, out);
	list->count++;
	return RECOURSE_OK;
}

static enum recourse_error run_alerts(struct query *query)
{
	struct record_path prefix;
	struct query_cursor page = {0};
	struct query_list list = {0};
	record_path_start(&prefix, RECORD_ALERT);
	enum recourse_error error = query_cursor_first(
		query, &page, &prefix, &query->values[ALERTS_FROM], &query->values[ALERTS_LIMIT]);
	struct item_map map = item_map_open(query->out);
	while (error == RECOURSE_OK) {
		error = write_alert(query, &page.walk, &list);
		if (error == RECOURSE_OK)
			error = query_cursor_next(query, &page);
	}
	query_list_close(query, "alerts", &list);
	error = query_cursor_end(query, &page, error);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.coverage", QUERY_READ_ALL, coverage_fields, run_coverage,
		"what secures the holders of each issuer's cards, against what they have not used"),
	QUERY("report.exposure", QUERY_READ_ALL, exposure_fields, run_exposure,
		"an issuer's prepaid and unused value by merchant, now or as of an entry or time"),
	QUERY("report.alerts", QUERY_READ_ALL, alerts_fields, run_alerts,
		"alerts of coverage, and which of them stand"),
};
const struct query_group coverage_view_group = {rows, sizeof rows / sizeof rows[0]};
