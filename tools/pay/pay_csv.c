/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_csv.h"

#include "base/try.h"
#include "csv_cell.h"
#include "encoding.h"
#include "pay/pay_limit.h"

#include <inttypes.h>
#include <stdio.h>

struct line {
	const struct pay_batch *batch;
	const struct pay_form *form;
	const struct pay_order *order;
	uint64_t number;
	char text[AMOUNT_TEXT_SIZE]; /* of a cell that is a number */
};

static slice setting(const char *text)
{
	return slice_text(text == NULL ? "" : text);
}

static slice whole(struct line *line, int64_t number)
{
	return slice_of(line->text, (size_t)snprintf(line->text, sizeof line->text, "%" PRId64, number));
}

static slice cell_of(struct line *line, size_t column)
{
	const struct pay_order *order = line->order;
	switch (line->form->columns.columns[column].field) {
	case PAY_COLUMNS_TEXT:
		return line->form->columns.columns[column].text;
	case PAY_COLUMNS_NUMBER:
		return whole(line, (int64_t)line->number);
	case PAY_COLUMNS_PAYMENT_ID:
		return order->payment_id;
	case PAY_COLUMNS_CLAIM:
		return order->claim;
	case PAY_COLUMNS_PAYEE:
		return order->payee;
	case PAY_COLUMNS_NAME:
		return order->name;
	case PAY_COLUMNS_ACCOUNT:
		return order->account;
	case PAY_COLUMNS_IDENTITY:
		return slice_text(pay_limit_is_user(order->account) ? "ALIPAY_USER_ID" : "ALIPAY_LOGON_ID");
	case PAY_COLUMNS_BANK:
		return order->bank;
	case PAY_COLUMNS_AMOUNT:
		return slice_of(line->text, amount_format(&line->batch->unit, order->steps, line->text));
	case PAY_COLUMNS_STEPS:
		return whole(line, order->steps);
	case PAY_COLUMNS_UNIT:
		return unit_code(&line->batch->unit);
	case PAY_COLUMNS_REMARK:
		return setting(line->form->remark);
	case PAY_COLUMNS_DAY:
		return setting(line->form->day);
	case PAY_COLUMNS_DEBTOR_NAME:
		return setting(line->form->debtor_name);
	case PAY_COLUMNS_DEBTOR_ACCOUNT:
		return setting(line->form->debtor_account);
	case PAY_COLUMNS_DEBTOR_BANK:
		return setting(line->form->debtor_bank);
	}
	return slice_of(NULL, 0);
}

static void append_header(const struct pay_columns *columns, struct buffer *out)
{
	for (size_t column = 0; column < columns->count; column++) {
		buffer_append_text(out, column == 0 ? "" : ",");
		csv_cell_plain(out, columns->columns[column].heading);
	}
	buffer_append_text(out, "\r\n");
}

static void append_line(struct line *line, struct buffer *out)
{
	for (size_t column = 0; column < line->form->columns.count; column++) {
		buffer_append_text(out, column == 0 ? "" : ",");
		csv_cell_plain(out, cell_of(line, column));
	}
	buffer_append_text(out, "\r\n");
}

enum recourse_error pay_csv_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer text = {0};
	if (form->header)
		append_header(&form->columns, &text);
	for (size_t index = 0; index < part->count; index++) {
		struct line line = {.batch = batch,
			.form = form,
			.order = &pay_batch_orders(batch)[part->first + index],
			.number = index + 1};
		append_line(&line, &text);
	}
	if (buffer_failed(&text))
		return RECOURSE_MEMORY;
	return encoding_to(form->encoding, buffer_slice(&text), out);
}
