/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/sealed.h"
#include "rules/claims/holder.h"
#include "rules/desk/desk.h"
#include "rules/desk/promise.h"
#include "rules/desk/team.h"

/* A claim goes from hand to hand, and its day stays (D2): claim.hand_over, claim.take. */

/* Who gets it: a person, or a team. */
struct receiver {
	struct record_key key; /* all zeroes: a team */
	slice team;            /* empty: a person, who has it of no team */
};

/* ---- who has had it ---- */

static struct record_path had_path(slice claim, slice team, uint32_t person)
{
	struct record_path path = record_path_of_text(RECORD_DESK_HAD, claim);
	record_path_text(&path, team);
	record_path_short(&path, person);
	return path;
}

/* Before it was handed over: who took it in, decided or paid it has had it. */
static enum recourse_error note_before(
	struct decision *decision, slice id, const struct record_claim *claim, const struct record_desk *desk)
{
	const uint32_t keys[] = {claim->filer, claim->decider, claim->instructor, claim->owner};
	for (size_t index = 0; index < sizeof keys / sizeof keys[0]; index++) {
		struct record_key key = {.person = 0};
		struct record_desk_had had;
		bool there;
		if (keys[index] == 0)
			continue;
		TRY(person_key(decision->state, keys[index], &key));
		struct record_path path = had_path(id, slice_text(""), key.person);
		TRY(record_get_optional(decision->state, &path, &had, sizeof had, &there));
		had = (struct record_desk_had){.entry = desk->handed_entry, .before = 1};
		if (!there)
			TRY(decision_put(decision, &path, &had, sizeof had));
	}
	return RECOURSE_OK;
}

/* One who had it already has it back: it bounced. */
static enum recourse_error note_after(
	struct decision *decision, slice id, const struct receiver *receiver, struct record_desk *desk)
{
	struct record_path path = had_path(
		id, receiver->key.person == 0 ? receiver->team : slice_text(""), receiver->key.person);
	struct record_desk_had had;
	TRY(record_get_optional(decision->state, &path, &had, sizeof had, NULL));
	desk->hand_overs++;
	desk->bounces += had.before + had.times > 0;
	had.times++;
	had.entry = decision->entry;
	return decision_put(decision, &path, &had, sizeof had);
}

static enum recourse_error hand(struct decision *decision, slice id, struct record_claim *claim,
	struct record_desk *desk, const struct receiver *receiver)
{
	TRY(note_before(decision, id, claim, desk));
	TRY(note_after(decision, id, receiver, desk));
	claim->owner = receiver->key.number;
	memset(desk->team, 0, sizeof desk->team);
	record_text_set(desk->team, sizeof desk->team, receiver->team);
	desk->handed_entry = decision->entry;
	decision_fact_instant(decision, "due", claim->due);
	decision_fact_integer(decision, "hand_overs", desk->hand_overs);
	decision_fact_integer(decision, "bounces", desk->bounces);
	return desk_save(decision, id, claim, desk);
}

/* ---- claim.hand_over ---- */

enum { HAND_CLAIM, HAND_TO, HAND_TEAM, HAND_REASON, HAND_NOTE, HAND_PROMISE };
static const struct recourse_field hand_fields[] = {
	[HAND_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[HAND_TO] =
		FIELD_OPTIONAL(HANDLE, "to", "the key of an agent or operator who sees to it from now on"),
	[HAND_TEAM] = FIELD_OPTIONAL(ID, "team", "or the team, until one of it takes the claim"),
	[HAND_REASON] = FIELD(ID, "reason", "reason code"),
	[HAND_NOTE] = FIELD_OPTIONAL(NOTE, "note", "what was said"),
	[HAND_PROMISE] = PROMISE_FIELD,
};

static enum recourse_error find_team(struct decision *decision, const struct value *value,
	const struct holder *from, struct receiver *receiver)
{
	struct record_team team;
	bool speaks;
	receiver->team = value->text;
	TRY(team_find(decision, "team", receiver->team, &team));
	TRY(holder_team_speaks(decision->state, receiver->team, &speaks));
	if (!speaks)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "team", "one of which a member speaks");
	return !slice_equal(holder_team(from), receiver->team)
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_SAME_PERSON, "team", "another than the one that has it");
}

static enum recourse_error find_person(struct decision *decision, const struct value *value,
	const struct holder *from, struct receiver *receiver)
{
	TRY(team_agent(decision, "to", value->text, &receiver->key));
	if (from->key.person == receiver->key.person || decision->actor->person == receiver->key.person)
		return refuse(decision, RECOURSE_SAME_PERSON, "to",
			"another than who has it, and who hands it over");
	return RECOURSE_OK;
}

static enum recourse_error apply_hand_over(struct decision *decision, const struct value *values)
{
	slice id = values[HAND_CLAIM].text;
	struct record_claim claim;
	struct holder from;
	struct receiver receiver = {.team = slice_text("")};
	bool person = values[HAND_TO].present;
	if (person == values[HAND_TEAM].present)
		return refuse(decision, person ? RECOURSE_FIELD_DUPLICATE : RECOURSE_FIELD_MISSING, "to",
			"a key or a team");
	TRY(desk_find_waiting(decision, id, &claim));
	TRY(holder_find(decision->state, id, &claim, &from));
	TRY((person ? find_person : find_team)(
		decision, &values[person ? HAND_TO : HAND_TEAM], &from, &receiver));
	TRY(sealed_note(decision, id, &values[HAND_NOTE]));
	TRY(hand(decision, id, &claim, &from.desk, &receiver));
	return promise_keep(decision, id, &values[HAND_PROMISE]);
}

/* ---- claim.take ---- */

enum { TAKE_CLAIM };
static const struct recourse_field take_fields[] = {FIELD(ID, "claim", "that a team has")};

static enum recourse_error apply_take(struct decision *decision, const struct value *values)
{
	slice id = values[TAKE_CLAIM].text;
	struct receiver receiver = {
		.key = {.number = decision->actor->key, .person = decision->actor->person}};
	struct record_claim claim;
	struct holder from;
	bool member;
	TRY(desk_find_waiting(decision, id, &claim));
	TRY(holder_find(decision->state, id, &claim, &from));
	receiver.team = holder_team(&from);
	if (from.kind != HOLDER_TEAM)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "claim", "one that a team has");
	TRY(holder_is_member(decision->state, receiver.team, receiver.key.person, &member));
	if (!member)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "claim", "by a member of its team");
	TRY(arena_copy(decision->arena, receiver.team, &receiver.team));
	return hand(decision, id, &claim, &from.desk, &receiver);
}

static const struct command rows[] = {
	COMMAND("claim.hand_over", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_ADMIN,
		hand_fields, apply_hand_over, "another person or a team sees to a claim; its day stays",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_NOT_PERMITTED, RECOURSE_KEY_REVOKED,
		RECOURSE_FIELD_MISSING, RECOURSE_FIELD_DUPLICATE, RECOURSE_NOT_FOUND),
	COMMAND("claim.take", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, take_fields, apply_take,
		"a member of the team that has a claim sees to it", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group hand_over_commands = COMMAND_GROUP(rows);
