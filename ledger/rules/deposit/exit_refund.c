/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/deposit/deposit.h"

/* What of an exit's money is kept back, item by item, and what is paid (A5). */
enum { RETAIN_EXIT, RETAIN_ITEM, RETAIN_AMOUNT, RETAIN_REASON, RETAIN_HASH };
static const struct recourse_field retain_fields[] = {
	[RETAIN_EXIT] = FIELD(ID, "exit", "the exit's id"),
	[RETAIN_ITEM] = FIELD(ID, "item", "the item's id, once for an exit"),
	[RETAIN_AMOUNT] = FIELD(AMOUNT, "amount", "kept back; at most what is held and not retained yet"),
	[RETAIN_REASON] = FIELD(ID, "reason", "reason code"),
	[RETAIN_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what the item rests on"),
};

static enum recourse_error apply_retain(struct decision *decision, const struct value *values)
{
	struct exit_standing standing;
	struct record_exit *record = &standing.record;
	struct record_exit_item item = {.entry = decision->entry};
	TRY(exit_governing(decision, values[RETAIN_EXIT].text, &standing));
	struct record_path path =
		record_path_of_texts(RECORD_EXIT_ITEM, standing.id, values[RETAIN_ITEM].text);
	TRY(decision_absent(decision, "item", &path));
	TRY(decision_amount(decision, "amount", values[RETAIN_AMOUNT].text, &record->unit, &item.amount));
	if (record->state == EXIT_REFUNDED)
		return refuse_state(decision, "exit", life_state_name(LIFE_EXIT, record->state));
	if (record->items == EXIT_ITEMS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "item", "%d items", EXIT_ITEMS_MAX);
	int64_t left = exit_refundable(record, standing.held);
	if (item.amount > left)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "amount", &record->unit, item.amount, left);

	record->items++;
	record->retained += item.amount;
	record_text_set(item.reason, sizeof item.reason, values[RETAIN_REASON].text);
	decision_fact_amount(decision, "retained", &record->unit, record->retained);
	TRY(decision_put(decision, &path, &item, sizeof item));
	return exit_save(decision, &standing);
}

