/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <assert.h>

/*
 * The one way in which anything is added: a group is decided, chained, appended to the log, then shown to readers. Two
 * threads may share that, one deciding the next group while the other keeps the one before:
 *
 *     decides   decide 1   hand_over 1   decide 2   settle 1   hand_over 2   decide 3
 *     keeps                keep 1 ────────────────>            keep 2 ──────────────────>
 *
 * One thread may do it all, and answers in between, from what it has in memory: api/writer.c.
 *
 *     decide   hand_over   append: log, flush, its names   (answer)   show: state, its names   settle
 *
 * What they share is handed over and settled while nobody keeps anything: then the group and what the state set apart are
 * the keeper's, and everything else is whose it was.
 */

static struct group *other_group(struct recourse_ledger *ledger)
{
	return ledger->core.group == &ledger->groups[0] ? &ledger->groups[1] : &ledger->groups[0];
}

static struct sealing *sealing_of(struct recourse_ledger *ledger, const struct group *group)
{
	return &ledger->sealing[group - ledger->groups];
}

/* ---- who decides ---- */

/* Above what was handed over, whose tree is not known yet; else above the log. */
static void begin_group(struct recourse_ledger *ledger)
{
	static const struct tree unknown;
	if (ledger->begun)
		return;
	ledger->begun = true;
	sealing_rollback(sealing_of(ledger, ledger->core.group), &(struct sealing_mark){.texts = 0});
	if (ledger->handed_over)
		group_start(ledger->core.group, &ledger->decided, &unknown, &ledger->decided_link);
	else
		group_start(ledger->core.group, &ledger->head, &ledger->tree, &ledger->link);
}

static enum recourse_error decide_all(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	const struct group *group = ledger->core.group;
	struct sealing *sealing = sealing_of(ledger, group);
	uint64_t before = group->head.entries;
	for (size_t index = 0; index < count; index++) {
		uint64_t time;
		uint64_t first = group->head.entries;
		TRY(core_time(&ledger->core, now, &time));
		TRY(call_decide(requests[index], &ledger->core, now, time,
			slice_of(salts[index], RECOURSE_SALT_SIZE)));
		TRY(call_note(requests[index], &ledger->core, first, &sealing->texts));
	}
	if (!ledger->core.decision.erased)
		return RECOURSE_OK;
	ledger->core.decision.erased = false;
	return sealing_erased(sealing, ledger->core.state, before);
}

/* The next who opens it looks at all pages, unless this left it as it was. */
static void note_error(struct recourse_ledger *ledger, enum recourse_error error)
{
	ledger->whole = ledger->whole && (error == RECOURSE_OK || error == RECOURSE_STORE_FULL);
}

enum recourse_error recourse_ledger_decide(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	begin_group(ledger);
	struct group_mark group_before = group_mark(ledger->core.group);
	state_mark_t state_before = state_mark(ledger->core.state);
	struct sealing *sealing = sealing_of(ledger, ledger->core.group);
	struct sealing_mark sealing_before = sealing_mark(sealing);
	enum recourse_error error = decide_all(ledger, requests, count, now, salts);
	if (error != RECOURSE_OK) {
		group_rollback(ledger->core.group, &group_before);
		state_rollback(ledger->core.state, state_before);
		sealing_rollback(sealing, &sealing_before);
	}
	note_error(ledger, error);
	arena_clear(&ledger->core.arena);
	return error;
}

void recourse_ledger_hand_over(struct recourse_ledger *ledger)
{
	assert(!ledger->handed_over);
	begin_group(ledger);
	if (!group_empty(ledger->core.group))
		state_set_apart(ledger->core.state);
	ledger->decided = ledger->core.group->head;
	ledger->decided_link = ledger->core.group->link;
	ledger->core.group = other_group(ledger);
	ledger->handed_over = true;
	ledger->begun = false;
}

