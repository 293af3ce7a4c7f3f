/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "books/record_party.h"
#include "base/try.h"
#include "decide/break_glass.h"
#include "call.h"
#include "proof/guard.h"
#include "store/log_lmdb.h"
#include "audit/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum recourse_error ledger_path(const char *directory, const char *part, char path[static LEDGER_PATH_SIZE])
{
	int length = snprintf(path, LEDGER_PATH_SIZE, "%s/%s", directory, part);
	return length < 0 || length >= LEDGER_PATH_SIZE ? RECOURSE_IO : RECOURSE_OK;
}

enum recourse_error recourse_ledger_create(const char *directory)
{
	char path[LEDGER_PATH_SIZE];
	TRY(ledger_path(directory, "log", path));
	if (mkdir(directory, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	return log_lmdb_create(path);
}

/* ---- opening ---- */

static enum recourse_error open_log(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[LEDGER_PATH_SIZE];
	TRY(ledger_path(options->directory, "log", path));
	struct log_lmdb_options log = {.directory = path, .read_only = options->read_only};
	return log_lmdb_open(&log, &ledger->log);
}

static enum recourse_error open_state(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[LEDGER_PATH_SIZE];
	TRY(ledger_path(options->directory, "state", path));
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

static enum recourse_error read_origin(struct recourse_ledger *ledger)
{
	struct record_ledger record;
	struct state_view *view = NULL;
	enum recourse_error error = state_snapshot_open(ledger->state, &view);
	if (error != RECOURSE_OK)
		return error;
	error = core_ledger(view, &record);
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
	if (options->guard == NULL)
		error = ledger_path(options->directory, "last-signed", ledger->guard);
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
	error = open_signer(options, ledger);
	if (error == RECOURSE_OK)
		error = open_log(options, ledger);
	if (error == RECOURSE_OK)
		error = open_state(options, ledger);
	if (error == RECOURSE_OK)
		error = follow_log(options, ledger);
	if (error == RECOURSE_OK)
		error = read_origin(ledger);
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

/* ---- committing ---- */

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
	struct state_position position;
	state_position(ledger->core.state, &position);
	memcpy(position.log_id, ledger->group.head.last.bytes, sizeof position.log_id);
	position.entries = ledger->group.head.entries;
	position.requests = ledger->group.head.requests;
	enum recourse_error error = state_commit(ledger->core.state, &position);
	if (error != RECOURSE_OK)
		return RECOURSE_OUTCOME_UNKNOWN;
	ledger->head = ledger->group.head;
	ledger->tree = ledger->group.tree;
	ledger->link = ledger->group.link;
	return ledger->origin[0] == '\0' ? read_origin(ledger) : RECOURSE_OK;
}

enum recourse_error recourse_ledger_commit(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	if (ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	group_start(&ledger->group, &ledger->head, &ledger->tree, &ledger->link);
	enum recourse_error error = decide_group(ledger, requests, count, now, salts);
	if (error == RECOURSE_OK && group_request_count(&ledger->group) > 0) {
		error = group_append(&ledger->group, ledger->log);
		if (error == RECOURSE_OK)
			error = show_group(ledger);
	}
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

/* ---- signing ---- */

/* J6: the history that was signed last must be the beginning of this one. */
static enum recourse_error check_guard(struct recourse_ledger *ledger, const struct checkpoint *next)
{
	struct log_snapshot *log = NULL;
	struct checkpoint last;
	struct crypto_hash root;
	struct tree tree;
	enum recourse_error error = guard_read(ledger->guard, &last);
	if (error != RECOURSE_OK || last.size == 0)
		return error;
	if (last.size > next->size)
		return RECOURSE_ROLLBACK;
	error = log_snapshot_open(ledger->log, &log);
	if (error != RECOURSE_OK)
		return error;
	struct tree_source source = log_tree(log);
	error = tree_open(&source, last.size, &tree);
	if (error == RECOURSE_OK) {
		tree_root(&tree, &root);
		error = crypto_hash_equal(&root, &last.root) ? RECOURSE_OK : RECOURSE_FORK;
	}
	log_snapshot_close(log);
	return error;
}

static enum recourse_error last_signed_size(struct recourse_ledger *ledger, uint64_t *size)
{
	struct log_snapshot *log = NULL;
	struct checkpoint checkpoint;
	slice note;
	*size = 0;
	enum recourse_error error = log_snapshot_open(ledger->log, &log);
	if (error != RECOURSE_OK)
		return error;
	error = log_read_checkpoint(log, UINT64_MAX, &note);
	if (error == RECOURSE_OK)
		error = checkpoint_open(note, &ledger->signer.public_key, &checkpoint);
	if (error == RECOURSE_OK)
		*size = checkpoint.size;
	log_snapshot_close(log);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	struct checkpoint next = {.size = ledger->tree.size};
	char text[CHECKPOINT_TEXT_SIZE];
	struct buffer note = {0};
	uint64_t signed_size;
	if (!ledger->signs || ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	memcpy(next.origin, ledger->origin, sizeof next.origin);
	tree_root(&ledger->tree, &next.root);
	/* first, so that an old log is refused before anything is added to it */
	enum recourse_error error = check_guard(ledger, &next);
	if (error == RECOURSE_OK)
		error = last_signed_size(ledger, &signed_size);
	if (error != RECOURSE_OK || next.size == signed_size)
		return error;
	if (strcmp(ledger->origin, ledger->signer.public_key.name) != 0)
		return RECOURSE_ORIGIN_WRONG;
	error = guard_advance(ledger->guard, &next);
	if (error == RECOURSE_OK) {
		size_t size = checkpoint_format(&next, text);
		error = note_sign(slice_of(text, size), &ledger->signer, &note);
	}
	if (error == RECOURSE_OK)
		error = buffer_failed(&note)
				? RECOURSE_MEMORY
				: log_append_checkpoint(ledger->log, next.size, buffer_slice(&note));
	buffer_free(&note);
	return error;
}
