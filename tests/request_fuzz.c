/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/core.h"
#include "decide/request.h"
#include "fuzz.h"
#include "rule/area.h"

/*
 * Whatever a key holder signs: it is decoded or refused with a known error. What is decoded as a submit can be
 * written again from its values, and decodes to the same. Params are read by their fields alone: nothing is in those
 * that are taken, of a submit or a query, which the check of a whole item would refuse.
 */

static void encode_again(const struct request_command *command, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text(command->command->method.name));
	field_encode_pairs(
		command->command->method.fields, command->command->method.field_count, command->values, out);
	item_map_close(map, out);
}

static void check_command(const struct request_command *command, struct arena *arena)
{
	const struct recourse_method *method = &command->command->method;
	struct recourse_refusal refusal;
	struct value values[COMMAND_FIELDS_MAX];
	SCOPED(buffer_free) struct buffer first = {0};
	SCOPED(buffer_free) struct buffer second = {0};
	encode_again(command, &first);
	slice reader = buffer_slice(&first);
	enum recourse_error error = field_decode(
		method->fields, method->field_count, "command", &reader, arena, values, &refusal);
	require(error == RECOURSE_OK && reader.size == 0);
	struct request_command again = {.command = command->command, .values = values};
	encode_again(&again, &second);
	require(slice_equal(buffer_slice(&first), buffer_slice(&second)));
}

static bool takes(const struct request *request, struct arena *arena)
{
	const struct query_row *row = request->submit ? NULL : area_query(request->method);
	struct recourse_refusal refusal;
	slice reader = request->params;
	if (row == NULL)
		return request->submit;
	struct value *values = arena_allocate(arena, (row->method.field_count + 1) * sizeof *values);
	return values != NULL && field_decode(row->method.fields, row->method.field_count, NULL, &reader,
					 arena, values, &refusal) == RECOURSE_OK;
}

static void check_params(const struct request *request, struct arena *arena)
{
	slice reader = request->params;
	slice whole;
	if (takes(request, arena))
		require(item_read_whole(&reader, &whole) == RECOURSE_OK && reader.size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena_free) struct arena arena = {0};
	struct recourse_refusal refusal;
	struct request request;
	require(crypto_start() == RECOURSE_OK);
	refusal_clear(&refusal);
	enum recourse_error error = request_decode(slice_of(data, size), &arena, &request, &refusal);
	if (error == RECOURSE_OK) {
		check_params(&request, &arena);
		for (size_t index = 0; request.submit && index < request.count; index++)
			check_command(&request.commands[index], &arena);
	} else {
		require(error >= RECOURSE_MALFORMED && error <= RECOURSE_TOO_LARGE);
	}
	return 0;
}
