/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/deadline.h"

#include "books/record_party.h"
#include "base/try.h"
#include "rules/payout/appeal.h"
#include "decide/break_glass.h"
#include "decide/core.h"
#include "rules/collateral/coverage.h"
#include "rules/custody/custody.h"
#include "rules/deposit/deposit.h"
#include "rules/collateral/duty.h"
#include "rules/deposit/exit.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rules/collateral/instrument.h"
#include "decide/proposal.h"
#include "rules/deposit/default_signal.h"
#include "rules/collateral/sweep.h"

#include <stdio.h>

/* What each kind does when it is due. */
static enum recourse_error (*const actions[DEADLINE_KINDS])(struct decision *decision, slice subject) = {
	[DEADLINE_HOLD] = deposit_hold_expired,
	[DEADLINE_BAR_DATE] = incident_bar_date_passed,
	[DEADLINE_PROPOSAL] = proposal_expired,
	[DEADLINE_EXIT_NOTICE] = exit_notice_ended,
	[DEADLINE_EXIT_TAIL] = exit_tail_ended,
	[DEADLINE_EXIT_REFUND] = exit_overdue,
	[DEADLINE_CUSTODY] = custody_became_stale,
	[DEADLINE_TOP_UP] = duty_overdue,
	[DEADLINE_COVERAGE] = coverage_watched,
	[DEADLINE_SWEEP] = sweep_step,
	[DEADLINE_SIGNAL] = default_signal_expired,
	[DEADLINE_REVIEW] = break_glass_overdue,
	[DEADLINE_APPEAL] = appeal_overdue,
	[DEADLINE_INSTRUMENT] = instrument_expired,
};

static const char *const kind_names[] = {
	[DEADLINE_HOLD] = "hold",
	[DEADLINE_BAR_DATE] = "bar-date",
	[DEADLINE_PROPOSAL] = "proposal",
	[DEADLINE_EXIT_NOTICE] = "exit-notice",
	[DEADLINE_EXIT_TAIL] = "exit-tail",
	[DEADLINE_EXIT_REFUND] = "exit-refund",
	[DEADLINE_CUSTODY] = "custody",
	[DEADLINE_TOP_UP] = "top-up",
	[DEADLINE_COVERAGE] = "coverage",
	[DEADLINE_SWEEP] = "sweep",
	[DEADLINE_SIGNAL] = "signal",
	[DEADLINE_REVIEW] = "review",
	[DEADLINE_APPEAL] = "appeal",
	[DEADLINE_INSTRUMENT] = "instrument",
	[DEADLINE_KINDS] = NULL,
};

const char *deadline_kind_name(enum deadline_kind kind)
{
	return kind < DEADLINE_KINDS ? kind_names[kind] : "unknown";
}

static struct record_path deadline_path(enum deadline_kind kind, slice subject, uint64_t due)
{
	return record_deadline_path(due, (uint32_t)kind, subject);
}

enum recourse_error deadline_set(
	struct decision *decision, enum deadline_kind kind, slice subject, uint64_t due)
{
	struct record_path path = deadline_path(kind, subject, due);
	return decision_put(decision, &path, &decision->entry, sizeof decision->entry);
}

enum recourse_error deadline_cancel(
	struct decision *decision, enum deadline_kind kind, slice subject, uint64_t due)
{
	struct record_path path = deadline_path(kind, subject, due);
	slice value;
	enum recourse_error error = state_get(decision->state, record_path_slice(&path), &value);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	return error == RECOURSE_OK ? state_remove(decision->state, record_path_slice(&path)) : error;
}

static enum recourse_error read_deadline(const struct table_key *key, struct deadline *deadline)
{
	slice subject = key->parts[2].text;
	if (key->parts[1].number >= DEADLINE_KINDS || subject.size > sizeof deadline->subject)
		return RECOURSE_STORE_CORRUPT;
	deadline->due = key->parts[0].number;
	deadline->kind = (enum deadline_kind)key->parts[1].number;
	record_text_set(deadline->subject, sizeof deadline->subject, subject);
	return RECOURSE_OK;
}

enum recourse_error deadline_list(struct state_view *view, uint64_t now, struct deadline *list, size_t room,
	size_t *count, uint64_t *next)
{
	struct record_path prefix = record_path_of(RECORD_DEADLINE);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*count = 0;
	*next = UINT64_MAX;
	while (record_walk_next(&walk, NULL, 0)) {
		struct deadline deadline;
		TRY(read_deadline(&walk.key, &deadline));
		if (*next == UINT64_MAX)
			*next = deadline.due;
		if (deadline.due > now || *count == room)
			break;
		list[(*count)++] = deadline;
	}
	return walk.error;
}

