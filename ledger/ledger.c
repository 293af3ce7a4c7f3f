/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "base/descriptor.h"
#include "store/log.h"
#include "audit/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum recourse_error recourse_ledger_create(const char *directory)
{
	char path[DIRECTORY_PATH_SIZE];
	bool made = mkdir(directory, 0700) == 0;
	if (!made && errno != EEXIST)
		return RECOURSE_IO;
	TRY(directory_path(directory, "log", path));
	TRY(log_create(path));
	TRY(directory_path(directory, "../.", path));
	return made ? descriptor_sync_directory_of(path) : RECOURSE_OK;
}

/* ---- opening ---- */

/* Nobody saw it being closed: it was killed, or copied here, or written to. */
static enum recourse_error check_pages(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	struct page_fault fault = {.page = 0};
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(options->directory, "log", path));
	enum recourse_error error = log_check_pages(ledger->log, &fault);
	names_tell_fault(ledger, path, &fault);
	return error;
}

static enum recourse_error open_stores(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[DIRECTORY_PATH_SIZE];
	struct page_fault fault = {.page = 0};
	struct page_fault of_state = {.page = 0};
	struct log_options log = {
		.directory = path,
		.read_only = options->read_only,
		.fault = &fault,
		.spare_bytes = options->spare_bytes,
	};
	struct state_options state = {
		.fault = &of_state,
		.directory = path,
		.read_only = options->read_only,
		.anew = options->rebuild && !options->read_only,
		.format = tables_shape_format(),
		.spare_bytes = options->spare_bytes,
		.ballast_bytes = options->ballast_bytes,
	};
	TRY(directory_path(options->directory, "log", path));
	enum recourse_error error = log_open(&log, &ledger->log);
	names_tell_fault(ledger, path, &fault);
	TRY(error);
	TRY(seal_read_secret(options->directory, options->read_only, &state.seal));
	state.log = log_mark(ledger->log);
	TRY(directory_path(options->directory, "state", path));
	error = state_open(&state, &ledger->state);
	names_tell_fault(ledger, path, &of_state);
	TRY(error);
	return options->read_only || state_as_left(ledger->state) ? RECOURSE_OK
								  : check_pages(options, ledger);
}

/*
 * A state that belongs to another log or branch of it, or has seen more than this log has, says nothing; nor does
 * one that has seen nothing and may hold something all the same.
 */
static enum recourse_error reset_stranger(struct recourse_ledger *ledger, struct log_snapshot *log)
{
	struct state_position position;
	const struct log_head *head = &ledger->head;
	struct crypto_hash leaf = {0};
	slice entry;
	state_position(state_writer(ledger->state), &position);
	bool follows = position.requests > 0 && position.requests <= head->requests &&
		       position.entries <= head->entries;
	if (follows && position.entries > 0 &&
		log_read_entry(log, position.entries - 1, &entry) == RECOURSE_OK)
		tree_leaf(entry, &leaf);
	return follows && memcmp(position.log_id, leaf.bytes, sizeof position.log_id) == 0
		       ? RECOURSE_OK
		       : state_reset(ledger->state);
}

static enum recourse_error catch_up(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	const struct log_head *head = &ledger->head;
	SCOPED(replay_end) struct replay replay = {0};
	TRY(replay_start(&replay, ledger->state, ledger->log, false));
	replay.beside = options->beside;
	replay.progress = options->progress;
	replay.progress_context = options->progress_context;
	replay.total = head->entries;
	TRY(replay_run(&replay, head->requests));
	ledger->link = replay.core.group->link;
	return replay.compare.entries == head->entries ? RECOURSE_OK : RECOURSE_AUDIT_FAILED;
}

static enum recourse_error follow_log(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(log_read_head(log, &ledger->head));
	TRY(tree_open(log_read_tree(log), ledger->head.entries, &ledger->tree));
	if (ledger->read_only)
		return RECOURSE_OK;
	TRY(reset_stranger(ledger, log));
	return catch_up(options, ledger);
}

enum recourse_error ledger_open_notes(struct recourse_ledger *ledger, const char *directory)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	SCOPED(sealing_free) struct sealing erased = {.keys = {0}};
	TRY(notes_open(directory, names_tell, ledger, &ledger->notes));
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(sealing_erased(&erased, view, 0));
	if (sealing_erase(&erased, &ledger->notes) != RECOURSE_OK)
		notes_lose(&ledger->notes, names_tell, ledger);
	return RECOURSE_OK;
}

enum recourse_error ledger_read_origin(struct recourse_ledger *ledger)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct record_ledger record;
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(party_ledger(view, &record));
	snprintf(ledger->origin, sizeof ledger->origin, "%.*s", SLICE_ARGUMENTS(RECORD_TEXT(record.origin)));
	return RECOURSE_OK;
}

