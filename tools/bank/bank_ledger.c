/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_ledger.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "member.h"

#include <stdio.h>

enum { RAILS_MAX = 200 };

static enum recourse_error ask(struct bank_ledger *ledger, const char *method, const struct buffer *params,
	struct recourse_bytes *reply)
{
	ledger->method = method;
	ledger->refusal = (struct recourse_refusal){.command = -1};
	if (buffer_failed(params))
		return RECOURSE_MEMORY;
	return recourse_client_query(ledger->client, method, buffer_slice(params), reply, &ledger->refusal);
}

/* `*found` is false where the answer is that there is none, or that such an id can be none. */
static enum recourse_error look(struct bank_ledger *ledger, const char *method, const char *name, slice value,
	struct recourse_bytes *reply, bool *found)
{
	SCOPED(buffer_free) struct buffer params = {0};
	item_write_map(&params, 1);
	item_write_pair_text(&params, name, value);
	enum recourse_error error = ask(ledger, method, &params, reply);
	*found = error == RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static slice reply_slice(const struct recourse_bytes *reply)
{
	return slice_of(reply->data, reply->size);
}

static bool take(slice map, const char *name, char *out, size_t size)
{
	slice text;
	if (!member_text(map, name, &text) || text.size >= size)
		return false;
	memcpy(out, text.data, text.size);
	out[text.size] = '\0';
	return true;
}

static bool take_number(slice map, const char *name, uint64_t *number)
{
	int64_t integer;
	if (!member_integer(map, name, &integer) || integer < 0)
		return false;
	*number = (uint64_t)integer;
	return true;
}

/* ---- what it is ---- */

static bool take_rail(slice map, struct bank_ledger_rail *rail)
{
	uint64_t length;
	slice alphabet;
	size_t index = 0;
	if (!take(map, "rail", rail->name, sizeof rail->name) || !take_number(map, "id_length", &length) ||
		length < PAYMENT_ID_MIN || length > PAYMENT_ID_MAX ||
		!member_text(map, "id_alphabet", &alphabet))
		return false;
	rail->length = (uint32_t)length;
	while (payment_id_alphabets[index] != NULL && !slice_is(alphabet, payment_id_alphabets[index]))
		index++;
	rail->alphabet = (enum payment_id_alphabet)index;
	return index < PAYMENT_ID_ALPHABETS;
}

static enum recourse_error take_rails(struct bank_ledger *ledger, slice map)
{
	slice reader;
	slice row;
	struct item head;
	struct bank_ledger_rail rail;
	if (!member_list(map, "rails", &reader, &head))
		return RECOURSE_MALFORMED;
	for (uint64_t index = 0; index < head.count; index++) {
		if (item_read_whole(&reader, &row) != RECOURSE_OK || !take_rail(row, &rail))
			return RECOURSE_MALFORMED;
		buffer_append(&ledger->rails, &rail, sizeof rail);
	}
	return buffer_failed(&ledger->rails) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error bank_ledger_open(struct bank_ledger *ledger, struct recourse_client *client)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes info = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes rails = {0};
	SCOPED(buffer_free) struct buffer params = {0};
	*ledger =
		(struct bank_ledger){.client = client, .method = "service.info", .refusal = {.command = -1}};
	TRY(recourse_client_call(client, ledger->method, slice_of(NULL, 0), &info, &ledger->refusal));
	if (!take(reply_slice(&info), "origin", ledger->origin, sizeof ledger->origin))
		return RECOURSE_MALFORMED;
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "limit", RAILS_MAX);
	TRY(ask(ledger, "rail.list", &params, &rails));
	return take_rails(ledger, reply_slice(&rails));
}

void bank_ledger_close(struct bank_ledger *ledger)
{
	buffer_free(&ledger->rails);
}

