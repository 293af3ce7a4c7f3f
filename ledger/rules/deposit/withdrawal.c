/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* Withdrawals (A3, A4): what is lodged beyond what is required, back without leaving; see README.md of collateral. */
struct withdrawal {
	uint64_t entry;
	struct record_withdrawal record;
	struct collateral collateral;
	slice merchant;
	slice reference; /* "@" and the entry */
};

/* Keeps what became of it. The entry's postings do the rest: see collateral.c. */
static enum recourse_error keep(struct decision *decision, struct withdrawal *withdrawal)
{
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, withdrawal->entry);
	struct record_collateral *collateral = &withdrawal->collateral.record;
	bool open = withdrawal->record.state == WITHDRAWAL_REQUESTED;
	collateral->withdrawal = open ? withdrawal->entry : 0;
	withdrawal->record.closed_entry = open ? 0 : decision->entry;
	TRY(decision_put(decision, &path, &withdrawal->record, sizeof withdrawal->record));
	TRY(collateral_change(decision, &withdrawal->collateral));
	return decision_about(decision, RECORD_PARTY, withdrawal->merchant);
}

static enum recourse_error load(struct decision *decision, uint64_t entry, struct withdrawal *withdrawal)
{
	struct record_path path = record_path_of_number(RECORD_WITHDRAWAL, entry);
	withdrawal->entry = entry;
	TRY(decision_find(decision, "withdrawal", &path, &withdrawal->record, sizeof withdrawal->record));
	TRY(party_name(decision->state, decision->arena, withdrawal->record.merchant, &withdrawal->merchant));
	TRY(collateral_load(
		decision, withdrawal->merchant, &withdrawal->record.unit, &withdrawal->collateral));
	return account_reference_make(decision->arena, withdrawal->entry, &withdrawal->reference);
}

/* What was set apart comes in again. */
static enum recourse_error give_up(struct decision *decision, struct withdrawal *withdrawal)
{
	struct record_withdrawal *record = &withdrawal->record;
	struct record_deposit deposit;
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state, WITHDRAWAL_CANCELLED, "withdrawal"));
	TRY(deposit_record_find(decision, "withdrawal", withdrawal->merchant, &record->unit, &deposit));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, withdrawal->merchant, withdrawal->reference,
		&record->unit, record->amount));
	TRY(deposit_credit(decision, &deposit, withdrawal->merchant, &record->unit, record->amount));
	return keep(decision, withdrawal);
}

/* If that incident should not have been, it is as it was: the first that gave way to it. */
static enum recourse_error keep_given_way(
	struct decision *decision, const struct withdrawal *withdrawal, uint32_t incident)
{
	const struct record_withdrawal *record = &withdrawal->record;
	struct record_path path =
		record_path_of_short_text(RECORD_POOL, record->merchant, unit_code(&record->unit));
	struct record_pool pool;
	record_path_short(&path, incident);
	TRY(record_get_named(decision->state, &path, &pool, sizeof pool));
	if (pool.withdrawal != 0)
		return RECOURSE_OK;
	pool.withdrawal = withdrawal->entry;
	return decision_put(decision, &path, &pool, sizeof pool);
}

enum recourse_error withdrawal_give_way(struct decision *decision, slice merchant, const struct unit *unit)
{
	struct withdrawal withdrawal = {0};
	struct collateral collateral;
	uint32_t incident;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	if (collateral.record.withdrawal == 0)
		return RECOURSE_OK;
	TRY(load(decision, collateral.record.withdrawal, &withdrawal));
	TRY(freeze_first_lacking(decision, withdrawal.record.merchant, merchant, unit, &incident));
	if (incident == 0)
		return RECOURSE_OK;
	TRY(keep_given_way(decision, &withdrawal, incident));
	decision_fact_integer(decision, "cancels_withdrawal", withdrawal.entry);
	return give_up(decision, &withdrawal);
}

enum recourse_error withdrawal_end(struct decision *decision, slice merchant, const struct unit *unit)
{
	struct withdrawal withdrawal = {0};
	struct collateral collateral;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	if (collateral.record.withdrawal == 0)
		return RECOURSE_OK;
	TRY(load(decision, collateral.record.withdrawal, &withdrawal));
	decision_fact_integer(decision, "cancels_withdrawal", withdrawal.entry);
	return give_up(decision, &withdrawal);
}

