/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "books/record_party.h"
#include "base/try.h"
#include "rule/party.h"
#include "store/log_lmdb.h"
#include "audit/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum recourse_error recourse_ledger_create(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(directory, "log", path));
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	return log_lmdb_create(path);
}

/* ---- opening ---- */

static enum recourse_error open_log(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(options->directory, "log", path));
	struct log_lmdb_options log = {.directory = path, .read_only = options->read_only};
	return log_lmdb_open(&log, &ledger->log);
}

static enum recourse_error open_state(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(options->directory, "state", path));
	struct state_options state = {
		.directory = path,
		.read_only = options->read_only,
		.anew = options->rebuild && !options->read_only,
		.format = tables_format(),
	};
	return state_open(&state, &ledger->state);
}

/*
 * A state that belongs to another log or branch of it, or has seen more than this log has, says nothing; nor does
 * one that has seen nothing and may hold something all the same.
 */
static enum recourse_error reset_stranger(
	struct recourse_ledger *ledger, struct log_snapshot *log, const struct log_head *head)
{
	struct state_position position;
	struct crypto_hash leaf = {0};
	slice entry;
	state_position(state_writer(ledger->state), &position);
	if (position.entries > 0 && position.entries <= head->entries &&
		log_read_entry(log, position.entries - 1, &entry) == RECOURSE_OK)
		tree_leaf(entry, &leaf);
	if (position.requests > 0 && position.entries <= head->entries &&
		position.requests <= head->requests &&
		memcmp(position.log_id, leaf.bytes, sizeof position.log_id) == 0)
		return RECOURSE_OK;
	return state_reset(ledger->state);
}

static enum recourse_error catch_up(const struct recourse_ledger_options *options,
	struct recourse_ledger *ledger, struct log_snapshot *log, const struct log_head *head)
{
	struct replay replay;
	enum recourse_error error = replay_start(&replay, state_writer(ledger->state), log, false);
	while (error == RECOURSE_OK && replay.group.head.requests < head->requests) {
		error = replay_request(&replay);
		if (error == RECOURSE_OK && replay_group_full(&replay)) {
			error = replay_commit(&replay);
			if (options->progress != NULL)
				options->progress(
					options->progress_context, replay.group.head.entries, head->entries);
		}
	}
	if (error == RECOURSE_OK && group_request_count(&replay.group) > 0)
		error = replay_commit(&replay);
	if (error == RECOURSE_OK && replay.group.head.entries != head->entries)
		error = RECOURSE_AUDIT_FAILED;
	ledger->link = replay.group.link;
	replay_end(&replay);
	return error;
}

static enum recourse_error follow_log(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	struct log_snapshot *log = NULL;
	enum recourse_error error = log_snapshot_open(ledger->log, &log);
	if (error != RECOURSE_OK)
		return error;
	struct tree_source source = log_tree(log);
	error = log_read_head(log, &ledger->head);
	if (error == RECOURSE_OK)
		error = tree_open(&source, ledger->head.entries, &ledger->tree);
	if (error == RECOURSE_OK && !ledger->read_only)
		error = reset_stranger(ledger, log, &ledger->head);
	if (error == RECOURSE_OK && !ledger->read_only)
		error = catch_up(options, ledger, log, &ledger->head);
	log_snapshot_close(log);
	return error;
}

enum recourse_error ledger_read_origin(struct recourse_ledger *ledger)
{
	struct record_ledger record;
	struct state_view *view = NULL;
	enum recourse_error error = state_snapshot_open(ledger->state, &view);
	if (error != RECOURSE_OK)
		return error;
	error = party_ledger(view, &record);
	if (error == RECOURSE_OK)
		snprintf(ledger->origin, sizeof ledger->origin, "%.*s",
			SLICE_ARGUMENTS(RECORD_TEXT(record.origin)));
	state_snapshot_close(view);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error open_signer(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	enum recourse_error error = RECOURSE_OK;
	if (options->rehearsal && options->log_key != NULL)
		return RECOURSE_NOT_PERMITTED;
	if (options->guard == NULL)
		error = directory_path(options->directory, "last-signed", ledger->guard);
	else if (snprintf(ledger->guard, sizeof ledger->guard, "%s", options->guard) >=
		 (int)sizeof ledger->guard)
		error = RECOURSE_IO;
	if (error == RECOURSE_OK && options->log_key != NULL) {
		error = key_open_file(options->log_key, &ledger->signer);
		ledger->signs = error == RECOURSE_OK;
	}
	if (error == RECOURSE_OK && options->system_key != NULL) {
		error = key_open_file(options->system_key, &ledger->system);
		ledger->ticks = error == RECOURSE_OK;
	}
	return error;
}

enum recourse_error recourse_ledger_open(
	const struct recourse_ledger_options *options, struct recourse_ledger **opened)
{
	enum recourse_error error = crypto_start();
	if (error != RECOURSE_OK)
		return error;
	struct recourse_ledger *ledger = calloc(1, sizeof *ledger);
	if (ledger == NULL)
		return RECOURSE_MEMORY;
	ledger->read_only = options->read_only;
	ledger->rehearsal = options->rehearsal;
	error = open_signer(options, ledger);
	if (error == RECOURSE_OK)
		error = open_log(options, ledger);
	if (error == RECOURSE_OK)
		error = open_state(options, ledger);
	if (error == RECOURSE_OK)
		error = follow_log(options, ledger);
	if (error == RECOURSE_OK)
		error = ledger_read_origin(ledger);
	if (error != RECOURSE_OK) {
		recourse_ledger_close(ledger);
		return error;
	}
	ledger->told = ledger->head.entries;
	ledger->core.group = &ledger->group;
	ledger->core.state = ledger->read_only ? NULL : state_writer(ledger->state);
	*opened = ledger;
	return RECOURSE_OK;
}

void recourse_ledger_close(struct recourse_ledger *ledger)
{
	if (ledger == NULL)
		return;
	if (ledger->state != NULL && !ledger->read_only)
		state_discard(state_writer(ledger->state));
	core_free(&ledger->core);
	group_free(&ledger->group);
	state_close(ledger->state);
	log_close(ledger->log);
	if (ledger->signs)
		key_close(&ledger->signer);
	if (ledger->ticks)
		key_close(&ledger->system);
	free(ledger);
}

const char *recourse_ledger_origin(const struct recourse_ledger *ledger)
{
	return ledger->origin;
}
