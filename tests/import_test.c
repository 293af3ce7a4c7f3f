/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/import/import_alias.h"
#include "../tools/import/import_chunk.h"
#include "support.h"

#include <stdlib.h>

/* "cell|cell@line" for each row, '!' and the error's name in front of one that is not well-formed; ';' between. */
static void describe_rows(struct rows *rows, struct buffer *out)
{
	struct rows_row row;
	while (rows_next(rows, &row)) {
		buffer_append_text(out, out->size > 0 ? ";" : "");
		if (row.error != RECOURSE_OK)
			buffer_append_format(out, "!%s:", recourse_error_name(row.error));
		for (size_t index = 0; index < row.cell_count; index++)
			buffer_append_format(
				out, "%s%.*s", index > 0 ? "|" : "", SLICE_ARGUMENTS(row.cells[index]));
		buffer_append_format(out, "@%d", (int)row.line);
	}
	assert_false(rows_failed(rows));
	buffer_append(out, "", 1);
}

static void describe(slice data, struct buffer *out)
{
	SCOPED(rows_free) struct rows rows = {0};
	assert_ok(rows_start(&rows, data));
	describe_rows(&rows, out);
}

/* A text that comes in pieces of one size; behind `good` of them its source fails. */
struct pieces {
	slice rest;
	size_t size;
	size_t good;
	uint8_t piece[8]; /* it is overwritten by the next */
};

static enum recourse_error next_piece(void *context, slice *piece)
{
	struct pieces *pieces = context;
	size_t size = pieces->rest.size < pieces->size ? pieces->rest.size : pieces->size;
	if (pieces->good-- == 0)
		return RECOURSE_IO;
	memset(pieces->piece, '"', sizeof pieces->piece);
	if (size > 0)
		memcpy(pieces->piece, pieces->rest.data, size);
	*piece = slice_of(pieces->piece, size);
	pieces->rest = slice_from(pieces->rest, size);
	return RECOURSE_OK;
}

static void expect_in_pieces(const char *text, const char *expected)
{
	for (size_t size = 1; size <= sizeof((struct pieces){0}).piece; size++) {
		SCOPED(buffer_free) struct buffer out = {0};
		SCOPED(rows_free) struct rows rows = {0};
		struct pieces pieces = {.rest = slice_text(text), .size = size, .good = SIZE_MAX};
		assert_ok(rows_start_pieces(&rows, (struct rows_source){next_piece, &pieces}));
		describe_rows(&rows, &out);
		assert_string_equal((const char *)out.data, expected);
	}
}

static void expect_rows(const char *text, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	describe(slice_text(text), &out);
	assert_string_equal((const char *)out.data, expected);
	expect_in_pieces(text, expected);
}

static void rows_follow_rfc_4180(void **state)
{
	expect_rows("", "");
	expect_rows("a,b\nc,d", "a|b@1;c|d@2");
	expect_rows("a,b\r\nc,d\r\n", "a|b@1;c|d@2");
	expect_rows("\xef\xbb\xbf"
		    "a,b\n",
		"a|b@1");
	expect_rows("\"a\",\"b,c\",\"d\"\"e\"\n", "a|b,c|d\"e@1");
	expect_rows("\"one\ntwo\",x\ny,z\n", "one\ntwo|x@1;y|z@3");
	expect_rows("\"one\r\n\r\ntwo\",x\r\ny,z", "one\r\n\r\ntwo|x@1;y|z@4");
	expect_rows(" a , b\n", " a | b@1");
	expect_rows(",\n", "|@1");
	expect_rows("\"\"\n", "@1");
	expect_rows("a,", "a|@1");
	expect_rows("\n\r\na\n\n\nb\n", "a@3;b@6");
}