/* NOT_PERMITTED with the field, and the entry of what stands against it: a merchant is restricted until it has topped up. */
static enum recourse_error check_free(
	struct decision *decision, const char *field, const struct withdrawal *withdrawal)
{
	uint64_t restricted = withdrawal->collateral.record.restricted;
	TRY(default_signal_none(decision, RECOURSE_NOT_PERMITTED, field, withdrawal->merchant));
	TRY(freeze_permits(decision, field, withdrawal->merchant));
	return restricted == 0 ? RECOURSE_OK
			       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, restricted);
}

/* ---- withdrawal.request ---- */

enum { REQUEST_MERCHANT, REQUEST_AMOUNT, REQUEST_UNIT, REQUEST_REASON };
static const struct recourse_field request_fields[] = {
	[REQUEST_MERCHANT] = FIELD(ID, "merchant", "whose deposit it is; its own key, or an operator's"),
	[REQUEST_AMOUNT] = FIELD(AMOUNT, "amount", "at most what is available and not required"),
	[REQUEST_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[REQUEST_REASON] = FIELD(ID, "reason", "reason code"),
};

/* What is available, less what is required and not covered by what is frozen or held. */
static enum recourse_error check_excess(
	struct decision *decision, const struct withdrawal *withdrawal, int64_t steps)
{
	const struct record_collateral *collateral = &withdrawal->collateral.record;
	int64_t available;
	TRY(account_balance(decision->state, CHART_DEPOSIT, withdrawal->merchant, slice_text(""),
		&collateral->unit, &available));
	int64_t excess = amount_least(amount_beyond(collateral->held, collateral->required), available);
	if (steps > excess)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "amount", &collateral->unit, steps, excess);
	return RECOURSE_OK;
}

static enum recourse_error apply_request(struct decision *decision, const struct value *values)
{
	struct withdrawal withdrawal = {
		.entry = decision->entry,
		.merchant = values[REQUEST_MERCHANT].text,
		.record = {.requested = decision->time},
	};
	struct record_withdrawal *record = &withdrawal.record;
	const struct record_collateral *collateral = &withdrawal.collateral.record;
	struct record_deposit deposit;
	TRY(decision_own(decision, "merchant", withdrawal.merchant));
	TRY(decision_unit(decision, "unit", values[REQUEST_UNIT].text, &record->unit));
	TRY(decision_amount(decision, "amount", values[REQUEST_AMOUNT].text, &record->unit, &record->amount));
	TRY(deposit_record_find(decision, "merchant", withdrawal.merchant, &record->unit, &deposit));
	TRY(collateral_load(decision, withdrawal.merchant, &record->unit, &withdrawal.collateral));
	TRY(check_free(decision, "merchant", &withdrawal));
	if (collateral->withdrawal != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "merchant", collateral->withdrawal);
	TRY(check_excess(decision, &withdrawal, record->amount));
	TRY(account_reference_make(decision->arena, decision->entry, &withdrawal.reference));
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state, WITHDRAWAL_REQUESTED, "withdrawal"));

	record->merchant = collateral->merchant;
	record->custodian = collateral->custodian;
	decision_fact_integer(decision, "withdrawal", decision->entry);
	TRY(decision_post(
		decision, CHART_DEPOSIT, withdrawal.merchant, slice_text(""), &record->unit, record->amount));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, withdrawal.merchant, withdrawal.reference,
		&record->unit, -record->amount));
	return keep(decision, &withdrawal);
}

/* ---- withdrawal.pay ---- */

