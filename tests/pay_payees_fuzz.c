/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/pay/pay_check.h"
#include "../tools/pay/pay_csv.h"
#include "../tools/pay/pay_pain.h"
#include "../tools/pay/pay_payees.h"
#include "../tools/pay/payee_mark.h"
#include "base/descriptor.h"
#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

static const uint8_t key[CRYPTO_MARK_KEY_SIZE];
static const struct {
	const char *kind;
	const char *settings;
} kinds[] = {
	{"iso20022", "debtor-name = A\ndebtor-account = 1\ndebtor-bank = COBADEFF\n"},
	{"iso20022", "message = pain.001.001.03\ncharacters = sepa\ndebtor-name = A\ndebtor-account = 1\n"
		     "debtor-bank = 105100000017\n"},
	{"bank-csv", "columns = a:payment_id,b:account,c:name,d:bank,e:amount\n"},
	{"bank-csv",
		"encoding = gb18030\nheader = no\ncolumns = b:account,c:name,d:bank,e:steps,a:payment_id\n"},
	{"bank-csv", "encoding = gbk\ncolumns = a:payment_id,b:account,c:name,d:bank,e:amount\n"},
	{"wechat", "remark = r\n"},
	{"alipay", "remark = r\n"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0], ORDERS = 2 };
static struct pay_form forms[KINDS];

/* What is refused is said on standard error, which nobody reads here. */
static void start(void)
{
	char path[] = "/tmp/recourse-fuzz-XXXXXX";
	require(crypto_start() == RECOURSE_OK);
	stderr = fopen("/dev/null", "w");
	require(stderr != NULL);
	for (size_t index = 0; index < KINDS; index++) {
		char name[sizeof path];
		memcpy(name, path, sizeof path);
		int file = mkstemp(name);
		require(file >= 0 &&
			descriptor_finish(file, slice_text(kinds[index].settings)) == RECOURSE_OK);
		require(pay_form_read(&forms[index], slice_text(kinds[index].kind), name, "2026-11-30") ==
			EXIT_CODE_OK);
		unlink(name);
	}
}

static void make(struct pay_batch *batch)
{
	static const char *const ids[ORDERS] = {"00000001AAAAAAAAAAAA", "00000002BBBBBBBBBBBB"};
	static const char *const payees[ORDERS] = {"p", "q"};
	static const char *const accounts[ORDERS] = {"622202", "DE89370400440532013000"};
	*batch = (struct pay_batch){.origin = slice_text("o"),
		.id = slice_text("b"),
		.rail = slice_text("r"),
		.line_max = ORDERS};
	require(unit_currency(slice_text("CNY"), &batch->unit) == RECOURSE_OK);
	for (size_t index = 0; index < ORDERS; index++) {
		struct pay_order order = {.payment_id = slice_text(ids[index]),
			.claim = slice_text("c"),
			.payee = slice_text(payees[index]),
			.number = index + 1,
			.steps = 12345};
		payee_mark(key, slice_text(accounts[index]), order.mark);
		buffer_append(&batch->orders, &order, sizeof order);
	}
}

/* Whatever the platform's file is: what is taken of it is written, and read back as what was taken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pay_batch batch;
	struct pay_part part;
	struct buffer text = {0};
	struct buffer why = {0};
	if (forms[0].limits == NULL)
		start();
	if (size == 0)
		return 0;
	const struct pay_form *form = &forms[data[0] % KINDS];
	make(&batch);
	if (pay_payees_match(&batch, form, key, "f", slice_of(data + 1, size - 1)) == EXIT_CODE_OK) {
		pay_batch_part(&batch, 1, &part);
		require((form->kind == PAY_FORM_ISO20022
					? pay_pain_write(&batch, form, &part, &text)
					: pay_csv_write(&batch, form, &part, &text)) == RECOURSE_OK);
		require(pay_check_file(&batch, form, &part, buffer_slice(&text), &why) == RECOURSE_OK);
	}
	/* And as a file that somebody else wrote. */
	pay_batch_part(&batch, 1, &part);
	require(pay_check_file(&batch, form, &part, slice_of(data + 1, size - 1), &why) != RECOURSE_OK ||
		memmem(data, size, "0000000", 7) != NULL);
	buffer_free(&text);
	buffer_free(&why);
	pay_batch_free(&batch);
	return 0;
}