static void bad_rows_do_not_spoil_others(void **state)
{
	expect_rows("a\"b,c\nd,e\n", "!MALFORMED:a\"b,c@1;d|e@2");
	expect_rows("\"a\"b,c\r\nd,e\r\n", "!MALFORMED:\"a\"b,c@1;d|e@2");
	expect_rows("\"a\" ,c\nd,e\n", "!MALFORMED:\"a\" ,c@1;d|e@2");
	expect_rows("a\rb,c\nd,e\n", "!MALFORMED:a\rb,c@1;d|e@2");
	expect_rows("a\r\"b\nd,e\n", "!MALFORMED:a\r\"b@1;d|e@2");
	expect_rows("x\n\"never ends\nd,e\n", "x@1;!MALFORMED:\"never ends\nd,e@2");
	expect_rows("a,\xff\nd,e\n", "!FIELD_FORMAT:a|\xff@1;d|e@2");
}

/* Whoever writes a cell writes no rows: behind a mistake reading never goes on inside what was quoted. */
static void a_cell_can_not_smuggle_rows(void **state)
{
	expect_rows("\"x\ncard-1,evil\n\"oops,y\na,b\n", "!MALFORMED:\"x\ncard-1,evil\n\"oops,y@1;a|b@4");
}

static void a_row_has_a_size(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	buffer_append_text(&text, "\"");
	for (size_t index = 0; index < ROWS_SIZE_MAX; index++)
		buffer_append_text(&text, index % 100 == 0 ? "\n" : "x");
	buffer_append_text(&text, "\"\nnext,row\n");
	assert_ok(rows_start(&rows, buffer_slice(&text)));
	assert_true(rows_next(&rows, &row));
	assert_error(row.error, RECOURSE_FIELD_LIMIT);
	assert_int_equal(row.cell_count, 1);
	assert_int_equal(row.cells[0].size, ROWS_SIZE_MAX + 2);
	assert_true(rows_next(&rows, &row));
	assert_ok(row.error);
	assert_int_equal(row.cell_count, 2);
	assert_false(rows_next(&rows, &row));
}

/* What was read of a row when its source failed is no row. */
static void a_source_that_fails_ends_the_rows(void **state)
{
	for (size_t good = 0; good < 5; good++) {
		SCOPED(rows_free) struct rows rows = {0};
		struct rows_row row;
		struct pieces pieces = {.rest = slice_text("a,b\nc,d\n\"e"), .size = 2, .good = good};
		assert_ok(rows_start_pieces(&rows, (struct rows_source){next_piece, &pieces}));
		for (size_t whole = good / 2; whole > 0; whole--) {
			assert_true(rows_next(&rows, &row));
			assert_int_equal(row.cell_count, 2);
		}
		assert_false(rows_next(&rows, &row));
		assert_true(rows_failed(&rows));
		assert_error(rows.fault, RECOURSE_IO);
	}
}

static void write_cell(struct buffer *out, const char *cell, bool quoted)
{
	buffer_append_text(out, quoted ? "\"" : "");
	for (; *cell != '\0'; cell++) {
		buffer_append(out, cell, 1);
		if (*cell == '"')
			buffer_append(out, cell, 1);
	}
	buffer_append_text(out, quoted ? "\"" : "");
}

enum { CELLS = 3, ROWS = 8, CELL_SIZE = 9 };

static void random_cell(struct support_random *random, char cell[static CELL_SIZE])
{
	static const char bytes[] = "ab ,\"\r\n=x";
	size_t size = (size_t)support_random_below(random, CELL_SIZE - 1);
	for (size_t index = 0; index < size; index++)
		cell[index] = bytes[support_random_below(random, sizeof bytes - 1)];
	cell[size] = '\0';
}

