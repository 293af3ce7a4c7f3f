/* SPDX-License-Identifier: Apache-2.0 */
#include "pay_file.h"

#include "../tools/encoding.h"
#include "../tools/pay/pay_export.h"
#include "../tools/pay/pay_text.h"
#include "../tools/file.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name of a sign that GBK lacks. */
static const struct pay_file_payee payees[] = {
	{"p-1", "\u5f20\u4e09", "6222021234567890123", "102100099996", 300000},
	{"p-2", "\u738b\U00020bb7", "6222021234567890131", "102100099997", 20},
	{"p-2", "\u738b\U00020bb7", "6222021234567890131", "102100099997", 30},
	{"p-3", "O\"Neil, Ann", "6222021234567890149", "102100099998", 199999},
	{.payee = NULL},
};

static const struct pay_sent nothing_sent;
static const char iso[] = "debtor-name = A\ndebtor-account = 1\ndebtor-bank = COBADEFF\n";
static const char bank[] =
	"columns = \u5e8f\u53f7:number,\u6536\u6b3e\u8d26\u53f7:account,\u6536\u6b3e\u6237\u540d:name,"
	"\u5f00\u6237\u884c:bank,\u91d1\u989d:amount,\u7528\u9014:remark,\u53c2\u8003\u53f7:payment_id\n"
	"remark = \u8d54\u4ed8\n";

/* Each is refused by its line; all at once, and with nothing of a name or an account in it. */
static void test_refused_by_line(void **state)
{
	static const struct {
		const char *rows;
		const char *said[4];
	} files[] = {
		{"", {"line 1: the first row has the headings"}},
		{"payee,name,konto\n", {"line 1: the headings are"}},
		{"payee,name,account,account\n", {"line 1: the headings are"}},
		{"payee,name,account,bank\np-1,A,6222021234567890123,102100099996\n",
			{"payee p-2 is not there, to whom payment 000001019ZQ4T0X83M5B1C6VYAHD of claim c-1",
				"payee p-2 is not there, to whom payment 00000102", "payee p-3 is not there",
				"3 faults; no file was written"}},
		{"payee,name,account,bank\r\np-1,A,6222021234567890124,102100099996\r\n"
		 "p-2,B,6222021234567890131,102100099997\r\np-2,B,6222021234567890131,102100099997\r\n"
		 "p-3, \u3000 ,\u30006222021234567890149 ,1021\r\n",
			{"line 2: the account is not the one that the payment was ordered to [NOT_PERMITTED]",
				"line 4: this payee is there already, on a line before [EXISTS]",
				"line 5: the rail demands a name [FIELD_MISSING]",
				"line 5: the bank is neither a BIC nor 12 digits [FIELD_FORMAT]"}},
		{"payee,name,account,bank\np-1,A\np-2,B,\"6222\n0\np-3,C,6.22E+18,\n",
			{"line 2: it has another number of cells", "line 3: "}},
		{"payee,name,account,bank\nx,,,\np-1,A,,102100099996\np-2,\xff,6222021234567890131,"
		 "102100099997\n"
		 "p-3,C\xef\xbf\xbe,6222021234567890149,\n",
			{"line 3: an account has 1 to 64 characters",
				"line 4: ", "line 5: the name has control characters",
				"line 5: the rail demands the bank's code"}},
	};
	struct pay_file file;
	(void)state;
	pay_file_make(&file, "CNY", 1000, payees);
	assert_int_equal(pay_file_form(&file, "iso20022", iso), EXIT_CODE_OK);
	for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
		assert_int_equal(pay_file_match(&file, slice_text(files[index].rows)), EXIT_CODE_DATA);
		for (size_t said = 0; said < 4 && files[index].said[said] != NULL; said++)
			pay_file_says(&file, files[index].said[said]);
		assert_null(strstr((const char *)file.said.data, "62220212345678901"));
	}
	pay_file_free(&file);
}

