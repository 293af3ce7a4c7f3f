/* SPDX-License-Identifier: Apache-2.0 */
#include "configuration.h"

#include "file.h"
#include "output.h"
#include "suggest.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = 64 * 1024 };

static slice trimmed(slice text)
{
	while (text.size > 0 && isspace(text.data[0]))
		text = slice_of(text.data + 1, text.size - 1);
	while (text.size > 0 && isspace(text.data[text.size - 1]))
		text.size--;
	return text;
}

static size_t find_name(const struct configuration *configuration, slice name)
{
	size_t index = 0;
	while (configuration->names[index] != NULL && !slice_is(name, configuration->names[index]))
		index++;
	assert(index < CONFIGURATION_NAMES_MAX);
	return index;
}

static bool set_value(struct configuration *configuration, size_t index, slice value)
{
	char *copy = strndup((const char *)value.data, value.size);
	if (copy == NULL)
		return false;
	free(configuration->values[index]);
	configuration->values[index] = copy;
	return true;
}

static bool refuse_name(
	const struct configuration *configuration, const char *path, size_t number, slice name)
{
	struct suggest suggest = {.word = name};
	for (size_t index = 0; configuration->names[index] != NULL; index++)
		suggest_consider(&suggest, configuration->names[index]);
	output_problem("%s, line %zu: there is no setting '%.*s'", path, number, SLICE_ARGUMENTS(name));
	if (suggest_best(&suggest) != NULL)
		output_next("did you mean %s?", suggest_best(&suggest));
	return false;
}

static bool read_line(struct configuration *configuration, const char *path, size_t number, slice line)
{
	const uint8_t *comment = memchr(line.data, '#', line.size);
	if (comment != NULL)
		line.size = (size_t)(comment - line.data);
	line = trimmed(line);
	if (line.size == 0)
		return true;
	const uint8_t *equals = memchr(line.data, '=', line.size);
	if (equals == NULL) {
		output_problem("%s, line %zu: not of the form `name = value`", path, number);
		return false;
	}
	slice name = trimmed(slice_of(line.data, (size_t)(equals - line.data)));
	slice value = trimmed(slice_of(equals + 1, line.size - (size_t)(equals - line.data) - 1));
	size_t index = find_name(configuration, name);
	if (configuration->names[index] == NULL)
		return refuse_name(configuration, path, number, name);
	if (configuration->values[index] != NULL) {
		output_problem(
			"%s, line %zu: '%.*s' is set above already", path, number, SLICE_ARGUMENTS(name));
		return false;
	}
	return set_value(configuration, index, value);
}

static bool read_lines(struct configuration *configuration, const char *path, slice rest)
{
	size_t number = 0;
	while (rest.size > 0) {
		const uint8_t *newline = memchr(rest.data, '\n', rest.size);
		size_t size = newline == NULL ? rest.size : (size_t)(newline - rest.data);
		if (!read_line(configuration, path, ++number, slice_of(rest.data, size)))
			return false;
		size += newline != NULL;
		rest = slice_of(rest.data + size, rest.size - size);
	}
	return true;
}

bool configuration_read(struct configuration *configuration, const char *path)
{
	struct buffer content = {0};
	if (access(path, F_OK) != 0)
		return true;
	enum recourse_error error = file_read(path, FILE_SIZE_MAX, &content);
	if (error != RECOURSE_OK)
		(void)output_unread(error, path);
	bool good = error == RECOURSE_OK && read_lines(configuration, path, buffer_slice(&content));
	buffer_free(&content);
	return good;
}

bool configuration_environment(struct configuration *configuration)
{
	for (size_t index = 0; configuration->names[index] != NULL; index++) {
		char variable[64];
		size_t size = (size_t)snprintf(
			variable, sizeof variable, "RECOURSE_%s", configuration->names[index]);
		assert(size < sizeof variable);
		for (size_t at = 0; at < size; at++)
			variable[at] = variable[at] == '-' ? '_' : (char)toupper((unsigned char)variable[at]);
		const char *value = getenv(variable);
		if (value != NULL && *value != '\0' && !set_value(configuration, index, slice_text(value)))
			return false;
	}
	return true;
}

const char *configuration_value(const struct configuration *configuration, const char *name)
{
	size_t index = find_name(configuration, slice_text(name));
	return configuration->names[index] == NULL ? NULL : configuration->values[index];
}

void configuration_free(struct configuration *configuration)
{
	for (size_t index = 0; configuration->names[index] != NULL; index++) {
		free(configuration->values[index]);
		configuration->values[index] = NULL;
	}
}

struct place {
	const char *variable;
	const char *below_home;
};

static const struct place places[] = {
	[CONFIGURATION_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
	[CONFIGURATION_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

bool configuration_path(
	enum configuration_place place, const char *name, char path[static CONFIGURATION_PATH_MAX])
{
	const char *base = getenv(places[place].variable);
	const char *home = getenv("HOME");
	int size;
	if (base != NULL && *base == '/')
		size = snprintf(path, CONFIGURATION_PATH_MAX, "%s/recourse/%s", base, name);
	else if (home != NULL && *home == '/')
		size = snprintf(path, CONFIGURATION_PATH_MAX, "%s/%s/recourse/%s", home,
			places[place].below_home, name);
	else
		return false;
	return size > 0 && size < CONFIGURATION_PATH_MAX;
}