static void what_is_written_is_read(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 500; round++) {
		char cells[ROWS][CELLS][CELL_SIZE];
		SCOPED(buffer_free) struct buffer text = {0};
		SCOPED(rows_free) struct rows rows = {0};
		struct rows_row row;
		for (size_t index = 0; index < (size_t)ROWS * CELLS; index++) {
			char *cell = cells[index / CELLS][index % CELLS];
			random_cell(&random, cell);
			bool quoted =
				strpbrk(cell, ",\"\r\n") != NULL || support_random_below(&random, 2) == 0;
			write_cell(&text, cell, quoted);
			buffer_append_text(&text, index % CELLS < CELLS - 1               ? ","
						  : support_random_below(&random, 2) == 0 ? "\n"
											  : "\r\n");
		}
		assert_ok(rows_start(&rows, buffer_slice(&text)));
		for (size_t index = 0; index < ROWS; index++) {
			assert_true(rows_next(&rows, &row));
			assert_ok(row.error);
			assert_int_equal(row.cell_count, CELLS);
			for (size_t cell = 0; cell < CELLS; cell++)
				assert_true(slice_is(row.cells[cell], cells[index][cell]));
		}
		assert_false(rows_next(&rows, &row));
	}
}

/* Each byte is in one row, or between rows and part of an empty line. */
static void no_byte_is_lost(void **state)
{
	static const char alphabet[] = "a,\"\n\r";
	struct support_random random = support_random_start();
	for (int round = 0; round < 5000; round++) {
		char text[24];
		SCOPED(rows_free) struct rows rows = {0};
		struct rows_row row;
		size_t size = (size_t)support_random_below(&random, sizeof text);
		size_t reached = 0;
		for (size_t index = 0; index < size; index++)
			text[index] = alphabet[support_random_below(&random, sizeof alphabet - 1)];
		assert_ok(rows_start(&rows, slice_of(text, size)));
		while (rows_next(&rows, &row)) {
			for (; reached < row.offset; reached++)
				assert_true(text[reached] == '\n' || text[reached] == '\r');
			assert_int_equal(reached, row.offset);
			assert_true(row.size > 0);
			reached += row.size;
		}
		for (; reached < size; reached++)
			assert_true(text[reached] == '\n' || text[reached] == '\r');
	}
}

/* ---- columns ---- */

static const struct recourse_field members[] = {{.name = "party", .type = RECOURSE_FIELD_ID}};
static const struct recourse_field fields[] = {
	{.name = "lot", .type = RECOURSE_FIELD_ID},
	{.name = "days", .type = RECOURSE_FIELD_INTEGER, .minimum = 1, .maximum = 9},
	{.name = "cost", .type = RECOURSE_FIELD_AMOUNT, .optional = true},
	{.name = "key", .type = RECOURSE_FIELD_KEY, .optional = true},
	{.name = "rows",
		.type = RECOURSE_FIELD_LIST,
		.optional = true,
		.maximum = 1,
		.members = members,
		.member_count = 1},
};
static const struct recourse_method method = {
	.name = "lot.add",
	.kind = RECOURSE_METHOD_COMMAND,
	.fields = fields,
	.field_count = sizeof fields / sizeof fields[0],
};

/* Reads as far as the header. */
static enum exit_code open_file(const char *text, struct rows *rows, struct import_columns *columns)
{
	struct rows_row header;
	assert_ok(rows_start(rows, slice_text(text)));
	assert_true(rows_next(rows, &header));
	return import_columns_open(columns, &method, &(struct import_columns_manner){0}, &header);
}

static enum exit_code open_header(const char *text, struct import_columns *columns)
{
	SCOPED(rows_free) struct rows rows = {0};
	enum exit_code code = open_file(text, &rows, columns);
	return code;
}

