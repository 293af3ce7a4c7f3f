/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

/* What is required of merchants against what they hold (A2), and what is to be paid back (A3). */

/* ---- one merchant and unit ---- */

static const char *const standings[] = {"not required", "met", "short", "restricted", NULL};
const struct recourse_column collateral_view_columns[COLLATERAL_VIEW_COLUMNS] = {
	{COLUMN(ID, "merchant", struct secured, merchant, "of whom it is required")},
	{COLUMN(UNIT, "unit", struct secured, record.unit, "currency of the deposit")},
	{COLUMN_CHOICE("standing", standings, struct secured, standing, "what is held against it")},
	{COLUMN(TEXT, "policy", struct secured, record.policy, "that requires it; empty: none does")},
	{COLUMN(INTEGER, "version", struct secured, record.policy_version, "of the policy")},
	{COLUMN(ID, "signal_reason", struct secured, signal.reason, "why a default is feared"), OPTIONAL},
	VIEW_TEXTS("signal_reason", struct secured, feared),
	{COLUMN_AMOUNT("exposure", struct secured, record.exposure, record.unit, "prepaid, not performed")},
	{COLUMN_AMOUNT("before_offset", struct secured, record.gross, record.unit,
		"required, before instruments are offset")},
	{COLUMN_AMOUNT(
		"instruments", struct secured, record.instruments, record.unit, "left of those in force")},
	{COLUMN_AMOUNT("required", struct secured, record.required, record.unit, "of the deposit")},
	{COLUMN_AMOUNT("held", struct secured, record.held, record.unit, "in the deposit")},
	{COLUMN_AMOUNT("shortfall", struct secured, record.shortfall, record.unit, "what lacks")},
	{COLUMN(TIME, "due", struct secured, record.due, "when it is to be topped up"), OPTIONAL},
	{COLUMN_UNTIL("due_seconds", struct secured, record.due, "until then"), OPTIONAL},
	{COLUMN(ENTRY, "duty", struct secured, record.duty, "that opened the duty"), OPTIONAL},
	{COLUMN(ENTRY, "restricted", struct secured, record.restricted, "that found it overdue"), OPTIONAL},
	{COLUMN(ENTRY, "withdrawal", struct secured, record.withdrawal, "that is under way"), OPTIONAL},
	{COLUMN(ENTRY, "signal", struct secured, signal.entry, "that signalled a default"), OPTIONAL},
};

enum recourse_error collateral_view_read(struct query *query, struct secured *view)
{
	view->standing = view->record.policy_version == 0 ? "not required"
			 : view->record.restricted != 0   ? "restricted"
			 : view->record.shortfall > 0     ? "short"
							  : "met";
	if (view->record.duty == 0)
		view->record.due = view->record.restricted = 0;
	TRY(party_name(query->state, query->arena, view->record.merchant, &view->merchant));
	struct record_path path = record_path_of_text(RECORD_SIGNAL, view->merchant);
	TRY(record_get_optional(query->state, &path, &view->signal, sizeof view->signal, NULL));
	return area_texts(
		query->state, slice_text("signal.raise"), RECORD_TEXT(view->signal.reason), &view->feared);
}

/* ---- report.requirements ---- */

enum { REQUIREMENTS_MERCHANT, REQUIREMENTS_SHORT };
static const struct recourse_field requirements_fields[] = {
	[REQUIREMENTS_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[REQUIREMENTS_SHORT] = FIELD_OPTIONAL_CHOICE(
		"short", query_no_yes, "yes: those with a duty to top up only, the most urgent first"),
	QUERY_ROWS("most rows of a page"),
};

/* By merchant and unit, or in the order of the duties: by due, merchant and unit. */
static enum recourse_error visit_requirement(struct view_rows *rows, const struct record_walk *walk)
{
	struct secured view;
	bool duty = walk->table == tables_at(RECORD_DUTY);
	struct record_path path = record_path_of_texts(
		RECORD_COLLATERAL, walk->key.parts[duty].text, walk->key.parts[duty + 1].text);
	TRY(record_get(rows->query->state, &path, &view.record, sizeof view.record));
	TRY(collateral_view_read(rows->query, &view));
	return view_add(rows, &view);
}

static const struct recourse_column requirements_columns[] = {
	VIEW_AS_OF_ENTRY,
	VIEW_PAGE(TEXT, next, "requirements", collateral_view_columns, struct view_list, range,
		visit_requirement, "by merchant and unit, or the most urgent first"),
};

/* Whose: the one that is asked for, or the key's own where it may not see all; nothing is answered silently empty. */
static enum recourse_error find_requirements(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	const struct value *asked = &query->values[REQUIREMENTS_MERCHANT];
	bool urgent = query->values[REQUIREMENTS_SHORT].integer == 1;
	slice merchant;
	if (urgent && (asked->present || !query_sees_all(query)))
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "short",
			"without merchant, and for who reads all");
	TRY(query_whose(query, "merchant", asked, &merchant, NULL));
	record_path_start(prefix, urgent ? RECORD_DUTY : RECORD_COLLATERAL);
	if (merchant.size == 0)
		return RECOURSE_OK;
	record_path_text(prefix, merchant);
	return query_any(query, "merchant", prefix);
}

