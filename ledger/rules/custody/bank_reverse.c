/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/* ---- bank.reverse: a line, a fee or interest that the bank's statement does not have ---- */

enum recourse_error bank_reverse_keep(struct decision *decision, const struct bank_booking *booking)
{
	struct record_booked record = {.unit = *booking->unit,
		.amount = booking->steps,
		.kind = booking->kind,
		.custodian = decision->actor->party_number,
		.before = booking->before,
		.account = booking->account,
		.was = booking->was};
	record_text_set(record.id, sizeof record.id, booking->id);
	record_text_set(record.line, sizeof record.line, booking->line);
	return booked_keep(decision, &record);
}

/* Cash against the account of who owes it or is owed it. What is repaid or paid by now rests on it. */
static enum recourse_error reverse_cash(struct decision *decision, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct unit *unit = &record->unit;
	enum chart_code account = (enum chart_code)record->account;
	const struct value line = {.present = true, .text = booked->line};
	slice none = slice_text("");
	bool again = record->takes_back != 0;
	bool came = record->kind == BOOKED_FEE_REPAID || record->kind == BOOKED_INTEREST;
	int64_t steps = came ? record->amount : -record->amount; /* of the cash, when it was booked first */
	if (!again && (record->kind == BOOKED_FEE || record->kind == BOOKED_INTEREST))
		TRY(booked_rests(decision, booked->entry, account, booked->id, none, unit, record->amount));
	if (again)
		TRY(record->kind == BOOKED_FEE ? attest_taken(decision, &line, unit, record->amount)
					       : attest_cash(decision, &line, unit, steps));
	else
		TRY(attest_back(decision, booked->line, unit, steps));
	TRY(decision_post(decision, account, booked->id, none, unit, again ? -steps : steps));
	if (record->kind != BOOKED_FEE || record->before == 0)
		return RECOURSE_OK;
	return custody_booked(decision, record->before, unit, again ? record->amount : -record->amount);
}

/* A receipt that the bank did not send back: the line that it came by has it again. */
static enum recourse_error reverse_returned(struct decision *decision, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct value came = {.present = true, .text = booked->reference};
	const struct value went = {.present = true, .text = booked->line};
	if (record->takes_back == 0) {
		TRY(attest_back(decision, went.text, &record->unit, -record->amount));
		return attest_back(decision, came.text, &record->unit, record->amount);
	}
	TRY(attest_cash(decision, &came, &record->unit, record->amount));
	return attest_cash(decision, &went, &record->unit, -record->amount);
}

static enum recourse_error reverse_line(struct decision *decision, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	return record->takes_back != 0
		       ? attest_state(decision, "entry", booked->line, &record->unit,
				 (enum bank_direction)record->was, record->amount, record->before)
		       : attest_unstate(decision, "entry", booked->line, &record->unit);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	const uint64_t kinds = BOOKED_KIND(BOOKED_FEE) | BOOKED_KIND(BOOKED_FEE_REPAID) |
			       BOOKED_KIND(BOOKED_INTEREST) | BOOKED_KIND(BOOKED_INTEREST_PAID) |
			       BOOKED_KIND(BOOKED_LINE) | BOOKED_KIND(BOOKED_RETURNED);
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], kinds, &booked));
	TRY(booked.record.kind == BOOKED_LINE           ? reverse_line(decision, &booked)
		: booked.record.kind == BOOKED_RETURNED ? reverse_returned(decision, &booked)
							: reverse_cash(decision, &booked));
	TRY(booked_correct(decision, &booked));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

static const struct command rows[] = {
	COMMAND_CHECKED("bank.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back a line, a fee, interest or a return that the bank does not have; another person "
		"approves",
		BOOKED_REFUSES, ATTEST_REFUSES),
};
const struct command_group bank_reverse_commands = COMMAND_GROUP(rows);
