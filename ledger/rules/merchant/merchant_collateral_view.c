/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/merchant/merchant_view.h"

#include "books/record_appeal.h"
#include "books/record_collateral.h"
#include "books/record_incident.h"
#include "base/try.h"
#include "books/reference.h"
#include "rules/incident/default_signal.h"
#include "rule/party.h"
#include "rules/payout/appeal_view.h"
#include "rules/collateral/collateral_view.h"

/* ---- what is required, and what is taken back ---- */

struct secured {
	struct query_list requirements;
	struct query_list withdrawals;
};

/* Until its day it is a duty; then only topping up ends the restriction. */
static void expect_top_up(struct query_merchant *brief, slice unit, const struct record_collateral *record)
{
	bool restricted = record->restricted != 0;
	merchant_view_expect(
		brief, (struct merchant_view_coming){
			       .what = restricted ? "topping up ends the restriction" : "top-up is due",
			       .of = unit,
			       .by = brief->merchant,
			       .due = restricted ? 0 : record->due,
		       });
}

/* The custodian pays it, unless a sign of default stands. */
static enum recourse_error expect_withdrawal(
	struct query_merchant *brief, const struct record_collateral *record)
{
	struct merchant_view_coming coming = {.what = "withdrawal is paid"};
	struct query *query = brief->query;
	struct record_signal signal;
	enum recourse_error error = reference_make(brief->query->arena, record->withdrawal, &coming.of);
	if (error == RECOURSE_OK)
		error = default_signal_read(query->state, brief->merchant, &signal);
	if (error == RECOURSE_OK) {
		coming.what = "withdrawal waits for the sign of default to end";
		coming.by = slice_text(signal.expires != 0 ? "clock" : "approver");
		coming.due = signal.expires;
	} else if (error == RECOURSE_QUERY_NOT_FOUND) {
		error = party_name(query->state, query->arena, record->custodian, &coming.by);
	}
	if (error == RECOURSE_OK)
		merchant_view_expect(brief, coming);
	return error;
}

static enum recourse_error write_unit(
	struct query_merchant *brief, slice unit_code, slice value, void *context)
{
	struct secured *secured = context;
	struct record_collateral record = {0};
	slice unit;
	if (value.size > sizeof record)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&record, value.data, value.size);
	TRY(merchant_view_keep(brief, unit_code, &unit));
	TRY(collateral_view_row(brief->query, &record, brief->now, &secured->requirements));
	if (record.duty != 0)
		expect_top_up(brief, unit, &record);
	if (record.withdrawal != 0)
		TRY(collateral_view_withdrawal(brief->query, record.withdrawal, &secured->withdrawals));
	if (record.withdrawal != 0)
		TRY(expect_withdrawal(brief, &record));
	return RECOURSE_OK;
}

enum recourse_error merchant_collateral_view_requirements(struct query_merchant *brief)
{
	struct secured secured = {0};
	enum recourse_error error = merchant_view_each_unit(brief, RECORD_COLLATERAL, write_unit, &secured);
	query_list_close(brief->query, "requirements", &secured.requirements);
	query_list_close(brief->query, "withdrawals", &secured.withdrawals);
	return error;
}

/* ---- what was taken, and what the merchant says to that: the latest first ---- */

typedef enum recourse_error entry_writer(
	struct query_merchant *brief, uint64_t entry, struct query_list *list);

static enum recourse_error write_latest(
	struct query_merchant *brief, enum record_table table, const char *name, entry_writer *write)
{
	struct record_path prefix = query_subject_path(table, brief->merchant);
	struct query_list list = {0};
	struct state_walk walk;
	size_t seen = 0;
	enum recourse_error error = state_walk_first(
		&walk, brief->query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_DOWN);
	while (error == RECOURSE_OK && seen++ < MERCHANT_VIEW_ROWS_MAX) {
		error = write(brief, record_path_last_number(walk.key), &list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_list_close(brief->query, name, &list);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error write_deduction(
	struct query_merchant *brief, uint64_t entry, struct query_list *list)
{
	struct merchant_view_coming coming = {.what = "appeal window closes", .by = slice_text("clock")};
	struct record_deduction deduction;
	struct record_incident incident;
	enum recourse_error error = appeal_view_read_deduction(brief->query, entry, &deduction, &incident);
	if (error != RECOURSE_OK || !appeal_view_possible(&deduction, brief->now) ||
		!merchant_view_wants(brief, unit_code(&incident.unit)))
		return error;
	coming.due = deduction.until;
	TRY(appeal_view_deduction_row(brief->query, entry, brief->now, list));
	TRY(reference_make(brief->query->arena, entry, &coming.of));
	merchant_view_expect(brief, coming);
	return RECOURSE_OK;
}

enum recourse_error merchant_collateral_view_deductions(struct query_merchant *brief)
{
	return write_latest(brief, RECORD_DEDUCTION, "deductions", write_deduction);
}

static enum recourse_error write_appeal(struct query_merchant *brief, uint64_t entry, struct query_list *list)
{
	struct merchant_view_coming coming = {
		.what = "appeal is to be decided", .by = slice_text("approver")};
	struct record_deduction deduction;
	struct record_incident incident;
	struct record_appeal appeal;
	enum recourse_error error = appeal_view_read(brief->query, entry, &appeal);
	if (error == RECOURSE_OK)
		error = appeal_view_read_deduction(brief->query, appeal.deduction, &deduction, &incident);
	if (error != RECOURSE_OK || !merchant_view_wants(brief, unit_code(&incident.unit)))
		return error;
	coming.due = appeal.due;
	error = appeal_view_row(brief->query, entry, brief->now, list);
	if (error == RECOURSE_OK)
		error = reference_make(brief->query->arena, entry, &coming.of);
	if (error == RECOURSE_OK && appeal.decided_entry == 0)
		merchant_view_expect(brief, coming);
	return error;
}

enum recourse_error merchant_collateral_view_appeals(struct query_merchant *brief)
{
	return write_latest(brief, RECORD_APPEAL, "appeals", write_appeal);
}
