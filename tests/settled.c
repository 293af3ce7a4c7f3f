/* SPDX-License-Identifier: Apache-2.0 */
#include "settled.h"

#include "books/record_incident.h"
#include "books/record_ledger.h"
#include "ledger.h"
#include "rules/incident/incident.h"
#include "rules/recourse/settle_up.h"

/* As a command that is received now would find it. */
static enum recourse_error tell(struct state_view *view, struct arena *arena, uint64_t now,
	const struct record_section *section, struct liabilities *list, struct reckon *reckoned)
{
	struct recourse_refusal refusal;
	struct record_incident incident;
	struct decision *decision = arena_allocate(arena, sizeof *decision);
	if (decision == NULL)
		return RECOURSE_MEMORY;
	*decision = (struct decision){
		.state = view, .time = now, .entry = UINT64_MAX, .arena = arena, .refusal = &refusal};
	TRY(incident_load(view, section->incident, &incident));
	TRY(liability_list(view, arena, section, list));
	TRY(settle_up_tell(decision, &incident, section, list, reckoned));
	return reckon(reckoned);
}

static void check_section(struct state_view *view, struct arena *arena, uint64_t now,
	const struct record_section *section, const char *words)
{
	struct liabilities list;
	struct reckon reckoned;
	assert_ok(tell(view, arena, now, section, &list, &reckoned));
	if (section->uncovered_served != reckoned.uncovered_served)
		fail_msg("%s: in the section of party %u consumers have %lld, to be %lld", words,
			section->party, (long long)section->uncovered_served,
			(long long)reckoned.uncovered_served);
	for (size_t row = 0; row < list.count; row++) {
		const struct record_liability *record = &list.rows[row].record;
		const struct reckon_party *party = &reckoned.parties[row];
		if (record->waits != party->waits || record->returned != party->returned)
			fail_msg("%s: of %.*s in the section of party %u %lld waits and %lld is its own, to "
				 "be "
				 "%lld and %lld",
				words, SLICE_ARGUMENTS(list.rows[row].party), section->party,
				(long long)record->waits, (long long)record->returned,
				(long long)party->waits, (long long)party->returned);
	}
}

void settled_check(const struct kit *kit, const char *words)
{
	const struct record_path prefix = record_path_of(RECORD_SECTION);
	struct record_section section;
	SCOPED(arena_free) struct arena arena = {0};
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	assert_ok(state_snapshot_open(kit->ledger->state, &view));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		if (section.waiting + section.returned + section.uncovered_served +
				section.recourse_collected >
			0)
			check_section(view, &arena, kit->now, &section, words);
	}
	assert_ok(walk.error);
}
