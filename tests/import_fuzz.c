/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/import/import_columns.h"
#include "base/item.h"
#include "fuzz.h"

static const struct recourse_field fields[] = {
	{.name = "lot", .type = RECOURSE_FIELD_ID},
	{.name = "text", .type = RECOURSE_FIELD_TEXT, .optional = true, .minimum = 1, .maximum = 40},
	{.name = "days", .type = RECOURSE_FIELD_INTEGER, .optional = true, .minimum = -9, .maximum = 9},
	{.name = "cost", .type = RECOURSE_FIELD_AMOUNT, .optional = true},
};
static const struct recourse_method method = {
	.name = "lot.add",
	.kind = RECOURSE_METHOD_COMMAND,
	.fields = fields,
	.field_count = 4,
};

/* Between rows there is nothing but the ends of empty lines. Returns how many lines that were. */
static uint64_t count_lines(slice bytes, bool empty)
{
	uint64_t lines = 0;
	for (size_t index = 0; index < bytes.size; index++) {
		require(!empty || bytes.data[index] == '\n' || bytes.data[index] == '\r');
		lines += bytes.data[index] == '\n';
	}
	return lines;
}

/* Read alone, a well-formed row is the same row. */
static void check_again(slice data, const struct rows_row *row)
{
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row again;
	require(rows_start(&rows, slice_of(data.data + row->offset, row->size)) == RECOURSE_OK);
	bool mark = row->size >= 3 && memcmp(data.data + row->offset, "\xef\xbb\xbf", 3) == 0;
	require(mark || rows_next(&rows, &again));
	if (!mark) {
		require(again.error == row->error && again.size == row->size &&
			again.cell_count == row->cell_count);
		for (size_t index = 0; index < row->cell_count; index++)
			require(slice_equal(again.cells[index], row->cells[index]));
	}
}

struct pieces {
	slice rest;
	size_t size;
};

static enum recourse_error next_piece(void *context, slice *piece)
{
	struct pieces *pieces = context;
	size_t size = pieces->rest.size < pieces->size ? pieces->rest.size : pieces->size;
	*piece = slice_of(pieces->rest.data, size);
	pieces->rest = slice_from(pieces->rest, size);
	return RECOURSE_OK;
}

/* In pieces, whatever their size, it has the same rows, to one that is too long. */
static void check_pieces(slice data, size_t size)
{
	SCOPED(rows_free) struct rows all = {0};
	SCOPED(rows_free) struct rows rows = {0};
	struct pieces pieces = {data, size};
	struct rows_row row;
	struct rows_row same;
	require(rows_start(&all, data) == RECOURSE_OK);
	require(rows_start_pieces(&rows, (struct rows_source){next_piece, &pieces}) == RECOURSE_OK);
	while (rows_next(&rows, &row)) {
		require(rows_next(&all, &same));
		require(row.error == same.error && row.line == same.line);
		require(row.error == RECOURSE_FIELD_LIMIT || row.size == same.size);
		for (size_t index = 0; index < row.cell_count && row.error != RECOURSE_FIELD_LIMIT; index++)
			require(slice_equal(row.cells[index], same.cells[index]));
		if (row.error == RECOURSE_FIELD_LIMIT)
			return;
	}
	require(!rows_failed(&rows) && !rows_next(&all, &same));
}

/* Accepted: one whole command. Rejected: nothing, and a reason. */
static void check_command(const struct import_columns *columns, const struct rows_row *row)
{
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(buffer_free) struct buffer reasons = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = import_columns_command(columns, row, &out, &refusal, &reasons);
	require((error == RECOURSE_OK) == (reasons.size == 0));
	require(refusal.error == error && error < RECOURSE_BUSY);
	if (error != RECOURSE_OK) {
		require(out.size == 0);
	} else {
		slice reader = buffer_slice(&out);
		slice whole;
		require(row->error == RECOURSE_OK && row->cell_count >= columns->count);
		require(item_read_whole(&reader, &whole) == RECOURSE_OK && reader.size == 0);
	}
}

/* Every row has a line number and is accepted or rejected; no byte of the file is lost. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct import_columns columns = {.method = &method,
		.fields = {&fields[0], &fields[1], &fields[2], &fields[3]},
		.places = {0, 1, 2, 3},
		.count = 4,
		.cell_count = 4};
	slice file = slice_of(data, size);
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	require(rows_start(&rows, file) == RECOURSE_OK);
	size_t reached = rows.offset;
	uint64_t line = 1;
	while (rows_next(&rows, &row)) {
		require(row.offset >= reached && row.size > 0 && row.size <= size - row.offset);
		line += count_lines(slice_of(data + reached, row.offset - reached), true);
		require(row.line == line);
		line += count_lines(slice_of(data + row.offset, row.size), false);
		reached = row.offset + row.size;
		check_command(&columns, &row);
		if (row.error == RECOURSE_OK)
			check_again(file, &row);
	}
	require(!rows_failed(&rows));
	count_lines(slice_of(data + reached, size - reached), true);
	check_pieces(file, 1 + size % 5);
	return 0;
}
