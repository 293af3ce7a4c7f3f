/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

/* The one way in which anything is added: a group is decided, appended to the log, then shown to readers. */

/* The log has it: whatever fails from here on, the reason that is given must not say that nothing was written. */
static enum recourse_error show_group(struct recourse_ledger *ledger)
{
	if (core_commit(&ledger->core) != RECOURSE_OK)
		return RECOURSE_OUTCOME_UNKNOWN;
	ledger->head = ledger->group.head;
	ledger->tree = ledger->group.tree;
	ledger->link = ledger->group.link;
	bool named = ledger->origin[0] != '\0' || ledger_read_origin(ledger) == RECOURSE_OK;
	return named ? RECOURSE_OK : RECOURSE_OUTCOME_UNKNOWN;
}

static enum recourse_error commit_group(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	for (size_t index = 0; index < count; index++) {
		uint64_t time;
		TRY(core_time(&ledger->core, now, &time));
		TRY(call_decide(requests[index], &ledger->core, now, time,
			slice_of(salts[index], RECOURSE_SALT_SIZE)));
	}
	if (group_empty(&ledger->group))
		return RECOURSE_OK;
	TRY(group_chain(&ledger->group));
	TRY(state_check_room(ledger->state));
	TRY(log_append(ledger->log, &ledger->group));
	TRY(recourse_ledger_check_names(ledger));
	return show_group(ledger);
}

enum recourse_error recourse_ledger_commit(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	group_start(&ledger->group, &ledger->head, &ledger->tree, &ledger->link);
	enum recourse_error error = commit_group(ledger, requests, count, now, salts);
	ledger->whole = ledger->whole && (error == RECOURSE_OK || error == RECOURSE_STORE_FULL);
	state_discard(ledger->core.state);
	arena_clear(&ledger->core.arena);
	return error;
}

bool recourse_ledger_ballast(const struct recourse_ledger *ledger)
{
	return !state_ballast_missing(ledger->state);
}

enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry)
{
	struct record_path uses = record_path_of(RECORD_BREAK_GLASS);
	struct record_path from = record_path_of_number(RECORD_BREAK_GLASS, ledger->told);
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(ledger->core.state, &uses, &from, STATE_UP);
	bool found = record_walk_next(&walk, NULL, 0);
	TRY(walk.error);
	*entry = found ? walk.key.parts[0].number : ledger->head.entries;
	ledger->told = found ? *entry + 1 : *entry;
	return found ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}
