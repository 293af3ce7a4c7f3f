/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/request.h"

#include "base/transcode.h"

#include <stdio.h>

/* JSON becomes the item it stands for, so that all that follows sees one form only. */
static enum recourse_error to_item(
	slice payload, struct arena *arena, slice *item, struct recourse_refusal *refusal)
{
	bool cbor = payload.size > 0 && payload.data[0] >= 0xa0 && payload.data[0] <= 0xbf;
	if (payload.size > RECOURSE_REQUEST_SIZE_MAX)
		return refusal_limit(
			refusal, RECOURSE_TOO_LARGE, "payload", "%d bytes", RECOURSE_REQUEST_SIZE_MAX);
	if (cbor) {
		*item = payload;
		return RECOURSE_OK;
	}
	struct transcode_problem problem = {0};
	SCOPED(buffer_free) struct buffer out = {0};
	enum recourse_error error = transcode_from_json(payload, &out, &problem);
	if (error != RECOURSE_OK)
		return refusal_limit(refusal, error, "payload", "%s at line %d column %d",
			problem.reason == NULL ? "JSON" : problem.reason, problem.line, problem.column);
	return buffer_failed(&out) ? RECOURSE_MEMORY : arena_copy(arena, buffer_slice(&out), item);
}

/* The members of a map as raw items, by name: each at most once, none beside them. */
struct member {
	const char *name;
	bool optional;
	slice item;
};

static enum recourse_error take_member(
	slice *reader, struct member *members, size_t count, struct recourse_refusal *refusal)
{
	struct item key;
	enum recourse_error error = item_read_type(reader, ITEM_TEXT, &key);
	if (error != RECOURSE_OK)
		return refusal_field(refusal, error, NULL, "text keys");
	for (size_t index = 0; index < count; index++) {
		if (!slice_is(key.string, members[index].name))
			continue;
		if (members[index].item.size != 0)
			return refusal_field(refusal, RECOURSE_FIELD_DUPLICATE, members[index].name, "once");
		error = item_read_whole(reader, &members[index].item);
		return error == RECOURSE_OK ? error
					    : refusal_field(refusal, error, members[index].name, NULL);
	}
	char name[40];
	slice fitting = text_cut(key.string, sizeof name - 1);
	snprintf(name, sizeof name, "%.*s", SLICE_ARGUMENTS(fitting));
	return refusal_field(refusal, RECOURSE_FIELD_UNKNOWN, name, NULL);
}

static enum recourse_error take_members(
	slice item, struct member *members, size_t count, struct recourse_refusal *refusal)
{
	struct item map;
	enum recourse_error error = item_read_type(&item, ITEM_MAP, &map);
	if (error != RECOURSE_OK)
		return refusal_field(refusal, error, NULL, "a map");
	for (uint64_t pair = 0; pair < map.count; pair++)
		TRY(take_member(&item, members, count, refusal));
	if (item.size > 0)
		return refusal_field(refusal, RECOURSE_MALFORMED, NULL, "no trailing bytes");
	for (size_t index = 0; index < count; index++) {
		if (members[index].item.size == 0 && !members[index].optional)
			return refusal_field(refusal, RECOURSE_FIELD_MISSING, members[index].name, NULL);
	}
	return RECOURSE_OK;
}

static enum recourse_error member_text(
	const struct member *member, size_t most, slice *text, struct recourse_refusal *refusal)
{
	slice reader = member->item;
	struct item item;
	if (item_read_type(&reader, ITEM_TEXT, &item) != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, member->name, "a text");
	if (item.string.size == 0 || item.string.size > most)
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, member->name, "1 to %zu bytes", most);
	*text = item.string;
	return RECOURSE_OK;
}

/* The command's name may stand anywhere in its map. */
static enum recourse_error find_command(
	const slice *reader, const struct command **command, struct recourse_refusal *refusal)
{
	slice name;
	enum recourse_error error = item_find_text(*reader, "command", &name);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return refusal_field(refusal, RECOURSE_FIELD_MISSING, "command", NULL);
	if (error != RECOURSE_OK)
		return refusal_field(refusal, error, "commands", "maps with a member command");
	/* a bulk request says the same command thousands of times */
	if (*command == NULL || !slice_is(name, (*command)->method.name))
		*command = area_command(name);
	return *command != NULL ? RECOURSE_OK
				: refusal_field(refusal, RECOURSE_METHOD_UNKNOWN, "command",
					  "a command: see rpc.discover");
}

static enum recourse_error decode_command(slice *reader, struct arena *arena, const struct command **previous,
	struct request_command *command, struct recourse_refusal *refusal)
{
	command->command = *previous;
	TRY(find_command(reader, &command->command, refusal));
	*previous = command->command;
	size_t count = command->command->method.field_count;
	command->values = arena_allocate(arena, count * sizeof *command->values);
	if (command->values == NULL)
		return RECOURSE_MEMORY;
	return field_decode(
		command->command->method.fields, count, "command", reader, arena, command->values, refusal);
}

