/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/report.h"

#include "rules/claims/claim.h"
#include "rules/claims/undo.h"
#include "rules/incident/section.h"
#include "rules/payout/former_order.h"
#include "rules/rail/unanswered.h"

/*
 * ---- payout.report: what who pays says of a payment ----
 *
 * Accepted, waiting for its payee, unknown: it is under way, and no money moves; nothing is settled by a word. Rejected, expired,
 * cancelled: it never left. Its money is where that of one is that came back, and is paid by another order, or by none.
 */

static struct record_path report_path(slice claim)
{
	return record_path_of_text(RECORD_REPORT, claim);
}

static enum recourse_error put(struct decision *decision, slice claim, struct record_claim *record,
	const struct record_report *report)
{
	struct record_path path = report_path(claim);
	record->reported = 1;
	return decision_put(decision, &path, report, sizeof *report);
}

enum reason_code_action report_action(const struct record_report *report)
{
	if (report->state == PAYOUT_EXPIRED)
		return REASON_RETRY_SAME;
	if (report->state == PAYOUT_STOPPED)
		return REASON_MANUAL;
	if (report->state == PAYOUT_REJECTED || report->state == PAYOUT_RETURNED)
		return reason_code_find(RECORD_TEXT(report->code));
	return REASON_QUERY;
}

/* ---- when who pays is asked ---- */

/*
 * A payee that has to confirm has a day for that; whoever pays can be asked for thirty days from the order on; or what its rail says.
 * It is asked five days before that is over, and a day later where it could not say even then.
 */
enum { AWAITING_HOURS = 24, QUERY_DAYS = 30, QUERY_SPARE_DAYS = 5 };
static uint64_t query_time(const struct record_report *report, uint64_t now)
{
	uint64_t next = now + INSTANT_DAY;
	uint64_t days = report->query_days > QUERY_SPARE_DAYS ? report->query_days - QUERY_SPARE_DAYS : 0;
	uint64_t last = report->since + days * INSTANT_DAY;
	bool waits = report->state == PAYOUT_ACCEPTED || report->state == PAYOUT_UNKNOWN;
	if (report->state == PAYOUT_AWAITING)
		return now + report->awaiting_hours * INSTANT_HOUR;
	return !waits ? 0 : last > next ? last : next;
}

enum recourse_error report_overdue(struct decision *decision, slice claim)
{
	struct record_path path = report_path(claim);
	struct record_report report;
	TRY(decision_find(decision, "subject", &path, &report, sizeof report));
	report.marked = decision->entry;
	decision_fact_text(decision, "payout", slice_text(life_state_name(LIFE_PAYOUT, report.state)));
	decision_fact_instant(decision, "since", report.since);
	TRY(decision_put(decision, &path, &report, sizeof report));
	return decision_about(decision, RECORD_CLAIM, claim);
}

/* ---- what follows from others ---- */

static bool is_said(uint32_t state)
{
	return state != LIFE_NONE && state != PAYOUT_INSTRUCTED && state != PAYOUT_REISSUED &&
	       state != PAYOUT_SETTLED && state != PAYOUT_CANCELLED;
}

enum recourse_error report_follow_claim(struct decision *decision, slice claim, struct record_claim *record)
{
	struct record_path path = report_path(claim);
	struct record_report report;
	if (record->reported == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &report, sizeof report));
	bool own = report.instalment == record->instalment;
	uint32_t state = own && is_said(record->payout) ? record->payout : LIFE_NONE;
	if (state == report.state)
		return RECOURSE_OK;
	report.state = state;
	report.marked = 0;
	report.clock = query_time(&report, decision->time);
	return decision_put(decision, &path, &report, sizeof report);
}

static enum recourse_error put_returned(
	struct decision *decision, slice claim, struct record_claim *record, slice code, uint32_t more)
{
	struct record_report report;
	TRY(report_read(decision->state, claim, record, &report));
	report.entry = decision->entry;
	report.since = decision->time;
	report.state = PAYOUT_RETURNED;
	report.before = PAYOUT_SETTLED;
	report.came_back += more;
	report.clock = report.marked = 0;
	record_text_set(report.code, sizeof report.code, code);
	return put(decision, claim, record, &report);
}

enum recourse_error report_came_back(
	struct decision *decision, slice claim, struct record_claim *record, slice code)
{
	return put_returned(decision, claim, record, code, 1);
}

enum recourse_error report_is_back(struct decision *decision, slice claim, struct record_claim *record)
{
	return put_returned(decision, claim, record, slice_text(""), 0);
}

