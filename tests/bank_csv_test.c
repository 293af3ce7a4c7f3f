/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/encoding.h"
#include "bank_said.h"

#include <stdio.h>

/* By settings that stand in a file. */
static void open_columns(void **state, const char *settings, struct bank_columns *columns)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(directory, "columns", path);
	support_write_file(path, slice_text(settings));
	assert_int_equal(bank_columns_read(columns, path), EXIT_CODE_OK);
}

static void expect(void **state, const char *settings, const char *text, const char *said)
{
	SCOPED(bank_columns_free) struct bank_columns columns = {0};
	open_columns(state, settings, &columns);
	bank_said_expect(slice_text(text), &columns, said);
}

static void refused_all(void **state, const char *settings, const struct buffer *text, const char *part)
{
	SCOPED(bank_columns_free) struct bank_columns columns = {0};
	open_columns(state, settings, &columns);
	bank_said_refused(buffer_slice(text), &columns, part);
}

static void refused(void **state, const char *settings, const char *text, const char *part)
{
	SCOPED(buffer_free) struct buffer all = {0};
	buffer_append_text(&all, text);
	refused_all(state, settings, &all, part);
}

static const char bank[] =
	"unit = CNY\npayment_id = id\namount = sum\ndirection = way\ncredit = in\ndebit = out\n"
	"day = day\nbalance = left\nreference = ref\n";

static void lines_of_an_account(void **state)
{
	expect(state, bank,
		"day,id,sum,way,left,ref\n2026-11-29,E1,5.00,out,4.00,B1\n2026-11-29 08:00,,2.5,in,6.50,B2\n",
		"booked E1 -5.00 BOOK day 2026-11-29 ref B1\nbooked 2.50 BOOK day 2026-11-29 ref B2\n"
		"statement in 2.50 out 5.00 from 9.00 to 6.50\n");
	expect(state,
		"unit = CNY\ncredit_amount = in\ndebit_amount = out\nday = day\nday_format = "
		"YYYYMMDD\ngrouping = ,\n"
		"separator = tab\n",
		"day\tin\tout\n20261129\t\t1,234,567.00\n20261130\t10\t0.00\n",
		"booked -1234567.00 BOOK day 2026-11-29\nbooked 10.00 BOOK day 2026-11-30\n"
		"statement in 10.00 out 1234567.00\n");
	expect(state,
		"unit = JPY\namount = sum\nsigned = yes\nday = day\nday_format = YYYY/MM/DD\nstatus = "
		"s\nwords = ok:BOOK\n",
		"day,sum,s\n2026/11/29,-5,ok\n2026/11/29,+5,later\n",
		"booked -5 BOOK day 2026-11-29\npending 5 later day 2026-11-29\nstatement in 0 out 5\n");
}

static void a_balance_follows_from_the_one_before(void **state)
{
	static const char newest_first[] =
		"unit = CNY\namount = sum\nsigned = yes\nday = day\nbalance = left\nnewest_first = yes\n";
	refused(state, bank,
		"day,id,sum,way,left,ref\n2026-11-29,E1,5.00,out,4.00,\n2026-11-29,,2.5,in,6.51,\n",
		"problem, line 3, left: the balance does not follow from the line before it [SHARES_WRONG]");
	expect(state, newest_first, "day,sum,left\n2026-11-30,2.50,6.50\n2026-11-29,-5.00,4.00\n",
		"booked 2.50 BOOK day 2026-11-30\nbooked -5.00 BOOK day 2026-11-29\n"
		"statement in 2.50 out 5.00 from 9.00 to 6.50\n");
	refused(state, newest_first, "day,sum,left\n2026-11-29,-5.00,4.00\n2026-11-30,2.50,6.50\n",
		"does not follow");
}

