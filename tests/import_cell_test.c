/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/csv_cell.h"
#include "../tools/encoding.h"
#include "../tools/import/import_cell.h"
#include "../tools/import/import_time.h"
#include "../tools/rows.h"
#include "recourse_ledger.h"
#include "support.h"

/* ---- what is written ---- */

/* As it stands for a spreadsheet, and back. */
static void expect_cell(const char *cell, const char *written)
{
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	csv_cell_text(&out, slice_text(cell));
	assert_true(slice_is(buffer_slice(&out), written));
	buffer_append_text(&out, ",\n");
	assert_ok(rows_start(&rows, buffer_slice(&out)));
	assert_true(rows_next(&rows, &row));
	assert_true(slice_is(csv_cell_read(row.cells[0]), cell));
}

static void cells_are_what_they_were(void **state)
{
	expect_cell("", "");
	expect_cell("h-1", "h-1");
	expect_cell("1000.00", "1000.00");
	expect_cell("12345678901", "12345678901");
	expect_cell("123456789012", "'123456789012");
	expect_cell("6222021234567890131", "'6222021234567890131");
	expect_cell("12E4", "'12E4");
	expect_cell("=1+1", "'=1+1");
	expect_cell("-1,5", "\"'-1,5\"");
	expect_cell("\tx", "\"'\tx\"");
	expect_cell("\nx", "\"'\nx\"");
	expect_cell("\xef\xbc\x9dx", "'\xef\xbc\x9dx");
	expect_cell("'x", "''x");
	expect_cell("'=x", "''=x");
	expect_cell("a\"b", "\"a\"\"b\"");
	expect_cell(" x", "\" x\"");
}

/* ---- what is read ---- */

static void expect_read(enum recourse_field_type type, const char *cell, const char *wanted)
{
	SCOPED(buffer_free) struct buffer out = {0};
	const char *why = NULL;
	struct unit yuan;
	assert_ok(unit_currency(slice_text("CNY"), &yuan));
	const struct recourse_field field = {.name = "f", .type = type};
	enum recourse_error error = import_cell_read(
		&field, slice_text(cell), &yuan, &(struct import_cell_manner){0}, &out, &why);
	assert_error(error, wanted == NULL ? RECOURSE_FIELD_FORMAT : RECOURSE_OK);
	if (wanted == NULL)
		assert_true(why[0] != '\0' && strlen(why) < sizeof((struct recourse_refusal){0}).limit);
	else if (!slice_is(buffer_slice(&out), wanted))
		fail_msg("%s: %.*s", cell, SLICE_ARGUMENTS(buffer_slice(&out)));
}

static void amounts_are_read_as_they_are_meant(void **state)
{
	static const struct {
		const char *cell;
		const char *wanted;
	} rows[] = {{"1000", "1000.00"}, {"1000.5", "1000.50"}, {"1,000.00", "1000.00"},
		{"1,000,000", "1000000.00"},
		{"\xef\xbc\x91\xef\xbc\x8c\xef\xbc\x90\xef\xbc\x90\xef\xbc\x90", "1000.00"}, {" 7 ", "7.00"},
		{"1.234", "1.234"}, {"-5", "-5.00"}, {"1000.", "1000."}, {".5", ".5"}, {"x", "x"}, {"", ""},
		{"1,00", NULL}, {"1,0000", NULL}, {",100", NULL}, {"1000,000", NULL}, {"1,000,00", NULL},
		{"1.000,00", NULL}, {"1,000.0,0", NULL}, {"1,,000", NULL}, {"1E5", NULL}, {"1.2e+5", NULL}};
	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++)
		expect_read(RECOURSE_FIELD_AMOUNT, rows[index].cell, rows[index].wanted);
}

static void ids_are_not_shortened(void **state)
{
	expect_read(RECOURSE_FIELD_ID, "12E4", "12E4");
	expect_read(RECOURSE_FIELD_ID, "1E5", "1E5");
	expect_read(RECOURSE_FIELD_ID, "6.2226E18", NULL);
	expect_read(RECOURSE_FIELD_ID, "6E+18", NULL);
	expect_read(RECOURSE_FIELD_ID, "6.2e18", NULL);
	expect_read(RECOURSE_FIELD_ID, "\xef\xbd\x83\xef\xbc\x8d\xef\xbc\x91\xe3\x80\x80", "c-1");
	/* A circled one is no one, and what people wrote stays. */
	expect_read(RECOURSE_FIELD_ID, "\xe2\x91\xa0", "\xe2\x91\xa0");
	expect_read(RECOURSE_FIELD_TEXT, " \xef\xbc\x91", " \xef\xbc\x91");
}

