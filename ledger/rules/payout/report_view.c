/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/report.h"

#include "rules/claims/holder.h"
#include "rules/incident/incident.h"

/* payment.unresolved: payments that somebody is to see to, the oldest first, and what is to be done of each. */

enum { LIST_UNCLAIMED };
static const struct recourse_field list_fields[] = {
	[LIST_UNCLAIMED] = FIELD_OPTIONAL_CHOICE(
		"unclaimed", query_no_yes, "yes: instead those that are kept for who was not found"),
	QUERY_ROWS("most payments of a page"),
};

struct unresolved {
	slice claim;
	struct record_report report;
	struct record_claim record;
	struct record_incident incident;
	struct holder holder;
	uint32_t owner;
	slice team;
	int64_t amount;
	enum reason_code_action action;
};

#define PAYMENT_COLUMN(kind, title, member, text) COLUMN(kind, title, struct unresolved, member, text)
static const struct recourse_column payment_columns[] = {
	{PAYMENT_COLUMN(ID, "claim", claim, "whose payment")},
	{PAYMENT_COLUMN(ID, "incident", incident.id, "of it")},
	{COLUMN_CHOICE("payout", life_payout_states, struct unresolved, report.state, "where it stands")},
	{PAYMENT_COLUMN(UNIT, "unit", incident.unit, "of the amount")},
	{COLUMN_AMOUNT("amount", struct unresolved, amount, incident.unit, "of it")},
	{PAYMENT_COLUMN(ID, "code", report.code, "why, as who pays said"), OPTIONAL},
	{COLUMN_CHOICE("action", reason_code_actions, struct unresolved, action,
		"what is to be done: payee-fix: another account, then again; retry-same: again; query: ask "
		"who "
		"pays, and send nothing; deceased: whoever inherits is found; manual: a person looks into "
		"it")},
	{PAYMENT_COLUMN(ENTRY, "entry", report.entry, "that said so")},
	{PAYMENT_COLUMN(TIME, "since", report.since,
		"when it was ordered or came back, or this was said of it first")},
	{COLUMN_AGE("age_hours", struct unresolved, report.since, "since then")},
	{PAYMENT_COLUMN(TIME, "query_by", report.clock, "when who pays is to be asked at the latest"),
		OPTIONAL},
	{PAYMENT_COLUMN(ENTRY, "marked_entry", report.marked, "the clock's: it was not asked by then"),
		OPTIONAL},
	{COLUMN_CHOICE("held_by", holder_kinds, struct unresolved, holder.kind, "who sees to the claim")},
	{COLUMN_KEY("owner", struct unresolved, owner, "the person who does"), OPTIONAL},
	{PAYMENT_COLUMN(ID, "team", team, "the team that does"), OPTIONAL},
};

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct state_view *view = rows->query->state;
	struct unresolved row = {.claim = view_last_text(walk)};
	struct record_path path = record_path_of_text(RECORD_REPORT, row.claim);
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, row.claim);
	TRY(record_get_named(view, &path, &row.report, sizeof row.report));
	TRY(record_get_named(view, &of_claim, &row.record, sizeof row.record));
	TRY(incident_load(view, row.record.incident, &row.incident));
	TRY(holder_find(view, row.claim, &row.record, &row.holder));
	row.owner = holder_key(&row.holder);
	row.team = holder_team(&row.holder);
	row.amount = row.record.deposit_part + row.record.advance_part;
	row.action = report_action(&row.report);
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(
		TEXT, next, "payments", payment_columns, struct view_list, range, visit, "the oldest first"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_list *list = found;
	uint32_t unclaimed = query->values[LIST_UNCLAIMED].integer == 1;
	list->range.prefix = record_path_of_short(RECORD_UNRESOLVED, unclaimed);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("payment.unresolved", QUERY_READ_ALL, list_fields, list_columns, struct view_list, find_list,
		"payments that are under way by their rail's word, came back or never left, and what is to "
		"be done"),
};
const struct query_group report_view_group = {rows, sizeof rows / sizeof rows[0]};