enum { PAY_WITHDRAWAL, PAY_BANK };
static const struct recourse_field pay_fields[] = {
	[PAY_WITHDRAWAL] = FIELD_INTEGER("withdrawal", 1, INT64_MAX, "the entry that requested it"),
	[PAY_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error keep_booked(
	struct decision *decision, const struct withdrawal *withdrawal, slice line)
{
	struct record_booked booked = {.unit = withdrawal->record.unit,
		.amount = withdrawal->record.amount,
		.kind = BOOKED_WITHDRAWAL,
		.custodian = decision->actor->party_number,
		.before = withdrawal->entry,
		.account = CHART_DEPOSIT_EXIT};
	record_text_set(booked.id, sizeof booked.id, withdrawal->merchant);
	record_text_set(booked.line, sizeof booked.line, line);
	return booked_keep(decision, &booked);
}

static enum recourse_error apply_pay(struct decision *decision, const struct value *values)
{
	struct withdrawal withdrawal = {0};
	struct record_withdrawal *record = &withdrawal.record;
	TRY(load(decision, (uint64_t)values[PAY_WITHDRAWAL].integer, &withdrawal));
	/* I3: whose it is not can not tell it from none */
	if (record->custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "withdrawal", NULL);
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state, WITHDRAWAL_PAID, "withdrawal"));
	TRY(check_free(decision, "withdrawal", &withdrawal));

	decision_fact_amount(decision, "paid", &record->unit, record->amount);
	TRY(attest_paid(decision, &values[PAY_BANK], &record->unit, record->amount, CHART_DEPOSIT_EXIT,
		withdrawal.merchant, withdrawal.reference));
	TRY(keep_booked(decision, &withdrawal, values[PAY_BANK].text));
	TRY(estate_payee(decision, withdrawal.merchant));
	return keep(decision, &withdrawal);
}

/* ---- withdrawal.reverse: it was not paid; it is to be paid still, or is cancelled then ---- */

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct withdrawal withdrawal = {0};
	struct record_withdrawal *record = &withdrawal.record;
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_WITHDRAWAL), &booked));
	TRY(load(decision, booked.record.before, &withdrawal));
	uint64_t open = withdrawal.collateral.record.withdrawal;
	bool again = booked.record.takes_back != 0;
	/* there is one at a time; and what was cancelled meanwhile can not be paid */
	if (!again && open != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", open);
	if (again && record->state != WITHDRAWAL_REQUESTED)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", record->closed_entry);
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state,
		again ? WITHDRAWAL_PAID : WITHDRAWAL_REQUESTED, "entry"));
	int64_t steps = again ? record->amount : -record->amount;
	const struct value line = {.present = true, .text = booked.line};
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, withdrawal.merchant, withdrawal.reference,
		&record->unit, steps));
	TRY(again ? attest_cash(decision, &line, &record->unit, -steps)
		  : attest_back(decision, booked.line, &record->unit, steps));
	TRY(booked_correct(decision, &booked));
	TRY(keep(decision, &withdrawal));
	return withdrawal_give_way(decision, withdrawal.merchant, &record->unit);
}

/* ---- withdrawal.cancel ---- */

enum { CANCEL_WITHDRAWAL, CANCEL_REASON };
static const struct recourse_field cancel_fields[] = {
	[CANCEL_WITHDRAWAL] = FIELD_INTEGER("withdrawal", 1, INT64_MAX, "the entry that requested it"),
	[CANCEL_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_cancel(struct decision *decision, const struct value *values)
{
	struct withdrawal withdrawal = {0};
	TRY(load(decision, (uint64_t)values[CANCEL_WITHDRAWAL].integer, &withdrawal));
	if (decision_own(decision, "withdrawal", withdrawal.merchant) != RECOURSE_OK)
		return refuse(decision, RECOURSE_NOT_FOUND, "withdrawal", NULL);
	return give_up(decision, &withdrawal);
}

enum recourse_error withdrawal_freeze(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t incident, slice reference, struct deposit_frozen *frozen)
{
	struct withdrawal withdrawal = {0};
	struct record_withdrawal *record = &withdrawal.record;
	struct collateral collateral;
	TRY(collateral_load(decision, merchant, unit, &collateral));
	if (collateral.record.withdrawal == 0)
		return RECOURSE_OK;
	TRY(load(decision, collateral.record.withdrawal, &withdrawal));
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state, WITHDRAWAL_CANCELLED, "withdrawal"));
	frozen->withdrawal = withdrawal.entry;
	TRY(keep_given_way(decision, &withdrawal, incident));
	TRY(decision_post(
		decision, CHART_DEPOSIT_EXIT, merchant, withdrawal.reference, &record->unit, record->amount));
	TRY(decision_post(
		decision, CHART_DEPOSIT_FROZEN, merchant, reference, &record->unit, -record->amount));
	return keep(decision, &withdrawal);
}

