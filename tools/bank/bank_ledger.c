/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_ledger.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "member.h"
#include "members.h"

#include <stdio.h>

enum { RAILS_PAGE = 200 };

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
	slice group = slice_text("");
	(void)member_text(map, "group_status", &group);
	rail->exceptions = slice_is(group, "exceptions");
	rail->group_stands = rail->exceptions || slice_is(group, "stands");
	return index < PAYMENT_ID_ALPHABETS;
}

static enum recourse_error add_rail(void *context, slice row)
{
	struct bank_ledger *ledger = context;
	struct bank_ledger_rail rail;
	if (!take_rail(row, &rail))
		return RECOURSE_MALFORMED;
	buffer_append(&ledger->rails, &rail, sizeof rail);
	return buffer_failed(&ledger->rails) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error bank_ledger_open(struct bank_ledger *ledger, struct recourse_client *client)
{
	static const struct asking_list rails = {.method = "rail.list", .rows = "rails", .limit = RAILS_PAGE};
	SCOPED(buffer_free) struct buffer origin = {0};
	*ledger = (struct bank_ledger){.asking.client = client};
	TRY(asking_text(&ledger->asking, "service.info", "origin", &origin));
	if (origin.size >= sizeof ledger->origin)
		return RECOURSE_MALFORMED;
	memcpy(ledger->origin, origin.data, origin.size);
	return asking_rows(&ledger->asking, &rails, add_rail, ledger);
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

static const struct bank_ledger_rail *find_rail(const struct bank_ledger *ledger, const char *id)
{
	const struct bank_ledger_rail *rails = (const void *)ledger->rails.data;
	uint64_t number;
	for (size_t index = 0; index < ledger->rails.size / sizeof *rails; index++) {
		if (payment_id_read(slice_text(ledger->origin), slice_text(rails[index].name),
			    rails[index].alphabet, rails[index].length, slice_text(id),
			    &number) == RECOURSE_OK)
			return &rails[index];
	}
	return NULL;
}

/* All were refused, or taken on, and its rail has agreed that this is said of each of them; of exceptions alone, whatever is said. */
static enum bank_status said_of(const struct bank_ledger *ledger, const struct bank_item *item)
{
	bool final = strcmp(item->code, "RJCT") == 0 || strcmp(item->code, "ACSC") == 0;
	const struct bank_ledger_rail *rail = item->of_group ? find_rail(ledger, item->payment_id) : NULL;
	if (rail == NULL || !(rail->exceptions || (rail->group_stands && final)))
		return item->status;
	return bank_status_of(BANK_SCHEME_ISO20022, slice_text(item->code))->status;
}

enum bank_status bank_ledger_status(const struct bank_ledger *ledger, const struct bank_item *item)
{
	bool paid_before = strcmp(item->reason, "AM05") == 0 || strcmp(item->reason, "DUPL") == 0;
	enum bank_status status = said_of(ledger, item);
	return status == BANK_STATUS_REJECTED && paid_before ? BANK_STATUS_UNKNOWN : status;
}

/* ---- what it has ---- */

/* What is asked for by many names at once: each is a row of the answer, in its order. */
struct bank_ledger_sought {
	const char *method;
	const char *list; /* of the question and of the answer */
	const char *name; /* of the only member of a row of the question */
	bool (*fits)(const char *text);
	bool (*take)(slice *rows, void *found);
	size_t size; /* of what is found of one */
};

static void write_texts(const struct bank_ledger_sought *sought, const char *const *texts,
	const struct bank_ledger_question *question, struct buffer *params)
{
	item_write_key(params, sought->list);
	item_write_array(params, question->count);
	for (size_t index = 0; index < question->count; index++) {
		item_write_map(params, 1);
		item_write_pair_text(params, sought->name, slice_text(texts[question->places[index]]));
	}
}

static enum recourse_error ask(
	struct bank_ledger *ledger, const char *const *texts, struct bank_ledger_question *question)
{
	const struct bank_ledger_sought *sought = question->sought;
	SCOPED(buffer_free) struct buffer params = {0};
	bool first = strlen(sought->list) < strlen("detail"); /* in order, so that nothing is moved */
	item_write_map(&params, 2);
	if (!first)
		item_write_pair_text(&params, "detail", slice_text("brief"));
	write_texts(sought, texts, question, &params);
	if (first)
		item_write_pair_text(&params, "detail", slice_text("brief"));
	return asking_send(&ledger->asking, sought->method, &params, &question->pending);
}

static enum recourse_error send(struct bank_ledger *ledger, const struct bank_ledger_sought *sought,
	const char *const *texts, size_t count, struct bank_ledger_question *question)
{
	question->sought = sought;
	question->pending = NULL;
	question->of = count;
	question->count = 0;
	for (size_t index = 0; index < count; index++) {
		if (sought->fits(texts[index]))
			question->places[question->count++] = index;
	}
	return question->count == 0 ? RECOURSE_OK : ask(ledger, texts, question);
}

static enum recourse_error take_answer(
	slice answer, const struct bank_ledger_question *question, uint8_t *found)
{
	const struct bank_ledger_sought *sought = question->sought;
	struct item head;
	slice rows;
	if (!member_list(answer, sought->list, &rows, &head) || head.count != question->count)
		return RECOURSE_MALFORMED;
	for (size_t index = 0; index < question->count; index++) {
		if (!sought->take(&rows, found + question->places[index] * sought->size))
			return RECOURSE_MALFORMED;
	}
	return RECOURSE_OK;
}

enum recourse_error bank_ledger_answer(
	struct bank_ledger *ledger, struct bank_ledger_question *question, void *found)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct recourse_pending *pending = question->pending;
	memset(found, 0, question->of * question->sought->size);
	question->pending = NULL;
	if (pending == NULL)
		return RECOURSE_OK;
	TRY(asking_wait(&ledger->asking, question->sought->method, pending, &reply));
	return take_answer(asking_slice(&reply), question, found);
}

void bank_ledger_forget(struct bank_ledger_question *question)
{
	struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	if (question->pending != NULL)
		(void)recourse_client_wait(question->pending, &reply, &refusal);
	recourse_bytes_free(&reply);
	question->pending = NULL;
}

static enum recourse_error find_each(struct bank_ledger *ledger, const struct bank_ledger_sought *sought,
	const char *const *texts, size_t count, void *found)
{
	struct bank_ledger_question question;
	for (size_t done = 0; done < count; done += question.of) {
		size_t page = count - done < BANK_LEDGER_PAGE ? count - done : BANK_LEDGER_PAGE;
		TRY(send(ledger, sought, texts + done, page, &question));
		TRY(bank_ledger_answer(ledger, &question, (uint8_t *)found + done * sought->size));
	}
	return RECOURSE_OK;
}

/* No rail has longer ones: it can be none of ours. */
static bool may_be_id(const char *id)
{
	size_t size = strlen(id);
	return size > 0 && size <= PAYMENT_ID_MAX;
}

static bool take_text(slice member, char *out, size_t size)
{
	slice text;
	if (!members_text(member, &text) || text.size >= size)
		return false;
	memcpy(out, text.data, text.size);
	out[text.size] = '\0';
	return true;
}

/* What has no place here is passed over. */
static bool take_member(slice name, slice member, struct bank_ledger_payment *payment)
{
	uint64_t number;
	if (slice_is(name, "claim"))
		return take_text(member, payment->claim, sizeof payment->claim);
	if (slice_is(name, "amount"))
		return take_text(member, payment->amount, sizeof payment->amount);
	if (slice_is(name, "unit"))
		return take_text(member, payment->unit, sizeof payment->unit);
	if (slice_is(name, "state"))
		return take_text(member, payment->state, sizeof payment->state);
	if (slice_is(name, "order"))
		return item_read_number(&member, &payment->order);
	if (slice_is(name, "ended_entry"))
		return payment->ended = item_read_number(&member, &number);
	return true;
}

/*
 * Its members one by one, and not each by its name: there is a row for each line of a file. One without members is not known; where it
 * has no state it is instructed.
 */
static bool take_payment(slice *rows, void *found)
{
	struct bank_ledger_payment *payment = found;
	struct members members;
	slice name;
	slice member;
	if (!members_open(*rows, &members))
		return false;
	while (members_next(&members, &name, &member)) {
		if (!take_member(name, member, payment))
			return false;
		payment->found = true;
	}
	*rows = members.reader;
	if (payment->found && payment->state[0] == '\0')
		memcpy(payment->state, "instructed", sizeof "instructed");
	return !payment->found || (payment->claim[0] != '\0' && payment->order != 0 &&
					  payment->amount[0] != '\0' && payment->unit[0] != '\0');
}

static const struct bank_ledger_sought sought_payments = {.method = "payment.find_each",
	.list = "payments",
	.name = "payment_id",
	.fits = may_be_id,
	.take = take_payment,
	.size = sizeof(struct bank_ledger_payment)};

enum recourse_error bank_ledger_payments(struct bank_ledger *ledger, const char *const *ids, size_t count,
	struct bank_ledger_payment *payments)
{
	return find_each(ledger, &sought_payments, ids, count, payments);
}

enum recourse_error bank_ledger_ask_payments(struct bank_ledger *ledger, const char *const *ids, size_t count,
	struct bank_ledger_question *question)
{
	return send(ledger, &sought_payments, ids, count, question);
}

static bool may_be_line(const char *reference)
{
	return text_is_id(slice_text(reference));
}

static bool take_line(slice *rows, void *found)
{
	struct bank_ledger_line *line = found;
	struct members members;
	slice row;
	slice left;
	slice direction;
	if (item_read_unread(rows, &row) != RECOURSE_OK || !members_open(row, &members))
		return false;
	line->found = members.left > 0;
	if (!line->found)
		return true;
	line->stated = take(row, "day", line->day, sizeof line->day);
	(void)take_number(row, "statement", &line->statement);
	(void)take_number(row, "notice", &line->notice);
	if (!member_text(row, "left", &left) || !member_text(row, "direction", &direction) ||
		!take(row, "amount", line->amount, sizeof line->amount) ||
		!take(row, "unit", line->unit, sizeof line->unit))
		return false;
	line->credit = slice_is(direction, "credit");
	line->booked = true;
	for (size_t index = 0; index < left.size; index++)
		line->booked &= left.data[index] == '0' || left.data[index] == '.';
	return true;
}

static const struct bank_ledger_sought sought_lines = {.method = "bank.find_each",
	.list = "lines",
	.name = "line",
	.fits = may_be_line,
	.take = take_line,
	.size = sizeof(struct bank_ledger_line)};

enum recourse_error bank_ledger_lines(struct bank_ledger *ledger, const char *const *references, size_t count,
	struct bank_ledger_line *lines)
{
	return find_each(ledger, &sought_lines, references, count, lines);
}

enum recourse_error bank_ledger_ask_lines(struct bank_ledger *ledger, const char *const *references,
	size_t count, struct bank_ledger_question *question)
{
	return send(ledger, &sought_lines, references, count, question);
}

enum recourse_error bank_ledger_file(
	struct bank_ledger *ledger, const struct crypto_hash *hash, struct bank_ledger_file *file)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	char text[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(hash->bytes, sizeof hash->bytes, text);
	*file = (struct bank_ledger_file){.found = false};
	enum recourse_error error =
		asking_of(&ledger->asking, "bank_file.show", "hash", slice_text(text), &reply);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	file->found = true;
	slice map = asking_slice(&reply);
	bool sound = (take(map, "file", file->file, sizeof file->file) &&
		      take(map, "state", file->state, sizeof file->state) &&
		      take_number(map, "entry", &file->entry) && take_number(map, "pieces", &file->pieces) &&
		      take_number(map, "lines_left", &file->lines_left) &&
		      take(map, "credit_left", file->credit_left, sizeof file->credit_left) &&
		      take(map, "debit_left", file->debit_left, sizeof file->debit_left));
	return sound ? RECOURSE_OK : RECOURSE_MALFORMED;
}
