/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "output.h"
#include "suggest.h"
#include "table.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

struct parser {
	const struct options *options;
	int argc;
	char **argv;
	int next;
	struct options_rest *rest;
	enum exit_code code;
};

static const struct options_flag *find_in(struct options_group group, slice name)
{
	for (size_t index = 0; index < group.count; index++) {
		const struct options_flag *flag = &group.flags[index];
		bool letter = name.size == 1 && flag->letter != 0 && name.data[0] == (uint8_t)flag->letter;
		if (letter || slice_is(name, flag->name))
			return flag;
	}
	return NULL;
}

static const struct options_flag *find_flag(const struct options *options, slice name)
{
	const struct options_flag *flag = find_in(options->own, name);
	return flag != NULL ? flag : find_in(options->shared, name);
}

static void consider_all(struct suggest *suggest, struct options_group group)
{
	for (size_t index = 0; index < group.count; index++)
		suggest_consider(suggest, group.flags[index].name);
}

static bool refuse_unknown(struct parser *parser, const char *argument, slice name)
{
	struct suggest suggest = {.word = name};
	consider_all(&suggest, parser->options->own);
	consider_all(&suggest, parser->options->shared);
	parser->code = output_usage("%s: there is no option %s", parser->options->name, argument);
	if (suggest_best(&suggest) != NULL)
		output_next("did you mean --%s?", suggest_best(&suggest));
	else
		output_next("recourse %s --help", parser->options->name);
	return false;
}

static bool store(struct parser *parser, const struct options_flag *flag, const char *value)
{
	if (flag->value != NULL) {
		*flag->value = value;
		return true;
	}
	assert(flag->repeat != NULL);
	if (flag->repeat->count == OPTIONS_REPEAT_MAX) {
		parser->code = output_usage("%s: --%s was given more than %d times", parser->options->name,
			flag->name, OPTIONS_REPEAT_MAX);
		return false;
	}
	flag->repeat->values[flag->repeat->count++] = value;
	return true;
}

/* One option; `text` is behind its dashes. */
static bool take_option(struct parser *parser, const char *argument, const char *text, bool letter)
{
	size_t size = letter ? 1 : strcspn(text, "=");
	slice name = slice_of(text, size);
	const char *attached =
		letter ? (text[1] != '\0' ? text + 1 : NULL) : (text[size] == '=' ? text + size + 1 : NULL);
	const struct options_flag *flag = find_flag(parser->options, name);
	if (flag == NULL || (!letter && size == 1))
		return refuse_unknown(parser, argument, name);
	if (flag->argument == NULL) {
		if (attached != NULL) {
			parser->code =
				output_usage("%s: --%s takes no value", parser->options->name, flag->name);
			return false;
		}
		*flag->given = true;
		return true;
	}
	if (attached == NULL && parser->next < parser->argc)
		attached = parser->argv[parser->next++];
	if (attached == NULL) {
		parser->code = output_usage(
			"%s: --%s needs a value: %s", parser->options->name, flag->name, flag->argument);
		return false;
	}
	return store(parser, flag, attached);
}

bool options_is_help(const char *argument)
{
	return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static bool take(struct parser *parser)
{
	const struct options *options = parser->options;
	char *argument = parser->argv[parser->next++];
	if (options_is_help(argument) && options->late_help && parser->rest->count > 0) {
		parser->rest->help = true;
		return true;
	}
	if (options_is_help(argument)) {
		options_help(options, stdout);
		parser->code = EXIT_CODE_OK;
		return false;
	}
	if (strcmp(argument, "--") == 0)
		return true;
	if (strncmp(argument, "--", 2) == 0)
		return take_option(parser, argument, argument + 2, false);
	if (argument[0] == '-' && argument[1] != '\0')
		return take_option(parser, argument, argument + 1, true);
	parser->rest->arguments[parser->rest->count++] = argument;
	return true;
}

bool options_parse(
	const struct options *options, int argc, char **argv, struct options_rest *rest, enum exit_code *code)
{
	struct parser parser = {
		.options = options,
		.argc = argc,
		.argv = argv,
		.next = 1,
		.rest = rest,
	};
	*rest = (struct options_rest){.arguments = argv + 1};
	while (parser.next < argc) {
		if (!take(&parser)) {
			*code = parser.code;
			return false;
		}
	}
	return true;
}

static void list_flags(struct table *table, struct options_group group)
{
	for (size_t index = 0; index < group.count; index++) {
		const struct options_flag *flag = &group.flags[index];
		char name[80];
		char letter[8] = "   ";
		if (flag->letter != 0)
			snprintf(letter, sizeof letter, "-%c,", flag->letter);
		snprintf(name, sizeof name, " %s --%s%s%s", letter, flag->name,
			flag->argument == NULL ? "" : " ", flag->argument == NULL ? "" : flag->argument);
		table_cell(table, slice_text(name));
		table_cell(table, slice_text(flag->help));
	}
}

static void print_usage(const struct options *options, FILE *stream)
{
	const char *line = options->usage;
	while (*line != '\0') {
		size_t size = strcspn(line, "\n");
		fprintf(stream, "%s recourse %s %.*s\n", line == options->usage ? "usage:" : "      ",
			options->name, (int)size, line);
		line += size + (line[size] == '\n');
	}
}

void options_help(const struct options *options, FILE *stream)
{
	struct table table = {.plain = true};
	print_usage(options, stream);
	fprintf(stream, "\n%s\n\noptions:\n", options->about);
	table_column(&table, slice_text(""));
	table_column(&table, slice_text(""));
	list_flags(&table, options->own);
	list_flags(&table, options->shared);
	table_cell(&table, slice_text(" -h, --help"));
	table_cell(&table, slice_text("this text"));
	if (table_print(&table, stream, 0) != RECOURSE_OK)
		output_problem("out of memory");
	table_free(&table);
}

bool options_number(const char *flag, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
	char *end;
	if (text == NULL)
		return true;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value < least || value > most) {
		output_problem("--%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64, flag, text,
			least, most);
		return false;
	}
	*number = value;
	return true;
}
