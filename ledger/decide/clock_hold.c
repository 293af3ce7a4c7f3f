/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/*
 * Clocks that are held (E3): while the host's clock says what can not be, nothing is due. That it does is an entry, and
 * so is its end, so that replay and audit know it without a clock: see clock_held(). Commands clock.hold, clock.release,
 * clock.confirm.
 *
 *   held ─ agreed (the host's clock is right again) | confirmed (it was right all the time) | superseded (it is wrong
 *          by something else now)
 */

static enum recourse_error put_ledger(struct decision *decision, const struct record_ledger *ledger)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	return decision_put(decision, &path, ledger, sizeof *ledger);
}

/* Clocks that were due until then waited for this. */
static enum recourse_error end_hold(struct decision *decision, struct record_ledger *ledger,
	struct record_clock_hold *hold, enum clock_hold_ending ending, uint64_t until)
{
	struct record_path path = record_path_of_number(RECORD_CLOCK_HOLD, ledger->held);
	hold->ending = ending;
	hold->until = until;
	hold->ended_entry = decision->entry;
	ledger->held = 0;
	TRY(decision_put(decision, &path, hold, sizeof *hold));
	return put_ledger(decision, ledger);
}

/* ---- clock.hold ---- */

enum { HOLD_HOST, HOLD_COUNTED };
static const struct recourse_field hold_fields[] = {
	[HOLD_HOST] = FIELD(TIME, "host", "what the host's clock says"),
	[HOLD_COUNTED] = FIELD(TIME, "counted", "the time, counted on from when that clock was last right"),
};

static enum recourse_error supersede(struct decision *decision, struct record_ledger *ledger)
{
	struct record_clock_hold hold;
	bool held;
	TRY(clock_held(decision->state, &held, &hold));
	return held ? end_hold(decision, ledger, &hold, CLOCK_HOLD_SUPERSEDED, decision->time) : RECOURSE_OK;
}

static enum recourse_error apply_hold(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_number(RECORD_CLOCK_HOLD, decision->entry);
	struct record_ledger ledger;
	struct record_clock_hold hold = {
		.host = values[HOLD_HOST].instant,
		.counted = values[HOLD_COUNTED].instant,
		.since = decision->time,
	};
	if (hold.host == hold.counted)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "host", NULL);
	TRY(party_ledger(decision->state, &ledger));
	TRY(supersede(decision, &ledger));
	ledger.held = ledger.held_last = decision->entry;
	TRY(put_ledger(decision, &ledger));
	return decision_put(decision, &path, &hold, sizeof hold);
}

/* ---- clock.release, clock.confirm ---- */

enum { END_HOLD, END_REASON };
static const struct recourse_field release_fields[] = {
	[END_HOLD] = FIELD_INTEGER("hold", 0, INT64_MAX, "the entry of clock.hold"),
};
static const struct recourse_field confirm_fields[] = {
	[END_HOLD] = FIELD_INTEGER("hold", 0, INT64_MAX, "the entry of clock.hold"),
	[END_REASON] = FIELD(ID, "reason", "reason code: how the time is known"),
};

static enum recourse_error find_open(struct decision *decision, const struct value *values,
	struct record_ledger *ledger, struct record_clock_hold *hold)
{
	struct record_path path =
		record_path_of_number(RECORD_CLOCK_HOLD, (uint64_t)values[END_HOLD].integer);
	TRY(party_ledger(decision->state, ledger));
	TRY(decision_find(decision, "hold", &path, hold, sizeof *hold));
	return hold->ending == CLOCK_HOLD_OPEN
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_STATE_WRONG, "hold", hold->ended_entry);
}

static enum recourse_error apply_release(struct decision *decision, const struct value *values)
{
	struct record_ledger ledger;
	struct record_clock_hold hold;
	TRY(find_open(decision, values, &ledger, &hold));
	return end_hold(decision, &ledger, &hold, CLOCK_HOLD_AGREED, decision->time);
}

/* What was held is what is due by the clock that was right: it may run ahead of what was counted. */
static enum recourse_error apply_confirm(struct decision *decision, const struct value *values)
{
	struct record_ledger ledger;
	struct record_clock_hold hold;
	TRY(find_open(decision, values, &ledger, &hold));
	uint64_t ahead = hold.host > hold.counted ? hold.host - hold.counted : 0;
	uint64_t until = decision->time > UINT64_MAX - ahead ? UINT64_MAX : decision->time + ahead;
	hold.confirmed_by = (decision->checker != NULL ? decision->checker : decision->actor)->key;
	decision_fact_instant(decision, "host", hold.host);
	decision_fact_instant(decision, "counted", hold.counted);
	return end_hold(decision, &ledger, &hold, CLOCK_HOLD_CONFIRMED, until);
}

static const struct command rows[] = {
	COMMAND("clock.hold", RECOURSE_ROLE_SYSTEM, hold_fields, apply_hold,
		"all clocks are held: the host's clock jumped; said by the service itself",
		RECOURSE_NOT_PERMITTED),
	COMMAND("clock.release", RECOURSE_ROLE_SYSTEM, release_fields, apply_release,
		"clocks strike again: the host's clock is right again; said by the service itself",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG),
	COMMAND_CHECKED("clock.confirm", RECOURSE_ROLE_ADMIN, 1, confirm_fields, apply_confirm,
		"clocks strike again: two people say that the host's clock is right", RECOURSE_STATE_WRONG),
};
const struct command_group clock_hold_commands = COMMAND_GROUP(rows);
