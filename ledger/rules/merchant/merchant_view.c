/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/estate.h"
#include "rule/proposal_view.h"
#include "rules/collateral/collateral.h"
#include "rules/deposit/deposit.h"
#include "rules/ending/ending.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/merchant/agenda.h"
#include "rules/payout/appeal.h"
#include "rules/recourse/liability_view.h"

#include <stdio.h>

/* merchant.brief (A1 to A5). Whatever is listed also says what is to come of it; that is the last list. */
enum { BRIEF_MERCHANT, BRIEF_UNIT };
static const struct recourse_field brief_fields[] = {
	[BRIEF_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose deposits; the key's own party if absent"),
	[BRIEF_UNIT] = FIELD_OPTIONAL(UNIT, "unit", "currency of the deposit; all of them if absent"),
};

/* Rows of a list. Of what is frozen the rest is counted; the others show the latest, and all are in their reports. */
enum { ROWS_MAX = 200 };

/* Holds, incidents and appeals share the references of 2020. */
struct frozen {
	const struct recourse_column *columns; /* of the list that it is in; NULL: none */
	slice id;                              /* of the hold, or of the incident, an appeal's too */
	struct unit unit;
	int64_t steps;
	uint32_t state; /* of the incident */
	uint64_t until; /* it expires, the claim window closes; 0: open-ended */
	uint64_t entry; /* that froze it, lodged the appeal */
	struct entry_reason reason;
	struct coming coming;
};

struct brief {
	slice merchant;
	uint32_t number;
	const struct value *unit;
	struct view_range deposits;
	struct view_range pools;
	struct view_range requirements;
	struct view_range exits;
	struct view_range deductions;
	struct view_range appeals;
	struct view_range liabilities;
	struct view_range proposals; /* empty: they are none of the merchant's business */
	struct agenda *agenda;
	struct frozen *frozen;
	size_t frozen_count;
	bool top_ups; /* among them */
	uint64_t left_out;
};

static bool wants(const struct brief *brief, slice unit)
{
	return !brief->unit->present || slice_equal(brief->unit->text, unit);
}

/* ---- what is to come, the earliest first ---- */

static enum recourse_error expect(struct view_rows *rows, struct coming coming)
{
	return agenda_expect(((const struct brief *)rows->above)->agenda, rows->query->arena, coming);
}

/* Of what an entry began: that is its name elsewhere. */
static enum recourse_error expect_of_entry(struct view_rows *rows, uint64_t entry, struct coming coming)
{
	TRY(account_reference_make(rows->query->arena, entry, &coming.of));
	return expect(rows, coming);
}

static enum recourse_error list_coming(struct view_rows *rows)
{
	const struct agenda *agenda = ((const struct brief *)rows->above)->agenda;
	for (size_t index = 0; index < agenda->count; index++)
		TRY(view_add(rows, &agenda->rows[index]));
	return RECOURSE_OK;
}

/* ---- deposits: where each stands ---- */

struct deposit_row {
	struct record_deposit record;
	struct statement_balances now;
};

static const struct recourse_column deposit_columns[] = {
	{COLUMN(UNIT, "unit", struct deposit_row, now.unit, "of the deposit")},
	{COLUMN_CHOICE("state", life_deposit_states, struct deposit_row, record.state, "where it stands")},
	{COLUMN_PARTY("custodian", struct deposit_row, record.custodian, "who keeps it")},
	STATEMENT_BALANCES(struct deposit_row, now.),
	{COLUMN_AMOUNT("bounced", struct deposit_row, record.bounced, now.unit, "returned unpaid, and owed")},
};

static enum recourse_error visit_deposit(struct view_rows *rows, const struct record_walk *walk)
{
	const struct brief *brief = rows->above;
	struct deposit_row row;
	TRY(view_record(walk, &row.record, sizeof row.record));
	TRY(query_unit(rows->query, "unit", walk->key.parts[1].text, &row.now.unit));
	TRY(statement_view_balances(rows->query, brief->merchant, rows->query->entries, &row.now));
	const char *what = row.record.bounced > 0 ? agenda_lodged_anew : NULL;
	TRY(expect(rows, (struct coming){what, unit_code(&row.now.unit), brief->merchant, 0}));
	return view_add(rows, &row);
}

/* ---- what is required, and what is taken back ---- */

/* The custodian pays it, unless it is stopped: by a sign of default, a restriction, or an incident in another currency. */
static enum recourse_error expect_withdrawal(struct view_rows *rows, const struct secured *view)
{
	struct query *query = rows->query;
	struct coming coming = {.what = "withdrawal is paid"};
	bool all;
	TRY(section_any_freezes_all(query->state, view->record.merchant, &all));
	if (all || view->signal.entry != 0) {
		coming.what = all ? "withdrawal waits for the incident to be closed"
				  : "withdrawal waits for the sign of default to end";
		coming.due = all ? 0 : view->signal.expires;
		coming.by = slice_text(coming.due != 0 ? "clock" : "approver");
	} else if (view->record.restricted != 0) {
		coming.what = "withdrawal waits for what is required to be lodged";
		coming.by = view->merchant;
	} else {
		TRY(party_name(query->state, query->arena, view->record.custodian, &coming.by));
	}
	return expect_of_entry(rows, view->record.withdrawal, coming);
}

/* A sign of default keeps it from taking back what is not required. */
static enum recourse_error expect_signal(struct view_rows *rows, const struct secured *view)
{
	const uint64_t expires = view->signal.expires;
	return expect(rows, (struct coming){.what = "sign of default ends",
				    .of = unit_code(&view->record.unit),
				    .by = slice_text(expires != 0 ? "clock" : "approver"),
				    .due = expires});
}

static enum recourse_error visit_requirement(struct view_rows *rows, const struct record_walk *walk)
{
	struct secured view;
	TRY(view_record(walk, &view.record, sizeof view.record));
	TRY(collateral_view_read(rows->query, &view));
	struct coming duty = {.of = unit_code(&view.record.unit), .by = view.merchant};
	if (view.record.restricted != 0) {
		duty.what = "topping up ends the restriction";
	} else if (view.record.duty != 0) {
		duty.what = "top-up is due";
		duty.due = view.record.due;
	}
	TRY(expect(rows, duty));
	if (view.record.withdrawal != 0)
		TRY(expect_withdrawal(rows, &view));
	else if (view.signal.entry != 0)
		TRY(expect_signal(rows, &view));
	return view_add(rows, &view);
}

static enum recourse_error visit_withdrawal(struct view_rows *rows, const struct record_walk *walk)
{
	struct withdrawn view;
	struct record_collateral record;
	TRY(view_record(walk, &record, sizeof record));
	if (record.withdrawal == 0)
		return RECOURSE_OK;
	TRY(collateral_view_read_withdrawal(rows->query, record.withdrawal, &view));
	return view_add(rows, &view);
}

/* ---- what is frozen ---- */

static const struct recourse_column hold_columns[] = {
	{COLUMN(ID, "hold", struct frozen, id, "its id")},
	{COLUMN(UNIT, "unit", struct frozen, unit, "of the deposit")},
	{COLUMN(TEXT, "reason", struct frozen, reason.code, "why")},
	VIEW_TEXTS("reason", struct frozen, reason.texts),
	{COLUMN_AMOUNT("frozen", struct frozen, steps, unit, "of the deposit")},
	{COLUMN(TIME, "expires", struct frozen, until, "when it ends by itself"), OPTIONAL},
	{COLUMN_UNTIL("expires_seconds", struct frozen, until, "until then"), OPTIONAL},
	{COLUMN(ENTRY, "entry", struct frozen, entry, "that froze it")},
};

static const struct recourse_column incident_columns[] = {
	{COLUMN(ID, "incident", struct frozen, id, "its id")},
	{COLUMN(UNIT, "unit", struct frozen, unit, "of the deposit")},
	{COLUMN_CHOICE("state", life_incident_states, struct frozen, state, "where it stands")},
	{COLUMN(TEXT, "reason", struct frozen, reason.code, "why")},
	VIEW_TEXTS("reason", struct frozen, reason.texts),
	{COLUMN_AMOUNT("frozen", struct frozen, steps, unit, "of the deposit")},
	{COLUMN(TIME, "bar_date", struct frozen, until, "when the claim window closes")},
	{COLUMN_UNTIL("bar_date_seconds", struct frozen, until, "until then")},
	{COLUMN(ENTRY, "entry", struct frozen, entry, "that declared it")},
};

static const struct recourse_column restored_columns[] = {
	{COLUMN(ENTRY, "appeal", struct frozen, entry, "that lodged it")},
	{COLUMN(ID, "incident", struct frozen, id, "for which the deduction was")},
	{COLUMN(UNIT, "unit", struct frozen, unit, "of the deposit")},
	{COLUMN_AMOUNT("waiting", struct frozen, steps, unit, "for the funder to pay in")},
};

static const struct recourse_column top_up_columns[] = {
	{COLUMN(ENTRY, "entry", struct frozen, entry, "that received it")},
	{COLUMN(UNIT, "unit", struct frozen, unit, "of the deposit")},
	{COLUMN_AMOUNT("waiting", struct frozen, steps, unit,
		"for its liquidator to confirm; it secures nobody yet")},
};

/* Why, as the entry says that froze it. */
static enum recourse_error read_reason(struct query *query, struct frozen *frozen)
{
	struct entry entry;
	TRY(query_entry(query, frozen->entry, &entry));
	return entry_view_reason(query, &entry, &frozen->reason);
}

/* Of an issuer's incident a merchant is told of its own section. */
static enum recourse_error count_blockers(struct query *query, const struct record_incident *incident,
	uint32_t merchant, struct blocker *first, uint64_t *count)
{
	bool any;
	if (incident->merchant == 0)
		return blocker_of_section(
			query->state, query->arena, incident, query->now, merchant, first, count);
	*count = 0;
	TRY(blocker_first(query->state, query->arena, incident, query->now, false, first, &any));
	return any ? blocker_count(query->state, query->arena, incident, query->now, count) : RECOURSE_OK;
}

/* When nothing is in the way an approver closes it; until then it is who has to do the first thing. */
static enum recourse_error expect_end(
	struct query *query, const struct record_incident *incident, uint32_t merchant, struct frozen *frozen)
{
	struct blocker first;
	uint64_t count;
	char text[80];
	slice what;
	frozen->coming = (struct coming){"incident is closed", frozen->id, slice_text("approver"), 0};
	TRY(count_blockers(query, incident, merchant, &first, &count));
	if (count == 0)
		return RECOURSE_OK;
	snprintf(text, sizeof text, "%llu to be done before the incident is closed",
		(unsigned long long)count);
	TRY(arena_copy(query->arena, slice_of((const uint8_t *)text, strlen(text) + 1), &what));
	frozen->coming.what = (const char *)what.data;
	frozen->coming.by = slice_text(first.by);
	frozen->coming.due = first.due;
	return RECOURSE_OK;
}

/* Where an issuer's incident stands for this merchant, whatever has come of others' claims. */
static enum recourse_error read_standing(
	struct query *query, const struct record_incident *incident, uint32_t merchant, struct frozen *frozen)
{
	struct record_section section;
	frozen->state = incident->state;
	if (incident->merchant != 0)
		return RECOURSE_OK;
	TRY(section_load(query->state, incident->number, merchant, &section));
	if (section.apportioned_entry != 0)
		frozen->state = INCIDENT_RECOVERY;
	else if (section.last_round_entry != 0)
		frozen->state = INCIDENT_ADJUDICATED;
	else
		frozen->state = query->now > incident->bar_date ? INCIDENT_BAR_DATE : INCIDENT_CLAIMS_OPEN;
	return RECOURSE_OK;
}

static enum recourse_error read_incident(
	struct query *query, uint32_t merchant, const struct record_incident *incident, struct frozen *frozen)
{
	frozen->columns = incident_columns;
	TRY(read_standing(query, incident, merchant, frozen));
	frozen->until = incident->bar_date;
	frozen->entry = incident->entry;
	frozen->unit = incident->unit;
	TRY(arena_copy(query->arena, RECORD_TEXT(incident->id), &frozen->id));
	if (frozen->until > query->now)
		frozen->coming = (struct coming){
			"claim window closes", frozen->id, slice_text("clock"), frozen->until};
	else
		TRY(expect_end(query, incident, merchant, frozen));
	return read_reason(query, frozen);
}

/* What an appeal restored waits under the appeal's own reference until the funder has paid it in. */
static enum recourse_error read_restored(struct query *query, struct frozen *frozen)
{
	struct appealed appeal;
	if (!account_reference_read(frozen->id, &frozen->entry))
		return RECOURSE_STORE_CORRUPT;
	TRY(appeal_view_read(query, frozen->entry, &appeal));
	frozen->columns = restored_columns;
	frozen->coming = (struct coming){.what = "funder pays in what an appeal restored", .of = frozen->id};
	TRY(party_name(query->state, query->arena, appeal.incident.funder, &frozen->coming.by));
	return arena_copy(query->arena, RECORD_TEXT(appeal.incident.id), &frozen->id);
}

static enum recourse_error read_frozen(struct query *query, const struct brief *brief, struct frozen *frozen)
{
	struct record_path path = record_path_of_text(RECORD_HOLD, frozen->id);
	struct record_incident incident;
	struct record_hold hold;
	if (account_reference_waits(frozen->id))
		return read_restored(query, frozen);
	TRY(record_get_optional(query->state, &path, &hold, sizeof hold, NULL));
	if (hold.entry == 0) {
		TRY(incident_read(query->state, frozen->id, &incident));
		return read_incident(query, brief->number, &incident, frozen);
	}
	frozen->columns = hold_columns;
	frozen->until = hold.expires;
	frozen->entry = hold.entry;
	frozen->coming = (struct coming){agenda_released, frozen->id, slice_text("operator"), 0};
	if (hold.expires != 0)
		frozen->coming =
			(struct coming){"hold expires", frozen->id, slice_text("clock"), frozen->until};
	return read_reason(query, frozen);
}

/* Money for the deposit of an insolvent merchant waits under its entry; what else waits there is nobody's deposit. */
static enum recourse_error read_top_up(struct query *query, struct brief *brief, struct frozen *frozen)
{
	struct record_path path;
	struct record_top_up top_up;
	struct record_estate estate;
	bool there;
	if (!account_reference_read(frozen->id, &frozen->entry))
		return RECOURSE_OK;
	path = record_path_of_number(RECORD_TOP_UP, frozen->entry);
	TRY(record_get_optional(query->state, &path, &top_up, sizeof top_up, &there));
	if (!there)
		return RECOURSE_OK;
	frozen->columns = top_up_columns;
	frozen->coming = (struct coming){.what = "liquidator confirms a top-up, or it is given back",
		.of = frozen->id,
		.by = slice_text("operator")};
	TRY(estate_of(query->state, brief->merchant, &estate));
	return estate.entry == 0
		       ? RECOURSE_OK
		       : party_name(query->state, query->arena, estate.liquidator, &frozen->coming.by);
}

static enum recourse_error gather(struct query *query, struct brief *brief, enum chart_code code)
{
	struct account_walk walk SCOPED(account_walk_end) = {
		.view = query->state, .code = code, .one_party = true, .party = brief->merchant};
	while (account_walk_next(&walk)) {
		if (!wants(brief, walk.name.unit) || walk.account.balance == 0)
			continue;
		if (brief->frozen_count == ROWS_MAX) {
			brief->left_out++;
			continue;
		}
		struct frozen *frozen = &brief->frozen[brief->frozen_count++];
		*frozen = (struct frozen){
			.unit = account_unit(&walk.account, walk.name.unit), .steps = -walk.account.balance};
		TRY(arena_copy(query->arena, walk.name.reference, &frozen->id));
		TRY(code == CHART_SUSPENSE ? read_top_up(query, brief, frozen)
					   : read_frozen(query, brief, frozen));
		brief->frozen_count -= frozen->columns == NULL;
		brief->top_ups = brief->top_ups || frozen->columns == top_up_columns;
	}
	return walk.error;
}

/* The row, and what is to come of it. */
static enum recourse_error add_frozen(struct view_rows *rows, const struct frozen *frozen)
{
	TRY(view_add(rows, frozen));
	return expect(rows, frozen->coming);
}

static enum recourse_error list_frozen(struct view_rows *rows)
{
	const struct brief *brief = rows->above;
	for (size_t index = 0; index < brief->frozen_count; index++) {
		if (brief->frozen[index].columns == rows->columns)
			TRY(add_frozen(rows, &brief->frozen[index]));
	}
	return RECOURSE_OK;
}

/* An incident also has a deposit of which nothing is frozen for it: that freezes what comes. */
static enum recourse_error visit_emptied(struct view_rows *rows, const struct record_walk *walk)
{
	const struct brief *brief = rows->above;
	struct record_incident incident;
	struct frozen frozen = {0};
	int64_t left;
	TRY(incident_load(rows->query->state, (uint32_t)view_last_number(walk), &incident));
	TRY(account_balance(rows->query->state, CHART_DEPOSIT_FROZEN, brief->merchant,
		RECORD_TEXT(incident.id), &incident.unit, &left));
	if (left != 0)
		return RECOURSE_OK;
	TRY(read_incident(rows->query, brief->number, &incident, &frozen));
	return add_frozen(rows, &frozen);
}

static enum recourse_error list_incidents(struct view_rows *rows)
{
	TRY(list_frozen(rows));
	return view_walk(rows, &((const struct brief *)rows->above)->pools, visit_emptied);
}

/* ---- what it owes itself, incident by incident, also in those that froze nothing of it ---- */

static struct coming next_owed(const struct brief *brief, const struct liability_view *view)
{
	if (view->owed > 0)
		return (struct coming){"recourse is paid", view->incident, brief->merchant, 0};
	if (view->owed_back > 0)
		return (struct coming){"what was paid out is paid back", view->incident, brief->merchant, 0};
	if (view->next == LIABILITY_WAITS)
		return (struct coming){
			"what was paid is sent down", view->incident, slice_text("operator"), 0};
	return (struct coming){"what is its own is paid out", view->incident, slice_text("custodian"), 0};
}

static enum recourse_error visit_owed(struct view_rows *rows, const struct record_walk *walk)
{
	const struct brief *brief = rows->above;
	struct record_incident incident;
	struct liability_view view;
	TRY(incident_load(rows->query->state, (uint32_t)walk->key.parts[1].number, &incident));
	if (!wants(brief, unit_code(&incident.unit)))
		return RECOURSE_OK;
	TRY(liability_view_read(
		rows->query, brief->number, &incident, (uint32_t)view_last_number(walk), &view));
	if (view.next == LIABILITY_DONE && view.own == 0)
		return RECOURSE_OK;
	TRY(expect(rows, next_owed(brief, &view)));
	return view_add(rows, &view);
}

/* ---- the exits under way: one for a deposit ---- */

/* Clocks end notice and tail, unless claims come first; then the custodian pays. */
static enum recourse_error expect_exit(struct view_rows *rows, const struct exit_view *exit)
{
	struct query *query = rows->query;
	struct coming coming = {.of = exit->id, .by = slice_text("clock"), .due = exit->next_due};
	struct record_path path =
		record_path_of_texts(RECORD_DEPOSIT, exit->merchant, unit_code(&exit->record.unit));
	struct record_deposit deposit;
	if (exit->record.blocks > 0) {
		coming.what = "exit goes on when the incident is closed";
		coming.by = slice_text("approver");
		coming.due = 0;
	} else if (exit->record.state == EXIT_NOTICE) {
		coming.what = "notice ends";
	} else if (exit->record.state == EXIT_TAIL) {
		coming.what = "tail ends";
	} else if (exit->next_due != 0) {
		coming.what = "refund is due";
		TRY(record_get_named(query->state, &path, &deposit, sizeof deposit));
		TRY(party_name(query->state, query->arena, deposit.custodian, &coming.by));
	} else {
		coming.what = "what is kept back is released, or paid to whom it is owed";
		coming.by = slice_text("operator");
	}
	return expect(rows, coming);
}

static enum recourse_error visit_exit(struct view_rows *rows, const struct record_walk *walk)
{
	struct exit_view exit;
	TRY(exit_view_read(rows->query, walk->key.parts[2].text, &exit));
	TRY(expect_exit(rows, &exit));
	return view_add(rows, &exit);
}

static enum recourse_error visit_retentions(struct view_rows *rows, const struct record_walk *walk)
{
	struct view_rows items = *rows;
	struct exit_view exit;
	TRY(exit_view_read(rows->query, walk->key.parts[2].text, &exit));
	items.above = &exit;
	TRY(view_walk(&items, &exit.items, exit_view_item));
	rows->count = items.count;
	return RECOURSE_OK;
}

/* ---- what was taken, and what the merchant says to that: the latest first ---- */

static enum recourse_error visit_deduction(struct view_rows *rows, const struct record_walk *walk)
{
	struct coming coming = {.what = "appeal window closes", .by = slice_text("clock")};
	struct deducted view;
	TRY(appeal_view_read_deduction(rows->query, walk->key.parts[1].text, view_last_number(walk), &view));
	if (!view.appealable || !wants(rows->above, unit_code(&view.incident.unit)))
		return RECOURSE_OK;
	coming.due = view.record.until;
	TRY(expect_of_entry(rows, view.entry, coming));
	return view_add(rows, &view);
}

static enum recourse_error visit_appeal(struct view_rows *rows, const struct record_walk *walk)
{
	struct coming coming = {.what = "appeal is to be decided", .by = slice_text("approver")};
	struct appealed view;
	TRY(appeal_view_read(rows->query, view_last_number(walk), &view));
	if (!wants(rows->above, unit_code(&view.incident.unit)))
		return RECOURSE_OK;
	coming.due = view.record.due;
	if (!appeal_is_decided(&view.record))
		TRY(expect_of_entry(rows, view.entry, coming));
	return view_add(rows, &view);
}

/* ---- merchant.brief ---- */

/* In this order: what is to come is known when all others have said it. */
static const struct recourse_column brief_columns[] = {
	{COLUMN(ID, "merchant", struct brief, merchant, "whose deposits these are")},
	VIEW_AS_OF,
	{COLUMN_WALK("deposits", deposit_columns, struct brief, deposits, visit_deposit, "by unit")},
	{COLUMN_WALK("requirements", collateral_view_columns, struct brief, requirements, visit_requirement,
		"what is required, by unit")},
	{COLUMN_WALK("withdrawals", collateral_view_withdrawal_columns, struct brief, requirements,
		visit_withdrawal, "those under way, by unit")},
	{COLUMN_ROWS("holds", hold_columns, list_frozen, "that freeze something")},
	{COLUMN_ROWS("incidents", incident_columns, list_incidents, "that have a deposit")},
	{COLUMN_ROWS("restored", restored_columns, list_frozen, "by appeals, and not paid in yet")},
	{COLUMN_ROWS("top_ups", top_up_columns, list_frozen, "that came since it is insolvent")},
	{COLUMN(INTEGER, "left_out", struct brief, left_out, "of these four, beyond 200"), OPTIONAL},
	{COLUMN_WALK("liabilities", liability_view_columns, struct brief, liabilities, visit_owed,
		"of the latest 200 sections where it is liable: what it owes, what waits, what is its own")},
	{COLUMN_WALK_OF("exits", exit_view_columns + EXIT_VIEW_STANDING, EXIT_VIEW_TERMS - EXIT_VIEW_STANDING,
		struct brief, exits, visit_exit, "those under way, by unit")},
	{COLUMN_WALK("retentions", exit_view_item_columns, struct brief, exits, visit_retentions,
		"what these keep back")},
	{COLUMN_WALK("deductions", appeal_view_deduction_columns, struct brief, deductions, visit_deduction,
		"of the latest 200 those that can be appealed")},
	{COLUMN_WALK("appeals", appeal_view_columns, struct brief, appeals, visit_appeal, "the latest 200")},
	{COLUMN_WALK("proposals", proposal_view_columns, struct brief, proposals, proposal_view_visit,
		 "commands about it that wait for other people, the first 50; for who reads all"),
		OPTIONAL},
	{COLUMN_ROWS("coming", agenda_columns, list_coming, "what is to come, the earliest first")},
};

/* What lies by unit behind that path: of the one that is asked for, or all. */
static struct view_range by_unit(const struct brief *brief, struct record_path path)
{
	if (brief->unit->present)
		record_path_text(&path, brief->unit->text);
	return (struct view_range){.prefix = path};
}

static struct view_range latest(struct record_path path)
{
	return (struct view_range){.prefix = path, .looks = ROWS_MAX, .latest = true};
}

static enum recourse_error find_brief(struct query *query, void *row)
{
	struct brief *brief = row;
	const struct value *asked = &query->values[BRIEF_MERCHANT];
	const struct value own = {.present = true, .text = query->actor->party};
	bool any;
	brief->unit = &query->values[BRIEF_UNIT];
	TRY(query_whose(query, "merchant", asked->present ? asked : &own, &brief->merchant, &brief->number));
	brief->deposits = by_unit(brief, record_path_of_text(RECORD_DEPOSIT, brief->merchant));
	brief->pools = by_unit(brief, record_path_of_short(RECORD_POOL, brief->number));
	brief->requirements = by_unit(brief, record_path_of_text(RECORD_COLLATERAL, brief->merchant));
	brief->deductions = latest(decision_about_path(RECORD_DEDUCTION, brief->merchant));
	brief->appeals = latest(decision_about_path(RECORD_APPEAL, brief->merchant));
	brief->exits = by_unit(brief, record_path_of_short(RECORD_EXIT_OPEN, brief->number));
	brief->liabilities = latest(record_path_of_short(RECORD_LIABILITY_PARTY, brief->number));
	if (query_sees_all(query))
		brief->proposals = (struct view_range){
			.prefix = record_path_of_short(RECORD_PROPOSAL_PARTY, brief->number),
			.limit = PROPOSAL_VIEW_MAX};
	brief->agenda = arena_allocate(query->arena, sizeof *brief->agenda);
	brief->frozen = arena_allocate(query->arena, ROWS_MAX * sizeof *brief->frozen);
	if (brief->agenda == NULL || brief->frozen == NULL)
		return RECOURSE_MEMORY;
	TRY(gather(query, brief, CHART_DEPOSIT_FROZEN));
	TRY(gather(query, brief, CHART_SUSPENSE));
	/* nothing is answered silently empty: a merchant of which nothing is lodged, required or owed is not there */
	TRY(record_any(query->state, &brief->deposits.prefix, &any));
	if (!any)
		TRY(record_any(query->state, &brief->liabilities.prefix, &any));
	if (!any && brief->proposals.prefix.size > 0)
		TRY(record_any(query->state, &brief->proposals.prefix, &any));
	return any || brief->top_ups ? RECOURSE_OK
				     : query_any(query, "merchant", &brief->requirements.prefix);
}

static const struct query_row rows[] = {
	VIEW("merchant.brief", QUERY_READ_OWN, brief_fields, brief_columns, struct brief, find_brief,
		"a merchant on one screen: deposits, what is required, holds, exit, deductions, what comes "
		"next"),
};
const struct query_group merchant_view_group = {rows, sizeof rows / sizeof rows[0]};
