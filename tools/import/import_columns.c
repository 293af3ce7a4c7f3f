/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_columns.h"

#include "base/try.h"
#include "arguments.h"
#include "base/item.h"
#include "csv_cell.h"
#include "import/import_alias.h"
#include "output.h"
#include "base/refusal.h"

/* ---- the header ---- */

/* As import_rejects_header() writes them. */
static size_t count_skipped(const struct rows_row *header)
{
	static const char *const names[] = {"line", "code", "message"};
	enum { NAMES = sizeof names / sizeof names[0] };
	if (header->cell_count < NAMES)
		return 0;
	for (size_t index = 0; index < NAMES; index++) {
		if (!slice_is(header->cells[index], names[index]))
			return 0;
	}
	return NAMES;
}

static bool find_column(
	const struct import_columns *columns, const struct recourse_field *field, size_t *place)
{
	for (size_t index = 0; index < columns->count; index++) {
		*place = columns->places[index];
		if (columns->fields[index] == field)
			return true;
	}
	return false;
}

static enum exit_code refuse_header(const struct import_columns *columns, enum recourse_error error,
	const struct recourse_refusal *refusal)
{
	output_error(error, refusal, "the header row");
	output_next("recourse submit %s --help lists the fields; --map FILE says which column is which, "
		    "--ignore COLUMN passes one over",
		columns->method->name);
	return EXIT_CODE_DATA;
}

static bool is_ignored(const struct import_columns *columns, slice heading)
{
	const struct options_repeat *ignored = columns->manner.ignored;
	for (size_t index = 0; ignored != NULL && index < ignored->count; index++) {
		if (slice_is(heading, ignored->values[index]))
			return true;
	}
	return false;
}

/* What the mapping says wins, and a field that it names is called nothing else. */
static const struct recourse_field *find_field(const struct import_columns *columns, slice heading)
{
	const struct recourse_method *method = columns->method;
	const char *const *headings = columns->manner.headings;
	for (size_t index = 0; headings != NULL && index < method->field_count; index++) {
		if (headings[index] != NULL && slice_is(heading, headings[index]))
			return &method->fields[index];
	}
	const struct recourse_field *field = import_alias_find(method, heading);
	bool mapped = field != NULL && headings != NULL && headings[field - method->fields] != NULL;
	return mapped ? NULL : field;
}

static enum exit_code add_column(struct import_columns *columns, slice heading, size_t place)
{
	const struct recourse_method *method = columns->method;
	struct recourse_refusal refusal;
	size_t other;
	const struct recourse_field *field = find_field(columns, heading);
	if (field == NULL && is_ignored(columns, heading))
		return EXIT_CODE_OK;
	if (field == NULL) {
		(void)arguments_field(method->fields, method->field_count, heading, &refusal);
		return refuse_header(columns, RECOURSE_FIELD_UNKNOWN, &refusal);
	}
	refusal_clear(&refusal);
	(void)refusal_field(&refusal, RECOURSE_OK, field->name, NULL);
	if (find_column(columns, field, &other) || columns->count == IMPORT_COLUMNS_MAX)
		return refuse_header(columns, RECOURSE_FIELD_DUPLICATE, &refusal);
	if (field->type == RECOURSE_FIELD_LIST)
		return refuse_header(columns, RECOURSE_FIELD_TYPE, &refusal);
	columns->places[columns->count] = place;
	columns->fields[columns->count++] = field;
	return EXIT_CODE_OK;
}

/* Each letter of UTF-16 that is ASCII has one, and no heading does. */
static bool has_nul(const struct rows_row *header)
{
	for (size_t index = 0; index < header->cell_count; index++) {
		slice cell = header->cells[index];
		if (cell.size > 0 && memchr(cell.data, '\0', cell.size) != NULL)
			return true;
	}
	return false;
}

static enum exit_code refuse_bytes(const struct rows_row *header)
{
	if (header->error != RECOURSE_OK && header->error != RECOURSE_FIELD_FORMAT) {
		output_problem("the header row: %s [%s]", header->reason, recourse_error_name(header->error));
		return EXIT_CODE_DATA;
	}
	output_problem("the header row: these bytes are no text in UTF-8 [FIELD_FORMAT]");
	output_next("say what the file is in: --encoding gb18030 for what a Chinese spreadsheet saves as CSV "
		    "(GBK, GB2312), or utf-16");
	return EXIT_CODE_DATA;
}

