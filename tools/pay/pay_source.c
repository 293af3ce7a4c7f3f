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

static enum recourse_error ask(struct pay_source *source, const char *method, const struct buffer *params,
	struct recourse_bytes *reply)
{
	source->method = method;
	source->refusal = (struct recourse_refusal){.command = -1};
	if (buffer_failed(params))
		return RECOURSE_MEMORY;
	return recourse_client_query(source->client, method, buffer_slice(params), reply, &source->refusal);
}

static enum recourse_error ask_of(struct pay_source *source, const char *method, const char *name, slice id,
	struct recourse_bytes *reply)
{
	struct buffer params = {0};
	item_write_map(&params, 1);
	item_write_pair_text(&params, name, id);
	enum recourse_error error = ask(source, method, &params, reply);
	buffer_free(&params);
	return error;
}

static slice reply_slice(const struct recourse_bytes *reply)
{
	return slice_of(reply->data, reply->size);
}

static enum recourse_error copy_text(struct pay_batch *batch, slice map, const char *name, slice *copy)
{
	slice text;
	if (!member_text(map, name, &text))
		return RECOURSE_MALFORMED;
	return arena_copy(&batch->arena, text, copy);
}

static enum recourse_error read_origin(struct pay_source *source, struct pay_batch *batch)
{
	struct recourse_bytes reply = {0};
	source->method = "service.info";
	enum recourse_error error = recourse_client_call(
		source->client, source->method, slice_of(NULL, 0), &reply, &source->refusal);
	if (error == RECOURSE_OK)
		error = copy_text(batch, reply_slice(&reply), "origin", &batch->origin);
	recourse_bytes_free(&reply);
	return error;
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

static enum recourse_error read_rail(struct pay_source *source, struct pay_batch *batch, struct names *names)
{
	struct recourse_bytes reply = {0};
	enum recourse_error error = ask_of(source, "rail.show", "rail", batch->rail, &reply);
	if (error == RECOURSE_OK)
		error = take_rail(batch, reply_slice(&reply), names);
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

static enum recourse_error read_unit(struct pay_source *source, struct pay_batch *batch, slice code)
{
	struct recourse_bytes reply = {0};
	enum recourse_error error = ask_of(source, "unit.get", "unit", code, &reply);
	if (error == RECOURSE_OK)
		error = take_unit(batch, reply_slice(&reply));
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

/* `from` becomes where the next page begins; below 0 where there is none. */
static enum recourse_error take_page(
	struct pay_batch *batch, const struct names *names, slice page, int64_t *from)
{
	slice rows;
	struct item head;
	int64_t next = -1;
	if (!member_list(page, "payments", &rows, &head))
		return RECOURSE_MALFORMED;
	for (uint64_t row = 0; row < head.count; row++) {
		struct pay_order order = {0};
		slice map;
		TRY(item_read_whole(&rows, &map));
		TRY(take_payment(batch, names, map, &order));
		TRY(keep_payment(batch, &order));
	}
	if (member_integer(page, "next", &next) && next <= *from)
		return RECOURSE_MALFORMED;
	*from = next;
	return RECOURSE_OK;
}

static enum recourse_error read_page(
	struct pay_source *source, struct pay_batch *batch, const struct names *names, int64_t *from)
{
	struct buffer params = {0};
	struct recourse_bytes reply = {0};
	struct item_map map = item_map_open(&params);
	item_write_pair_text(&params, "batch", batch->id);
	item_write_pair_integer(&params, "limit", PAGE_PAYMENTS);
	if (*from > 0)
		item_write_pair_integer(&params, "from", *from);
	item_map_close(map, &params);
	enum recourse_error error = ask(source, "batch.payments", &params, &reply);
	if (error == RECOURSE_OK)
		error = take_page(batch, names, reply_slice(&reply), from);
	recourse_bytes_free(&reply);
	buffer_free(&params);
	return error;
}

static enum recourse_error read_payments(
	struct pay_source *source, struct pay_batch *batch, const struct names *names)
{
	int64_t from = 0;
	while (from >= 0)
		TRY(read_page(source, batch, names, &from));
	return RECOURSE_OK;
}

/* ---- all of it ---- */

static enum recourse_error take_batch(struct pay_source *source, struct pay_batch *batch, slice map)
{
	slice state;
	slice time;
	slice total;
	slice unit;
	int64_t count;
	int64_t lines;
	struct names names;
	if (!member_text(map, "state", &state) || !member_text(map, "unit", &unit) ||
		!member_text(map, "total", &total) || !member_integer(map, "count", &count) ||
		!member_integer(map, "lines", &lines) || lines < 1 || !member_text(map, "made", &time) ||
		instant_parse(time, &batch->time) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	if (!slice_is(state, "checked") && !slice_is(state, "sending") && !slice_is(state, "sent"))
		return RECOURSE_STATE_WRONG;
	batch->line_max = (uint64_t)lines; /* not what a later version of the rail says */
	TRY(copy_text(batch, map, "rail", &batch->rail));
	TRY(read_rail(source, batch, &names));
	TRY(read_unit(source, batch, unit));
	TRY(read_payments(source, batch, &names));
	source->method = "batch.show";
	int64_t steps;
	if (amount_parse(&batch->unit, total, &steps) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	for (size_t index = 0; index < pay_batch_count(batch); index++)
		batch->total += pay_batch_orders(batch)[index].steps;
	return pay_batch_count(batch) == (uint64_t)count && count > 0 && batch->total == steps
		       ? RECOURSE_OK
		       : RECOURSE_PROOF_WRONG;
}

enum recourse_error pay_source_read(struct pay_source *source, slice id, struct pay_batch *batch)
{
	struct recourse_bytes reply = {0};
	TRY(arena_copy(&batch->arena, id, &batch->id));
	TRY(read_origin(source, batch));
	enum recourse_error error = ask_of(source, "batch.show", "batch", id, &reply);
	if (error == RECOURSE_OK)
		error = take_batch(source, batch, reply_slice(&reply));
	recourse_bytes_free(&reply);
	return error;
}
