/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_columns.h"

static const char *const fields[] = {
	[PAY_COLUMNS_TEXT] = "=",
	[PAY_COLUMNS_NUMBER] = "number",
	[PAY_COLUMNS_PAYMENT_ID] = "payment_id",
	[PAY_COLUMNS_CLAIM] = "claim",
	[PAY_COLUMNS_PAYEE] = "payee",
	[PAY_COLUMNS_NAME] = "name",
	[PAY_COLUMNS_ACCOUNT] = "account",
	[PAY_COLUMNS_IDENTITY] = "identity",
	[PAY_COLUMNS_BANK] = "bank",
	[PAY_COLUMNS_AMOUNT] = "amount",
	[PAY_COLUMNS_STEPS] = "steps",
	[PAY_COLUMNS_UNIT] = "unit",
	[PAY_COLUMNS_REMARK] = "remark",
	[PAY_COLUMNS_DAY] = "day",
	[PAY_COLUMNS_DEBTOR_NAME] = "debtor-name",
	[PAY_COLUMNS_DEBTOR_ACCOUNT] = "debtor-account",
	[PAY_COLUMNS_DEBTOR_BANK] = "debtor-bank",
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

size_t pay_columns_find(const struct pay_columns *columns, enum pay_columns_field field)
{
	size_t index = 0;
	while (index < columns->count && columns->columns[index].field != field)
		index++;
	return index;
}

static bool read_column(struct pay_columns *columns, slice text, const char **why)
{
	slice heading;
	if (!slice_take_until(&text, ':', &heading)) {
		*why = "each column is HEADING:FIELD";
		return false;
	}
	if (columns->count == PAY_COLUMNS_MAX) {
		*why = "a file has at most 64 columns";
		return false;
	}
	columns->columns[columns->count].heading = heading;
	if (slice_take(&text, "=")) {
		columns->columns[columns->count].text = text;
		columns->columns[columns->count++].field = PAY_COLUMNS_TEXT;
		return true;
	}
	for (size_t index = PAY_COLUMNS_NUMBER; index < FIELDS; index++) {
		if (!slice_is(text, fields[index]))
			continue;
		columns->columns[columns->count++].field = (enum pay_columns_field)index;
		return true;
	}
	*why = "a field is number, payment_id, claim, payee, name, account, identity, bank, amount, steps, "
	       "unit, "
	       "remark, day, debtor-name, debtor-account, debtor-bank, or =TEXT";
	return false;
}

static bool has(const struct pay_columns *columns, enum pay_columns_field field)
{
	return pay_columns_find(columns, field) < columns->count;
}

bool pay_columns_read(struct pay_columns *columns, slice text, const char **why)
{
	slice column;
	columns->count = 0;
	while (slice_take_part(&text, ',', &column)) {
		while (column.size > 0 && column.data[0] == ' ')
			column = slice_from(column, 1);
		while (column.size > 0 && column.data[column.size - 1] == ' ')
			column.size--;
		if (!read_column(columns, column, why))
			return false;
	}
	*why = "a file has payment_id, account, and amount or steps";
	return has(columns, PAY_COLUMNS_PAYMENT_ID) && has(columns, PAY_COLUMNS_ACCOUNT) &&
	       (has(columns, PAY_COLUMNS_AMOUNT) || has(columns, PAY_COLUMNS_STEPS));
}