/* Whether it can be as it was: what it took is there, and no incident needs it. */
static enum recourse_error can_thaw(
	struct decision *decision, const struct withdrawal *withdrawal, int64_t left, bool *yes)
{
	const struct record_withdrawal *record = &withdrawal->record;
	int64_t available;
	int64_t lacking;
	bool all;
	TRY(freeze_lacking(decision, record->merchant, withdrawal->merchant, &record->unit, &lacking, &all));
	TRY(account_balance(decision->state, CHART_DEPOSIT, withdrawal->merchant, slice_text(""),
		&record->unit, &available));
	left = amount_beyond(left, lacking);
	*yes = !all && (left >= record->amount || available >= record->amount - left);
	return RECOURSE_OK;
}

/* Another incident has it: it is as it was when that should not have been either. */
static enum recourse_error hand_on(struct decision *decision, const struct withdrawal *withdrawal)
{
	const struct record_withdrawal *record = &withdrawal->record;
	struct record_path pools =
		record_path_of_short_text(RECORD_POOL, record->merchant, unit_code(&record->unit));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &pools);
	if (!record_walk_next(&walk, NULL, 0))
		return walk.error;
	const uint32_t incident = (uint32_t)walk.key.parts[2].number;
	record_walk_end(&walk);
	return keep_given_way(decision, withdrawal, incident);
}

enum recourse_error withdrawal_thaw(struct decision *decision, uint64_t entry,
	const struct record_incident *incident, slice merchant, int64_t *left)
{
	struct withdrawal withdrawal = {0};
	struct record_withdrawal *record = &withdrawal.record;
	slice reference;
	bool yes;
	if (entry == 0)
		return RECOURSE_OK;
	TRY(load(decision, entry, &withdrawal));
	if (withdrawal.collateral.record.withdrawal != 0) /* which was asked for in its place */
		return RECOURSE_OK;
	TRY(can_thaw(decision, &withdrawal, *left, &yes));
	if (!yes)
		return hand_on(decision, &withdrawal);
	TRY(decision_step(decision, LIFE_WITHDRAWAL, &record->state, WITHDRAWAL_REQUESTED, "withdrawal"));
	decision_fact_integer(decision, "withdrawal", entry);
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	int64_t thawed = amount_least(*left, record->amount);
	*left -= thawed;
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, &record->unit, thawed));
	/* what the incident did not need is available meanwhile */
	TRY(decision_post(
		decision, CHART_DEPOSIT, merchant, slice_text(""), &record->unit, record->amount - thawed));
	TRY(decision_post(decision, CHART_DEPOSIT_EXIT, merchant, withdrawal.reference, &record->unit,
		-record->amount));
	return keep(decision, &withdrawal);
}

static const struct command rows[] = {
	COMMAND("withdrawal.request", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, request_fields,
		apply_request, "a merchant takes back what it has lodged beyond what is required",
		RECOURSE_INSUFFICIENT, RECOURSE_NOT_PERMITTED),
	COMMAND("withdrawal.pay", RECOURSE_ROLE_CUSTODIAN, pay_fields, apply_pay,
		"the custodian attests that it paid a withdrawal", RECOURSE_STATE_WRONG, ATTEST_REFUSES),
	COMMAND("withdrawal.cancel", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, cancel_fields,
		apply_cancel, "a withdrawal that was not paid is given up", RECOURSE_STATE_WRONG),
	COMMAND_CHECKED("withdrawal.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"the custodian takes back that it paid a withdrawal; another person approves", BOOKED_REFUSES,
		RECOURSE_INSUFFICIENT, RECOURSE_EXISTS, RECOURSE_UNIT_MISMATCH),
};
const struct command_group withdrawal_commands = COMMAND_GROUP(rows);
