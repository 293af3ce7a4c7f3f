/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* What is due strikes: see clock.h. Commands clock.fire, clock.advance. */

/* ---- clock.fire ---- */

enum { FIRE_CLOCK, FIRE_SUBJECT, FIRE_DUE };
static const struct recourse_field fire_fields[] = {
	[FIRE_CLOCK] = FIELD_CHOICE("clock", clock_name_kinds, "which kind of clock"),
	[FIRE_SUBJECT] = FIELD_FOREIGN("subject", "what it was set for"),
	[FIRE_DUE] = FIELD(TIME, "due", "when it was to strike"),
};

/*
 * What it is for is over, or further along: it has nothing to do any more. Any other refusal is of what stands today, and
 * what somebody waits for is not lost by it.
 */
static bool is_over(enum clock_kind kind, enum recourse_error error)
{
	return !area_goes_on(kind) && (error == RECOURSE_STATE_WRONG || error == RECOURSE_NOT_FOUND);
}

/* Whether the balances allow what was posted, which move later, with the rest of the entry; and whether one can hold it. */
static enum recourse_error try_entry(struct decision *decision)
{
	state_mark_t acted = state_mark(decision->state);
	enum recourse_error error =
		decision_has_room(decision, 0)
			? decision_settle(decision)
			: refuse_limit(decision, RECOURSE_ENTRY_TOO_LARGE, NULL, "%d bytes", ENTRY_SIZE_MAX);
	state_rollback(decision->state, acted);
	return error;
}

static enum recourse_error wind_again(
	struct decision *decision, enum clock_kind kind, const struct record_deadline *struck)
{
	uint64_t again = decision->time + INSTANT_DAY;
	decision_fact_instant(decision, "again", again);
	return record_wind(decision->state, &struck->row, kind, again, decision->entry);
}

/* A refused one is never due for ever: it leaves its reason, and strikes again a day later, or not any more. */
static enum recourse_error act(
	struct decision *decision, enum clock_kind kind, slice subject, const struct record_deadline *struck)
{
	state_mark_t mark = state_mark(decision->state);
	enum recourse_error error = area_clock(kind)(decision, subject);
	if (error == RECOURSE_OK)
		error = try_entry(decision);
	if (error == RECOURSE_OK || error >= RECOURSE_BUSY)
		return error;
	state_rollback(decision->state, mark);
	decision_forget(decision);
	decision_fact_text(decision, "missed", slice_text(recourse_error_name(error)));
	return is_over(kind, error) ? RECOURSE_OK : wind_again(decision, kind, struck);
}

/* What waited because clocks were held says so, and is counted. */
static enum recourse_error note_held(struct decision *decision, uint64_t due, uint64_t held_last)
{
	struct record_path path = record_path_of_number(RECORD_CLOCK_HOLD, held_last);
	struct record_clock_hold hold;
	if (held_last == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &hold, sizeof hold));
	if (due > hold.until)
		return RECOURSE_OK;
	hold.struck++;
	decision_fact_integer(decision, "waited_for", held_last);
	return decision_put(decision, &path, &hold, sizeof hold);
}

static enum recourse_error apply_fire(struct decision *decision, const struct value *values)
{
	enum clock_kind kind = (enum clock_kind)values[FIRE_CLOCK].integer;
	slice subject = values[FIRE_SUBJECT].text;
	uint64_t due = values[FIRE_DUE].instant;
	struct record_deadline struck;
	struct record_ledger ledger;
	TRY(clock_strike(decision, kind, subject, due, &struck));
	if (decision->time < due)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "due", "a time that has come");
	TRY(party_ledger(decision->state, &ledger));
	if (ledger.held != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "clock", ledger.held);
	TRY(act(decision, kind, subject, &struck));
	TRY(note_held(decision, due, ledger.held_last));
	decision_fact_integer(decision, "set_by", struck.entry);
	decision_fact_text(decision, "reason", slice_text("due"));
	return RECOURSE_OK;
}

/* ---- clock.advance: tests need not wait ---- */

enum { ADVANCE_SECONDS };
static const struct recourse_field advance_fields[] = {
	[ADVANCE_SECONDS] = FIELD_INTEGER("seconds", 1, 315360000, "how far time jumps, at most ten years"),
};

static enum recourse_error apply_advance(struct decision *decision, const struct value *values)
{
	struct record_ledger ledger;
	struct record_path path = record_path_of(RECORD_LEDGER);
	TRY(party_ledger(decision->state, &ledger));
	if (ledger.test == 0)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "seconds", "a ledger opened with purpose test");
	/* within what instants can say, far below 2^63 */
	ledger.ahead += (uint64_t)values[ADVANCE_SECONDS].integer * INSTANT_SECOND;
	if (ledger.ahead > UINT64_C(100) * 366 * INSTANT_DAY)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "seconds", "a hundred years in all");
	return decision_put(decision, &path, &ledger, sizeof ledger);
}

static const struct command rows[] = {
	COMMAND("clock.fire", RECOURSE_ROLE_SYSTEM, fire_fields, apply_fire,
		"a clock strikes; said by the service itself", RECOURSE_WINDOW_CLOSED, RECOURSE_STATE_WRONG),
	COMMAND("clock.advance", RECOURSE_ROLE_ADMIN, advance_fields, apply_advance,
		"let time jump, on a test ledger only", RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group clocks_commands = COMMAND_GROUP(rows);