/* Names in Chinese, as banks there write them, in their encoding, with what stands before and behind. */
static void a_chinese_bank(void **state)
{
	static const char settings[] =
		"encoding = gb18030\nskip = 1\ntrailer = \xe5\x90\x88\xe8\xae\xa1\nunit = CNY\nprefix = `\n"
		"amount = \xe9\x87\x91\xe9\xa2\x9d\ndirection = \xe6\x96\xb9\xe5\x90\x91\n"
		"credit = \xe8\xb4\xb7\ndebit = \xe5\x80\x9f\nday = \xe6\x97\xa5\xe6\x9c\x9f\n";
	/* 交易明细 / 日期,金额,方向 / `2026-11-29,`5.00,`借 / 合计,5.00 */
	static const char text[] =
		"\xbd\xbb\xd2\xd7\xc3\xf7\xcf\xb8\n\xc8\xd5\xc6\xda,\xbd\xf0\xb6\xee,\xb7\xbd\xcf\xf2\r\n"
		"`2026-11-29,`5.00,`\xbd\xe8\r\n\xba\xcf\xbc\xc6,5.00\r\n\"anything";
	expect(state, settings, text, "booked -5.00 BOOK day 2026-11-29\nstatement in 0.00 out 5.00\n");
	/* Cut off between two rows it is sound but for that. */
	SCOPED(buffer_free) struct buffer cut = {0};
	buffer_append(&cut, text, sizeof text - sizeof "\xba\xcf\xbc\xc6,5.00\r\n\"anything");
	refused_all(state, settings, &cut,
		"problem: no row begins with '\xe5\x90\x88\xe8\xae\xa1', which stands behind the last one: "
		"it "
		"is not whole [MALFORMED]");
	refused(state, settings, "\xbd\xbb\n\n\xff\n",
		"problem, line 3: bytes that are no GB18030 [FIELD_FORMAT]");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,\xd6\xd0,5.00,out,4.00,B1\n",
		"line 2: no row of a CSV file: UTF-8");
}

/* A file of several pieces of a source: rows and characters stand on both sides of where they meet. */
enum { LONG_ROWS = 6000 };

static const char long_file[] =
	"unit = CNY\nskip = 2\namount = sum\nsigned = yes\nday = day\nreference = ref\n";
static const char long_file_gb18030[] =
	"encoding = gb18030\nunit = CNY\nskip = 2\namount = sum\nsigned = yes\nday = day\nreference = ref\n";

static const char long_file_with_end[] =
	"encoding = gb18030\nunit = CNY\nskip = 2\namount = sum\nsigned = yes\nday = day\ntrailer = end\n";

/* Lines of 26 to 29 bytes, of two, three and four to a character. */
static void write_long_file(struct buffer *text, struct buffer *said)
{
	buffer_append_text(text, "\xe4\xb8\xad\nday,none\nday,sum,ref\n");
	for (int index = 0; index < LONG_ROWS; index++) {
		buffer_append_format(text, "2026-11-29,1.00,\xe4\xb8\xad\xf0\x9f\x98\x80%d\n", index);
		buffer_append_format(
			said, "booked 1.00 BOOK day 2026-11-29 ref \xe4\xb8\xad\xf0\x9f\x98\x80%d\n", index);
	}
}

static void a_long_file_is_read_in_pieces(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer said = {0};
	SCOPED(buffer_free) struct buffer other = {0};
	write_long_file(&text, &said);
	buffer_append_format(&said, "statement in %d.00 out 0.00\n%c", LONG_ROWS, 0);
	assert_ok(encoding_to("gb18030", buffer_slice(&text), &other));
	buffer_append(&text, "", 1);
	buffer_append(&other, "", 1);
	assert_true(other.size > 2 * BANK_SOURCE_PIECE);
	expect(state, long_file, (const char *)text.data, (const char *)said.data);
	expect(state, long_file_gb18030, (const char *)other.data, (const char *)said.data);
}

/* What is wrong is told by its line, however far behind it is; what is before it is looked at, too. */
static void what_is_wrong_with_a_long_file_has_its_line(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer said = {0};
	SCOPED(buffer_free) struct buffer other = {0};
	write_long_file(&text, &said);
	buffer_append_text(&text, "2026-11-29,1.001,x\n2026-11-29,1.00\n");
	assert_ok(encoding_to("gb18030", buffer_slice(&text), &other));
	size_t size = other.size;
	buffer_append_text(&text, "\xff\n");
	refused_all(state, long_file, &text, "line 6004, sum: '1.001' is more decimals");
	refused_all(state, long_file, &text, "line 6005: 2 cells where 3 columns are");
	refused_all(state, long_file, &text, "line 6006: no row of a CSV file: UTF-8");
	buffer_append_text(&other, "2026-11-29,1.00,\xff\n");
	refused_all(state, long_file_gb18030, &other, "line 6006: bytes that are no GB18030 [FIELD_FORMAT]");
	buffer_cut(&other, size);
	buffer_append_text(&other, "2026-11-29,1.00,\xd6");
	refused_all(state, long_file_gb18030, &other, "line 6006: bytes that are no GB18030 [FIELD_FORMAT]");
	buffer_cut(&other, size);
	buffer_append_text(&other, "end\n");
	for (size_t index = 0; index < BANK_SOURCE_PIECE; index++)
		buffer_append_text(&other, "\n");
	buffer_append_text(&other, "\xff\n");
	refused_all(
		state, long_file_with_end, &other, "line 71543: bytes that are no GB18030 [FIELD_FORMAT]");
}

