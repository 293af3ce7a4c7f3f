/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/holder.h"

const char *const holder_kinds[] = {
	[HOLDER_PERSON] = "person", [HOLDER_TEAM] = "team", [HOLDER_ADMIN] = "admin", NULL};

/* `person` 0: anybody who speaks. */
static enum recourse_error look_for(struct state_view *view, slice id, uint32_t person, bool *found)
{
	struct record_path path = record_path_of_text(RECORD_TEAM, id);
	struct record_team team;
	*found = false;
	TRY(record_get_named(view, &path, &team, sizeof team));
	for (size_t index = 0; !*found && index < team.count; index++) {
		struct record_key key;
		TRY(person_current(view, team.members[index], &key));
		*found = key.revoked == 0 && (person == 0 || key.person == person);
	}
	return RECOURSE_OK;
}

enum recourse_error holder_is_member(struct state_view *view, slice team, uint32_t person, bool *member)
{
	return look_for(view, team, person, member);
}

enum recourse_error holder_team_speaks(struct state_view *view, slice team, bool *speaks)
{
	return look_for(view, team, 0, speaks);
}

enum recourse_error holder_find(
	struct state_view *view, slice claim, const struct record_claim *record, struct holder *holder)
{
	struct record_path path = record_path_of_text(RECORD_DESK, claim);
	bool speaks = false;
	*holder = (struct holder){.kind = HOLDER_PERSON};
	if (record->owner != 0)
		TRY(person_current(view, record->owner, &holder->key));
	if (record->desk != 0)
		TRY(record_get_named(view, &path, &holder->desk, sizeof holder->desk));
	if (record->owner != 0 && holder->key.revoked == 0)
		return RECOURSE_OK;
	slice team = RECORD_TEXT(holder->desk.team);
	if (team.size > 0)
		TRY(holder_team_speaks(view, team, &speaks));
	holder->kind = speaks ? HOLDER_TEAM : HOLDER_ADMIN;
	return RECOURSE_OK;
}

uint32_t holder_key(const struct holder *holder)
{
	return holder->kind == HOLDER_PERSON ? holder->key.number : 0;
}

slice holder_team(const struct holder *holder)
{
	return holder->kind == HOLDER_TEAM ? RECORD_TEXT(holder->desk.team) : slice_text("");
}

enum recourse_error holder_promise(struct state_view *view, slice claim, uint64_t *due, uint64_t *entry)
{
	struct record_path prefix = record_path_of_text(RECORD_PROMISE_OWED, claim);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*due = *entry = 0;
	if (record_walk_next(&walk, NULL, 0)) {
		*due = walk.key.parts[1].number;
		*entry = walk.key.parts[2].number;
	}
	return walk.error;
}