static void expect_time(const char *zone, const char *cell, const char *wanted)
{
	assert_true(import_time_zone(zone));
	expect_read(RECOURSE_FIELD_TIME, cell, wanted);
}

static void times_are_of_a_place(void **state)
{
	expect_time(NULL, "2026-05-04T10:00:00Z", "2026-05-04T10:00:00Z");
	expect_time(NULL, "2026-05-04T10:00:00.5+08:00", "2026-05-04T02:00:00.500000000Z");
	expect_time(NULL, "2026/5/4 1:05 -0330", "2026-05-04T04:35:00Z");
	expect_time(NULL, "2026/5/4 10:00", NULL);
	expect_time("+08:00", "2026/5/4 10:00", "2026-05-04T02:00:00Z");
	expect_time("+08:00", "2026/5/4", "2026-05-03T16:00:00Z");
	expect_time("+08:00", "2026.5.4 7:01:02", "2026-05-03T23:01:02Z");
	expect_time("+08:00",
		"2026\xe5\xb9\xb4"
		"5\xe6\x9c\x88"
		"4\xe6\x97\xa5 10:00",
		"2026-05-04T02:00:00Z");
	expect_time("+08:00", "2026/2/30", NULL);
	expect_time("+08:00", "2026/5/4 24:00", NULL);
	expect_time("+08:00", "4/5/2026", NULL);
	expect_time("+08:00", "26/5/4", NULL);
	expect_time("+08:00", "2026/5-4", NULL);
	expect_time("+08:00", "2026/5/4 10", NULL);
	expect_time("+08:00", "2026/5/4 10:00 x", NULL);
	expect_time("+08:00", "46146.4166", NULL);
	assert_false(import_time_zone("Asia/Shangri-La"));
	assert_false(import_time_zone("../etc/passwd"));
	assert_false(import_time_zone("+8"));
	if (!import_time_zone("Europe/Berlin"))
		return; /* there are no places here */
	expect_time("Asia/Shanghai", "2026/5/4 10:00", "2026-05-04T02:00:00Z");
	expect_time("Europe/Berlin", "2026/5/4 10:00", "2026-05-04T08:00:00Z");
	expect_time("Europe/Berlin", "2026/1/4 10:00", "2026-01-04T09:00:00Z");
	expect_time("Europe/Berlin", "2026/10/25 2:30", NULL); /* is there twice */
	expect_time("Europe/Berlin", "2026/3/29 2:30", NULL);  /* is not there */
	assert_true(import_time_zone(NULL));
}

/* ---- encodings ---- */

static void expect_kept(const char *encoding, slice bytes, size_t piece)
{
	SCOPED(encoding_close) struct encoding_pieces pieces = {0};
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer back = {0};
	assert_ok(encoding_open(&pieces, encoding));
	pieces.keep = true;
	for (size_t at = 0; at < bytes.size; at += piece) {
		slice rest = slice_from(bytes, at);
		assert_ok(encoding_add(
			&pieces, slice_of(rest.data, rest.size < piece ? rest.size : piece), &text));
	}
	assert_ok(encoding_add(&pieces, slice_of(NULL, 0), &text));
	assert_ok(encoding_back(encoding, buffer_slice(&text), &back));
	assert_true(slice_equal(buffer_slice(&back), bytes));
}

/* Whatever is in a file, in its encoding or not, is in what is written of it. */
static void bytes_that_are_no_character_are_kept(void **state)
{
	static const char text[] = "a,\xd6\xdc\xff\xd6\n\x81\x30\xff,\xff\xff\x81";
	for (size_t piece = 1; piece < sizeof text; piece++)
		expect_kept("gb18030", slice_of(text, sizeof text - 1), piece);
	static const char wide[] = "a\0\x00\xd8,\0\x00\xdc\x0a\0b";
	for (size_t piece = 1; piece < sizeof wide; piece++)
		expect_kept("utf-16le", slice_of(wide, sizeof wide - 1), piece);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_what_they_were),
		cmocka_unit_test(amounts_are_read_as_they_are_meant),
		cmocka_unit_test(ids_are_not_shortened),
		cmocka_unit_test(times_are_of_a_place),
		cmocka_unit_test(bytes_that_are_no_character_are_kept),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