/* A name of 140 signs goes, whatever they take; one of 141 does not, nor any that the rail's signs lack. */
static void test_names(void **state)
{
	struct pay_file file;
	struct buffer name = {0};
	struct buffer rows = {0};
	(void)state;
	for (size_t count = 140; count <= 141; count++) {
		buffer_clear(&name);
		buffer_clear(&rows);
		for (size_t index = 0; index < count; index++)
			buffer_append_text(&name, "\u5f20");
		buffer_append(&name, "", 1);
		const struct pay_file_payee long_one[] = {
			{"p-1", (const char *)name.data, "6222021234567890123", "COBADEFF", 1},
			{.payee = NULL}};
		pay_file_make(&file, "CNY", 1, long_one);
		assert_int_equal(pay_file_form(&file, "iso20022", iso), EXIT_CODE_OK);
		pay_file_rows(long_one, &rows);
		assert_int_equal(pay_file_match(&file, buffer_slice(&rows)),
			count == 140 ? EXIT_CODE_OK : EXIT_CODE_DATA);
		if (count == 140) {
			struct buffer text = {0};
			struct buffer why = {0};
			pay_file_write(&file, &text);
			assert_int_equal(pay_file_check(&file, buffer_slice(&text), &why), RECOURSE_OK);
			buffer_free(&text);
			buffer_free(&why);
		}
		char settings[256];
		snprintf(settings, sizeof settings, "%scharacters = sepa\n", iso);
		assert_int_equal(pay_file_form(&file, "iso20022", settings), EXIT_CODE_OK);
		assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_DATA);
		pay_file_says(&file, "line 2: the name has characters that the SEPA basic set lacks");
		pay_file_free(&file);
	}
	buffer_free(&name);
	buffer_free(&rows);
}

static void expect_text(
	const struct pay_file *file, const char *encoding, const char *name, const char *wanted)
{
	struct buffer text = {0};
	struct buffer plain = {0};
	struct buffer why = {0};
	pay_file_write(file, &text);
	assert_int_equal(encoding_from(encoding, buffer_slice(&text), &plain, NULL), RECOURSE_OK);
	buffer_append(&plain, "", 1);
	assert_string_equal((const char *)plain.data, wanted);
	pay_file_hand_out(name, buffer_slice(&text));
	assert_int_equal(pay_file_check(file, buffer_slice(&text), &why), RECOURSE_OK);
	/* What is not as it was ordered is found. */
	for (size_t index = text.size / 2; index < text.size; index++) {
		if (text.data[index] != '2')
			continue;
		text.data[index] = '3';
		assert_int_equal(pay_file_check(file, buffer_slice(&text), &why), RECOURSE_PROOF_WRONG);
		text.data[index] = '2';
	}
	buffer_free(&text);
	buffer_free(&plain);
	buffer_free(&why);
}

/* A bank's own columns, in its encoding; GBK lacks a sign, which is said by its line. */
static void test_bank_csv(void **state)
{
	static const char wanted[] =
		"\u5e8f\u53f7,\u6536\u6b3e\u8d26\u53f7,\u6536\u6b3e\u6237\u540d,\u5f00\u6237\u884c,"
		"\u91d1\u989d,\u7528\u9014,"
		"\u53c2\u8003\u53f7\r\n"
		"1,6222021234567890123,\u5f20\u4e09,102100099996,3000.00,\u8d54\u4ed8,"
		"000001009ZQ4T0X83M5B1C6VYAHD\r\n"
		"2,6222021234567890131,\u738b\U00020bb7,102100099997,0.20,\u8d54\u4ed8,"
		"000001019ZQ4T0X83M5B1C6VYAHD\r\n"
		"3,6222021234567890131,\u738b\U00020bb7,102100099997,0.30,\u8d54\u4ed8,"
		"000001029ZQ4T0X83M5B1C6VYAHD\r\n"
		"4,6222021234567890149,\"O\"\"Neil, Ann\",102100099998,1999.99,\u8d54\u4ed8,"
		"000001039ZQ4T0X83M5B1C6VYAHD\r\n";
	struct pay_file file;
	struct buffer rows = {0};
	char settings[1024];
	(void)state;
	pay_file_make(&file, "CNY", 1000, payees);
	for (size_t index = 0; index < 4; index++) {
		buffer_clear(&rows);
		pay_file_rows(payees, &rows);
		/* The third payment is of the second payee, whose row stands once. */
		uint8_t *second = memmem(rows.data, rows.size, "\r\np-2", 5);
		uint8_t *third =
			memmem(second + 3, rows.size - (size_t)(second + 3 - rows.data), "\r\np-2", 5);
		third[3] = 'x';
		snprintf(settings, sizeof settings, "%sencoding = %s\n", bank,
			index == 0   ? "utf-8"
			: index == 1 ? "gb18030"
				     : "gbk");
		assert_int_equal(pay_file_form(&file, "bank-csv", settings), EXIT_CODE_OK);
		if (index < 2) {
			assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_OK);
			expect_text(&file, index == 0 ? "utf-8" : "gb18030",
				index == 0 ? "utf-8.csv" : "gb18030.csv", wanted);
			continue;
		}
		assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_DATA);
		pay_file_says(&file, "line 3: the name has characters that the file's encoding lacks");
		pay_file_says(&file, "no file was written");
	}
	buffer_free(&rows);
	pay_file_free(&file);
}