static void headers_are_judged(void **state)
{
	struct import_columns columns;
	assert_int_equal(open_header("lot,days,cost\n", &columns), EXIT_CODE_OK);
	assert_int_equal(open_header("days,lot\n", &columns), EXIT_CODE_OK);
	assert_int_equal(open_header("lot,dyas\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("lot,days,lot\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("lot,cost\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("lot,days,rows\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("lot,days \n", &columns), EXIT_CODE_OK);
	assert_int_equal(open_header("Lot,DAYS,\n", &columns), EXIT_CODE_OK);
	assert_int_equal(open_header("lot,,days\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("\"lot\n", &columns), EXIT_CODE_DATA);
}

/* What a spreadsheet or an editor mended goes in again as it is. */
static void a_file_of_rejects_is_a_file_of_rows(void **state)
{
	static const char text[] =
		"line,code,message,lot,days\n7,EXISTS,\"x, y\",a,1\n8,EXISTS,x,b\n9,EXISTS,x,c,0\n";
	struct import_columns columns;
	SCOPED(rows_free) struct rows rows = {0};
	SCOPED(import_chunk_free) struct import_chunk chunk = {0};
	SCOPED(import_rejects_free) struct import_rejects rejects = {0};
	assert_int_equal(open_header("line,code,lot,days\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_header("line,code,message\n", &columns), EXIT_CODE_DATA);
	assert_int_equal(open_file(text, &rows, &columns), EXIT_CODE_OK);
	assert_int_equal(columns.count, 2);
	struct import_chunk_plan plan = {
		.columns = &columns, .separator = ',', .signer = "k", .row_count_max = 10};
	assert_true(import_chunk_fill(&chunk, &plan, &rows, 0));
	assert_int_equal(import_chunk_row_count(&chunk), 3);
	assert_int_equal(chunk.command_count, 1);
	chunk.command_count = 0;
	struct import_chunk_totals totals = {0};
	struct recourse_refusal refusal;
	import_rejects_header(&rejects, NULL, 0);
	buffer_clear(&rejects.text);
	assert_ok(import_chunk_settle(&chunk, &plan, &totals, &rejects, &refusal));
	assert_int_equal(totals.rejected, 2);
	assert_non_null(memmem(rejects.text.data, rejects.text.size, ",b\r\n", 4));
	assert_non_null(memmem(rejects.text.data, rejects.text.size, ",c,0\r\n", 6));
	assert_null(memmem(rejects.text.data, rejects.text.size, "EXISTS", 6));
}

static void expect_command(const char *text, enum recourse_error error, const char *field)
{
	struct import_columns columns;
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(buffer_free) struct buffer reasons = {0};
	struct recourse_refusal refusal;
	assert_int_equal(open_header("lot,days,cost,key\n", &columns), EXIT_CODE_OK);
	assert_ok(rows_start(&rows, slice_text(text)));
	assert_true(rows_next(&rows, &row));
	buffer_append_text(&out, "before");
	assert_error(import_columns_command(&columns, &row, &out, &refusal, &reasons), error);
	assert_error(refusal.error, error);
	assert_string_equal(refusal.field, field);
	if (error != RECOURSE_OK)
		assert_int_equal(out.size, 6);
	else
		assert_true(out.size > 6);
}

static void rows_become_commands(void **state)
{
	expect_command("x,5,3000.00,\n", RECOURSE_OK, "");
	expect_command("x,5,,\n", RECOURSE_OK, "");
	expect_command("x,5,\n", RECOURSE_FIELD_MISSING, "");
	expect_command("x,5,,,\n", RECOURSE_OK, "");
	expect_command("x,5,,,y\n", RECOURSE_FIELD_UNKNOWN, "");
	expect_command(",5,,\n", RECOURSE_FIELD_MISSING, "lot");
	expect_command("x,five,,\n", RECOURSE_FIELD_TYPE, "days");
	expect_command("x,10,,\n", RECOURSE_FIELD_LIMIT, "days");
	expect_command("x,5,-1.00,\n", RECOURSE_FIELD_FORMAT, "cost");
	expect_command("=x,5,,\n", RECOURSE_FIELD_FORMAT, "lot");
	expect_command("x,5,,\xc3\n", RECOURSE_FIELD_FORMAT, "");
	expect_command("x\"y,5,,\n", RECOURSE_MALFORMED, "");
	/* A cell names no files on this machine. */
	expect_command("x,5,,@/etc/hostname\n", RECOURSE_FIELD_FORMAT, "key");
}

/* ---- rejects ---- */

static void rejects_are_safe_to_open(void **state)
{
	static const char expected[] = "line,code,message,a,b\r\n"
				       "7,EXISTS,\"taken, see \"\"x\"\"\",'=1+1,\"two\nlines\"\r\n"
				       "8,EXISTS,x,'+1,'-1\r\n"
				       "9,EXISTS,x,'@a,\"a,b\"\r\n";
	const slice names[] = {slice_text("a"), slice_text("b")};
	const slice first[] = {slice_text("=1+1"), slice_text("two\nlines")};
	const slice second[] = {slice_text("+1"), slice_text("-1")};
	const slice third[] = {slice_text("@a"), slice_text("a,b")};
	SCOPED(import_rejects_free) struct import_rejects rejects = {0};
	import_rejects_header(&rejects, names, 2);
	import_rejects_add(&rejects, 7, "EXISTS", slice_text("taken, see \"x\""), first, 2);
	import_rejects_add(&rejects, 8, "EXISTS", slice_text("x"), second, 2);
	import_rejects_add(&rejects, 9, "EXISTS", slice_text("x"), third, 2);
	assert_int_equal(rejects.count, 3);
	assert_true(slice_is(buffer_slice(&rejects.text), expected));
	SCOPED(buffer_free) struct buffer described = {0};
	describe(buffer_slice(&rejects.text), &described);
	assert_null(strchr((const char *)described.data, '!'));
}

/* Every mistake of a row is named at once. */
static void all_reasons_are_told(void **state)
{
	struct import_columns columns;
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(buffer_free) struct buffer reasons = {0};
	struct recourse_refusal refusal;
	assert_int_equal(open_header("lot,days,cost\n", &columns), EXIT_CODE_OK);
	assert_ok(rows_start(&rows, slice_text(",12,x\n")));
	assert_true(rows_next(&rows, &row));
	assert_error(
		import_columns_command(&columns, &row, &out, &refusal, &reasons), RECOURSE_FIELD_MISSING);
	buffer_append(&reasons, "", 1);
	assert_string_equal((const char *)reasons.data,
		"a required field is missing (field lot); a field is too long, too short, too large or has "
		"too many members (field days, allowed: 1 to 9); "
		"a field is not written in the form that is described for it (field cost, allowed: a decimal "
		"such as 3000.00)");
}

/* ---- types ---- */

/* Each heading is one field of the command, and its sample has no other. */
static void samples_are_of_their_commands(void **state)
{
	for (size_t index = 0; import_type_at(index) != NULL; index++) {
		const struct import_type *type = import_type_at(index);
		const struct recourse_method *command =
			recourse_method_find(type->command, strlen(type->command));
		struct import_columns columns;
		SCOPED(rows_free) struct rows rows = {0};
		struct rows_row row;
		assert_non_null(command);
		const struct import_columns_manner manner = {.type = type};
		assert_ok(rows_start(&rows, slice_text(type->sample)));
		assert_true(rows_next(&rows, &row));
		assert_int_equal(import_columns_open(&columns, command, &manner, &row), EXIT_CODE_OK);
		while (rows_next(&rows, &row)) {
			SCOPED(buffer_free) struct buffer out = {0};
			SCOPED(buffer_free) struct buffer reasons = {0};
			struct recourse_refusal refusal;
			assert_ok(import_columns_command(&columns, &row, &out, &refusal, &reasons));
		}
		for (size_t each = 0; each < IMPORT_TYPE_AMOUNTS && type->amounts[each].amount != NULL;
			each++)
			assert_non_null(import_alias_find(command, slice_text(type->amounts[each].amount)));
	}
}

/* ---- chunks ---- */

static void fill_all(
	const char *text, uint64_t most, const char *signer, size_t chunks, struct buffer *requests)
{
	struct import_columns columns;
	SCOPED(rows_free) struct rows rows = {0};
	SCOPED(import_chunk_free) struct import_chunk chunk = {0};
	assert_int_equal(open_file(text, &rows, &columns), EXIT_CODE_OK);
	const struct import_chunk_plan plan = {
		.columns = &columns, .separator = ',', .signer = signer, .row_count_max = most};
	for (uint64_t number = 0; number < chunks; number++) {
		assert_true(import_chunk_fill(&chunk, &plan, &rows, number));
		buffer_append_format(requests, "%s ", chunk.request);
	}
	assert_false(import_chunk_fill(&chunk, &plan, &rows, chunks));
	assert_false(import_chunk_failed(&chunk));
	buffer_append(requests, "", 1);
}

static void requests_are_named_after_what_they_hold(void **state)
{
	static const char text[] = "lot,days\na,1\nb,2\nbad\nc,3\nd,4\n";
	SCOPED(buffer_free) struct buffer once = {0}, again = {0}, larger = {0}, other = {0};
	fill_all(text, 2, "aa", 3, &once);
	fill_all(text, 2, "aa", 3, &again);
	fill_all(text, 3, "aa", 2, &larger);
	fill_all(text, 2, "bb", 3, &other);
	assert_string_equal((char *)once.data, (char *)again.data);
	assert_null(strstr((char *)larger.data, strtok((char *)again.data, " ")));
	assert_string_not_equal((char *)once.data, (char *)other.data);
	assert_true(strcspn((char *)once.data, " ") <= 64);
	buffer_free(&again);
	buffer_free(&larger);
	buffer_free(&other);
}

static void rows_that_are_not_sent_are_rejected_in_order(void **state)
{
	static const char text[] = "lot,days\n,1\n\"b\"x,2\n\"c\nc\",3,4\n";
	struct import_columns columns;
	SCOPED(rows_free) struct rows rows = {0};
	SCOPED(import_chunk_free) struct import_chunk chunk = {0};
	SCOPED(import_rejects_free) struct import_rejects rejects = {0};
	struct import_chunk_totals totals = {0};
	struct recourse_refusal refusal;
	assert_int_equal(open_file(text, &rows, &columns), EXIT_CODE_OK);
	struct import_chunk_plan plan = {
		.columns = &columns, .separator = ',', .signer = "k", .row_count_max = 10};
	assert_true(import_chunk_fill(&chunk, &plan, &rows, 0));
	assert_int_equal(chunk.command_count, 0);
	assert_ok(import_chunk_send(&chunk, &plan));
	import_rejects_header(&rejects, NULL, 0);
	buffer_clear(&rejects.text);
	assert_ok(import_chunk_settle(&chunk, &plan, &totals, &rejects, &refusal));
	assert_true(totals.rows == 3 && totals.accepted == 0 && totals.rejected == 3);
	assert_true(slice_is(buffer_slice(&rejects.text),
		"2,FIELD_MISSING,a required field is missing (field lot),,1\r\n"
		"3,MALFORMED,a quote where none may stand,\"\"\"b\"\"x\",2\r\n"
		"4,FIELD_UNKNOWN,\"a field was given that the method does not have (2 cells, as in the "
		"header, not 3)\","
		"\"c\nc\",3,4\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_follow_rfc_4180),
		cmocka_unit_test(bad_rows_do_not_spoil_others),
		cmocka_unit_test(a_cell_can_not_smuggle_rows),
		cmocka_unit_test(a_row_has_a_size),
		cmocka_unit_test(a_source_that_fails_ends_the_rows),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(no_byte_is_lost),
		cmocka_unit_test(headers_are_judged),
		cmocka_unit_test(a_file_of_rejects_is_a_file_of_rows),
		cmocka_unit_test(rows_become_commands),
		cmocka_unit_test(rejects_are_safe_to_open),
		cmocka_unit_test(all_reasons_are_told),
		cmocka_unit_test(samples_are_of_their_commands),
		cmocka_unit_test(requests_are_named_after_what_they_hold),
		cmocka_unit_test(rows_that_are_not_sent_are_rejected_in_order),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
