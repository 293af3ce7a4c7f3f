/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include <stdarg.h>
#include <stdio.h>

struct sight {
	struct state *state;
	struct state_view *view;
};

static enum recourse_error open_sight(struct audit *audit, struct sight *sight)
{
	struct state_options options = {.directory = audit->held.path,
		.read_only = true,
		.format = tables_shape_format(),
		.fault = &audit->held.fault};
	TRY(seal_read_secret(audit->options->directory, true, &options.seal));
	TRY(state_open(&options, &sight->state));
	return state_snapshot_open(sight->state, &sight->view);
}

static void close_sight(struct sight *sight)
{
	state_snapshot_close(sight->view);
	state_close(sight->state);
}

/* What is said last of it is said. */
__attribute__((format(printf, 2, 3))) static enum recourse_error say_wrong(
	struct audit *audit, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(audit->state_wrong, sizeof audit->state_wrong, format, arguments);
	va_end(arguments);
	return RECOURSE_OK;
}

enum recourse_error held_state_look(struct audit *audit)
{
	TRY(directory_path(audit->options->directory, "state", audit->held.path));
	SCOPED(close_sight) struct sight sight = {0};
	audit->held.there = open_sight(audit, &sight) == RECOURSE_OK;
	if (audit->held.there)
		state_position(sight.view, &audit->held.position);
	return RECOURSE_OK;
}

enum recourse_error held_state_check(struct audit *audit)
{
	const struct state_position *position = &audit->held.position;
	const struct log_head *head = &audit->head;
	struct crypto_hash leaf;
	slice last;
	if (audit->held.fault.what != NULL)
		return say_wrong(audit, "I11: the state beside the log is damaged: page %llu: %s",
			(unsigned long long)audit->held.fault.page, audit->held.fault.what);
	if (!audit->held.there || position->entries == 0)
		return RECOURSE_OK;
	if (position->entries > head->entries || position->requests > head->requests)
		return say_wrong(audit,
			"I11: the state beside the log has followed %llu entries and %llu requests, the log "
			"has "
			"%llu and %llu: some are missing",
			(unsigned long long)position->entries, (unsigned long long)position->requests,
			(unsigned long long)head->entries, (unsigned long long)head->requests);
	TRY(log_read_entry(audit->snapshot, position->entries - 1, &last));
	tree_leaf(last, &leaf);
	if (memcmp(leaf.bytes, position->log_id, sizeof position->log_id) != 0)
		return say_wrong(audit, "I11: the state beside the log was made from another history");
	return RECOURSE_OK;
}

bool held_state_is_level(const struct audit *audit)
{
	return audit->held.there && audit->held.position.requests == audit->replay.compare.requests;
}

/* What can not be read of it must not be taken for damage of the log. `*read` stays false where there is none to compare. */
static enum recourse_error read_digest(struct audit *audit, uint8_t digest[static 32], bool *read)
{
	struct state_position position;
	SCOPED(close_sight) struct sight sight = {0};
	bool level = false;
	enum recourse_error error = open_sight(audit, &sight);
	if (error == RECOURSE_OK) {
		state_position(sight.view, &position);
		level = memcmp(&position, &audit->held.position, sizeof position) == 0;
	} else if (error != RECOURSE_MEMORY && audit->held.fault.what == NULL)
		return RECOURSE_OK; /* it could be believed a moment ago: somebody makes it anew */
	if (level)
		error = state_digest(sight.view, digest);
	*read = level && error == RECOURSE_OK;
	if (error == RECOURSE_OK || error == RECOURSE_MEMORY)
		return error;
	return say_wrong(audit, "I11: the state beside the log is damaged");
}

enum recourse_error held_state_compare(struct audit *audit, const uint8_t made[static 32])
{
	uint8_t digest[32];
	bool read = false;
	TRY(read_digest(audit, digest, &read));
	if (!read)
		return RECOURSE_OK;
	audit->report->state_compared = true;
	audit->report->state_entries = audit->held.position.entries;
	if (memcmp(digest, made, sizeof digest) == 0)
		return RECOURSE_OK;
	return say_wrong(audit,
		"I11: the state beside the log is not the state that the log makes of its first %llu entries",
		(unsigned long long)audit->held.position.entries);
}