/* Restored to be read: what it lacks may have been signed. */
static enum recourse_error check_may_sign(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	char path[DIRECTORY_PATH_SIZE];
	struct stat status;
	if (options->log_key == NULL)
		return RECOURSE_OK;
	TRY(directory_path(options->directory, "never-sign", path));
	if (lstat(path, &status) != 0)
		return errno == ENOENT ? RECOURSE_OK : RECOURSE_IO;
	names_tell(ledger, path, "is there: this ledger was restored to be read, and never signs");
	return RECOURSE_ROLLBACK;
}

static enum recourse_error open_keys(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	if (options->rehearsal && options->log_key != NULL)
		return RECOURSE_NOT_PERMITTED;
	TRY(check_may_sign(options, ledger));
	if (options->guard == NULL)
		TRY(directory_path(options->directory, "last-signed", ledger->guard));
	else if (snprintf(ledger->guard, sizeof ledger->guard, "%s", options->guard) >=
		 (int)sizeof ledger->guard)
		return RECOURSE_IO;
	if (options->log_key != NULL)
		TRY(key_open_file(options->log_key, &ledger->signer));
	if (!options->read_only)
		names_note_guard(ledger);
	if (options->system_key != NULL)
		TRY(key_open_file(options->system_key, &ledger->system));
	return RECOURSE_OK;
}

static enum recourse_error open_parts(
	const struct recourse_ledger_options *options, struct recourse_ledger *ledger)
{
	ledger->read_only = options->read_only;
	ledger->rehearsal = options->rehearsal;
	ledger->tell = options->tell;
	ledger->tell_context = options->tell_context;
	if (!options->read_only) {
		TRY(names_look(options));
		TRY(site_note(options->directory, -1, &ledger->directory));
	}
	TRY(open_keys(options, ledger));
	TRY(open_stores(options, ledger));
	enum recourse_error error = follow_log(options, ledger);
	if (error == RECOURSE_STORE_CORRUPT)
		TRY(check_pages(options, ledger)); /* tells which, if a page is at fault */
	TRY(error);
	TRY(ledger_read_origin(ledger));
	if (!ledger->read_only)
		TRY(ledger_open_notes(ledger, options->directory));
	ledger->told = ledger->head.entries;
	ledger->whole = true;
	ledger->sealing[0].texts.secret = true; /* their randoms; by these a text can be guessed */
	ledger->sealing[1].texts.secret = true;
	ledger->core.group = &ledger->groups[0];
	ledger->core.state = ledger->read_only ? NULL : state_writer(ledger->state);
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_open(
	const struct recourse_ledger_options *options, struct recourse_ledger **opened)
{
	TRY(crypto_start());
	struct recourse_ledger *ledger = calloc(1, sizeof *ledger);
	if (ledger == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = open_parts(options, ledger);
	if (error == RECOURSE_OK)
		*opened = ledger;
	else
		recourse_ledger_close(ledger);
	return error;
}

void recourse_ledger_close(struct recourse_ledger *ledger)
{
	if (ledger == NULL)
		return;
	if (ledger->state != NULL && !ledger->read_only) {
		const struct state_mark_of_log log = log_mark(ledger->log);
		state_discard(state_writer(ledger->state));
		if (ledger->whole)
			state_note_log(ledger->state, &log);
	}
	core_free(&ledger->core);
	group_free(&ledger->groups[0]);
	group_free(&ledger->groups[1]);
	sealing_free(&ledger->sealing[0]);
	sealing_free(&ledger->sealing[1]);
	notes_close(&ledger->notes);
	state_close(ledger->state);
	log_close(ledger->log);
	key_close(&ledger->signer);
	key_close(&ledger->system);
	free(ledger);
}

enum recourse_error recourse_ledger_sweep(struct recourse_ledger *ledger, size_t rows, bool *whole)
{
	return state_sweep(ledger->state, rows, whole);
}

void recourse_ledger_seals(const struct recourse_ledger *ledger, struct recourse_seals *seals)
{
	state_seals(ledger->state, seals);
}

const char *recourse_ledger_origin(const struct recourse_ledger *ledger)
{
	return ledger->origin;
}

/* Refused requests are remembered too, and count in their party's quota: without that a refusal leaves no trace here. */
enum recourse_error recourse_ledger_standing(
	struct recourse_ledger *ledger, struct recourse_standing *standing)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct record_path requests = record_path_of(RECORD_REQUEST);
	struct record_path behind = record_path_of(RECORD_STORED + 1);
	struct crypto_hash root;
	*standing = (struct recourse_standing){.entries = ledger->head.entries};
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(state_digest_without(
		view, record_path_slice(&requests), record_path_slice(&behind), standing->facts));
	tree_root(&ledger->tree, &root);
	memcpy(standing->last, ledger->head.last.bytes, sizeof standing->last);
	memcpy(standing->root, root.bytes, sizeof standing->root);
	return RECOURSE_OK;
}
