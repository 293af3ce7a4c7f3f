/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_manner.h"

#include "asking.h"
#include "base/try.h"
#include "import/import_time.h"
#include "member.h"
#include "output.h"

#include <strings.h>

struct word {
	const char *word;
	const char *meaning;
};

/* GB18030 has all that GBK and GB2312 have, in the same bytes. */
static const struct word encodings[] = {
	{"utf-8", "utf-8"},
	{"utf8", "utf-8"},
	{"gb18030", "gb18030"},
	{"gbk", "gb18030"},
	{"gb2312", "gb18030"},
	{"cp936", "gb18030"},
	{"utf-16", "utf-16"},
	{"utf-16le", "utf-16le"},
	{"utf-16be", "utf-16be"},
	{NULL, NULL},
};

static const struct word separators[] = {
	{"comma", ","},
	{",", ","},
	{"semicolon", ";"},
	{";", ";"},
	{"tab", "\t"},
	{NULL, NULL},
};

static const char *meaning_of(const struct word *words, const char *given)
{
	while (words->word != NULL && (given == NULL || strcasecmp(words->word, given) != 0))
		words++;
	return words->meaning;
}

const char *import_manner_encoding(const struct import_manner *manner)
{
	return meaning_of(encodings, manner->encoding);
}

char import_manner_separator(const struct import_manner *manner, char found)
{
	const char *separator = meaning_of(separators, manner->separator);
	return separator == NULL ? found : separator[0];
}

enum exit_code import_manner_read(struct import_manner *manner, const struct recourse_method *method)
{
	if (manner->encoding != NULL && import_manner_encoding(manner) == NULL)
		return output_usage("import: --encoding is utf-8, gb18030 (gbk, gb2312), utf-16, utf-16le or "
				    "utf-16be, not '%s'",
			manner->encoding);
	if (manner->separator != NULL && meaning_of(separators, manner->separator) == NULL)
		return output_usage(
			"import: --separator is comma, semicolon or tab, not '%s'", manner->separator);
	if (manner->unit != NULL && !unit_code_valid(slice_text(manner->unit)))
		return output_usage("import: --unit is the code of a unit, as CNY, not '%s'", manner->unit);
	if (!import_time_zone(manner->zone)) {
		output_problem("import: --zone: this system knows no place '%s'", manner->zone);
		output_next("a name as Asia/Shanghai (Debian's tzdata has them), or an offset as +08:00");
		return EXIT_CODE_USAGE;
	}
	return manner->map_path == NULL ? EXIT_CODE_OK
					: import_map_read(&manner->map, method, manner->map_path);
}

static bool ask_unit(struct import_manner *manner, slice code, struct unit *unit)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct asking asking = {.client = manner->client};
	int64_t digits;
	int64_t step;
	return manner->client != NULL &&
	       asking_of(&asking, "unit.get", "unit", code, &reply) == RECOURSE_OK &&
	       member_integer(asking_slice(&reply), "digits", &digits) &&
	       member_integer(asking_slice(&reply), "step", &step) &&
	       unit_define(code, digits, step, unit) == RECOURSE_OK;
}

static bool find_unit(void *context, slice code, struct unit *unit)
{
	struct import_manner *manner = context;
	for (size_t index = 0; index < manner->unit_count; index++) {
		*unit = manner->units[index];
		if (slice_equal(unit_code(unit), code))
			return true;
	}
	if (!unit_code_valid(code) || !ask_unit(manner, code, unit))
		return false;
	if (manner->unit_count < IMPORT_MANNER_UNITS)
		manner->units[manner->unit_count++] = *unit;
	return true;
}

void import_manner_columns(struct import_manner *manner, const struct import_type *type, char separator,
	struct import_columns_manner *columns)
{
	*columns = (struct import_columns_manner){
		.type = type,
		.unit = manner->unit,
		.ignored = &manner->ignored,
		.headings = manner->map_path == NULL ? NULL : manner->map.headings,
		.cells.comma_free = separator == ';',
		.units = {.find = find_unit, .context = manner},
	};
}

void import_manner_free(struct import_manner *manner)
{
	import_map_free(&manner->map);
}