enum { RELEASE_EXIT, RELEASE_ITEM, RELEASE_REASON };
static const struct recourse_field release_fields[] = {
	[RELEASE_EXIT] = FIELD(ID, "exit", "the exit's id"),
	[RELEASE_ITEM] = FIELD(ID, "item", "the item's id"),
	[RELEASE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_release(struct decision *decision, const struct value *values)
{
	struct exit_standing standing;
	struct record_exit_item item;
	TRY(exit_governing(decision, values[RELEASE_EXIT].text, &standing));
	struct record_path path =
		record_path_of_texts(RECORD_EXIT_ITEM, standing.id, values[RELEASE_ITEM].text);
	TRY(decision_find(decision, "item", &path, &item, sizeof item));
	if (item.released_entry != 0)
		return refuse_state(decision, "item", "released");

	item.released_entry = decision->entry;
	standing.record.retained -= item.amount;
	decision_fact_amount(decision, "released", &standing.record.unit, item.amount);
	TRY(decision_put(decision, &path, &item, sizeof item));
	return exit_save(decision, &standing);
}

enum { REFUND_EXIT, REFUND_BANK };
static const struct recourse_field refund_fields[] = {
	[REFUND_EXIT] = FIELD(ID, "exit", "the exit's id"),
	[REFUND_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error check_refund(
	struct decision *decision, const struct exit_standing *standing, struct record_deposit *deposit)
{
	const struct record_exit *record = &standing->record;
	int64_t refundable = exit_refundable(record, standing->held);
	uint32_t blocker;
	TRY(deposit_record_find(decision, "exit", standing->merchant, &record->unit, deposit));
	/* I3: what another custodian keeps is as if it were not there */
	if (deposit->custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "exit", NULL);
	if (record->blocks > 0) {
		TRY(exit_block_first(decision->state, standing->id, &blocker));
		return incident_refuse(decision, "exit", blocker);
	}
	TRY(scope_none(decision, "exit", standing->merchant));
	TRY(default_signal_none(decision, RECOURSE_NOT_PERMITTED, "exit", standing->merchant));
	if ((record->state != EXIT_OFFSET && record->state != EXIT_REFUNDED) ||
		(record->state == EXIT_REFUNDED && refundable == 0))
		return refuse_state(decision, "exit", life_state_name(LIFE_EXIT, record->state));
	if (refundable == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "exit", &record->unit, 1, 0);
	return RECOURSE_OK;
}

static enum recourse_error keep_booked(
	struct decision *decision, const struct exit_standing *standing, slice line, int64_t steps)
{
	struct record_booked booked = {.unit = standing->record.unit,
		.amount = steps,
		.kind = BOOKED_EXIT,
		.custodian = decision->actor->party_number,
		.account = CHART_DEPOSIT_EXIT};
	record_text_set(booked.id, sizeof booked.id, standing->id);
	record_text_set(booked.line, sizeof booked.line, line);
	return booked_keep(decision, &booked);
}

static enum recourse_error apply_refund(struct decision *decision, const struct value *values)
{
	struct exit_standing standing;
	struct record_exit *record = &standing.record;
	struct record_deposit deposit;
	TRY(exit_governing(decision, values[REFUND_EXIT].text, &standing));
	TRY(check_refund(decision, &standing, &deposit));

	int64_t steps = exit_refundable(record, standing.held);
	(void)life_step(LIFE_EXIT, &record->state, EXIT_REFUNDED);
	(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_REFUNDED);
	TRY(deposit_record_put(decision, standing.merchant, &record->unit, &deposit));
	decision_fact_amount(decision, "paid", &record->unit, steps);
	standing.held -= steps;
	record->refunded += steps;
	if (standing.held == 0)
		record->closed_entry = decision->entry;
	TRY(attest_paid(decision, &values[REFUND_BANK], &record->unit, steps, CHART_DEPOSIT_EXIT,
		standing.merchant, standing.id));
	TRY(keep_booked(decision, &standing, values[REFUND_BANK].text, steps));
	TRY(estate_payee(decision, standing.merchant));
	return exit_save(decision, &standing);
}

/* ---- exit.reverse: it was not paid; it is to be paid still ---- */

/* An exit that had ended is under way again: there is one at a time. */
static enum recourse_error check_alone(struct decision *decision, const struct record_exit *record)
{
	struct record_path prefix =
		record_path_of_short_text(RECORD_EXIT_OPEN, record->merchant, unit_code(&record->unit));
	struct record_exit other;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	if (record->closed_entry == 0 || !record_walk_next(&walk, NULL, 0))
		return walk.error;
	struct record_path path = record_path_of_text(RECORD_EXIT, walk.key.parts[2].text);
	TRY(record_get_named(decision->state, &path, &other, sizeof other));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", other.entry);
}

/* Where an incident has the deposit by now, what was not paid is there for its claims, and the exit is over. */
static enum recourse_error take_back(
	struct decision *decision, struct exit_standing *standing, const struct booked *booked)
{
	struct record_exit *record = &standing->record;
	int64_t steps = booked->record.amount;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "entry", standing->merchant, &record->unit, &deposit));
	record->refunded -= steps;
	if (deposit.incidents != 0) {
		TRY(deposit_restore(decision, standing->merchant, &record->unit, steps));
	} else {
		TRY(check_alone(decision, record));
		record->closed_entry = 0;
		standing->held += steps;
		TRY(decision_post(decision, CHART_DEPOSIT_EXIT, standing->merchant, standing->id,
			&record->unit, -steps));
	}
	return attest_back(decision, booked->line, &record->unit, -steps);
}

static enum recourse_error book_again(
	struct decision *decision, struct exit_standing *standing, const struct booked *booked)
{
	struct record_exit *record = &standing->record;
	const struct value line = {.present = true, .text = booked->line};
	int64_t steps = booked->record.amount;
	int64_t refundable = exit_refundable(record, standing->held);
	if (steps > refundable)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "entry", &record->unit, steps, refundable);
	standing->held -= steps;
	record->refunded += steps;
	if (standing->held == 0)
		record->closed_entry = decision->entry;
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, standing->merchant, standing->id, &record->unit, steps));
	return attest_cash(decision, &line, &record->unit, -steps);
}

/* What was requested by a slip is requested anew, under another id. */
static enum recourse_error reverse_request(struct decision *decision, const struct booked *booked)
{
	if (booked->record.takes_back != BOOKED_BOOKS)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked->entry);
	TRY(exit_reverse_request(decision, booked));
	return booked_correct(decision, booked);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct exit_standing standing;
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY],
		BOOKED_KIND(BOOKED_EXIT) | BOOKED_KIND(BOOKED_EXIT_REQUEST), &booked));
	if (booked.record.kind == BOOKED_EXIT_REQUEST)
		return reverse_request(decision, &booked);
	TRY(exit_governing(decision, booked.id, &standing));
	TRY(booked.record.takes_back != 0 ? book_again(decision, &standing, &booked)
					  : take_back(decision, &standing, &booked));
	TRY(booked_correct(decision, &booked));
	return exit_save(decision, &standing);
}

static const struct command rows[] = {
	COMMAND("exit.retain", RECOURSE_ROLE_OPERATOR, retain_fields, apply_retain,
		"keep an amount back from an exit's refund, with its reason", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
	COMMAND("exit.release_item", RECOURSE_ROLE_OPERATOR, release_fields, apply_release,
		"release what was kept back", RECOURSE_STATE_WRONG),
	COMMAND("exit.refund", RECOURSE_ROLE_CUSTODIAN, refund_fields, apply_refund,
		"the custodian attests that it paid an exit's deposit back", RECOURSE_STATE_WRONG,
		ATTEST_REFUSES),
	COMMAND_CHECKED("exit.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1, booked_fields,
		apply_reverse,
		"the custodian takes back that it paid an exit's deposit back, an operator that a merchant "
		"leaves; "
		"another person approves",
		BOOKED_REFUSES, ATTEST_REFUSES),
};
const struct command_group exit_refund_commands = COMMAND_GROUP(rows);
