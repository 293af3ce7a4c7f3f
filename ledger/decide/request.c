/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/request.h"

#include "base/transcode.h"

#include <assert.h>
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

static enum recourse_error decode_submit(
	struct arena *arena, struct request *request, struct recourse_refusal *refusal)
{
	enum { MODE, COMMANDS, DETAIL, FIELDS }; /* as in recourse_submit */
	struct value values[FIELDS];
	slice reader = request->params;
	assert(recourse_submit.field_count == FIELDS);
	TRY(field_decode(recourse_submit.fields, FIELDS, NULL, &reader, arena, values, refusal));
	request->each = values[MODE].integer == 1;
	request->brief = values[DETAIL].integer == 1;
	request->dry = values[DETAIL].integer == 2;
	return decode_commands(values[COMMANDS].text, arena, request, refusal);
}

static void hash_content(const struct request *request, struct crypto_hash *hash)
{
	char label[160];
	snprintf(label, sizeof label, "recourse-content-v1\n%.*s\n", SLICE_ARGUMENTS(request->method));
	crypto_sha256_labelled(slice_text(label), request->params, hash);
}

enum { METHOD, PARAMS, ORIGIN, REQUEST, EXPIRES, ENVELOPE_FIELDS };
static const struct recourse_field envelope[] = {
	[METHOD] = FIELD_TEXT("method", TEXT_ID_SIZE, "submit or a query"),
	[PARAMS] = FIELD(LIST, "params", "the method's"),
	[ORIGIN] = FIELD_TEXT("origin", 100, "the ledger's"),
	[REQUEST] = FIELD_FOREIGN("request", "an id that its party has not used"),
	[EXPIRES] = FIELD(TIME, "expires", "until when it may be decided"),
};

enum recourse_error request_decode(
	slice payload, struct arena *arena, struct request *request, struct recourse_refusal *refusal)
{
	struct value values[ENVELOPE_FIELDS];
	slice item;
	memset(request, 0, sizeof *request);
	TRY(to_item(payload, arena, &item, refusal));
	TRY(field_decode(envelope, ENVELOPE_FIELDS, NULL, &item, arena, values, refusal));
	if (item.size > 0)
		return refusal_field(refusal, RECOURSE_MALFORMED, NULL, "no trailing bytes");
	request->method = values[METHOD].text;
	request->params = values[PARAMS].text;
	request->origin = values[ORIGIN].text;
	request->id = values[REQUEST].text;
	request->expires = values[EXPIRES].instant;
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