enum recourse_error recourse_ledger_settle(struct recourse_ledger *ledger, enum recourse_error kept)
{
	assert(ledger->handed_over);
	ledger->handed_over = false;
	note_error(ledger, kept);
	if (kept == RECOURSE_OK && group_empty(other_group(ledger)))
		return RECOURSE_OK;
	if (kept == RECOURSE_OK)
		return state_settle(ledger->core.state) == RECOURSE_OK ? RECOURSE_OK
								       : RECOURSE_OUTCOME_UNKNOWN;
	state_discard(ledger->core.state);
	ledger->begun = false;
	return RECOURSE_OK;
}

/* ---- who keeps ---- */

/* The log has it: whatever fails from here on, the reason that is given must not say that nothing was written. */
static enum recourse_error show_group(struct recourse_ledger *ledger, const struct group *group)
{
	const struct state_position position = core_position(group);
	if (state_write(ledger->state, &position) != RECOURSE_OK)
		return RECOURSE_OUTCOME_UNKNOWN;
	ledger->head = group->head;
	ledger->tree = group->tree;
	ledger->link = group->link;
	bool named = ledger->origin[0] != '\0' || ledger_read_origin(ledger) == RECOURSE_OK;
	return named ? RECOURSE_OK : RECOURSE_OUTCOME_UNKNOWN;
}

static enum recourse_error append_group(struct recourse_ledger *ledger, struct group *group)
{
	group_follow(group, &ledger->head.last, &ledger->tree);
	TRY(group_chain(group));
	TRY(state_check_room(ledger->state));
	struct sealing *sealing = sealing_of(ledger, group);
	TRY(sealing_keep(sealing, &ledger->notes, ledger->state, ledger->origin, group->before.entries));
	TRY(log_append(ledger->log, group));
	notes_kept(&ledger->notes);
	sealing_forget(sealing);
	return names_check_log(ledger);
}

enum recourse_error recourse_ledger_append(struct recourse_ledger *ledger, bool *ahead)
{
	struct group *group = other_group(ledger);
	assert(ledger->handed_over);
	*ahead = false;
	if (group_empty(group))
		return RECOURSE_OK;
	TRY(append_group(ledger, group));
	/* that a text is erased is told when it is; and without its name the ledger says nothing */
	*ahead = !sealing_erases(sealing_of(ledger, group)) && ledger->origin[0] != '\0';
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_show(struct recourse_ledger *ledger)
{
	struct group *group = other_group(ledger);
	assert(ledger->handed_over);
	if (group_empty(group))
		return RECOURSE_OK;
	TRY(show_group(ledger, group));
	TRY(names_check_beside(ledger));
	/* whoever finds the key gone sees by what: reply.c */
	return sealing_erase(sealing_of(ledger, group), &ledger->notes);
}

/* Nothing is told of it before it is shown. */
enum recourse_error recourse_ledger_keep(struct recourse_ledger *ledger)
{
	struct group *group = other_group(ledger);
	assert(ledger->handed_over);
	if (group_empty(group))
		return RECOURSE_OK;
	TRY(append_group(ledger, group));
	return recourse_ledger_show(ledger);
}

/* ---- who does both ---- */

enum recourse_error recourse_ledger_commit(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	TRY(recourse_ledger_decide(ledger, requests, count, now, salts));
	recourse_ledger_hand_over(ledger);
	enum recourse_error kept = recourse_ledger_keep(ledger);
	TRY(recourse_ledger_settle(ledger, kept));
	return kept;
}

/* ---- what is told of it ---- */

bool recourse_ledger_ballast(const struct recourse_ledger *ledger)
{
	return !state_ballast_missing(ledger->state);
}

enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry)
{
	struct record_path uses = record_path_of(RECORD_BREAK_GLASS);
	struct record_path from = record_path_of_number(RECORD_BREAK_GLASS, ledger->told);
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	TRY(state_snapshot_open(ledger->state, &view)); /* what is only decided is not told */
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &uses, &from, STATE_UP);
	bool found = record_walk_next(&walk, NULL, 0);
	TRY(walk.error);
	*entry = found ? walk.key.parts[0].number : ledger->head.entries;
	ledger->told = found ? *entry + 1 : *entry;
	return found ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}
