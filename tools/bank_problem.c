/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_problem.h"

#include "output.h"

#include <inttypes.h>
#include <stdarg.h>

void bank_problem_add(struct bank_problems *problems, uint64_t line, const char *path,
	enum recourse_error error, const char *format, ...)
{
	char reason[512];
	va_list arguments;
	if (problems->count == 0)
		problems->first = error;
	if (problems->count++ >= BANK_PROBLEM_LISTED)
		return;
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
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
	if (problems->count > BANK_PROBLEM_LISTED)
		output_problem(
			"%s: and %" PRIu64 " more of that", file, problems->count - BANK_PROBLEM_LISTED);
}

void bank_problem_free(struct bank_problems *problems)
{
	buffer_free(&problems->text);
}
