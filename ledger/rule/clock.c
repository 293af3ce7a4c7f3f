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

enum recourse_error clock_set(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due)
{
	struct record_path path = record_deadline_path(due, (uint32_t)kind, subject);
	return decision_put(decision, &path, &decision->entry, sizeof decision->entry);
}

enum recourse_error clock_cancel(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due)
{
	struct record_path path = record_deadline_path(due, (uint32_t)kind, subject);
	return decision_remove(decision, &path);
}

enum recourse_error clock_find(
	struct decision *decision, enum clock_kind kind, slice subject, uint64_t due, uint64_t *entry)
{
	struct record_path path = record_deadline_path(due, (uint32_t)kind, subject);
	return decision_find(decision, "subject", &path, entry, sizeof *entry);
}

static enum recourse_error read_clock(const struct table_key *key, struct clock *clock)
{
	slice subject = key->parts[2].text;
	if (key->parts[1].number >= CLOCK_KINDS || subject.size > sizeof clock->subject)
		return RECOURSE_STORE_CORRUPT;
	clock->due = key->parts[0].number;
	clock->kind = (enum clock_kind)key->parts[1].number;
	record_text_set(clock->subject, sizeof clock->subject, subject);
	return RECOURSE_OK;
}

enum recourse_error clock_list(
	struct state_view *view, uint64_t now, struct clock *list, size_t room, size_t *count, uint64_t *next)
{
	struct record_path prefix = record_path_of(RECORD_DEADLINE);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*count = 0;
	*next = UINT64_MAX;
	while (record_walk_next(&walk, NULL, 0)) {
		struct clock clock;
		TRY(read_clock(&walk.key, &clock));
		if (*next == UINT64_MAX)
			*next = clock.due;
		if (clock.due > now || *count == room)
			break;
		list[(*count)++] = clock;
	}
	return walk.error;
}