enum recourse_error report_beside(struct decision *decision, slice claim, struct record_claim *record)
{
	struct record_report report;
	TRY(report_read(decision->state, claim, record, &report));
	if (report.entry == 0)
		report.entry = decision->entry;
	if (report.since == 0)
		report.since = decision->time;
	report.came_back++;
	return put(decision, claim, record, &report);
}

enum recourse_error report_not_back(struct decision *decision, slice claim, struct record_claim *record)
{
	struct record_report report;
	TRY(report_read(decision->state, claim, record, &report));
	report.came_back -= report.came_back > 0;
	return put(decision, claim, record, &report);
}

enum recourse_error report_said(struct decision *decision, slice claim, struct record_claim *record,
	const struct record_report *report)
{
	struct record_report again = *report;
	again.clock = again.marked = 0;
	return put(decision, claim, record, &again);
}

enum recourse_error report_check_settled(
	struct decision *decision, slice claim, const struct record_claim *record)
{
	struct record_report report;
	if (record_claim_money(record) != CLAIM_MONEY_BACK || record->payout == PAYOUT_RETURNED)
		return RECOURSE_OK;
	TRY(report_read(decision->state, claim, record, &report));
	return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", report.entry);
}

static enum recourse_error account_of(
	struct decision *decision, slice claim, uint8_t account[static RECORD_MARK_SIZE], bool *known)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee order;
	TRY(record_get_optional(decision->state, &path, &order, sizeof order, known));
	memcpy(account, order.account, RECORD_MARK_SIZE);
	return RECOURSE_OK;
}

enum recourse_error report_account_before(struct decision *decision, slice claim,
	const struct record_claim *record, struct report_account *before)
{
	TRY(report_read(decision->state, claim, record, &before->report));
	return account_of(decision, claim, before->account, &before->known);
}

enum recourse_error report_account_differs(
	struct decision *decision, slice claim, const struct report_account *before)
{
	uint8_t account[RECORD_MARK_SIZE];
	bool known;
	enum reason_code_action action = reason_code_find(RECORD_TEXT(before->report.code));
	bool wrong = action == REASON_PAYEE_FIX || action == REASON_DECEASED;
	bool left = before->report.before == PAYOUT_SETTLED; /* it was paid there once */
	if (!before->known || !wrong || left)
		return RECOURSE_OK;
	TRY(account_of(decision, claim, account, &known));
	return memcmp(account, before->account, sizeof account) != 0
		       ? RECOURSE_OK
		       : refuse_limit(decision, RECOURSE_NOT_PERMITTED, "payee",
				 "another account: this one is wrong by entry %llu",
				 (unsigned long long)before->report.entry);
}

/* ---- payout.report ---- */

static const char *const status_names[] = {
	"accepted", "awaiting_payee", "expired", "rejected", "cancelled", "unknown", NULL};
static const enum payout_state status_states[] = {
	PAYOUT_ACCEPTED, PAYOUT_AWAITING, PAYOUT_EXPIRED, PAYOUT_REJECTED, PAYOUT_STOPPED, PAYOUT_UNKNOWN};

enum { REPORT_CLAIM, REPORT_STATUS, REPORT_ORDER, REPORT_CODE };
static const struct recourse_field report_fields[] = {
	[REPORT_CLAIM] = FIELD(ID, "claim", "whose payment was ordered"),
	[REPORT_STATUS] = FIELD_CHOICE("status", status_names,
		"by who pays; expired, rejected, cancelled: it never left; unknown: it may have"),
	[REPORT_ORDER] = REPORT_ORDER_FIELD,
	[REPORT_CODE] = FIELD_OPTIONAL(ID, "code", "reason of it, such as AC04: what is to be done follows"),
};

static enum recourse_error check_last(
	struct decision *decision, const struct value *order, bool known, uint64_t last)
{
	if (!order->present)
		return RECOURSE_OK;
	if (!known)
		return refuse(decision, RECOURSE_NOT_FOUND, "order", "of a named payee");
	return (uint64_t)order->integer == last ? RECOURSE_OK
						: refuse_entry(decision, RECOURSE_STATE_WRONG, "order", last);
}

/* What an earlier one was called may be what a bank's line says. */
static bool was_ordered_before(const struct record_claim *claim, const struct record_claim_payee *last)
{
	return claim->instalment > 1 || last->sent == PAYEE_AGAIN || last->sent == PAYEE_UNNAMED;
}

