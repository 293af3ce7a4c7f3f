/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/deposit/deposit_bounce.h"
#include "rules/incident/incident.h"

/* ---- deposit.reverse: a deposit of another merchant's, or of another amount; a hold that should not be ---- */

/*
 * Where the money of a deposit is now: available, frozen or held for an exit, as deposit_credit() had it. None, where
 * several incidents share it: the history of their accounts tells how.
 */
static void find_account(const struct decision *decision, slice merchant, struct record_booked *record)
{
	size_t found = 0;
	record->account = 0;
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		bool deposit = posting->code == CHART_DEPOSIT || account_is_summed(posting->code);
		if (!deposit || posting->steps >= 0 || !slice_equal(posting->party, merchant))
			continue;
		record->account = found++ == 0 ? posting->code : 0;
		record_text_set(record->reference, sizeof record->reference, posting->reference);
	}
}

static enum recourse_error keep(struct decision *decision, enum booked_kind kind, uint64_t before, bool aside,
	slice merchant, slice line, const struct unit *unit, int64_t steps)
{
	struct record_booked record = {.unit = *unit,
		.amount = steps,
		.kind = kind,
		.before = before,
		.custodian = kind == BOOKED_CONFIRMED ? 0 : decision->actor->party_number};
	record_text_set(record.id, sizeof record.id, merchant);
	record_text_set(record.line, sizeof record.line, line);
	find_account(decision, merchant, &record);
	if (aside)
		record.account = CHART_SUSPENSE;
	return booked_keep(decision, &record);
}

enum recourse_error deposit_reverse_keep(
	struct decision *decision, slice merchant, slice line, const struct unit *unit, int64_t steps)
{
	return keep(decision, BOOKED_DEPOSIT, 0, false, merchant, line, unit, steps);
}

enum recourse_error deposit_reverse_keep_restored(struct decision *decision, uint64_t appeal, slice merchant,
	slice line, const struct unit *unit, int64_t steps)
{
	return keep(decision, BOOKED_RESTORED, appeal, false, merchant, line, unit, steps);
}

enum recourse_error deposit_reverse_keep_aside(
	struct decision *decision, slice merchant, slice line, const struct unit *unit, int64_t steps)
{
	return keep(decision, BOOKED_DEPOSIT, 0, true, merchant, line, unit, steps);
}

enum recourse_error deposit_reverse_keep_confirmed(
	struct decision *decision, uint64_t top_up, slice merchant, const struct unit *unit, int64_t steps)
{
	return keep(decision, BOOKED_CONFIRMED, top_up, false, merchant, slice_text(""), unit, steps);
}

enum recourse_error deposit_reverse_keep_hold(
	struct decision *decision, slice hold, const struct unit *unit, const struct record_hold *record)
{
	struct record_booked booked = {.unit = *unit,
		.amount = record->held,
		.kind = BOOKED_HOLD,
		.before = record->expires,
		.account = CHART_DEPOSIT_FROZEN};
	record_text_set(booked.id, sizeof booked.id, hold);
	record_text_set(booked.reference, sizeof booked.reference, hold);
	return booked_keep(decision, &booked);
}

/* ---- a deposit ---- */

/*
 * What that entry credited to one of the merchant's accounts is taken back, if it is there still; `*left` is less by it. What
 * is back already came out of the first of them.
 */
static enum recourse_error take_part(struct decision *decision, const struct booked *booked,
	enum chart_code code, slice reference, int64_t *back, int64_t *left)
{
	const struct unit *unit = &booked->record.unit;
	int64_t moved;
	TRY(booked_moved(decision, booked->entry, code, booked->id, reference, unit, &moved));
	int64_t credited = moved < 0 ? -moved : 0; /* they are credit accounts */
	int64_t before = amount_least(credited, *back);
	int64_t part = amount_least(credited - before, *left);
	*back -= before;
	if (part == 0)
		return RECOURSE_OK;
	*left -= part;
	TRY(booked_rests(decision, booked->entry, code, booked->id, reference, unit, part));
	return decision_post(decision, code, booked->id, reference, unit, part);
}

