/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/suspense/suspense.h"

#include "rules/custody/custody.h"

/* Receipts of nobody known: recorded, sent back; identify.c says what they are. See README.md. */

static enum recourse_error read_receipt(
	struct decision *decision, const struct value *entry, struct record_unidentified *receipt)
{
	struct record_path path = unidentified_path((uint64_t)entry->integer);
	return decision_find(decision, "receipt", &path, receipt, sizeof *receipt);
}

static enum recourse_error check_state(
	struct decision *decision, const struct record_unidentified *receipt, bool holds)
{
	return holds ? RECOURSE_OK
		     : refuse_entry(decision, RECOURSE_STATE_WRONG, "receipt", receipt->last_entry);
}

enum recourse_error suspense_find(
	struct decision *decision, const struct value *entry, struct record_unidentified *receipt)
{
	TRY(read_receipt(decision, entry, receipt));
	return check_state(decision, receipt, receipt->left > 0);
}

enum recourse_error suspense_find_free(
	struct decision *decision, const struct value *entry, struct record_unidentified *receipt)
{
	TRY(suspense_find(decision, entry, receipt));
	return check_state(decision, receipt, receipt->sending_entry == 0);
}

/* Whoever keeps it sees what became of it. */
static enum recourse_error put_about(
	struct decision *decision, const struct value *entry, const struct record_unidentified *receipt)
{
	struct record_path path = unidentified_path((uint64_t)entry->integer);
	slice custodian;
	TRY(party_name(decision->state, decision->arena, receipt->custodian, &custodian));
	TRY(decision_put(decision, &path, receipt, sizeof *receipt));
	decision_fact_amount(decision, "left", &receipt->unit, receipt->left);
	return decision_about(decision, RECORD_PARTY, custodian);
}

/* ---- receipt.record ---- */

enum { RECORD_AMOUNT, RECORD_IN, RECORD_LINE, RECORD_NOTE };
static const struct recourse_field record_fields[] = {
	[RECORD_AMOUNT] = FIELD(AMOUNT, "amount", "received"),
	[RECORD_IN] = FIELD(UNIT, "unit", "its currency"),
	[RECORD_LINE] = ATTEST_LINE(FIELD),
	[RECORD_NOTE] =
		FIELD_OPTIONAL(ID, "note", "what is known of it: a code, no name and no number of anybody's"),
};