enum recourse_error report_check_order(struct decision *decision, slice claim,
	const struct record_claim *record, const struct value *order, bool *other)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee last = {.entry = 0};
	bool known = false;
	*other = false;
	if (order->present || record->on_rail)
		TRY(record_get_optional(decision->state, &path, &last, sizeof last, &known));
	if (!order->present && record->on_rail && was_ordered_before(record, &last))
		return refuse(decision, RECOURSE_FIELD_MISSING, "order", "the entry that ordered it");
	*other = order->present && known &&
		 ((uint64_t)order->integer != last.entry || record->payout == PAYOUT_CANCELLED);
	return *other ? RECOURSE_OK : check_last(decision, order, known, last.entry);
}

/* A report has to say which order it is of, where that is known. */
static enum recourse_error check_order(
	struct decision *decision, slice claim, const struct value *order, struct record_report *report)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee last = {.entry = 0};
	bool known;
	TRY(record_get_optional(decision->state, &path, &last, sizeof last, &known));
	if (known)
		report->since = last.time;
	if (known && !order->present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "order", "the entry that ordered it");
	return check_last(decision, order, known, last.entry);
}

/* A rail knows nothing of what did not go out to it; and for how long it can be asked it has published. */
static enum recourse_error read_rail(
	struct decision *decision, slice claim, bool on_rail, struct record_report *report)
{
	struct rail_order order;
	struct record_rail rail;
	int64_t ordered;
	bool published;
	report->awaiting_hours = AWAITING_HOURS;
	report->query_days = QUERY_DAYS;
	if (!on_rail)
		return RECOURSE_OK;
	TRY(payment_batch_went_out(decision, claim, &ordered));
	TRY(rail_order_last(decision->state, decision->arena, claim, &order));
	TRY(rail_read(decision->state, order.rail, &rail, &published));
	report->awaiting_hours = rail.awaiting_hours;
	report->query_days = rail.query_days;
	return RECOURSE_OK;
}

/* What was said to be the end is, until it is taken back. */
static enum recourse_error check_open(
	struct decision *decision, const struct record_claim *claim, const struct record_report *report)
{
	if (claim->payout == PAYOUT_SETTLED)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", claim->settled_entry);
	if (record_claim_money(claim) == CLAIM_MONEY_BACK)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", report->entry);
	return record_claim_money(claim) == CLAIM_MONEY_TRANSIT
		       ? RECOURSE_OK
		       : refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, claim->payout));
}

/* It is of one that was sent, and is its claim's last no more: another one was paid in its place. */
static enum recourse_error is_of_former(struct decision *decision, const struct undo *undo,
	const struct value *order, struct former_order *former, bool *other)
{
	struct record_path path = record_path_of_text(RECORD_FORMER_ORDER, undo->id);
	*other = false;
	if (!order->present)
		return RECOURSE_OK;
	former->entry = (uint64_t)order->integer;
	record_path_number(&path, former->entry);
	TRY(record_get_optional(decision->state, &path, &former->record, sizeof former->record, other));
	*other = *other && former_order_is_under_way(&former->record);
	return RECOURSE_OK;
}

/* One like it may have been paid: nothing is sent again by that. */
static enum recourse_error check_code(
	struct decision *decision, enum payout_state state, const struct value *code)
{
	bool query = code->present && reason_code_find(code->text) == REASON_QUERY;
	return state == PAYOUT_REJECTED && query
		       ? refuse(decision, RECOURSE_NOT_PERMITTED, "code",
				 "unknown: it was paid before, until who pays says that it was not")
		       : RECOURSE_OK;
}

static enum recourse_error end(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	int64_t steps = claim->deposit_part + claim->advance_part;
	slice none = slice_text("");
	decision_fact_amount(decision, "amount", &undo->incident.unit, steps);
	TRY(incident_due_anew(decision, &undo->incident, claim));
	return decision_move(decision, &undo->incident.unit, steps, CHART_TRANSIT, none, CHART_RETURNED, none,
		undo->reference);
}

