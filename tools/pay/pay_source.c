/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_source.h"

#include "base/instant.h"
#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "member.h"
#include "proof/payment_id.h"

enum { PAGE_PAYMENTS = 500 };

/* What the rail says of the form of its payments' ids. */
struct names {
	enum payment_id_alphabet alphabet;
	uint32_t length;
};

static enum recourse_error copy_text(struct pay_batch *batch, slice map, const char *name, slice *copy)
{
	slice text;
	if (!member_text(map, name, &text))
		return RECOURSE_MALFORMED;
	return arena_copy(&batch->arena, text, copy);
}

static enum recourse_error read_origin(struct asking *asking, struct pay_batch *batch)
{
	SCOPED(buffer_free) struct buffer origin = {0};
	TRY(asking_text(asking, "service.info", "origin", &origin));
	return arena_copy(&batch->arena, buffer_slice(&origin), &batch->origin);
}

static enum recourse_error take_rail(struct pay_batch *batch, slice map, struct names *names)
{
	int64_t length;
	slice alphabet;
	TRY(copy_text(batch, map, "kind", &batch->kind));
	if (!member_integer(map, "id_length", &length) || length < PAYMENT_ID_MIN ||
		length > PAYMENT_ID_MAX || !member_text(map, "id_alphabet", &alphabet))
		return RECOURSE_MALFORMED;
	names->length = (uint32_t)length;
	size_t index = 0;
	while (payment_id_alphabets[index] != NULL && !slice_is(alphabet, payment_id_alphabets[index]))
		index++;
	names->alphabet = (enum payment_id_alphabet)index;
	return index < PAYMENT_ID_ALPHABETS ? RECOURSE_OK : RECOURSE_MALFORMED;
}

static enum recourse_error read_rail(struct asking *asking, struct pay_batch *batch, struct names *names)
{
	struct recourse_bytes reply = {0};
	enum recourse_error error = asking_of(asking, "rail.show", "rail", batch->rail, &reply);
	if (error == RECOURSE_OK)
		error = take_rail(batch, asking_slice(&reply), names);
	recourse_bytes_free(&reply);
	return error;
}

static enum recourse_error take_unit(struct pay_batch *batch, slice map)
{
	int64_t digits;
	int64_t step;
	slice code;
	if (!member_text(map, "unit", &code) || !member_integer(map, "digits", &digits) ||
		!member_integer(map, "step", &step))
		return RECOURSE_MALFORMED;
	return unit_define(code, digits, step, &batch->unit) == RECOURSE_OK ? RECOURSE_OK
									    : RECOURSE_MALFORMED;
}

static enum recourse_error read_unit(struct asking *asking, struct pay_batch *batch, slice code)
{
	struct recourse_bytes reply = {0};
	enum recourse_error error = asking_of(asking, "unit.get", "unit", code, &reply);
	if (error == RECOURSE_OK)
		error = take_unit(batch, asking_slice(&reply));
	recourse_bytes_free(&reply);
	return error;
}

/* ---- its payments ---- */

static enum recourse_error take_payment(
	const struct pay_batch *batch, const struct names *names, slice map, struct pay_order *order)
{
	slice hash;
	slice amount;
	int64_t number;
	uint64_t read;
	if (!member_text(map, "payment_id", &order->payment_id) ||
		!member_text(map, "claim", &order->claim) || !member_text(map, "payee", &order->payee) ||
		!member_text(map, "account_hash", &hash) || !member_text(map, "amount", &amount) ||
		!member_integer(map, "order", &number) ||
		amount_parse(&batch->unit, amount, &order->steps) != RECOURSE_OK ||
		text_from_hex(hash, order->mark, sizeof order->mark) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	order->number = (uint64_t)number;
	if (payment_id_read(batch->origin, batch->rail, names->alphabet, names->length, order->payment_id,
		    &read) != RECOURSE_OK ||
		read != order->number)
		return RECOURSE_PROOF_WRONG;
	return RECOURSE_OK;
}

/* Texts of the reply do not last. */
static enum recourse_error keep_payment(struct pay_batch *batch, struct pay_order *order)
{
	TRY(arena_copy(&batch->arena, order->payment_id, &order->payment_id));
	TRY(arena_copy(&batch->arena, order->claim, &order->claim));
	TRY(arena_copy(&batch->arena, order->payee, &order->payee));
	buffer_append(&batch->orders, order, sizeof *order);
	return buffer_failed(&batch->orders) ? RECOURSE_MEMORY : RECOURSE_OK;
}

struct payments {
	struct pay_batch *batch;
	const struct names *names;
};

static enum recourse_error add_payment(void *context, slice row)
{
	struct payments *payments = context;
	struct pay_order order = {0};
	TRY(take_payment(payments->batch, payments->names, row, &order));
	return keep_payment(payments->batch, &order);
}

static enum recourse_error read_payments(
	struct asking *asking, struct pay_batch *batch, const struct names *names)
{
	const struct asking_list list = {.method = "batch.payments",
		.name = "batch",
		.text = batch->id,
		.rows = "payments",
		.limit = PAGE_PAYMENTS};
	struct payments payments = {batch, names};
	return asking_rows(asking, &list, add_payment, &payments);
}

/* ---- all of it ---- */

static enum recourse_error take_batch(struct asking *asking, struct pay_batch *batch, slice map)
{
	slice state;
	slice time;
	slice total;
	slice unit;
	int64_t count;
	int64_t lines;
	int64_t entry;
	char last[MESSAGE_ID_SIZE + 1];
	struct names names;
	if (!member_text(map, "state", &state) || !member_text(map, "unit", &unit) ||
		!member_text(map, "total", &total) || !member_integer(map, "count", &count) ||
		!member_integer(map, "lines", &lines) || lines < 1 ||
		!member_integer(map, "made_entry", &entry) || entry < 1 || !member_text(map, "made", &time) ||
		instant_parse(time, &batch->time) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	if (!slice_is(state, "checked") && !slice_is(state, "sending") && !slice_is(state, "sent"))
		return RECOURSE_STATE_WRONG;
	batch->line_max = (uint64_t)lines; /* not what a later version of the rail says */
	batch->entry = (uint64_t)entry;
	TRY(copy_text(batch, map, "rail", &batch->rail));
	TRY(read_rail(asking, batch, &names));
	TRY(read_unit(asking, batch, unit));
	TRY(read_payments(asking, batch, &names));
	asking->method = "batch.show";
	int64_t steps;
	if (amount_parse(&batch->unit, total, &steps) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	for (size_t index = 0; index < pay_batch_count(batch); index++)
		batch->total += pay_batch_orders(batch)[index].steps;
	TRY(message_id_make(batch->origin, batch->rail, batch->entry, pay_batch_parts(batch), last));
	return pay_batch_count(batch) == (uint64_t)count && count > 0 && batch->total == steps
		       ? RECOURSE_OK
		       : RECOURSE_PROOF_WRONG;
}

enum recourse_error pay_source_read(struct asking *asking, slice id, struct pay_batch *batch)
{
	struct recourse_bytes reply = {0};
	TRY(arena_copy(&batch->arena, id, &batch->id));
	TRY(read_origin(asking, batch));
	enum recourse_error error = asking_of(asking, "batch.show", "batch", id, &reply);
	if (error == RECOURSE_OK)
		error = take_batch(asking, batch, asking_slice(&reply));
	recourse_bytes_free(&reply);
	return error;
}
