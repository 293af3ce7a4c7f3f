/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal.h"

static enum recourse_error read_deduction(struct query *query, uint64_t entry, uint32_t merchant,
	struct record_deduction *deduction, struct record_incident *incident)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, entry);
	record_path_short(&path, merchant);
	TRY(record_get(query->state, &path, deduction, sizeof *deduction));
	return incident_load(query->state, deduction->incident, incident);
}

/* ---- an appeal: decided ones are not due any more; one that was late stays told ---- */

const struct recourse_column appeal_view_columns[APPEAL_VIEW_COLUMNS] = {
	{COLUMN(ENTRY, "appeal", struct appealed, entry, "that lodged it")},
	{COLUMN_PARTY("merchant", struct appealed, deduction.merchant, "who appeals")},
	{COLUMN(ID, "incident", struct appealed, incident.id, "for which the deduction was")},
	{COLUMN(ENTRY, "deduction", struct appealed, record.deduction, "that is appealed")},
	{COLUMN(UNIT, "unit", struct appealed, incident.unit, "of the deposit")},
	{COLUMN(ID, "reason", struct appealed, record.reason, "why")},
	VIEW_TEXTS("reason", struct appealed, why),
	{COLUMN_CHOICE("state", life_appeal_states, struct appealed, record.state, "where it stands")},
	{COLUMN_CHOICE("stays_payment", query_no_yes, struct appealed, stays, "whether payouts wait")},
	{COLUMN_CHOICE("overdue", query_no_yes, struct appealed, overdue, "whether the ruling is")},
	{COLUMN_CHOICE("outcome", life_appeal_states, struct appealed, outcome, "none: not decided")},
	{COLUMN_AMOUNT("deducted", struct appealed, deduction.amount, incident.unit, "from the deposit")},
	{COLUMN_AMOUNT("restored", struct appealed, record.restored, incident.unit, "to the deposit")},
	{COLUMN_AMOUNT("funded", struct appealed, record.funded, incident.unit, "of which was paid in")},
	{COLUMN_AMOUNT("open", struct appealed, open, incident.unit, "of which was not yet")},
	{COLUMN(TIME, "lodged", struct appealed, record.lodged, "when it was")},
	{COLUMN(TIME, "due", struct appealed, record.due, "when it is decided at the latest")},
	{COLUMN_UNTIL("due_seconds", struct appealed, due_open, "until then"), OPTIONAL},
	{COLUMN_SINCE("overdue_seconds", struct appealed, overdue_since, "since then"), OPTIONAL},
	{COLUMN(ENTRY, "overdue_entry", struct appealed, record.overdue_entry, "that found it so"), OPTIONAL},
	{COLUMN(ENTRY, "decided_entry", struct appealed, record.decided_entry, "that decided it"), OPTIONAL},
};

enum recourse_error appeal_view_read(struct query *query, uint64_t entry, struct appealed *view)
{
	struct record_appeal *record = &view->record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	TRY(record_get(query->state, &path, record, sizeof *record));
	TRY(read_deduction(query, record->deduction, record->merchant, &view->deduction, &view->incident));
	bool decided = appeal_is_decided(record);
	view->entry = entry;
	view->stays = record->state == APPEAL_STAYED;
	view->overdue = !decided && query->now >= record->due;
	view->due_open = decided ? 0 : record->due;
	view->overdue_since = view->overdue ? record->due : 0;
	view->outcome = decided ? record->state : LIFE_NONE;
	view->open = record->restored - record->funded;
	return area_texts(query->state, slice_text("appeal.lodge"), RECORD_TEXT(record->reason), &view->why);
}

/* ---- a deduction ---- */

const struct recourse_column appeal_view_deduction_columns[APPEAL_VIEW_DEDUCTION_COLUMNS] = {
	{COLUMN(ENTRY, "deduction", struct deducted, entry, "that took it")},
	{COLUMN(ID, "incident", struct deducted, incident.id, "for which it was")},
	{COLUMN(UNIT, "unit", struct deducted, incident.unit, "of the deposit")},
	{COLUMN(TEXT, "policy", struct deducted, policy, "by which it was taken")},
	{COLUMN(TEXT, "rule", struct deducted, rule, "and by which rule")},
	{COLUMN_CHOICE("appealable", query_no_yes, struct deducted, appealable, "whether it still is")},
	{COLUMN_CHOICE(
		 "appeal_state", life_appeal_states, struct deducted, appeal.state, "where that stands"),
		OPTIONAL},
	{COLUMN(INTEGER, "claims", struct deducted, record.claims, "that it is for")},
	{COLUMN_AMOUNT("amount", struct deducted, record.amount, incident.unit, "taken")},
	{COLUMN_AMOUNT("restored", struct deducted, appeal.restored, incident.unit, "an appeal gave back")},
	{COLUMN(TIME, "time", struct deducted, record.time, "when it was taken")},
	{COLUMN(TIME, "appealable_until", struct deducted, record.until, "that it can be appealed")},
	{COLUMN_UNTIL("appealable_seconds", struct deducted, window, "until then")},
	{COLUMN(ENTRY, "appeal", struct deducted, record.appeal, "that lodged its appeal"), OPTIONAL},
};

