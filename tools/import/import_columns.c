/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_columns.h"

#include "base/try.h"
#include "arguments.h"
#include "base/item.h"
#include "output.h"
#include "base/refusal.h"

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

static bool has_column(const struct import_columns *columns, const struct recourse_field *field)
{
	for (size_t index = 0; index < columns->count; index++) {
		if (columns->fields[index] == field)
			return true;
	}
	return false;
}

static enum exit_code refuse_header(const struct import_columns *columns, enum recourse_error error,
	const struct recourse_refusal *refusal)
{
	output_error(error, refusal, "the header row");
	output_next("recourse submit %s --help lists the fields", columns->method->name);
	return EXIT_CODE_DATA;
}

static enum exit_code add_column(struct import_columns *columns, slice name)
{
	const struct recourse_method *method = columns->method;
	struct recourse_refusal refusal;
	const struct recourse_field *field =
		arguments_field(method->fields, method->field_count, name, &refusal);
	if (field == NULL)
		return refuse_header(columns, RECOURSE_FIELD_UNKNOWN, &refusal);
	refusal_clear(&refusal);
	(void)refusal_field(&refusal, RECOURSE_OK, field->name, NULL);
	if (has_column(columns, field) || columns->count == IMPORT_COLUMNS_MAX)
		return refuse_header(columns, RECOURSE_FIELD_DUPLICATE, &refusal);
	if (field->type == RECOURSE_FIELD_LIST)
		return refuse_header(columns, RECOURSE_FIELD_TYPE, &refusal);
	columns->fields[columns->count++] = field;
	return EXIT_CODE_OK;
}

enum exit_code import_columns_open(
	struct import_columns *columns, const struct recourse_method *method, const struct rows_row *header)
{
	struct recourse_refusal refusal;
	enum exit_code code = EXIT_CODE_OK;
	*columns = (struct import_columns){.method = method};
	refusal_clear(&refusal);
	if (header->error != RECOURSE_OK) {
		output_problem("the header row: %s [%s]", header->reason, recourse_error_name(header->error));
		return EXIT_CODE_DATA;
	}
	columns->skipped = count_skipped(header);
	for (size_t index = columns->skipped; code == EXIT_CODE_OK && index < header->cell_count; index++)
		code = add_column(columns, header->cells[index]);
	for (size_t index = 0; code == EXIT_CODE_OK && index < method->field_count; index++) {
		const struct recourse_field *field = &method->fields[index];
		(void)refusal_field(&refusal, RECOURSE_FIELD_MISSING, field->name, NULL);
		if (!field->optional && !has_column(columns, field))
			code = refuse_header(columns, RECOURSE_FIELD_MISSING, &refusal);
	}
	return code;
}

static enum recourse_error write_cells(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal)
{
	for (size_t index = 0; index < columns->count; index++) {
		slice cell = row->cells[columns->skipped + index];
		if (cell.size == 0)
			continue;
		item_write_key(out, columns->fields[index]->name);
		TRY(arguments_value(columns->fields[index], cell, out, refusal));
	}
	return RECOURSE_OK;
}

static enum recourse_error write_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal)
{
	enum recourse_error error;
	if (row->error != RECOURSE_OK)
		return refusal_field(refusal, row->error, NULL, row->reason);
	size_t wanted = columns->skipped + columns->count;
	error = row->cell_count < wanted ? RECOURSE_FIELD_MISSING : RECOURSE_FIELD_UNKNOWN;
	if (row->cell_count != wanted)
		return refusal_limit(refusal, error, NULL, "%zu cells, as in the header, not %zu", wanted,
			row->cell_count);
	size_t start = out->size;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text(columns->method->name));
	error = write_cells(columns, row, out, refusal);
	if (error != RECOURSE_OK)
		return error;
	item_map_close(map, out);
	if (buffer_failed(out))
		return RECOURSE_MEMORY;
	return arguments_check(columns->method, slice_of(out->data + start, out->size - start), refusal);
}

enum recourse_error import_columns_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal)
{
	size_t start = out->size;
	refusal_clear(refusal);
	enum recourse_error error = write_command(columns, row, out, refusal);
	if (error != RECOURSE_OK)
		out->size = start;
	refusal->error = error;
	return error;
}
