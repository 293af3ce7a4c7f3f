/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include "arguments.h"
#include "base/item.h"
#include "base/try.h"
#include "output.h"
#include "recourse_client.h"

#include <assert.h>

static void add(struct batch *batch, const struct recourse_method *method, slice map)
{
	batch->commands.secret = true; /* notes are texts here */
	buffer_append(&batch->commands, map.data, map.size);
	buffer_append(&batch->methods, &method, sizeof method);
	batch->count++;
}

static enum exit_code refuse(enum recourse_error error, const struct recourse_refusal *refusal,
	const struct recourse_method *method)
{
	output_error(error, refusal, method->name);
	output_next("recourse submit %s --help", method->name);
	return error == RECOURSE_MEMORY ? EXIT_CODE_UNAVAILABLE : EXIT_CODE_USAGE;
}

static size_t pairs_in(char *const *arguments, size_t count)
{
	size_t pairs = 0;
	while (pairs < count && strchr(arguments[pairs], '=') != NULL)
		pairs++;
	return pairs;
}

enum exit_code batch_arguments(struct batch *batch, char *const *arguments, size_t count)
{
	size_t next = 0;
	while (next < count) {
		struct recourse_refusal refusal;
		struct buffer map = {.secret = true};
		const struct recourse_method *method = arguments_method(arguments[next++], true);
		if (method == NULL)
			return EXIT_CODE_USAGE;
		size_t pairs = pairs_in(arguments + next, count - next);
		enum recourse_error error = arguments_encode(method, arguments + next, pairs, &map, &refusal);
		next += pairs;
		if (error == RECOURSE_OK)
			add(batch, method, buffer_slice(&map));
		buffer_free(&map);
		if (error != RECOURSE_OK)
			return refuse(error, &refusal, method);
	}
	return EXIT_CODE_OK;
}

static enum exit_code add_map(struct batch *batch, slice map)
{
	struct recourse_refusal refusal;
	char text[80];
	slice name;
	if (item_find_text(map, "command", &name) != RECOURSE_OK) {
		output_problem(
			"standard input, command %zu: not an object with a member \"command\" [MALFORMED]",
			batch->count + 1);
		return EXIT_CODE_DATA;
	}
	snprintf(text, sizeof text, "%.*s", name.size < 64 ? (int)name.size : 64, (const char *)name.data);
	const struct recourse_method *method = arguments_method(text, true);
	if (method == NULL)
		return EXIT_CODE_DATA;
	enum recourse_error error = arguments_check(method, map, &refusal);
	if (error == RECOURSE_OK) {
		add(batch, method, map);
		return EXIT_CODE_OK;
	}
	output_problem("standard input, command %zu:", batch->count + 1);
	enum exit_code code = refuse(error, &refusal, method);
	return code == EXIT_CODE_USAGE ? EXIT_CODE_DATA : code;
}

static enum exit_code add_item(struct batch *batch, slice item)
{
	slice reader = item;
	struct item head;
	enum exit_code code = EXIT_CODE_OK;
	if (item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return add_map(batch, item);
	for (uint64_t index = 0; code == EXIT_CODE_OK && index < head.count; index++) {
		slice map;
		code = item_read_whole(&reader, &map) == RECOURSE_OK ? add_map(batch, map) : EXIT_CODE_DATA;
	}
	return code;
}

static enum exit_code add_json(struct batch *batch, slice json, size_t line)
{
	struct recourse_bytes item = {0};
	struct recourse_refusal refusal;
	char what[48] = "standard input";
	enum recourse_error error = recourse_item_from_json(json, &item, &refusal);
	if (line > 0)
		snprintf(what, sizeof what, "standard input, line %zu", line);
	if (error != RECOURSE_OK)
		return output_error(error, &refusal, what);
	enum exit_code code = add_item(batch, slice_of(item.data, item.size));
	recourse_bytes_free(&item);
	return code;
}

static slice take_line(slice *rest)
{
	const uint8_t *newline = memchr(rest->data, '\n', rest->size);
	size_t size = newline == NULL ? rest->size : (size_t)(newline - rest->data);
	slice line = slice_of(rest->data, size);
	size += newline != NULL;
	*rest = slice_of(rest->data + size, rest->size - size);
	return line;
}

static bool is_blank(slice text)
{
	for (size_t index = 0; index < text.size; index++) {
		if (strchr(" \t\r\n", text.data[index]) == NULL)
			return false;
	}
	return true;
}

/* The first line is a whole object, and there is more: one object a line. */
static bool is_lines(slice text)
{
	struct recourse_bytes item = {0};
	struct recourse_refusal refusal;
	slice line = take_line(&text);
	while (is_blank(line) && text.size > 0)
		line = take_line(&text);
	if (is_blank(text) || recourse_item_from_json(line, &item, &refusal) != RECOURSE_OK)
		return false;
	recourse_bytes_free(&item);
	return true;
}

enum exit_code batch_json(struct batch *batch, slice text)
{
	enum exit_code code = EXIT_CODE_OK;
	if (text.size == 0 || is_blank(text)) {
		output_problem("standard input: no commands");
		return EXIT_CODE_DATA;
	}
	if (!is_lines(text))
		return add_json(batch, text, 0);
	for (size_t number = 1; code == EXIT_CODE_OK && text.size > 0; number++) {
		slice line = take_line(&text);
		if (!is_blank(line))
			code = add_json(batch, line, number);
	}
	return code;
}

static const struct recourse_method *method_at(const struct batch *batch, size_t index)
{
	const struct recourse_method *method;
	assert(index < batch->count);
	memcpy(&method, batch->methods.data + index * sizeof method, sizeof method);
	return method;
}

enum recourse_error batch_encode(
	const struct batch *batch, struct texts *texts, struct buffer *out, struct recourse_refusal *refusal)
{
	slice reader = buffer_slice(&batch->commands);
	if (buffer_failed(&batch->commands) || buffer_failed(&batch->methods))
		return RECOURSE_MEMORY;
	item_write_array(out, batch->count);
	for (size_t index = 0; index < batch->count; index++) {
		slice map;
		TRY(item_read_unread(&reader, &map));
		TRY(texts_commit(texts, method_at(batch, index), map, out, refusal));
	}
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

const char *batch_name(const struct batch *batch, size_t index)
{
	return method_at(batch, index)->name;
}

void batch_free(struct batch *batch)
{
	buffer_free(&batch->commands);
	buffer_free(&batch->methods);
	*batch = (struct batch){0};
}
