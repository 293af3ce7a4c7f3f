/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "decide/break_glass.h"

/* The one way in which anything is added: a group is decided, appended to the log, then shown to readers. */

static enum recourse_error decide_group(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	for (size_t index = 0; index < count; index++) {
		uint64_t time;
		TRY(core_time(&ledger->core, now, &time));
		TRY(call_decide(requests[index], &ledger->core, now, time,
			slice_of(salts[index], RECOURSE_SALT_SIZE)));
	}
	return RECOURSE_OK;
}

static enum recourse_error show_group(struct recourse_ledger *ledger)
{
	if (core_commit(&ledger->core) != RECOURSE_OK)
		return RECOURSE_OUTCOME_UNKNOWN;
	ledger->head = ledger->group.head;
	ledger->tree = ledger->group.tree;
	ledger->link = ledger->group.link;
	return ledger->origin[0] == '\0' ? ledger_read_origin(ledger) : RECOURSE_OK;
}

static enum recourse_error commit_group(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	TRY(decide_group(ledger, requests, count, now, salts));
	if (group_request_count(&ledger->group) == 0)
		return RECOURSE_OK;
	TRY(group_append(&ledger->group, ledger->log));
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
	state_discard(ledger->core.state);
	core_clear(&ledger->core);
	return error;
}

enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry)
{
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	enum recourse_error error = break_glass_next(ledger->core.state, ledger->told, entry);
	if (error == RECOURSE_OK)
		ledger->told = *entry + 1;
	else if (error == RECOURSE_QUERY_NOT_FOUND)
		ledger->told = ledger->head.entries;
	return error;
}
