/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_check.h"

#include "base/try.h"
#include "pay/pay_read.h"

#include <stdio.h>
#include <stdlib.h>

struct check {
	const struct pay_batch *batch;
	const struct pay_form *form;
	const struct pay_part *part;
	struct pay_read read;
	amount_sum total;
	struct buffer *why;
};

static const struct pay_read_payment *payments(const struct check *check, size_t *count)
{
	*count = check->read.payments.size / sizeof(struct pay_read_payment);
	return (const struct pay_read_payment *)(const void *)check->read.payments.data;
}

static enum recourse_error wrong(struct check *check, size_t place, const char *why)
{
	if (place == 0)
		buffer_append_text(check->why, why);
	else
		buffer_append_format(check->why, "payment %zu of the file: %s", place, why);
	return RECOURSE_PROOF_WRONG;
}

/* A whole number of steps, without sign and zeroes in front. */
static enum recourse_error parse_steps(slice text, int64_t *steps)
{
	struct unit whole = {.code = "X", .step = 1};
	return amount_parse(&whole, text, steps);
}

static enum recourse_error check_amount(
	struct check *check, size_t place, const struct pay_read_payment *payment, int64_t *steps)
{
	const struct pay_columns *columns = &check->form->columns;
	bool in_steps = check->form->kind != PAY_FORM_ISO20022 &&
			pay_columns_find(columns, PAY_COLUMNS_AMOUNT) == columns->count;
	enum recourse_error error = in_steps ? parse_steps(payment->amount, steps)
					     : amount_parse(&check->batch->unit, payment->amount, steps);
	if (error != RECOURSE_OK)
		return wrong(check, place, "the amount is none");
	if (*steps <= 0)
		return wrong(check, place, "the amount is nothing");
	bool unit_said = check->form->kind == PAY_FORM_ISO20022 || payment->unit.size > 0;
	if (unit_said && !slice_equal(payment->unit, unit_code(&check->batch->unit)))
		return wrong(check, place, "the unit is another one");
	return RECOURSE_OK;
}

static bool has(const struct check *check, enum pay_columns_field field)
{
	const struct pay_columns *columns = &check->form->columns;
	return check->form->kind == PAY_FORM_ISO20022 || pay_columns_find(columns, field) < columns->count;
}

static enum recourse_error check_payment(
	struct check *check, size_t place, const struct pay_read_payment *payment)
{
	const struct pay_order *order = &pay_batch_orders(check->batch)[check->part->first + place - 1];
	int64_t steps = 0;
	TRY(check_amount(check, place, payment, &steps));
	check->total += steps;
	if (!slice_equal(payment->payment_id, order->payment_id))
		return wrong(check, place, "its id is another one");
	if (steps != order->steps)
		return wrong(check, place, "its amount is another one");
	if (!slice_equal(payment->account, order->account))
		return wrong(check, place, "its account is another one");
	if (has(check, PAY_COLUMNS_NAME) && !slice_equal(payment->name, order->name))
		return wrong(check, place, "its name is another one");
	if (has(check, PAY_COLUMNS_BANK) && !slice_equal(payment->bank, order->bank))
		return wrong(check, place, "its bank is another one");
	return RECOURSE_OK;
}

static int by_id(const void *a, const void *b)
{
	return slice_compare(*(const slice *)a, *(const slice *)b);
}

static enum recourse_error check_ids(struct check *check)
{
	SCOPED(buffer_free) struct buffer ids = {0};
	size_t count;
	const struct pay_read_payment *rows = payments(check, &count);
	for (size_t index = 0; index < count; index++)
		buffer_append(&ids, &rows[index].payment_id, sizeof rows[index].payment_id);
	if (buffer_failed(&ids))
		return RECOURSE_MEMORY;
	const slice *sorted = (const slice *)(const void *)ids.data;
	qsort(ids.data, count, sizeof *sorted, by_id);
	for (size_t index = 1; index < count; index++) {
		if (slice_equal(sorted[index - 1], sorted[index]))
			return wrong(check, 0, "an id is there twice");
	}
	return RECOURSE_OK;
}

/* What a message says of itself, against what was counted in it. */
static enum recourse_error check_said(struct check *check, size_t count)
{
	char number[24];
	char total[AMOUNT_SUM_TEXT_SIZE];
	size_t number_size = (size_t)snprintf(number, sizeof number, "%zu", count);
	size_t total_size = amount_format_sum(&check->batch->unit, check->total, total);
	for (size_t level = 0; level < 2; level++) {
		if (!slice_equal(check->read.counts[level], slice_of(number, number_size)))
			return wrong(check, 0, "NbOfTxs is not how many payments there are");
		if (!slice_equal(check->read.sums[level], slice_of(total, total_size)))
			return wrong(check, 0, "CtrlSum is not the sum of the payments");
	}
	if (!slice_is(check->read.message, check->part->message))
		return wrong(check, 0, "MsgId is another one");
	return RECOURSE_OK;
}

static enum recourse_error check_all(struct check *check)
{
	size_t count;
	const struct pay_read_payment *rows = payments(check, &count);
	if (count != check->part->count || count == 0)
		return wrong(check, 0, "there are more or fewer payments in it than there should be");
	TRY(check_ids(check));
	for (size_t index = 0; index < count; index++)
		TRY(check_payment(check, index + 1, &rows[index]));
	if (check->total != check->part->total)
		return wrong(check, 0, "the payments do not sum up");
	return check->form->kind == PAY_FORM_ISO20022 ? check_said(check, count) : RECOURSE_OK;
}

enum recourse_error pay_check_file(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, slice file, struct buffer *why)
{
	struct check check = {.batch = batch, .form = form, .part = part, .why = why};
	enum recourse_error error = form->kind == PAY_FORM_ISO20022 ? pay_read_pain(file, &check.read)
								    : pay_read_csv(form, file, &check.read);
	if (error == RECOURSE_MALFORMED)
		error = wrong(&check, 0, "it can not be read");
	else if (error == RECOURSE_OK)
		error = check_all(&check);
	pay_read_free(&check.read);
	return error;
}
