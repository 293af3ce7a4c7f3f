/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_problem.h"

#include "base/item.h"
#include "base/try.h"
#include "output.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

static void write_row(
	struct buffer *out, uint64_t line, const char *path, enum recourse_error error, const char *reason)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "kind", slice_text("difference"));
	if (line > 0)
		item_write_pair_integer(out, "line", (int64_t)line);
	if (*path != '\0')
		item_write_pair_text(out, "path", slice_text(path));
	item_write_pair_text(out, "error", slice_text(recourse_error_name(error)));
	item_write_pair_text(out, "reason", slice_text(reason));
	item_map_close(map, out);
}

static void write_text(
	struct buffer *out, uint64_t line, const char *path, enum recourse_error error, const char *reason)
{
	if (line > 0)
		buffer_append_format(out, ", line %" PRIu64, line);
	if (*path != '\0')
		buffer_append_format(out, ", %s", path);
	buffer_append_format(out, ": %s [%s]", reason, recourse_error_name(error));
}

static void keep(struct bank_problems *problems, uint64_t line, const char *path, enum recourse_error error,
	const char *reason)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	struct bank_problem_at at = {.line = line, .at = problems->kept.size};
	write_text(&bytes, line, path, error, reason);
	at.text = (uint32_t)bytes.size;
	if (problems->every)
		write_row(&bytes, line, path, error, reason);
	at.row = (uint32_t)bytes.size - at.text;
	if (!buffer_failed(&bytes) && spool_append(&problems->kept, bytes.data, bytes.size) == RECOURSE_OK)
		buffer_append(&problems->order, &at, sizeof at);
}

void bank_problem_add(struct bank_problems *problems, uint64_t line, const char *path,
	enum recourse_error error, const char *format, ...)
{
	char reason[512];
	va_list arguments;
	if (problems->count == 0)
		problems->first = error;
	if (problems->count++ >= BANK_PROBLEM_LISTED && !problems->every)
		return;
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	keep(problems, line, path, error, reason);
}

/* What was added first comes first of the same line. */
static int compare(const void *first, const void *second)
{
	const struct bank_problem_at *a = first;
	const struct bank_problem_at *b = second;
	if (a->line != b->line)
		return a->line - 1 < b->line - 1 ? -1 : 1; /* 0 is the highest */
	return (a->at > b->at) - (a->at < b->at);
}

/* From then on they stand in order, and what is added stands behind them. */
static const struct bank_problem_at *in_order(struct bank_problems *problems, size_t *count)
{
	*count = buffer_failed(&problems->order) ? 0 : problems->order.size / sizeof(struct bank_problem_at);
	if (*count > 1)
		qsort(problems->order.data, *count, sizeof(struct bank_problem_at), compare);
	return (const void *)problems->order.data;
}

/* A part of what is kept of one; empty where it can not be read again. */
static slice read_part(const struct bank_problems *problems, uint64_t at, uint32_t size, struct buffer *bytes)
{
	buffer_clear(bytes);
	uint8_t *room = buffer_reserve(bytes, (size_t)size + 1);
	if (room == NULL || spool_read(&problems->kept, at, room, size) != RECOURSE_OK)
		return slice_of(NULL, 0);
	return slice_of(room, size);
}

void bank_problem_say(struct bank_problems *problems, const char *file)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	size_t count;
	const struct bank_problem_at *order = in_order(problems, &count);
	for (size_t index = 0; index < count; index++) {
		slice text = read_part(problems, order[index].at, order[index].text, &bytes);
		output_problem("%s%.*s", file, SLICE_ARGUMENTS(text));
	}
	if (problems->count > count)
		output_problem("%s: and %" PRIu64 " more of that", file, problems->count - count);
}

enum exit_code bank_problem_show(struct bank_problems *problems)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	size_t count;
	const struct bank_problem_at *order = in_order(problems, &count);
	enum exit_code code = EXIT_CODE_OK;
	for (size_t index = 0; code == EXIT_CODE_OK && index < count; index++) {
		slice row =
			read_part(problems, order[index].at + order[index].text, order[index].row, &bytes);
		if (row.size > 0)
			code = output_json(row);
	}
	return code;
}

void bank_problem_free(struct bank_problems *problems)
{
	spool_free(&problems->kept);
	buffer_free(&problems->order);
}