/* What an incident that is closed since then had of it has gone on: that rests on it. */
static enum recourse_error take_parts(struct decision *decision, const struct booked *booked)
{
	const struct unit *unit = &booked->record.unit;
	int64_t left = booked->record.amount;
	int64_t back = booked->record.back;
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "entry", booked->id, unit, &deposit));
	struct record_path pools = record_path_of_short_text(RECORD_POOL, deposit.merchant, unit_code(unit));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &pools);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_incident incident;
		slice reference;
		TRY(incident_referred(decision, (uint32_t)walk.key.parts[2].number, &incident, &reference));
		TRY(take_part(decision, booked, CHART_DEPOSIT_FROZEN, reference, &back, &left));
	}
	TRY(walk.error);
	TRY(take_part(decision, booked, CHART_DEPOSIT, slice_text(""), &back, &left));
	return left == 0 ? RECOURSE_OK
			 : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", deposit.last_entry);
}

/* It waits for a liquidator no more: what that one said of it rests on it. */
static enum recourse_error take_aside(struct decision *decision, const struct booked *booked)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, booked->entry);
	struct record_top_up top_up;
	slice reference;
	TRY(record_get_named(decision->state, &path, &top_up, sizeof top_up));
	if (top_up.ended_entry != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", top_up.ended_entry);
	top_up.ended_entry = decision->entry;
	TRY(decision_put(decision, &path, &top_up, sizeof top_up));
	TRY(account_reference_make(decision->arena, booked->entry, &reference));
	return decision_post(decision, CHART_SUSPENSE, booked->id, reference, &top_up.unit, top_up.amount);
}

/* Out of where it went, if it is there still: what others took from it rests on it. */
static enum recourse_error take_out(struct decision *decision, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	enum chart_code account = (enum chart_code)record->account;
	if (account == CHART_SUSPENSE)
		return take_aside(decision, booked);
	if (account == CHART_DEPOSIT_EXIT)
		return exit_take_back(decision, booked);
	if (account == 0)
		return take_parts(decision, booked);
	TRY(booked_rests(decision, booked->entry, account, booked->id, booked->reference, &record->unit,
		record->amount));
	return decision_post(decision, account, booked->id, booked->reference, &record->unit, record->amount);
}

/* Nothing of one that was said to be returned by a slip: what stands by that again made up for nothing. */
static enum recourse_error find_made_good(
	struct decision *decision, const struct booked *booked, int64_t *made_good)
{
	struct record_booked corrected;
	TRY(booked_read(decision->state, booked->record.corrects, &corrected, NULL));
	*made_good = 0;
	return corrected.was == BOOKED_BOUNCED ? RECOURSE_OK
					       : deposit_bounce_made_good(decision, booked->entry, booked->id,
							 &booked->record.unit, made_good);
}

/* What of it made up for a deposit that was returned unpaid is owed again. */
static enum recourse_error take_back(struct decision *decision, const struct booked *booked)
{
	const struct unit *unit = &booked->record.unit;
	struct booked rest = *booked;
	int64_t made_good;
	TRY(attest_back(decision, booked->line, unit, booked->record.amount));
	TRY(find_made_good(decision, booked, &made_good));
	made_good = amount_least(made_good, booked->record.amount);
	rest.record.amount -= made_good;
	if (made_good > 0)
		TRY(deposit_bounce_owe(decision, booked->id, unit, made_good));
	return rest.record.amount > 0 ? take_out(decision, &rest) : RECOURSE_OK;
}

/* Which waits for a liquidator, or did until it was returned. */
static enum recourse_error find_top_up(
	struct decision *decision, const struct booked *booked, uint64_t entry, uint64_t *ended)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, entry);
	struct record_top_up top_up;
	*ended = UINT64_MAX;
	if (booked->record.account != CHART_SUSPENSE)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &top_up, sizeof top_up));
	*ended = top_up.ended_entry;
	return RECOURSE_OK;
}

enum recourse_error deposit_reverse_unpaid(struct decision *decision, const struct booked *booked)
{
	uint64_t ended;
	TRY(find_top_up(decision, booked, booked->entry, &ended));
	return ended == 0 ? take_aside(decision, booked)
			  : deposit_bounce_owe(
				    decision, booked->id, &booked->record.unit, booked->record.amount);
}