enum recourse_error appeal_view_read_deduction(
	struct query *query, slice merchant, uint64_t entry, struct deducted *view)
{
	struct record_path named = record_path_of_text(RECORD_PARTY, merchant);
	struct record_party party;
	struct entry distribution;
	*view = (struct deducted){.entry = entry};
	TRY(record_get(query->state, &named, &party, sizeof party));
	TRY(read_deduction(query, entry, party.number, &view->record, &view->incident));
	struct record_path path = record_path_of_number(RECORD_APPEAL, view->record.appeal);
	if (view->record.appeal != 0)
		TRY(record_get(query->state, &path, &view->appeal, sizeof view->appeal));
	TRY(query_entry(query, entry, &distribution));
	view->policy = distribution.policy;
	view->rule = distribution.rule;
	bool bars;
	TRY(appeal_bars(query->state, &view->record, true, &bars));
	view->appealable = !bars && query->now <= view->record.until;
	view->window = view->appealable ? view->record.until : 0;
	return RECOURSE_OK;
}

/* ---- pages of both: by the entry that begins each ---- */

enum { PAGE_MERCHANT, PAGE_FROM, PAGE_LIMIT };
#define PAGE_FIELDS                                                                                          \
	[PAGE_FROM] = QUERY_OPTIONAL_ENTRY("from", "first entry of the page, as `next` gave it"),            \
	[PAGE_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most rows of a page")
static const struct recourse_field appeals_fields[] = {
	[PAGE_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	PAGE_FIELDS,
};
static const struct recourse_field deductions_fields[] = {
	[PAGE_MERCHANT] = FIELD(ID, "merchant", "whose deposit was deducted from"),
	PAGE_FIELDS,
};

static enum recourse_error visit_appeal(struct view_rows *rows, const struct record_walk *walk)
{
	struct appealed view;
	TRY(appeal_view_read(rows->query, view_last_number(walk), &view));
	return view_add(rows, &view);
}

static enum recourse_error visit_deduction(struct view_rows *rows, const struct record_walk *walk)
{
	struct deducted view;
	TRY(appeal_view_read_deduction(rows->query, walk->key.parts[1].text, view_last_number(walk), &view));
	return view_add(rows, &view);
}

static const struct recourse_column appeals_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "appeals", appeal_view_columns, struct view_list, range, visit_appeal,
		"the oldest first"),
};
static const struct recourse_column deductions_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "deductions", appeal_view_deduction_columns, struct view_list, range,
		visit_deduction, "the oldest first"),
};

/* The merchant's own index; the whole table for whoever sees all and asks for nobody. */
static enum recourse_error find_page(struct query *query, enum record_table table, struct record_path *prefix)
{
	slice merchant;
	TRY(query_whose(query, "merchant", &query->values[PAGE_MERCHANT], &merchant, NULL));
	*prefix = merchant.size > 0 ? decision_about_path(table, merchant) : record_path_of(table);
	return RECOURSE_OK;
}

static enum recourse_error find_appeals(struct query *query, void *row)
{
	return find_page(query, RECORD_APPEAL, &((struct view_list *)row)->range.prefix);
}

static enum recourse_error find_deductions(struct query *query, void *row)
{
	return find_page(query, RECORD_DEDUCTION, &((struct view_list *)row)->range.prefix);
}

static const struct query_row rows[] = {
	VIEW("report.appeals", QUERY_READ_OWN, appeals_fields, appeals_columns, struct view_list,
		find_appeals, "appeals of deductions: stayed, due, overdue, decided, restored"),
	VIEW("report.deductions", QUERY_READ_OWN, deductions_fields, deductions_columns, struct view_list,
		find_deductions,
		"what was taken from a merchant's deposit, by which rule, and until when it can be appealed"),
};
const struct query_group appeal_view_group = {rows, sizeof rows / sizeof rows[0]};