static enum recourse_error apply_report(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[REPORT_CLAIM].text};
	struct record_claim *claim = &undo.claim;
	struct record_report report;
	struct former_order former;
	bool other;
	enum payout_state state = status_states[values[REPORT_STATUS].integer];
	TRY(undo_find(decision, &undo));
	TRY(section_custodian(decision, "claim", &undo.section));
	TRY(is_of_former(decision, &undo, &values[REPORT_ORDER], &former, &other));
	if (other)
		return former_order_report(decision, &undo, &former, state);
	TRY(report_read(decision->state, undo.id, claim, &report));
	TRY(check_open(decision, claim, &report));
	bool first = report.state == LIFE_NONE;
	if (first)
		report.since = decision->time;
	TRY(check_order(decision, undo.id, &values[REPORT_ORDER], &report));
	TRY(read_rail(decision, undo.id, claim->on_rail != 0, &report));
	TRY(check_code(decision, state, &values[REPORT_CODE]));
	report.before = claim->payout;
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, state, "claim"));
	report.state = state;
	report.entry = decision->entry;
	report.marked = 0;
	report.clock = query_time(&report, decision->time);
	record_text_set(report.code, sizeof report.code,
		values[REPORT_CODE].present ? values[REPORT_CODE].text : slice_text(""));
	decision_fact_text(decision, "action", slice_text(reason_code_actions[report_action(&report)]));
	if (record_claim_money(claim) == CLAIM_MONEY_BACK)
		TRY(end(decision, &undo));
	if (claim->back_deposit + claim->back_advance > 0 && record_claim_money(claim) == CLAIM_MONEY_BACK) {
		TRY(former_order_turn(decision, &undo));
		report.state = claim->payout;
		report.before = PAYOUT_SETTLED;
	}
	TRY(put(decision, undo.id, claim, &report));
	return claim_put_about(decision, undo.id, claim);
}

/* ---- payout.report_reverse: one that was said never to have left, and did, or may have ---- */

enum { REVERSE_CLAIM, REVERSE_REASON };
static const struct recourse_field reverse_fields[] = {
	[REVERSE_CLAIM] = FIELD(ID, "claim", "whose payment was said to have ended, and has not"),
	[REVERSE_REASON] = FIELD(ID, "reason", "reason code, such as slip"),
};

/* As it was: no other steps lead there. */
static enum recourse_error step_back(struct decision *decision, uint32_t before, uint32_t *payout)
{
	bool first = before == PAYOUT_INSTRUCTED;
	TRY(decision_step(
		decision, LIFE_PAYOUT, payout, first ? PAYOUT_CANCELLED : PAYOUT_REISSUED, "claim"));
	return before == PAYOUT_REISSUED ? RECOURSE_OK
					 : decision_step(decision, LIFE_PAYOUT, payout, before, "claim");
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[REVERSE_CLAIM].text};
	struct record_claim *claim = &undo.claim;
	struct record_report report;
	slice none = slice_text("");
	TRY(undo_find(decision, &undo));
	TRY(section_custodian(decision, "claim", &undo.section));
	if (record_claim_money(claim) != CLAIM_MONEY_BACK || claim->payout == PAYOUT_RETURNED)
		return refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, claim->payout));
	TRY(report_read(decision->state, undo.id, claim, &report));
	struct record_booked record = {.unit = undo.incident.unit,
		.amount = claim->deposit_part + claim->advance_part,
		.kind = BOOKED_REPORT,
		.custodian = decision->actor->party_number};
	record_text_set(record.id, sizeof record.id, undo.id);
	record_text_set(record.reference, sizeof record.reference, undo.reference);
	TRY(step_back(decision, report.before, &claim->payout));
	uint64_t said = report.entry;
	report.entry = decision->entry;
	record_text_set(report.code, sizeof report.code, slice_text(""));
	TRY(put(decision, undo.id, claim, &report));
	TRY(incident_due_anew(decision, &undo.incident, claim));
	decision_fact_amount(decision, "amount", &undo.incident.unit, record.amount);
	TRY(decision_move(decision, &undo.incident.unit, record.amount, CHART_RETURNED, none, CHART_TRANSIT,
		none, undo.reference));
	TRY(booked_correct_unkept(decision, said, &record));
	TRY(unanswered_again(decision, undo.id, claim));
	return claim_put_about(decision, undo.id, claim);
}

static const struct command rows[] = {
	COMMAND("payout.report", RECOURSE_ROLE_CUSTODIAN, report_fields, apply_report,
		"who pays says what became of a payment, short of the bank's line", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED, RECOURSE_NOT_FOUND, RECOURSE_FIELD_MISSING),
	COMMAND_CHECKED("payout.report_reverse", RECOURSE_ROLE_CUSTODIAN, 1, reverse_fields, apply_reverse,
		"take back that a payment never left; another person approves", RECOURSE_STATE_WRONG),
};
const struct command_group report_commands = COMMAND_GROUP(rows);
