/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "configuration.h"
#include "exit_code.h"
#include "recourse_schema.h"

/*
 * What a file calls the fields, where that is neither their names nor aliases of them: a file of lines `field = heading`. Start with all
 * zeroes.
 */
struct import_map {
	const char *names[CONFIGURATION_NAMES_MAX];
	const char
		*headings[CONFIGURATION_NAMES_MAX]; /* in the order of the method's fields; NULL: as it is */
	struct configuration settings;
};

/* Says what is wrong with it: a field that there is not, a field or a heading that is there twice. EXIT_CODE_CONFIGURATION. */
enum exit_code import_map_read(
	struct import_map *map, const struct recourse_method *method, const char *path);
void import_map_free(struct import_map *map);