/* ---- withdrawals ---- */

const struct recourse_column collateral_view_withdrawal_columns[COLLATERAL_VIEW_WITHDRAWAL_COLUMNS] = {
	{COLUMN(ENTRY, "withdrawal", struct withdrawn, entry, "that requested it")},
	{COLUMN_PARTY("merchant", struct withdrawn, record.merchant, "to whom it is paid")},
	{COLUMN(UNIT, "unit", struct withdrawn, record.unit, "of the deposit")},
	{COLUMN_CHOICE(
		"state", life_withdrawal_states, struct withdrawn, record.state, "whether it was paid")},
	{COLUMN_AMOUNT("amount", struct withdrawn, record.amount, record.unit, "how much")},
	{COLUMN(TIME, "requested", struct withdrawn, record.requested, "when it was")},
	{COLUMN_AGE("age_hours", struct withdrawn, open_since, "while it is to be paid"), OPTIONAL},
	{COLUMN(ENTRY, "closed_entry", struct withdrawn, record.closed_entry, "that ended it"), OPTIONAL},
};

enum recourse_error collateral_view_read_withdrawal(
	struct query *query, uint64_t entry, struct withdrawn *view)
{
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, entry);
	view->entry = entry;
	TRY(record_get(query->state, &path, &view->record, sizeof view->record));
	view->open_since = view->record.state == WITHDRAWAL_REQUESTED ? view->record.requested : 0;
	return RECOURSE_OK;
}

enum { WITHDRAWAL_WITHDRAWAL };
static const struct recourse_field withdrawal_fields[] = {
	[WITHDRAWAL_WITHDRAWAL] = FIELD_INTEGER("withdrawal", 1, INT64_MAX, "the entry that requested it"),
};

/* The merchant, and the custodian who is to pay it, see it. */
static enum recourse_error find_withdrawal(struct query *query, void *row)
{
	struct record_withdrawal *record = &((struct withdrawn *)row)->record;
	uint64_t entry = (uint64_t)query->values[WITHDRAWAL_WITHDRAWAL].integer;
	uint32_t own = query->actor->party_number;
	TRY(query_found(query, collateral_view_read_withdrawal(query, entry, row), "withdrawal"));
	bool sees = query_sees_all(query) || record->merchant == own || record->custodian == own;
	return sees ? RECOURSE_OK : query_absent(query, "withdrawal");
}

static const struct recourse_field withdrawals_fields[] = {QUERY_ROWS("most rows of a page")};

static enum recourse_error visit_payable(struct view_rows *rows, const struct record_walk *walk)
{
	struct withdrawn view;
	TRY(collateral_view_read_withdrawal(rows->query, view_last_number(walk), &view));
	return view_add(rows, &view);
}

static const struct recourse_column withdrawals_columns[] = {
	VIEW_PAGE(TEXT, next, "withdrawals", collateral_view_withdrawal_columns, struct view_list, range,
		visit_payable, "by custodian, the oldest first"),
};

/* By custodian, who has to pay them: a custodian sees its own. */
static enum recourse_error find_withdrawals(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	record_path_start(prefix, RECORD_PAYABLE);
	if (!query_sees_all(query))
		record_path_short(prefix, query->actor->party_number);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.requirements", QUERY_READ_OWN, requirements_fields, requirements_columns,
		struct view_list, find_requirements,
		"what is required of merchants against what they hold, and who has to top up by when"),
	VIEW("withdrawal.get", QUERY_READ_OWN, withdrawal_fields, collateral_view_withdrawal_columns,
		struct withdrawn, find_withdrawal, "a withdrawal: how much, when, whether it was paid"),
	VIEW("report.withdrawals", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, withdrawals_fields,
		withdrawals_columns, struct view_list, find_withdrawals, "withdrawals that are to be paid"),
};
const struct query_group collateral_view_group = {rows, sizeof rows / sizeof rows[0]};
