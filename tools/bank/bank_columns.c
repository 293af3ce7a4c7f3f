/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_columns.h"

#include "options.h"
#include "output.h"

#include <unistd.h>

enum { SKIP_MAX = 1000 };

/* Settings that name columns have the names of these. */
static const char *const column_names[BANK_COLUMNS] = {
	[BANK_COLUMN_PAYMENT_ID] = "payment_id",
	[BANK_COLUMN_REFERENCE] = "reference",
	[BANK_COLUMN_AMOUNT] = "amount",
	[BANK_COLUMN_CREDIT_AMOUNT] = "credit_amount",
	[BANK_COLUMN_DEBIT_AMOUNT] = "debit_amount",
	[BANK_COLUMN_DIRECTION] = "direction",
	[BANK_COLUMN_DAY] = "day",
	[BANK_COLUMN_STATUS] = "status",
	[BANK_COLUMN_REASON] = "reason",
	[BANK_COLUMN_BALANCE] = "balance",
};

static const char *const names[] = {"kind", "encoding", "separator", "skip", "prefix", "trailer", "unit",
	"grouping", "newest_first", "payment_id", "reference", "amount", "credit_amount", "debit_amount",
	"direction", "day", "status", "reason", "balance", "credit", "debit", "signed", "day_format", "words",
	"expired", "steps", NULL};

const char *bank_columns_setting(const struct bank_columns *columns, const char *name)
{
	return configuration_value(&columns->settings, name);
}

const char *bank_columns_name(const struct bank_columns *columns, enum bank_column column)
{
	return bank_columns_setting(columns, column_names[column]);
}

static bool has(const struct bank_columns *columns, enum bank_column column)
{
	return bank_columns_name(columns, column) != NULL;
}

/* ---- the settings ---- */

struct choice {
	const char *word;
	int value;
};

/* False, with the mistake named, where the setting is none of the words; the first one where it is not there. */
static bool choose(
	const struct bank_columns *columns, const char *name, const struct choice *choices, int *value)
{
	const char *given = bank_columns_setting(columns, name);
	*value = choices[0].value;
	for (const struct choice *choice = choices; given != NULL; choice++) {
		if (choice->word == NULL) {
			output_problem("%s = %s: that is none of what it may be [FIELD_FORMAT]", name, given);
			return false;
		}
		*value = choice->value;
		if (strcmp(choice->word, given) == 0)
			break;
	}
	return true;
}

