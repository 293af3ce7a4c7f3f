/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/team.h"

/* Teams, as published data: team.publish, team.get. */

enum recourse_error team_find(
	struct decision *decision, const char *field, slice id, struct record_team *team)
{
	struct record_path path = record_path_of_text(RECORD_TEAM, id);
	return decision_find(decision, field, &path, team, sizeof *team);
}

enum recourse_error team_agent(
	struct decision *decision, const char *field, slice handle, struct record_key *key)
{
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	TRY(decision_find(decision, field, &path, key, sizeof *key));
	if (key->revoked != 0)
		return refuse_entry(decision, RECOURSE_KEY_REVOKED, field, key->revoked_entry);
	if ((key->roles & (RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR)) == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, field, "an agent's or operator's key");
	return RECOURSE_OK;
}

enum { PUBLISH_TEAM, PUBLISH_VERSION, PUBLISH_MEMBERS };
static const struct recourse_field members[] = {
	FIELD(HANDLE, "key", "of an agent or operator: its person is a member, with whatever key"),
};
static const struct recourse_field publish_fields[] = {
	[PUBLISH_TEAM] = FIELD(ID, "team", "the team's id"),
	[PUBLISH_VERSION] = FIELD_INTEGER("version", 1, 1000000, "one above the last"),
	[PUBLISH_MEMBERS] =
		FIELD_LIST("members", 1, TEAM_MEMBERS_MAX, members, "all that are in it from then on"),
};

/* Persons are compared: each is in it once. */
static enum recourse_error add_member(
	struct decision *decision, const struct value *member, struct record_team *team)
{
	struct record_key key;
	TRY(team_agent(decision, "members", member->text, &key));
	for (size_t index = 0; index < team->count; index++) {
		struct record_key other;
		TRY(person_key(decision->state, team->members[index], &other));
		if (other.person == key.person)
			return refuse(decision, RECOURSE_FIELD_DUPLICATE, "members", "each person once");
	}
	team->members[team->count++] = key.number;
	return RECOURSE_OK;
}

static enum recourse_error apply_publish(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_TEAM, values[PUBLISH_TEAM].text);
	const struct value *list = &values[PUBLISH_MEMBERS];
	struct record_team last;
	struct record_team team = {
		.entry = decision->entry, .version = (uint32_t)values[PUBLISH_VERSION].integer};
	TRY(record_get_optional(decision->state, &path, &last, sizeof last, NULL));
	TRY(publish_next(decision, team.version, last.version));
	for (size_t row = 0; row < list->list.count; row++)
		TRY(add_member(decision, &list->list.values[row], &team));
	return decision_put(decision, &path, &team, sizeof team);
}

static const struct command commands[] = {
	COMMAND("team.publish", RECOURSE_ROLE_ADMIN, publish_fields, apply_publish,
		"publish who is in a team that sees to claims", RECOURSE_POLICY_WRONG, RECOURSE_NOT_PERMITTED,
		RECOURSE_KEY_REVOKED, RECOURSE_FIELD_DUPLICATE),
};
const struct command_group team_commands = COMMAND_GROUP(commands);

/* ---- team.get ---- */

enum { GET_TEAM };
static const struct recourse_field get_fields[] = {FIELD(ID, "team", "its id")};

struct team_row {
	slice id;
	struct record_team record;
};

struct member_row {
	struct record_key key; /* that the person has now */
};

static const struct recourse_column member_columns[] = {
	{COLUMN_KEY("key", struct member_row, key.number, "that answers now")},
	{COLUMN_CHOICE("revoked", query_no_yes, struct member_row, key.revoked, "whether it speaks no more")},
};

static enum recourse_error list_members(struct view_rows *rows)
{
	const struct team_row *team = rows->above;
	for (size_t index = 0; index < team->record.count; index++) {
		struct member_row row;
		TRY(person_current(rows->query->state, team->record.members[index], &row.key));
		TRY(view_add(rows, &row));
	}
	return RECOURSE_OK;
}

static const struct recourse_column team_columns[] = {
	{COLUMN(ID, "team", struct team_row, id, "its id")},
	{COLUMN(INTEGER, "version", struct team_row, record.version, "the last one published")},
	{COLUMN(ENTRY, "entry", struct team_row, record.entry, "that published it")},
	{COLUMN_ROWS("members", member_columns, list_members, "as published")},
};

static enum recourse_error find_team(struct query *query, void *found)
{
	struct team_row *row = found;
	row->id = query->values[GET_TEAM].text;
	struct record_path path = record_path_of_text(RECORD_TEAM, row->id);
	return query_record(query, "team", &path, &row->record, sizeof row->record);
}

static const struct query_row queries[] = {
	VIEW("team.get", QUERY_READ_ALL, get_fields, team_columns, struct team_row, find_team,
		"who is in a team that sees to claims"),
};
const struct query_group team_view_group = {queries, sizeof queries / sizeof queries[0]};