/* The bank did not return it. */
static enum recourse_error book_paid(struct decision *decision, struct booked *booked)
{
	struct record_booked *record = &booked->record;
	uint64_t ended;
	TRY(attest_back(decision, booked->line, &record->unit, -record->amount));
	TRY(find_top_up(decision, booked, record->corrects, &ended));
	TRY(booked_not_bounced(decision, booked));
	if (ended == booked->entry)
		return deposit_put_aside(
			decision, record->custodian, booked->id, &record->unit, record->amount);
	TRY(deposit_bounce_owe_less(decision, booked->id, &record->unit, record->amount));
	find_account(decision, booked->id, record);
	return RECOURSE_OK;
}

static enum recourse_error book_again(struct decision *decision, struct booked *booked)
{
	struct record_booked *record = &booked->record;
	if (record->was == BOOKED_BOUNCED)
		return book_paid(decision, booked);
	const struct value line = {.present = booked->line.size > 0, .text = booked->line};
	TRY(attest_cash(decision, &line, &record->unit, record->amount));
	if (record->account == CHART_SUSPENSE)
		return deposit_put_aside(
			decision, record->custodian, booked->id, &record->unit, record->amount);
	TRY(deposit_restore(decision, booked->id, &record->unit, record->amount));
	find_account(decision, booked->id, record);
	return RECOURSE_OK;
}

/* Which entry moved the deposit last. What waits for a liquidator is none yet, and may be all that ever came. */
static enum recourse_error touch(struct decision *decision, const struct booked *booked)
{
	struct record_deposit deposit;
	if (booked->record.account != CHART_SUSPENSE) {
		TRY(deposit_record_find(decision, "entry", booked->id, &booked->record.unit, &deposit));
		TRY(deposit_record_put(decision, booked->id, &booked->record.unit, &deposit));
	}
	return decision_about(decision, RECORD_PARTY, booked->id);
}

enum recourse_error deposit_reverse_money(struct decision *decision, struct booked *booked)
{
	TRY(booked->record.takes_back != 0 ? book_again(decision, booked) : take_back(decision, booked));
	return touch(decision, booked);
}

enum recourse_error deposit_reverse_unconfirm(struct decision *decision, const struct booked *booked)
{
	TRY(take_out(decision, booked));
	return touch(decision, booked);
}

/* ---- a hold ---- */

/* All of it is there still; its expiry goes with it, and comes back. The id stays used. */
static enum recourse_error reverse_hold(struct decision *decision, struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct unit *unit = &record->unit;
	struct record_path path = record_path_of_text(RECORD_HOLD, booked->id);
	struct record_deposit deposit;
	struct record_hold hold;
	slice merchant;
	bool again = record->takes_back != 0;
	int64_t steps = again ? -record->amount : record->amount;
	TRY(record_get_named(decision->state, &path, &hold, sizeof hold));
	TRY(party_name(decision->state, decision->arena, hold.merchant, &merchant));
	if (again && record->before != 0 && record->before <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "entry", "a hold that has not expired");
	if (!again)
		TRY(booked_rests(decision, booked->entry, CHART_DEPOSIT_FROZEN, merchant, booked->id, unit,
			record->amount));
	hold.held -= steps;
	hold.expires = again ? record->before : 0;
	TRY(decision_put(decision, &path, &hold, sizeof hold));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, booked->id, unit, steps));
	TRY(deposit_record_find(decision, "entry", merchant, unit, &deposit));
	TRY(again ? decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, record->amount)
		  : deposit_credit(decision, &deposit, merchant, unit, steps));
	return decision_about(decision, RECORD_PARTY, merchant);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY],
		BOOKED_KIND(BOOKED_DEPOSIT) | BOOKED_KIND(BOOKED_HOLD), &booked));
	TRY(booked.record.kind == BOOKED_HOLD ? reverse_hold(decision, &booked)
					      : deposit_reverse_money(decision, &booked));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("deposit.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1, booked_fields,
		apply_reverse,
		"take back a deposit or a hold that was booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_INSUFFICIENT, RECOURSE_EXISTS, RECOURSE_UNIT_MISMATCH,
		RECOURSE_WINDOW_CLOSED),
};
const struct command_group deposit_reverse_commands = COMMAND_GROUP(rows);