static enum recourse_error decode_commands(
	slice item, struct arena *arena, struct request *request, struct recourse_refusal *refusal)
{
	const struct command *previous = NULL;
	struct item array;
	if (item_read_type(&item, ITEM_ARRAY, &array) != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, "commands", "an array");
	if (array.count < 1 || array.count > RECOURSE_COMMANDS_MAX)
		return refusal_limit(
			refusal, RECOURSE_FIELD_LIMIT, "commands", "1 to %d commands", RECOURSE_COMMANDS_MAX);
	request->count = (size_t)array.count;
	request->commands = arena_allocate(arena, request->count * sizeof *request->commands);
	if (request->commands == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < request->count; index++) {
		enum recourse_error error =
			decode_command(&item, arena, &previous, &request->commands[index], refusal);
		if (error != RECOURSE_OK) {
			refusal->command = (int64_t)index;
			return error;
		}
	}
	return RECOURSE_OK;
}

static enum recourse_error choose(const struct member *member, const char *first, const char *second,
	bool *is_second, struct recourse_refusal *refusal)
{
	slice text;
	TRY(member_text(member, 16, &text, refusal));
	*is_second = slice_is(text, second);
	if (!*is_second && !slice_is(text, first))
		return refusal_limit(
			refusal, RECOURSE_FIELD_FORMAT, member->name, "one of %s %s", first, second);
	return RECOURSE_OK;
}

static enum recourse_error decode_submit(
	struct arena *arena, struct request *request, struct recourse_refusal *refusal)
{
	enum { MODE, DETAIL, COMMANDS };
	struct member members[] = {
		[MODE] = {.name = "mode"},
		[DETAIL] = {.name = "detail", .optional = true},
		[COMMANDS] = {.name = "commands"},
	};
	TRY(take_members(request->params, members, 3, refusal));
	TRY(choose(&members[MODE], "all", "each", &request->each, refusal));
	if (members[DETAIL].item.size != 0)
		TRY(choose(&members[DETAIL], "full", "brief", &request->brief, refusal));
	return decode_commands(members[COMMANDS].item, arena, request, refusal);
}

static void hash_content(const struct request *request, struct crypto_hash *hash)
{
	char label[160];
	snprintf(label, sizeof label, "recourse-content-v1\n%.*s\n", SLICE_ARGUMENTS(request->method));
	crypto_sha256_labelled(slice_text(label), request->params, hash);
}

enum recourse_error request_decode(
	slice payload, struct arena *arena, struct request *request, struct recourse_refusal *refusal)
{
	enum { METHOD, PARAMS, ORIGIN, REQUEST, EXPIRES };
	struct member members[] = {
		[METHOD] = {.name = "method"},
		[PARAMS] = {.name = "params"},
		[ORIGIN] = {.name = "origin"},
		[REQUEST] = {.name = "request"},
		[EXPIRES] = {.name = "expires"},
	};
	slice item;
	slice expires;
	memset(request, 0, sizeof *request);
	TRY(to_item(payload, arena, &item, refusal));
	TRY(take_members(item, members, sizeof members / sizeof members[0], refusal));
	TRY(member_text(&members[METHOD], TEXT_ID_SIZE, &request->method, refusal));
	TRY(member_text(&members[ORIGIN], 100, &request->origin, refusal));
	TRY(member_text(&members[REQUEST], TEXT_ID_SIZE, &request->id, refusal));
	if (!text_is_id(request->id))
		return refusal_field(
			refusal, RECOURSE_FIELD_FORMAT, "request", "1 to 64 of A-Z a-z 0-9 . _ : / @ -");
	TRY(member_text(&members[EXPIRES], INSTANT_TEXT_SIZE, &expires, refusal));
	if (instant_parse(expires, &request->expires) != RECOURSE_OK)
		return refusal_field(
			refusal, RECOURSE_FIELD_FORMAT, "expires", "RFC 3339 in UTC: 2026-11-22T12:00:00Z");

	request->params = members[PARAMS].item;
	request->submit = slice_is(request->method, "submit");
	crypto_sha256_labelled(slice_text(REQUEST_LABEL), payload, &request->hash);
	hash_content(request, &request->content);
	return request->submit ? decode_submit(arena, request, refusal) : RECOURSE_OK;
}

enum recourse_error request_first_actor(const struct request *request, slice handle,
	struct decision_actor *actor, struct key_public *key, struct recourse_refusal *refusal)
{
	if (request->count == 1 && strcmp(request->commands[0].command->method.name, "ledger.open") == 0 &&
		party_first_actor(request->commands[0].values, handle, request->origin, actor, key) ==
			RECOURSE_OK)
		return RECOURSE_OK;
	return refusal_field(refusal, RECOURSE_KEY_UNKNOWN, "key",
		"ledger.open comes first, signed by the key it names, for its origin");
}
