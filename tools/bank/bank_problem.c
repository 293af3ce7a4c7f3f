/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_problem.h"

#include "base/item.h"
#include "output.h"

#include <inttypes.h>
#include <stdarg.h>

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

void bank_problem_say(const struct bank_problems *problems, const char *file)
{
	slice rest = buffer_slice(&problems->text);
	slice line;
	while (slice_take_until(&rest, '\n', &line))
		output_problem("%s%.*s", file, SLICE_ARGUMENTS(line));
	if (problems->count > BANK_PROBLEM_LISTED && !problems->every)
		output_problem(
			"%s: and %" PRIu64 " more of that", file, problems->count - BANK_PROBLEM_LISTED);
}

enum exit_code bank_problem_show(const struct bank_problems *problems)
{
	slice rest = buffer_slice(&problems->rows);
	slice row;
	enum exit_code code = EXIT_CODE_OK;
	while (code == EXIT_CODE_OK && rest.size > 0 && item_read_whole(&rest, &row) == RECOURSE_OK)
		code = output_json(row);
	return code;
}

void bank_problem_free(struct bank_problems *problems)
{
	buffer_free(&problems->text);
	buffer_free(&problems->rows);
}