/* What a wallet takes: fen or yuan, accounts as they stand, a name from an amount on or for an account that is no number. */
static void test_wallets(void **state)
{
	static const struct pay_file_payee openids[] = {
		{"p-1", "", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "", 199999},
		{"p-2", "\u738b", "oUpF8uMuAJO-M2pxb1Q9zNjWeS6p", "", 200000}, {.payee = NULL}};
	static const struct pay_file_payee users[] = {{"p-1", "", "2088123412341234", "", 10},
		{"p-2", "\u738b", "ann@b.example", "", 12345}, {.payee = NULL}};
	struct pay_file file;
	struct buffer rows = {0};
	(void)state;
	pay_file_make(&file, "CNY", 1000, openids);
	assert_int_equal(pay_file_form(&file, "wechat", "remark = \u8d54\u4ed8\n"), EXIT_CODE_OK);
	pay_file_rows(openids, &rows);
	assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_OK);
	expect_text(&file, "utf-8", "wechat.csv",
		"out_bill_no,openid,user_name,transfer_amount,transfer_remark,transfer_scene_id,info_type,"
		"info_content\r\n"
		"000001009ZQ4T0X83M5B1C6VYAHD,oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,,199999,\u8d54\u4ed8,1011,"
		"\u8d54\u4ed8\u539f\u56e0,\u8d54\u4ed8\r\n"
		"000001019ZQ4T0X83M5B1C6VYAHD,oUpF8uMuAJO-M2pxb1Q9zNjWeS6p,\u738b,200000,\u8d54\u4ed8,1011,"
		"\u8d54\u4ed8\u539f\u56e0,\u8d54\u4ed8\r\n");
	pay_batch_orders(&file.batch)[0].steps = 9;
	pay_batch_orders(&file.batch)[1].steps = 0;
	assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_DATA);
	pay_file_says(&file, "line 2: the payment is less than the rail takes");
	pay_file_says(&file, "line 3: the payment is of nothing");
	pay_file_free(&file);
	buffer_clear(&rows);
	pay_file_make(&file, "CNY", 1000, users);
	assert_int_equal(pay_file_form(&file, "alipay", "remark = r\n"), EXIT_CODE_OK);
	pay_file_rows(users, &rows);
	assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_OK);
	expect_text(&file, "utf-8", "alipay.csv",
		"out_biz_no,trans_amount,product_code,biz_scene,identity,identity_type,name,remark\r\n"
		"000001009ZQ4T0X83M5B1C6VYAHD,0.10,TRANS_ACCOUNT_NO_PWD,DIRECT_TRANSFER,2088123412341234,"
		"ALIPAY_USER_ID,,r\r\n"
		"000001019ZQ4T0X83M5B1C6VYAHD,123.45,TRANS_ACCOUNT_NO_PWD,DIRECT_TRANSFER,ann@b.example,"
		"ALIPAY_LOGON_ID,\u738b,r\r\n");
	assert_int_equal(
		pay_file_form(&file, "alipay", "columns = a:name,b:account\n"), EXIT_CODE_CONFIGURATION);
	pay_file_says(&file, "a file has payment_id, account, and amount or steps");
	buffer_free(&rows);
	pay_file_free(&file);
}

