/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_problem.h"

#include "base/item.h"
#include "output.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

static void keep_row(struct bank_problems *problems, uint64_t line, const char *path,
	enum recourse_error error, const char *reason)
{
	struct item_map map = item_map_open(&problems->rows);
	item_write_pair_text(&problems->rows, "kind", slice_text("difference"));
	if (line > 0)
		item_write_pair_integer(&problems->rows, "line", (int64_t)line);
	if (*path != '\0')
		item_write_pair_text(&problems->rows, "path", slice_text(path));
	item_write_pair_text(&problems->rows, "error", slice_text(recourse_error_name(error)));
	item_write_pair_text(&problems->rows, "reason", slice_text(reason));
	item_map_close(map, &problems->rows);
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
	const struct bank_problem_at at = {line, problems->text.size, problems->rows.size};
	buffer_append(&problems->order, &at, sizeof at);
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	if (problems->every)
		keep_row(problems, line, path, error, reason);
	if (line > 0)
		buffer_append_format(&problems->text, ", line %" PRIu64, line);
	if (*path != '\0')
		buffer_append_format(&problems->text, ", %s", path);
	buffer_append_format(&problems->text, ": %s [%s]\n", reason, recourse_error_name(error));
}

/* What was added first comes first of the same line. */
static int compare(const void *first, const void *second)
{
	const struct bank_problem_at *a = first;
	const struct bank_problem_at *b = second;
	if (a->line != b->line)
		return a->line - 1 < b->line - 1 ? -1 : 1; /* 0 is the highest */
	return (a->text > b->text) - (a->text < b->text);
}

/* From then on they stand in order, and what is added stands behind them. */
static const struct bank_problem_at *in_order(struct bank_problems *problems, size_t *count)
{
	*count = buffer_failed(&problems->order) ? 0 : problems->order.size / sizeof(struct bank_problem_at);
	if (*count > 1)
		qsort(problems->order.data, *count, sizeof(struct bank_problem_at), compare);
	return (const void *)problems->order.data;
}

void bank_problem_say(struct bank_problems *problems, const char *file)
{
	size_t count;
	const struct bank_problem_at *order = in_order(problems, &count);
	for (size_t index = 0; index < count; index++) {
		slice rest = slice_from(buffer_slice(&problems->text), order[index].text);
		slice line;
		if (slice_take_until(&rest, '\n', &line))
			output_problem("%s%.*s", file, SLICE_ARGUMENTS(line));
	}
	if (problems->count > BANK_PROBLEM_LISTED && !problems->every)
		output_problem(
			"%s: and %" PRIu64 " more of that", file, problems->count - BANK_PROBLEM_LISTED);
}

enum exit_code bank_problem_show(struct bank_problems *problems)
{
	size_t count;
	const struct bank_problem_at *order = in_order(problems, &count);
	enum exit_code code = EXIT_CODE_OK;
	for (size_t index = 0; code == EXIT_CODE_OK && index < count; index++) {
		slice rest = slice_from(buffer_slice(&problems->rows), order[index].row);
		slice row;
		if (item_read_whole(&rest, &row) == RECOURSE_OK)
			code = output_json(row);
	}
	return code;
}

void bank_problem_free(struct bank_problems *problems)
{
	buffer_free(&problems->text);
	buffer_free(&problems->rows);
	buffer_free(&problems->order);
}
