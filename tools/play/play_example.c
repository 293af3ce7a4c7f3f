/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_example.h"

#include "base/transcode.h"
#include "member.h"

#include <stdio.h>

static bool has_one(const struct buffer *lines, slice method)
{
	char begin[100];
	int size = snprintf(begin, sizeof begin, "{\"method\":\"%.*s\",", SLICE_ARGUMENTS(method));
	return lines->size > 0 && memmem(lines->data, lines->size, begin, (size_t)size) != NULL;
}

static void add(struct buffer *lines, slice method, slice params, slice result)
{
	struct buffer item = {0};
	if (has_one(lines, method))
		return;
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "method", method);
	item_write_key(&item, "params");
	if (params.size > 0)
		buffer_append(&item, params.data, params.size);
	else
		item_write_map(&item, 0);
	item_write_key(&item, "result");
	buffer_append(&item, result.data, result.size);
	item_map_close(map, &item);
	if (transcode_to_json(buffer_slice(&item), TRANSCODE_COMPACT, lines) != RECOURSE_OK)
		lines->failed = true;
	buffer_append_text(lines, "\n");
	buffer_free(&item);
}

void play_example_query(struct buffer *lines, const char *method, slice params, slice result)
{
	add(lines, slice_text(method), params, result);
}

/* The command's fields: all of its map but its name. */
static void write_fields(slice command, struct buffer *out)
{
	struct item head;
	struct item_map map = item_map_open(out);
	if (item_read_type(&command, ITEM_MAP, &head) != RECOURSE_OK)
		return;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		slice before = command;
		struct item key;
		slice value;
		if (item_read_type(&command, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&command, &value) != RECOURSE_OK)
			return;
		if (!slice_is(key.string, "command"))
			buffer_append(out, before.data, before.size - command.size);
	}
	item_map_close(map, out);
}

static void add_submit(struct buffer *lines, const struct play_submission *submission, slice result)
{
	struct buffer params = {0};
	struct item_map map = item_map_open(&params);
	item_write_pair_text(&params, "mode", slice_text(submission->each ? "each" : "all"));
	item_write_key(&params, "commands");
	buffer_append(&params, submission->commands.data, submission->commands.size);
	item_map_close(map, &params);
	add(lines, slice_text(recourse_submit.name), buffer_slice(&params), result);
	buffer_free(&params);
}

void play_example_submit(struct buffer *lines, const struct play_submission *submission, slice result)
{
	slice commands = submission->commands;
	slice results;
	struct item said;
	struct item came;
	if (item_read_type(&commands, ITEM_ARRAY, &said) != RECOURSE_OK ||
		!member_list(result, "results", &results, &came) || said.count != came.count)
		return;
	for (uint64_t index = 0; index < said.count; index++) {
		struct buffer fields = {0};
		int64_t error;
		slice command;
		slice outcome;
		slice name;
		if (item_read_whole(&commands, &command) != RECOURSE_OK ||
			item_read_whole(&results, &outcome) != RECOURSE_OK)
			return;
		write_fields(command, &fields);
		if (member_text(command, "command", &name) && !member_integer(outcome, "error", &error))
			add(lines, name, buffer_slice(&fields), outcome);
		buffer_free(&fields);
	}
	add_submit(lines, submission, result);
}
