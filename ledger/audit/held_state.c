/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/held_state.h"

struct sight {
	struct state *state;
	struct state_view *view;
};

static enum recourse_error open_sight(const struct held_state *held, struct sight *sight)
{
	struct state_options options = {
		.directory = held->path, .read_only = true, .format = tables_format()};
	TRY(state_open(&options, &sight->state));
	return state_snapshot_open(sight->state, &sight->view);
}

static void close_sight(struct sight *sight)
{
	state_snapshot_close(sight->view);
	state_close(sight->state);
}

enum recourse_error held_state_look(struct held_state *held, const char *directory)
{
	TRY(directory_path(directory, "state", held->path));
	SCOPED(close_sight) struct sight sight = {0};
	held->there = open_sight(held, &sight) == RECOURSE_OK;
	if (held->there)
		state_position(sight.view, &held->position);
	return RECOURSE_OK;
}

enum recourse_error held_state_check(
	const struct held_state *held, struct replay *replay, const struct log_head *head)
{
	const struct state_position *position = &held->position;
	struct crypto_hash leaf;
	slice last;
	if (!held->there || position->entries == 0)
		return RECOURSE_OK;
	if (position->entries > head->entries || position->requests > head->requests)
		return check_wrong(&replay->check,
			"I11: the state beside the log has followed %llu entries and %llu requests, the log "
			"has "
			"%llu and %llu: some are missing",
			(unsigned long long)position->entries, (unsigned long long)position->requests,
			(unsigned long long)head->entries, (unsigned long long)head->requests);
	TRY(log_read_entry(replay->log, position->entries - 1, &last));
	tree_leaf(last, &leaf);
	if (memcmp(leaf.bytes, position->log_id, sizeof position->log_id) != 0)
		return check_wrong(
			&replay->check, "I11: the state beside the log was made from another history");
	return RECOURSE_OK;
}

bool held_state_is_level(const struct held_state *held, const struct replay *replay)
{
	return held->there && held->position.requests == replay->group.head.requests;
}

/* What can not be read of it must not be taken for damage of the log. */
static enum recourse_error read_digest(const struct held_state *held, struct replay *replay,
	struct state_position *position, uint8_t digest[static 32], bool *compared)
{
	SCOPED(close_sight) struct sight sight = {0};
	*compared = false;
	enum recourse_error error = open_sight(held, &sight);
	if (error == RECOURSE_OK) {
		state_position(sight.view, position);
		*compared = memcmp(position, &held->position, sizeof *position) == 0;
	}
	if (*compared)
		error = state_digest(sight.view, digest);
	if (error == RECOURSE_OK || error == RECOURSE_MEMORY)
		return error;
	*compared = false;
	return check_wrong(&replay->check, "I11: the state beside the log is damaged");
}

enum recourse_error held_state_compare(const struct held_state *held, struct replay *replay, bool *compared)
{
	struct state_position position;
	uint8_t digest[32];
	uint8_t made[32];
	TRY(read_digest(held, replay, &position, digest, compared));
	if (!*compared)
		return RECOURSE_OK;
	TRY(state_digest(replay->core.state, made));
	if (memcmp(digest, made, sizeof digest) != 0)
		return check_wrong(&replay->check,
			"I11: the state beside the log is not the state that the log makes of its first %llu "
			"entries",
			(unsigned long long)position.entries);
	return RECOURSE_OK;
}
