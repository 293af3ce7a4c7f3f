/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "import/import_columns.h"
#include "import/import_map.h"

/* What the command line says of a file, and what the ledger says of units. Start with all zeroes. */
enum { IMPORT_MANNER_UNITS = 32 };

struct import_manner {
	const char *encoding;
	const char *separator;
	const char *map_path;
	const char *zone;
	const char *unit;
	struct options_repeat ignored;

	struct import_map map;
	struct recourse_client *client; /* which is asked for units; NULL: currencies alone are known */
	struct unit units[IMPORT_MANNER_UNITS];
	size_t unit_count;
};

/* Reads what was said, before any other thread is there, and names the mistake otherwise. import_manner_free() in any case. */
enum exit_code import_manner_read(struct import_manner *manner, const struct recourse_method *method);

/* As iconv has it; NULL: nothing was said. */
const char *import_manner_encoding(const struct import_manner *manner);

/* What was said, or else what was found in the file. */
char import_manner_separator(const struct import_manner *manner, char found);

void import_manner_columns(struct import_manner *manner, const struct import_type *type, char separator,
	struct import_columns_manner *columns);
void import_manner_free(struct import_manner *manner);
