/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_map.h"

#include "output.h"

#include <unistd.h>

static bool is_twice(const struct import_map *map, size_t index, const char **other)
{
	for (size_t earlier = 0; earlier < index; earlier++) {
		*other = map->names[earlier];
		if (map->headings[earlier] != NULL && map->headings[index] != NULL &&
			strcmp(map->headings[earlier], map->headings[index]) == 0)
			return true;
	}
	return false;
}

enum exit_code import_map_read(struct import_map *map, const struct recourse_method *method, const char *path)
{
	const char *other;
	if (method->field_count >= CONFIGURATION_NAMES_MAX)
		return output_usage("import: %s has too many fields for a map", method->name);
	for (size_t index = 0; index < method->field_count; index++)
		map->names[index] = method->fields[index].name;
	map->settings.names = map->names;
	if (access(path, R_OK) != 0)
		return output_unread(RECOURSE_IO, path);
	if (!configuration_read(&map->settings, path))
		return EXIT_CODE_CONFIGURATION;
	for (size_t index = 0; index < method->field_count; index++) {
		map->headings[index] = configuration_value(&map->settings, map->names[index]);
		if (!is_twice(map, index, &other))
			continue;
		output_problem("%s: the column '%s' is %s and %s", path, map->headings[index], other,
			map->names[index]);
		output_next("a column is one field: name it once");
		return EXIT_CODE_CONFIGURATION;
	}
	return EXIT_CODE_OK;
}

void import_map_free(struct import_map *map)
{
	if (map->settings.names != NULL)
		configuration_free(&map->settings);
}