static enum exit_code need_columns(const struct import_columns *columns)
{
	struct recourse_refusal refusal;
	size_t place;
	refusal_clear(&refusal);
	for (size_t index = 0; index < columns->method->field_count; index++) {
		const struct recourse_field *field = &columns->method->fields[index];
		const char *const *headings = columns->manner.headings;
		bool mapped = headings != NULL && headings[index] != NULL;
		(void)refusal_field(
			&refusal, RECOURSE_FIELD_MISSING, field->name, mapped ? headings[index] : NULL);
		if ((!field->optional || mapped) && !find_column(columns, field, &place))
			return refuse_header(columns, RECOURSE_FIELD_MISSING, &refusal);
	}
	return EXIT_CODE_OK;
}

enum exit_code import_columns_open(struct import_columns *columns, const struct recourse_method *method,
	const struct import_columns_manner *manner, const struct rows_row *header)
{
	enum exit_code code = EXIT_CODE_OK;
	SCOPED(buffer_free) struct buffer heading = {0};
	*columns = (struct import_columns){.method = method, .manner = *manner};
	if (header->error != RECOURSE_OK || has_nul(header))
		return refuse_bytes(header);
	columns->skipped = count_skipped(header);
	columns->cell_count = header->cell_count;
	while (columns->cell_count > columns->skipped && header->cells[columns->cell_count - 1].size == 0)
		columns->cell_count--;
	for (size_t place = columns->skipped; code == EXIT_CODE_OK && place < columns->cell_count; place++) {
		buffer_clear(&heading);
		import_cell_plain(csv_cell_read(header->cells[place]), &heading);
		code = add_column(columns, buffer_slice(&heading), place);
	}
	return code == EXIT_CODE_OK ? need_columns(columns) : code;
}

/* ---- a row ---- */

bool import_columns_empty(const struct rows_row *row)
{
	bool empty = row->error == RECOURSE_OK;
	for (size_t index = 0; index < row->cell_count; index++)
		empty = empty && row->cells[index].size == 0;
	return empty;
}

/* The first one is the row's. */
static void refuse(
	struct recourse_refusal *refusal, const struct recourse_refusal *reason, struct buffer *reasons)
{
	if (refusal->error == RECOURSE_OK)
		*refusal = *reason;
	else
		buffer_append_text(reasons, "; ");
	/* A row that is no row has its own reason; the error's text speaks of requests. */
	if (reason->error == RECOURSE_MALFORMED)
		buffer_append_text(reasons, reason->limit);
	else
		output_reason(reason->error, reason, reasons);
}

static slice cell_of(const struct import_columns *columns, const struct rows_row *row, size_t place,
	enum recourse_field_type type)
{
	bool text = type == RECOURSE_FIELD_TEXT || type == RECOURSE_FIELD_NOTE;
	/* An apostrophe belongs to no other type, so there it is what csv_cell_text() put there. */
	return text && columns->skipped == 0 ? row->cells[place] : csv_cell_read(row->cells[place]);
}

static const struct unit *find_unit(const struct import_columns *columns, const struct rows_row *row,
	const char *amount, struct unit *unit)
{
	SCOPED(buffer_free) struct buffer code = {0};
	const char *name;
	size_t place;
	const struct import_columns_manner *manner = &columns->manner;
	if (manner->type == NULL || !import_type_unit(manner->type, amount, &name))
		return NULL;
	for (size_t index = 0; name != NULL && index < columns->count; index++) {
		place = columns->places[index];
		if (strcmp(columns->fields[index]->name, name) == 0)
			import_cell_plain(row->cells[place], &code);
	}
	if (name == NULL && manner->unit != NULL)
		buffer_append_text(&code, manner->unit);
	if (code.size == 0 || buffer_failed(&code))
		return NULL;
	bool found = unit_currency(buffer_slice(&code), unit) == RECOURSE_OK ||
		     (manner->units.find != NULL &&
			     manner->units.find(manner->units.context, buffer_slice(&code), unit));
	return found ? unit : NULL;
}