/* New files of a new directory, all or none; what is there stays as it is. */
static void test_kept(void **state)
{
	struct pay_file file;
	struct buffer rows = {0};
	struct stat status;
	char place[SUPPORT_PATH_MAX];
	char path[SUPPORT_PATH_MAX + 32];
	(void)state;
	pay_file_make(&file, "CNY", 2, payees);
	pay_file_rows(payees, &rows);
	uint8_t *second = memmem(rows.data, rows.size, "\r\np-2", 5);
	second[3] = 'x';
	assert_int_equal(pay_file_form(&file, "iso20022", iso), EXIT_CODE_OK);
	assert_int_equal(pay_file_match(&file, buffer_slice(&rows)), EXIT_CODE_OK);
	support_directory_path(&file.directory, "files", place);
	assert_int_equal(pay_export_write(&file.batch, &file.form, &nothing_sent, place, true), EXIT_CODE_OK);
	for (int number = 1; number <= 2; number++) {
		struct buffer text = {0};
		snprintf(path, sizeof path, "%s/2026-11_1-%d-of-2.xml", place, number);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		assert_int_equal(file_read(path, 1 << 20, &text), RECOURSE_OK);
		assert_non_null(memmem(text.data, text.size, "<NbOfTxs>2</NbOfTxs>", 20));
		buffer_free(&text);
	}
	assert_int_equal(stat(place, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	pay_file_listen(&file);
	enum exit_code again = pay_export_write(&file.batch, &file.form, &nothing_sent, place, true);
	pay_file_listened(&file);
	assert_int_equal(again, EXIT_CODE_CREATE);
	pay_file_says(&file, "is there already, and nothing is overwritten [EXISTS]");
	/* Where there is no room nothing is left behind. */
	support_directory_path(&file.directory, "other", place);
	support_limit_files(1000);
	pay_file_listen(&file);
	enum exit_code full = pay_export_write(&file.batch, &file.form, &nothing_sent, place, true);
	support_limit_files(RLIM_INFINITY);
	pay_file_listened(&file);
	assert_int_equal(full, EXIT_CODE_CREATE);
	assert_int_equal(stat(place, &status), -1);
	buffer_free(&rows);
	pay_file_free(&file);
}

static void test_texts(void **state)
{
	(void)state;
	assert_true(pay_text_is_iban(slice_text("DE89370400440532013000")));
	assert_true(pay_text_is_iban(slice_text("GB82WEST12345698765432")));
	assert_false(pay_text_is_iban(slice_text("GB82WEST12345698765433")));
	assert_false(pay_text_is_iban(slice_text("6222021234567890123")));
	assert_false(pay_text_like_iban(slice_text("NRA11014999999")));
	assert_true(pay_text_is_bic(slice_text("ICBKCNBJ")));
	assert_true(pay_text_is_bic(slice_text("ICBKCNBJGDG")));
	assert_false(pay_text_is_bic(slice_text("ICBKCNBJG")));
	assert_false(pay_text_is_bic(slice_text("icbkcnbj")));
	assert_true(pay_text_is_member(slice_text("102100099996")));
	assert_false(pay_text_is_member(slice_text("10210009999")));
	assert_true(pay_text_is_sepa(slice_text("O'Neil (a) / b-c?:.,+")));
	assert_false(pay_text_is_sepa(slice_text("a&b")));
	assert_true(pay_text_is_formula(slice_text("@SUM(A1)")));
	assert_true(pay_text_is_formula(slice_text("\uff1d1+1")));
	assert_true(pay_text_is_formula(slice_text("\uff20SUM(A1)")));
	assert_false(pay_text_is_formula(slice_text("\uff08\u5f20\uff09")));
	assert_false(pay_text_is_formula(slice_text("a=b")));
	assert_int_equal(pay_text_characters(slice_text("a\u5f20\U00020bb7")), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_by_line),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bank_csv),
		cmocka_unit_test(test_wallets),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