static bool read_choices(struct bank_columns *columns)
{
	static const struct choice yes[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};
	static const struct choice kinds[] = {{"csv", BANK_KIND_CSV}, {"wechat", BANK_KIND_WECHAT},
		{"alipay", BANK_KIND_ALIPAY}, {NULL, 0}};
	static const struct choice encodings[] = {{"utf-8", 0}, {"gb18030", 1}, {NULL, 0}};
	static const struct choice separators[] = {
		{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {NULL, 0}};
	int kind;
	int encoding;
	int separator;
	int is_signed;
	int newest_first;
	int in_steps;
	if (!choose(columns, "kind", kinds, &kind) || !choose(columns, "encoding", encodings, &encoding) ||
		!choose(columns, "separator", separators, &separator) ||
		!choose(columns, "signed", yes, &is_signed) ||
		!choose(columns, "newest_first", yes, &newest_first) ||
		!choose(columns, "steps", yes, &in_steps))
		return false;
	columns->kind = (enum bank_kind)kind;
	columns->scheme = kind == BANK_KIND_ALIPAY ? BANK_SCHEME_ALIPAY : BANK_SCHEME_WECHAT;
	columns->gb18030 = encoding == 1;
	columns->separator = (char)separator;
	columns->is_signed = is_signed == 1;
	columns->newest_first = newest_first == 1;
	columns->in_steps = in_steps == 1;
	return options_number("skip", bank_columns_setting(columns, "skip"), 0, SKIP_MAX, &columns->skip);
}

static bool read_formats(struct bank_columns *columns)
{
	static const char *const formats[] = {"YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD"};
	const char *unit = bank_columns_setting(columns, "unit");
	const char *grouping = bank_columns_setting(columns, "grouping");
	const char *format = bank_columns_setting(columns, "day_format");
	columns->day_format = formats[0];
	for (size_t index = 0; format != NULL && index < sizeof formats / sizeof formats[0]; index++) {
		if (strcmp(format, formats[index]) == 0)
			columns->day_format = formats[index];
	}
	if (format != NULL && strcmp(format, columns->day_format) != 0) {
		output_problem("day_format = %s: YYYY-MM-DD, YYYYMMDD or YYYY/MM/DD [FIELD_FORMAT]", format);
		return false;
	}
	if (unit == NULL || unit_currency(slice_text(unit), &columns->unit) != RECOURSE_OK) {
		output_problem("unit = %s: a currency of ISO 4217 [UNIT_UNKNOWN]", unit == NULL ? "" : unit);
		return false;
	}
	if (grouping != NULL && (strlen(grouping) != 1 || strchr("0123456789.-+", grouping[0]) != NULL)) {
		output_problem("grouping = %s: one character that is in no number [FIELD_FORMAT]", grouping);
		return false;
	}
	columns->grouping = grouping == NULL ? 0 : grouping[0];
	return true;
}

/* Which way money went has to be told, and in one way. */
static bool tells_direction(const struct bank_columns *columns)
{
	bool two = has(columns, BANK_COLUMN_CREDIT_AMOUNT) && has(columns, BANK_COLUMN_DEBIT_AMOUNT);
	bool either = has(columns, BANK_COLUMN_CREDIT_AMOUNT) || has(columns, BANK_COLUMN_DEBIT_AMOUNT);
	bool one = has(columns, BANK_COLUMN_AMOUNT);
	bool direction = has(columns, BANK_COLUMN_DIRECTION) &&
			 bank_columns_setting(columns, "credit") != NULL &&
			 bank_columns_setting(columns, "debit") != NULL;
	return one ? !either && (direction != columns->is_signed)
		   : two && !columns->is_signed && !has(columns, BANK_COLUMN_DIRECTION);
}

static const char *find_mistake(const struct bank_columns *columns)
{
	if (columns->kind == BANK_KIND_CSV) {
		if (!tells_direction(columns))
			return "lines of an account have amount with direction, credit and debit, or with "
			       "signed = yes; or "
			       "credit_amount and debit_amount";
		return has(columns, BANK_COLUMN_DAY) ? NULL : "lines of an account have a day";
	}
	if (!has(columns, BANK_COLUMN_PAYMENT_ID) || !has(columns, BANK_COLUMN_STATUS))
		return "a wallet's file has payment_id and status";
	return has(columns, BANK_COLUMN_BALANCE) ? "a wallet's file has no balance" : NULL;
}

enum exit_code bank_columns_read(struct bank_columns *columns, const char *path)
{
	*columns = (struct bank_columns){.settings.names = names};
	if (access(path, F_OK) != 0)
		return output_unread(RECOURSE_IO, path);
	if (!configuration_read(&columns->settings, path) || !read_choices(columns) || !read_formats(columns))
		return EXIT_CODE_CONFIGURATION;
	const char *mistake = find_mistake(columns);
	if (mistake == NULL)
		return EXIT_CODE_OK;
	output_problem("%s: %s [FIELD_MISSING]", path, mistake);
	return EXIT_CODE_CONFIGURATION;
}

void bank_columns_free(struct bank_columns *columns)
{
	if (columns->settings.names != NULL)
		configuration_free(&columns->settings);
}

/* ---- a file ---- */

static slice without_prefix(const struct bank_columns *columns, slice cell)
{
	const char *prefix = bank_columns_setting(columns, "prefix");
	while (cell.size > 0 && (cell.data[0] == ' ' || cell.data[0] == '\t'))
		cell = slice_from(cell, 1);
	if (prefix != NULL)
		(void)slice_take(&cell, prefix);
	while (cell.size > 0 && (cell.data[cell.size - 1] == ' ' || cell.data[cell.size - 1] == '\t'))
		cell.size--;
	return cell;
}

bool bank_columns_find(struct bank_columns *columns, const struct rows_row *header, const char **name)
{
	columns->count = header->cell_count;
	for (size_t column = 0; column < BANK_COLUMNS; column++) {
		size_t found = 0;
		columns->places[column] = BANK_COLUMNS_NOWHERE;
		*name = bank_columns_name(columns, (enum bank_column)column);
		for (size_t place = 0; *name != NULL && place < header->cell_count; place++) {
			if (!slice_is(without_prefix(columns, header->cells[place]), *name))
				continue;
			columns->places[column] = place;
			found++;
		}
		if (*name != NULL && found != 1)
			return false;
	}
	return true;
}

slice bank_columns_cell(
	const struct bank_columns *columns, const struct rows_row *row, enum bank_column column)
{
	size_t place = columns->places[column];
	return place < row->cell_count ? without_prefix(columns, row->cells[place]) : slice_text("");
}

slice bank_columns_code(const struct bank_columns *columns, slice word)
{
	const char *words = bank_columns_setting(columns, "words");
	slice rest = slice_text(words == NULL ? "" : words);
	slice part;
	slice name;
	while (slice_take_part(&rest, ',', &part)) {
		if (slice_take_until(&part, ':', &name) && slice_equal(name, word))
			return part;
	}
	return word;
}

bool bank_columns_expired(const struct bank_columns *columns, slice reason)
{
	const char *reasons = bank_columns_setting(columns, "expired");
	slice rest = slice_text(reasons == NULL ? "" : reasons);
	slice part;
	while (slice_take_part(&rest, ',', &part)) {
		if (part.size > 0 && slice_equal(part, reason))
			return true;
	}
	return false;
}