/* Appends the pair of one column. */
static enum recourse_error write_cell(const struct import_columns *columns, const struct rows_row *row,
	size_t index, struct buffer *out, struct recourse_refusal *refusal)
{
	struct unit known;
	const char *why = "";
	const struct recourse_field *field = columns->fields[index];
	SCOPED(buffer_free) struct buffer plain = {0};
	const struct unit *unit =
		field->type == RECOURSE_FIELD_AMOUNT ? find_unit(columns, row, field->name, &known) : NULL;
	enum recourse_error error =
		import_cell_read(field, cell_of(columns, row, columns->places[index], field->type), unit,
			&columns->manner.cells, &plain, &why);
	if (error == RECOURSE_FIELD_FORMAT)
		return refusal_field(refusal, error, field->name, why);
	if (error != RECOURSE_OK || plain.size == 0)
		return error;
	item_write_key(out, field->name);
	return arguments_value(field, buffer_slice(&plain), out, refusal);
}

static enum recourse_error write_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal)
{
	size_t start = out->size;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text(columns->method->name));
	for (size_t index = 0; index < columns->count; index++)
		TRY(write_cell(columns, row, index, out, refusal));
	item_map_close(map, out);
	if (buffer_failed(out))
		return RECOURSE_MEMORY;
	return arguments_check(columns->method, slice_of(out->data + start, out->size - start), refusal);
}

/* One column by itself, or a field that has none. */
static enum recourse_error check_alone(const struct import_columns *columns, const struct rows_row *row,
	const struct recourse_field *field, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer pair = {0};
	const struct recourse_method alone = {.name = columns->method->name,
		.kind = RECOURSE_METHOD_QUERY,
		.fields = field,
		.field_count = 1};
	struct item_map map = item_map_open(&pair);
	for (size_t index = 0; index < columns->count; index++) {
		if (columns->fields[index] == field)
			TRY(write_cell(columns, row, index, &pair, refusal));
	}
	item_map_close(map, &pair);
	return buffer_failed(&pair) ? RECOURSE_MEMORY : arguments_check(&alone, buffer_slice(&pair), refusal);
}

/* All that is wrong with the row, field by field. */
static enum recourse_error tell_all(const struct import_columns *columns, const struct rows_row *row,
	struct recourse_refusal *refusal, struct buffer *reasons)
{
	for (size_t index = 0; index < columns->method->field_count; index++) {
		struct recourse_refusal reason;
		refusal_clear(&reason);
		reason.error = check_alone(columns, row, &columns->method->fields[index], &reason);
		if (reason.error == RECOURSE_MEMORY)
			return RECOURSE_MEMORY;
		if (reason.error != RECOURSE_OK)
			refuse(refusal, &reason, reasons);
	}
	return refusal->error;
}

/* Cells behind the last column are empty ones, behind a comma, or mistakes. */
static enum recourse_error count_cells(
	const struct import_columns *columns, const struct rows_row *row, struct recourse_refusal *reason)
{
	size_t count = row->cell_count;
	while (count > columns->cell_count && row->cells[count - 1].size == 0)
		count--;
	if (count == columns->cell_count)
		return RECOURSE_OK;
	return refusal_limit(reason,
		count < columns->cell_count ? RECOURSE_FIELD_MISSING : RECOURSE_FIELD_UNKNOWN, NULL,
		"%zu cells, as in the header, not %zu", columns->cell_count, count);
}

static enum recourse_error check_row(
	const struct import_columns *columns, const struct rows_row *row, struct recourse_refusal *reason)
{
	if (row->error == RECOURSE_FIELD_FORMAT && columns->manner.encoding != NULL)
		return refusal_limit(reason, row->error, NULL,
			"%s, which bytes of this row are not: --encoding says what a file is in",
			columns->manner.encoding);
	if (row->error != RECOURSE_OK)
		return refusal_field(reason, row->error, NULL, row->reason);
	return count_cells(columns, row, reason);
}

enum recourse_error import_columns_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal, struct buffer *reasons)
{
	struct recourse_refusal reason;
	size_t start = out->size;
	refusal_clear(refusal);
	refusal_clear(&reason);
	reason.error = check_row(columns, row, &reason);
	if (reason.error != RECOURSE_OK) {
		refuse(refusal, &reason, reasons);
		return refusal->error;
	}
	reason.error = write_command(columns, row, out, &reason);
	if (reason.error == RECOURSE_OK)
		return RECOURSE_OK;
	out->size = start;
	if (reason.error == RECOURSE_MEMORY || tell_all(columns, row, refusal, reasons) == RECOURSE_MEMORY)
		return refusal->error = RECOURSE_MEMORY;
	/* What no field is at fault for by itself. */
	if (refusal->error == RECOURSE_OK)
		refuse(refusal, &reason, reasons);
	return refusal->error;
}