/* Where a row does not end nothing is held of what is behind it. */
static void a_row_ends(void **state)
{
	static const char amounts[] = "unit = CNY\namount = sum\nsigned = yes\nday = day\n";
	SCOPED(buffer_free) struct buffer text = {0};
	buffer_append_text(&text, "day,sum\n2026-11-29,1.00\n2026-11-29,\"1.00\n");
	refused_all(state, amounts, &text,
		"line 3: no row of a CSV file: a quoted cell that does not end [MALFORMED]");
	for (int index = 0; index < LONG_ROWS; index++)
		buffer_append_text(&text, "2026-11-29,1.00\n2026-11-29,1.00\n");
	refused_all(state, amounts, &text,
		"line 3: no row of a CSV file: a row of at most 64 KiB, and a quoted cell of this one does "
		"not end [FIELD_LIMIT]");
	buffer_clear(&text);
	buffer_append_text(&text, "day,sum\n2026-11-29,1.00\n");
	for (int index = 0; index < LONG_ROWS; index++)
		buffer_append_text(&text, "2026-11-29,1.00,2026-11-29,1.00,");
	refused_all(
		state, amounts, &text, "line 3: no row of a CSV file: a row of at most 64 KiB [FIELD_LIMIT]");
}

/* A credit is a return where the bank says why it came back; anybody may pay in under a payment's id. */
static void what_came_back_has_a_reason(void **state)
{
	expect(state, "unit = CNY\nsigned = yes\namount = sum\nday = day\npayment_id = id\nreason = why\n",
		"day,id,sum,why\n2026-11-29,E1,5.00,AC04\n2026-11-29,E1,5.00,\n2026-11-29,E2,-5.00,late\n",
		"booked E1 5.00 BOOK day 2026-11-29 reason AC04 returned\n"
		"booked E1 5.00 BOOK day 2026-11-29\n"
		"booked E2 -5.00 BOOK day 2026-11-29 reason late\n"
		"statement in 10.00 out 5.00\n");
}

static const char wallet[] =
	"kind = wechat\nunit = CNY\npayment_id = no\namount = sum\nstatus = state\nreason = why\n"
	"words = ok:SUCCESS,no:FAIL\nexpired = OVERDUE_CLOSE\n";

static void what_became_of_transfers(void **state)
{
	expect(state, wallet,
		"no,sum,state,why\nE1,5.00,ok,\nE2,5.00,no,NAME_NOT_CORRECT\nE3,5.00,no,OVERDUE_CLOSE\nE4,5."
		"00,WAIT_USER_CONFIRM,\n"
		"E5,5.00,BANK_REFUND,\nE6,5.00,strange,\nE7,5.00,CANCELLED,\nE8,5.00,CANCELING,\n",
		"status E1 5.00 SUCCESS is accepted hint paid\n"
		"status E2 5.00 FAIL is rejected reason NAME_NOT_CORRECT\n"
		"status E3 5.00 FAIL is expired reason OVERDUE_CLOSE\n"
		"status E4 5.00 WAIT_USER_CONFIRM is awaiting_payee\n"
		"status E5 5.00 BANK_REFUND is unknown hint returned\n"
		"status E6 5.00 strange is unknown\n"
		"status E7 5.00 CANCELLED is cancelled\n"
		"status E8 5.00 CANCELING is unknown\n"
		"statement in 0.00 out 0.00\n");
	refused(state, wallet, "no,sum,state,why\nE1,5.00,ok,\nE1,5.00,no,\n",
		"payment E1 is on line 2 already [EXISTS]");
	refused(state, wallet, "no,sum,state,why\n,5.00,ok,\n", "line 2, no: '' is no id [FIELD_MISSING]");
	refused(state, wallet, "no,sum,state,why\nE1,5.00,o\x02k,\n",
		"line 2, state: 'o\x02k' is no status [FIELD_FORMAT]");
	refused(state, wallet, "no,sum,state,why\nE1,5.00,,\n",
		"line 2, state: '' is no status [FIELD_MISSING]");
}