/* ---- clock.fire ---- */

enum { FIRE_CLOCK, FIRE_SUBJECT, FIRE_DUE };
static const struct recourse_field fire_fields[] = {
	[FIRE_CLOCK] = FIELD_CHOICE("clock", kind_names, "which kind of clock"),
	[FIRE_SUBJECT] = FIELD(ID, "subject", "what it was set for"),
	[FIRE_DUE] = FIELD(TIME, "due", "when it was to strike"),
};

/* Whether the balances allow what was posted. They move later, with the rest of the entry. */
static enum recourse_error try_settle(struct decision *decision)
{
	state_mark_t mark = state_mark(decision->state);
	enum recourse_error error = decision_settle(decision);
	state_rollback(decision->state, mark);
	return error;
}

/*
 * A clock strikes once, whatever comes of it: one that can not act any more leaves its reason, rather than being due
 * for ever.
 */
static enum recourse_error act(struct decision *decision, enum deadline_kind kind, slice subject)
{
	state_mark_t mark = state_mark(decision->state);
	size_t facts = decision->facts->size;
	size_t consequences = decision->consequences->size;
	size_t count = decision->consequence_count;
	enum recourse_error error = actions[kind](decision, subject);
	if (error == RECOURSE_OK)
		error = try_settle(decision);
	if (error == RECOURSE_OK || error >= RECOURSE_BUSY)
		return error;
	state_rollback(decision->state, mark);
	decision->facts->size = facts;
	decision->consequences->size = consequences;
	decision->consequence_count = count;
	decision->posting_count = 0;
	decision_fact_text(decision, "missed", slice_text(recourse_error_name(error)));
	return RECOURSE_OK;
}

static enum recourse_error apply_fire(struct decision *decision, const struct value *values)
{
	enum deadline_kind kind = (enum deadline_kind)values[FIRE_CLOCK].integer;
	slice subject = values[FIRE_SUBJECT].text;
	uint64_t due = values[FIRE_DUE].instant;
	struct record_path path = deadline_path(kind, subject, due);
	uint64_t set_by;
	TRY(decision_find(decision, "subject", &path, &set_by, sizeof set_by));
	if (decision->time < due)
		return refusal_field(
			decision->refusal, RECOURSE_WINDOW_CLOSED, "due", "a time that has come");
	decision_fact_integer(decision, "set_by", set_by);
	decision_fact_text(decision, "reason", slice_text("due"));
	TRY(state_remove(decision->state, record_path_slice(&path)));
	return act(decision, kind, subject);
}

/* ---- clock.advance: tests need not wait ---- */

enum { ADVANCE_SECONDS };
static const struct recourse_field advance_fields[] = {
	[ADVANCE_SECONDS] = FIELD_INTEGER("seconds", 1, 315360000, "how far time jumps, at most ten years"),
};

static enum recourse_error apply_advance(struct decision *decision, const struct value *values)
{
	struct record_ledger ledger;
	struct record_path path;
	record_path_start(&path, RECORD_LEDGER);
	TRY(core_ledger(decision->state, &ledger));
	if (ledger.test == 0)
		return refusal_field(decision->refusal, RECOURSE_NOT_PERMITTED, "seconds",
			"a ledger opened with purpose test");
	/* within what instants can say, far below 2^63 */
	ledger.ahead += (uint64_t)values[ADVANCE_SECONDS].integer * INSTANT_SECOND;
	if (ledger.ahead > UINT64_C(100) * 366 * INSTANT_DAY)
		return refusal_field(
			decision->refusal, RECOURSE_AMOUNT_RANGE, "seconds", "a hundred years in all");
	return decision_put(decision, &path, &ledger, sizeof ledger);
}

static const struct command rows[] = {
	COMMAND("clock.fire", RECOURSE_ROLE_SYSTEM, fire_fields, apply_fire,
		"a clock strikes; said by the service itself"),
	COMMAND("clock.advance", RECOURSE_ROLE_ADMIN, advance_fields, apply_advance,
		"let time jump, on a test ledger only"),
};
const struct command_group deadline_commands = COMMAND_GROUP(rows);