static enum recourse_error apply_record(struct decision *decision, const struct value *values)
{
	slice line = values[RECORD_LINE].text;
	struct unit unit;
	int64_t steps;
	uint64_t today;
	TRY(decision_unit(decision, "unit", values[RECORD_IN].text, &unit));
	TRY(decision_amount(decision, "amount", values[RECORD_AMOUNT].text, &unit, &steps));
	TRY(place_today(decision, &today));
	TRY(attest_state(decision, "bank_reference", line, &unit, BANK_CREDIT, steps, today));
	TRY(bank_line_keep(decision, line, &unit, BANK_CREDIT, steps, today));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

/* ---- receipt.send_back, receipt.keep: two people say that it goes back to where it came from, or stays ---- */

enum { SEND_RECEIPT, SEND_REASON };
static const struct recourse_field send_fields[] = {
	[SEND_RECEIPT] = SUSPENSE_RECEIPT,
	[SEND_REASON] = FIELD(ID, "reason", "reason code, such as unknown-payer"),
};

static enum recourse_error apply_send_back(struct decision *decision, const struct value *values)
{
	struct record_unidentified receipt;
	TRY(suspense_find_free(decision, &values[SEND_RECEIPT], &receipt));
	receipt.sending_entry = receipt.last_entry = decision->entry;
	return put_about(decision, &values[SEND_RECEIPT], &receipt);
}

static enum recourse_error apply_keep(struct decision *decision, const struct value *values)
{
	struct record_unidentified receipt;
	TRY(suspense_find(decision, &values[SEND_RECEIPT], &receipt));
	TRY(check_state(decision, &receipt, receipt.sending_entry != 0));
	receipt.sending_entry = 0;
	receipt.last_entry = decision->entry;
	return put_about(decision, &values[SEND_RECEIPT], &receipt);
}

/* ---- receipt.returned: the bank has sent it ---- */

enum { RETURNED_RECEIPT, RETURNED_LINE };
static const struct recourse_field returned_fields[] = {
	[RETURNED_RECEIPT] = SUSPENSE_RECEIPT,
	[RETURNED_LINE] = ATTEST_LINE(FIELD),
};

static enum recourse_error keep_booked(
	struct decision *decision, const struct record_unidentified *receipt, int64_t steps, slice line)
{
	struct record_booked booked = {.unit = receipt->unit,
		.amount = steps,
		.kind = BOOKED_RETURNED,
		.custodian = receipt->custodian,
		.account = CHART_UNIDENTIFIED};
	record_text_set(booked.reference, sizeof booked.reference, RECORD_TEXT(receipt->line));
	record_text_set(booked.line, sizeof booked.line, line);
	return booked_keep(decision, &booked);
}

/* All that is left of the line that came in is named by this, and goes out by another line. */
static enum recourse_error send(struct decision *decision, const struct value *values,
	const struct record_unidentified *receipt, int64_t steps)
{
	struct value came = {.present = true};
	TRY(arena_copy(decision->arena, RECORD_TEXT(receipt->line), &came.text));
	TRY(attest_cash(decision, &came, &receipt->unit, steps));
	return attest_cash(decision, &values[RETURNED_LINE], &receipt->unit, -steps);
}

static enum recourse_error apply_returned(struct decision *decision, const struct value *values)
{
	const struct value *entry = &values[RETURNED_RECEIPT];
	struct record_unidentified receipt;
	TRY(read_receipt(decision, entry, &receipt));
	/* I3: another custodian's is not there */
	if (receipt.custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "receipt", NULL);
	TRY(check_state(decision, &receipt, receipt.left > 0 && receipt.sending_entry != 0));
	int64_t steps = receipt.left;
	receipt.sending_entry = 0;
	TRY(put_about(decision, entry, &receipt));
	TRY(keep_booked(decision, &receipt, steps, values[RETURNED_LINE].text));
	return send(decision, values, &receipt, steps);
}

/* ---- the clock ---- */

enum recourse_error suspense_escalate(struct decision *decision, slice subject)
{
	struct record_unidentified receipt;
	struct value entry = {.present = true};
	uint64_t number;
	slice owner;
	TRY(clock_subject_read_entry(decision, subject, &number));
	entry.integer = (int64_t)number;
	TRY(suspense_find(decision, &entry, &receipt));
	receipt.escalated_entry = decision->entry;
	TRY(party_name(decision->state, decision->arena, receipt.owner, &owner));
	decision_fact_text(decision, "owner", owner);
	decision_fact_instant(decision, "since", receipt.since);
	TRY(decision_about(decision, RECORD_PARTY, owner));
	return put_about(decision, &entry, &receipt);
}

static const struct command rows[] = {
	COMMAND("receipt.record", RECOURSE_ROLE_CUSTODIAN, record_fields, apply_record,
		"the custodian attests money of which it does not know what it is for", ATTEST_REFUSES),
	COMMAND_CHECKED("receipt.send_back", RECOURSE_ROLE_OPERATOR, 1, send_fields, apply_send_back,
		"send what is not identified of a receipt back; another person approves",
		RECOURSE_STATE_WRONG),
	COMMAND_CHECKED("receipt.keep", RECOURSE_ROLE_OPERATOR, 1, send_fields, apply_keep,
		"do not send it back after all; another person approves", RECOURSE_STATE_WRONG),
	COMMAND("receipt.returned", RECOURSE_ROLE_CUSTODIAN, returned_fields, apply_returned,
		"the custodian attests that its bank sent a receipt back", RECOURSE_STATE_WRONG,
		ATTEST_REFUSES),
};
const struct command_group suspense_commands = COMMAND_GROUP(rows);