/* As WeChat's interface has amounts, in and out. */
static void amounts_in_steps(void **state)
{
	static const char steps[] = "kind = wechat\nunit = CNY\nsteps = yes\npayment_id = "
				    "out_bill_no\namount = transfer_amount\nstatus = state\n";
	expect(state, steps, "out_bill_no,transfer_amount,state\nE1,10001,SUCCESS\n",
		"status E1 100.01 SUCCESS is accepted hint paid\nstatement in 0.00 out 0.00\n");
	refused(state, steps, "out_bill_no,transfer_amount,state\nE1,100.01,SUCCESS\n", "[AMOUNT_DIGITS]");
	expect(state, "unit = CNY\nsteps = yes\namount = a\nsigned = yes\nday = d\nbalance = b\n",
		"d,a,b\n2026-11-29,-500,1000\n",
		"booked -5.00 BOOK day 2026-11-29\nstatement in 0.00 out 5.00 from 15.00 to 10.00\n");
}

static void rows_are_as_the_settings_have_them(void **state)
{
	refused(state, bank, "", "no row names the columns");
	refused(state, bank, "day,id,sum,way,left\n",
		"a column 'ref' is not there, or is there twice [FIELD_MISSING]");
	refused(state, bank, "day,id,sum,way,left,ref,ref\n", "a column 'ref' is not there");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,5.00,out,4.00\n",
		"line 2: 5 cells where 6 columns are");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,5.00,off,4.00,\n",
		"line 2, way: 'off' is neither");
	refused(state, bank, "day,id,sum,way,left,ref\n29.11.2026,E1,5.00,out,4.00,\n",
		"line 2, day: '29.11.2026' is no day");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,\"E1\"x,5.00,out,4.00,\n",
		"line 2: no row of a CSV file");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,5.001,out,4.00,\n", "[AMOUNT_DIGITS]");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,-0,out,4.00,\n", "[FIELD_FORMAT]");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,0,out,4.00,\n", "an amount of nothing");
	refused(state, bank, "day,id,sum,way,left,ref\n2026-11-29,E1,92233720368547758.08,out,4.00,\n",
		"line 2, sum: '92233720368547758.08' is more than 64 bits hold [OVERFLOW]");
	refused(state, bank,
		"day,id,sum,way,left,ref\n2026-11-29,E1,1,out,-92233720368547758.07,\n2026-11-29,E2,1,out,1,"
		"\n",
		"problem");
	refused(state, "unit = CNY\ncredit_amount = a\ndebit_amount = b\nday = day\n",
		"day,a,b\n2026-11-29,1,1\n", "one line is a credit and a debit");
	refused(state, "unit = CNY\namount = a\nsigned = yes\nday = day\n", "day,a\n2026-11-29,-0.00\n",
		"a zero with a sign");
}

static void settings_are_whole(void **state)
{
	static const char *const wrong[] = {"unit = CNY\n", "unit = XXX\namount = a\nsigned = yes\nday = d\n",
		"kind = sheet\n", "encoding = latin\n", "unit = CNY\namount = a\nday = d\n",
		"unit = CNY\namount = a\nsigned = yes\ndirection = w\ncredit = c\ndebit = d\nday = d\n",
		"unit = CNY\namount = a\nsigned = yes\n", "kind = wechat\nunit = CNY\npayment_id = p\n",
		"unit = CNY\namount = a\nsigned = yes\nday = d\nday_format = DD.MM.YY\n",
		"unit = CNY\namount = a\nsigned = yes\nday = d\ngrouping = 0\n", "skip = many\n",
		"colour = red\n"};
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(directory, "columns", path);
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		SCOPED(bank_columns_free) struct bank_columns columns = {0};
		support_write_file(path, slice_text(wrong[index]));
		assert_int_equal(bank_columns_read(&columns, path), EXIT_CODE_CONFIGURATION);
	}
	SCOPED(bank_columns_free) struct bank_columns columns = {0};
	assert_int_equal(bank_columns_read(&columns, "/nowhere"), EXIT_CODE_NO_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(lines_of_an_account),
		DIRECTORY_TEST(a_balance_follows_from_the_one_before),
		DIRECTORY_TEST(a_chinese_bank),
		DIRECTORY_TEST(a_long_file_is_read_in_pieces),
		DIRECTORY_TEST(what_is_wrong_with_a_long_file_has_its_line),
		DIRECTORY_TEST(a_row_ends),
		DIRECTORY_TEST(what_came_back_has_a_reason),
		DIRECTORY_TEST(what_became_of_transfers),
		DIRECTORY_TEST(amounts_in_steps),
		DIRECTORY_TEST(rows_are_as_the_settings_have_them),
		DIRECTORY_TEST(settings_are_whole),
	};
	return cmocka_run_group_tests_name("bank_csv", tests, support_crypto, NULL);
}
