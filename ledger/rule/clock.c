/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/clock.h"

#include "proof/note.h"

static enum recourse_error refuse_subject(struct decision *decision)
{
	return refuse(decision, RECOURSE_NOT_FOUND, "subject", NULL);
}

enum recourse_error clock_strike(struct decision *decision, enum clock_kind kind, slice subject, uint64_t due,
	struct record_deadline *struck)
{
	struct record_path path = record_deadline_path(due, (uint32_t)kind, subject);
	return refuse_absent(
		decision, record_strike(decision->state, &path, struck), RECOURSE_NOT_FOUND, "subject", NULL);
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

enum recourse_error clock_count(struct state_view *view, uint64_t now, uint64_t most, uint64_t *count)
{
	struct record_path prefix = record_path_of(RECORD_DEADLINE);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	for (*count = 0; *count < most && record_walk_next(&walk, NULL, 0); ++*count) {
		if (walk.key.parts[0].number > now)
			break;
	}
	return walk.error;
}

/* ---- clocks that are held ---- */

enum recourse_error clock_held(struct state_view *view, bool *held, struct record_clock_hold *hold)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger;
	*hold = (struct record_clock_hold){0};
	TRY(record_get_optional(view, &path, &ledger, sizeof ledger, NULL));
	*held = ledger.held != 0;
	path = record_path_of_number(RECORD_CLOCK_HOLD, ledger.held);
	return *held ? record_get_named(view, &path, hold, sizeof *hold) : RECOURSE_OK;
}

/* Further ahead of what was counted, or behind: the difference wraps round, and back. */
enum recourse_error clock_of_host(struct state_view *view, uint64_t counted, uint64_t *host)
{
	struct record_clock_hold hold;
	bool held;
	TRY(clock_held(view, &held, &hold));
	*host = counted + (hold.host - hold.counted);
	return RECOURSE_OK;
}

/* ---- subjects ---- */

enum recourse_error clock_subject_read_entry(struct decision *decision, slice subject, uint64_t *entry)
{
	return note_number(subject, entry) == RECOURSE_OK ? RECOURSE_OK : refuse_subject(decision);
}

enum recourse_error clock_subject_read_party(
	struct decision *decision, slice subject, struct unit *unit, slice *party)
{
	const uint8_t *slash = memchr(subject.data, '/', subject.size);
	uint64_t number;
	if (slash == NULL)
		return refuse_subject(decision);
	size_t code = (size_t)(slash - subject.data);
	if (note_number(slice_of(slash + 1, subject.size - code - 1), &number) != RECOURSE_OK ||
		number > UINT32_MAX)
		return refuse_subject(decision);
	TRY(decision_unit(decision, "subject", slice_of(subject.data, code), unit));
	return party_name(decision->state, decision->arena, (uint32_t)number, party);
}

enum recourse_error clock_subject_read_section(
	struct decision *decision, slice subject, uint32_t *incident, uint32_t *party)
{
	const uint8_t *slash = memchr(subject.data, '/', subject.size);
	uint64_t numbers[2];
	if (slash == NULL)
		return refuse_subject(decision);
	size_t first = (size_t)(slash - subject.data);
	if (note_number(slice_of(subject.data, first), &numbers[0]) != RECOURSE_OK ||
		note_number(slice_of(slash + 1, subject.size - first - 1), &numbers[1]) != RECOURSE_OK ||
		numbers[0] > UINT32_MAX || numbers[1] > UINT32_MAX)
		return refuse_subject(decision);
	*incident = (uint32_t)numbers[0];
	*party = (uint32_t)numbers[1];
	return RECOURSE_OK;
}
