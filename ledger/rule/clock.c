/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/clock.h"

#include "base/try.h"

const char *const clock_kind_names[] = {
	[CLOCK_HOLD] = "hold",
	[CLOCK_BAR_DATE] = "bar-date",
	[CLOCK_PROPOSAL] = "proposal",
	[CLOCK_EXIT_NOTICE] = "exit-notice",
	[CLOCK_EXIT_TAIL] = "exit-tail",
	[CLOCK_EXIT_REFUND] = "exit-refund",
	[CLOCK_CUSTODY] = "custody",
	[CLOCK_TOP_UP] = "top-up",
	[CLOCK_COVERAGE] = "coverage",
	[CLOCK_SWEEP] = "sweep",
	[CLOCK_SIGNAL] = "signal",
	[CLOCK_REVIEW] = "review",
	[CLOCK_APPEAL] = "appeal",
	[CLOCK_INSTRUMENT] = "instrument",
	[CLOCK_KINDS] = NULL,
};

static struct record_path clock_path(enum clock_kind kind, slice subject, uint64_t due)
{
	struct record_path path = record_path_of_number(RECORD_DEADLINE, due);
	record_path_short(&path, (uint32_t)kind);
	record_path_text(&path, subject);
	return path;
}

enum recourse_error clock_set(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due)
{
	struct record_path path = clock_path(kind, subject, due);
	return record_put(decision->state, &path, &decision->entry, sizeof decision->entry);
}

enum recourse_error clock_cancel(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due)
{
	struct record_path path = clock_path(kind, subject, due);
	slice value;
	enum recourse_error error = state_get(decision->state, record_path_slice(&path), &value);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	return error == RECOURSE_OK ? state_remove(decision->state, record_path_slice(&path)) : error;
}

enum recourse_error clock_find(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due, uint64_t *entry)
{
	struct record_path path = clock_path(kind, subject, due);
	return decision_find(decision, "subject", &path, entry, sizeof *entry);
}

static uint64_t big_endian(const uint8_t *bytes, size_t size)
{
	uint64_t number = 0;
	for (size_t index = 0; index < size; index++)
		number = number << 8 | bytes[index];
	return number;
}

static enum recourse_error read_clock(slice key, struct clock *clock)
{
	enum { SUBJECT = 1 + 8 + 4 };
	if (key.size < SUBJECT + 2 || key.size > SUBJECT + TEXT_ID_SIZE + 1)
		return RECOURSE_STORE_CORRUPT;
	clock->due = big_endian(key.data + 1, 8);
	clock->kind = (enum clock_kind)big_endian(key.data + 9, 4);
	record_text_set(
		clock->subject, sizeof clock->subject, slice_of(key.data + SUBJECT, key.size - SUBJECT - 1));
	return clock->kind < CLOCK_KINDS ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error clock_list(
	struct state_view *view, uint64_t now, struct clock *list, size_t room, size_t *count, uint64_t *next)
{
	uint8_t table = RECORD_DEADLINE;
	struct state_walk walk;
	*count = 0;
	*next = UINT64_MAX;
	enum recourse_error error =
		state_walk_first(&walk, view, slice_of(&table, 1), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct clock clock;
		error = read_clock(walk.key, &clock);
		if (error == RECOURSE_OK && *next == UINT64_MAX)
			*next = clock.due;
		if (error != RECOURSE_OK || clock.due > now || *count == room)
			break;
		list[(*count)++] = clock;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}