enum bank_ledger_whose bank_ledger_whose(const struct bank_ledger *ledger, const char *id)
{
	const struct bank_ledger_rail *rails = (const void *)ledger->rails.data;
	enum bank_ledger_whose whose = BANK_LEDGER_NOBODYS;
	uint64_t number;
	for (size_t index = 0; index < ledger->rails.size / sizeof *rails; index++) {
		enum recourse_error error =
			payment_id_read(slice_text(ledger->origin), slice_text(rails[index].name),
				rails[index].alphabet, rails[index].length, slice_text(id), &number);
		if (error == RECOURSE_OK)
			return BANK_LEDGER_OWN;
		if (error == RECOURSE_SIGNATURE_INVALID)
			whose = BANK_LEDGER_FOREIGN;
	}
	return whose;
}

/* ---- what it has ---- */

enum recourse_error bank_ledger_payment(
	struct bank_ledger *ledger, const char *id, struct bank_ledger_payment *payment)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	*payment = (struct bank_ledger_payment){.found = false};
	/* No rail has longer ones: it can be none of ours. */
	if (strlen(id) > PAYMENT_ID_MAX)
		return RECOURSE_OK;
	TRY(look(ledger, "payment.find", "payment_id", slice_text(id), &reply, &payment->found));
	slice map = reply_slice(&reply);
	uint64_t ended;
	payment->ended = payment->found && take_number(map, "ended_entry", &ended);
	bool sound =
		!payment->found || (take(map, "claim", payment->claim, sizeof payment->claim) &&
					   take_number(map, "order", &payment->order) &&
					   take(map, "amount", payment->amount, sizeof payment->amount) &&
					   take(map, "unit", payment->unit, sizeof payment->unit) &&
					   take(map, "state", payment->state, sizeof payment->state));
	return sound ? RECOURSE_OK : RECOURSE_MALFORMED;
}

enum recourse_error bank_ledger_line(
	struct bank_ledger *ledger, const char *reference, struct bank_ledger_line *line)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	slice reader;
	slice row;
	slice left;
	slice direction;
	struct item head;
	bool found;
	*line = (struct bank_ledger_line){.found = false};
	TRY(look(ledger, "report.bank_lines", "line", slice_text(reference), &reply, &found));
	if (!found)
		return RECOURSE_OK;
	if (!member_list(reply_slice(&reply), "lines", &reader, &head))
		return RECOURSE_MALFORMED;
	if (head.count == 0)
		return RECOURSE_OK;
	line->found = true;
	bool sound = item_read_whole(&reader, &row) == RECOURSE_OK && member_text(row, "left", &left) &&
		     member_text(row, "direction", &direction) &&
		     take(row, "amount", line->amount, sizeof line->amount) &&
		     take(row, "unit", line->unit, sizeof line->unit);
	if (!sound)
		return RECOURSE_MALFORMED;
	line->stated = take(row, "day", line->day, sizeof line->day);
	(void)take_number(row, "statement", &line->statement);
	(void)take_number(row, "notice", &line->notice);
	line->credit = slice_is(direction, "credit");
	line->booked = true;
	for (size_t index = 0; index < left.size; index++)
		line->booked &= left.data[index] == '0' || left.data[index] == '.';
	return RECOURSE_OK;
}

enum recourse_error bank_ledger_file(
	struct bank_ledger *ledger, const struct crypto_hash *hash, struct bank_ledger_file *file)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	char text[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(hash->bytes, sizeof hash->bytes, text);
	*file = (struct bank_ledger_file){.found = false};
	TRY(look(ledger, "bank_file.show", "hash", slice_text(text), &reply, &file->found));
	slice map = reply_slice(&reply);
	bool sound = !file->found || (take(map, "file", file->file, sizeof file->file) &&
					     take(map, "state", file->state, sizeof file->state) &&
					     take_number(map, "entry", &file->entry) &&
					     take_number(map, "pieces", &file->pieces) &&
					     take_number(map, "lines_left", &file->lines_left));
	return sound ? RECOURSE_OK : RECOURSE_MALFORMED;
}
