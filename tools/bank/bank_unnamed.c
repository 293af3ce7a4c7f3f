/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_unnamed.h"

#include "bank/bank_amount.h"
#include "base/try.h"
#include "member.h"
#include "proof/message_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAYMENTS_PAGE = 500 };

struct named {
	char id[PAYMENT_ID_MAX + 1]; /* cut off where it is longer, and then none of ours */
	uint64_t line;
};

enum recourse_error bank_unnamed_add(struct bank_unnamed *unnamed, const struct bank_item *item)
{
	struct named row = {.line = item->line};
	if (item->kind != BANK_ITEM_STATUS)
		return RECOURSE_OK;
	snprintf(row.id, sizeof row.id, "%.*s", PAYMENT_ID_MAX, item->payment_id);
	return spool_append(&unnamed->named, &row, sizeof row);
}

void bank_unnamed_free(struct bank_unnamed *unnamed)
{
	spool_free(&unnamed->named);
}

/* ---- which file it is of ---- */

/* The file that the message was; its payments, as they were ordered. */
struct file {
	struct bank_ledger *ledger;
	const char *message; /* that is looked for */
	bool found;
	bool agreed; /* of its rail */
	char batch[TEXT_ID_SIZE + 1];
	uint64_t number;
	uint64_t first; /* of the batch's payments, from 0 */
	uint64_t count;
	uint64_t passed; /* payments of the batch that were read */
	struct unit unit;
	amount_sum total;
	struct buffer payments; /* of struct payment */
};

struct payment {
	char id[PAYMENT_ID_MAX + 1];
	bool named;
};

static size_t count_payments(const struct file *file)
{
	return file->payments.size / sizeof(struct payment);
}

static bool has_agreed(const struct bank_ledger *ledger, slice rail)
{
	const struct bank_ledger_rail *rails = (const void *)ledger->rails.data;
	bool agreed = false;
	for (size_t index = 0; index < ledger->rails.size / sizeof *rails; index++)
		agreed |= rails[index].exceptions && (rail.size == 0 || slice_is(rail, rails[index].name));
	return agreed;
}

/* A batch's files follow from how many payments it has, and how many a file has at most. */
static enum recourse_error take_batch(struct file *file, slice map)
{
	slice batch;
	slice rail;
	int64_t count;
	int64_t lines;
	int64_t number;
	if (!member_text(map, "batch", &batch) || batch.size > TEXT_ID_SIZE ||
		!member_text(map, "rail", &rail) || !member_integer(map, "count", &count) ||
		!member_integer(map, "lines", &lines) || !member_integer(map, "file", &number) || lines < 1 ||
		number < 1 || count < 1 || number - 1 > (count - 1) / lines)
		return RECOURSE_MALFORMED;
	int64_t first = (number - 1) * lines;
	file->found = true;
	file->agreed = has_agreed(file->ledger, rail);
	memcpy(file->batch, batch.data, batch.size);
	file->number = (uint64_t)number;
	file->first = (uint64_t)first;
	file->count = (uint64_t)(count - first < lines ? count - first : lines);
	return RECOURSE_OK;
}

static enum recourse_error take_payment(void *context, slice row)
{
	struct file *file = context;
	struct payment payment = {.named = false};
	slice id;
	slice unit;
	slice amount;
	int64_t steps;
	uint64_t place = file->passed++;
	if (place < file->first || place - file->first >= file->count)
		return RECOURSE_OK;
	if (!member_text(row, "payment_id", &id) || id.size > PAYMENT_ID_MAX ||
		!member_text(row, "unit", &unit) || unit_currency(unit, &file->unit) != RECOURSE_OK ||
		!member_text(row, "amount", &amount) ||
		amount_parse(&file->unit, amount, &steps) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	memcpy(payment.id, id.data, id.size);
	file->total += steps;
	buffer_append(&file->payments, &payment, sizeof payment);
	return buffer_failed(&file->payments) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* What is longer or shorter is no name of ours, and not asked for. */
static enum recourse_error find_file(struct file *file)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	slice message = slice_text(file->message);
	if (message.size != MESSAGE_ID_SIZE)
		return RECOURSE_OK;
	enum recourse_error error =
		asking_of(&file->ledger->asking, "batch.show", "message_id", message, &reply);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	TRY(error);
	return take_batch(file, asking_slice(&reply));
}

static enum recourse_error read_payments(struct file *file)
{
	const struct asking_list payments = {.method = "batch.payments",
		.name = "batch",
		.text = slice_text(file->batch),
		.rows = "payments",
		.limit = PAYMENTS_PAGE};
	TRY(asking_rows(&file->ledger->asking, &payments, take_payment, file));
	return count_payments(file) == file->count ? RECOURSE_OK : RECOURSE_MALFORMED;
}

/* ---- whether it fits ---- */

struct check {
	const struct file *file;
	const struct bank_statement *report;
	struct bank_problems *differences;
};

static void differ(const struct check *check, enum recourse_error error, const char *what, const char *said)
{
	bank_problem_add(check->differences, check->report->line, "", error,
		"%s %s, and file %" PRIu64 " of batch %s has %" PRIu64 " payments", what, said,
		check->file->number, check->file->batch, check->file->count);
}

static void check_count(const struct check *check, const struct bank_whole *whole)
{
	char said[24];
	snprintf(said, sizeof said, "%" PRIu64, whole->count);
	if (whole->counted && whole->count != check->file->count)
		differ(check, RECOURSE_SHARES_WRONG, "OrgnlNbOfTxs is", said);
}

static void check_sum(const struct check *check, const struct bank_whole *whole)
{
	char total[AMOUNT_SUM_TEXT_SIZE];
	const char *why;
	int64_t sum;
	enum recourse_error error =
		bank_amount_read_sum(&check->file->unit, slice_text(whole->sum), &sum, &why);
	if (whole->sum[0] == '\0' || (error == RECOURSE_OK && sum == check->file->total))
		return;
	amount_format_sum(&check->file->unit, check->file->total, total);
	bank_problem_add(check->differences, check->report->line, "", RECOURSE_SHARES_WRONG,
		"OrgnlCtrlSum is %s, and file %" PRIu64 " of batch %s comes to %s", whole->sum,
		check->file->number, check->file->batch, total);
}

/* Of the batches in a message a file has one, by the message's name. */
static void check_batch(const struct check *check)
{
	char own[BANK_ITEM_TEXT_SIZE];
	const struct bank_statement *report = check->report;
	snprintf(own, sizeof own, "%.*s-1", MESSAGE_ID_SIZE, report->message.id);
	if (report->batches > 1)
		differ(check, RECOURSE_NOT_PERMITTED, "it tells of several batches (OrgnlPmtInfId), one is",
			report->batch.id);
	else if (report->batches == 1 && strcmp(report->batch.id, own) != 0)
		differ(check, RECOURSE_NOT_FOUND, "it tells of another batch (OrgnlPmtInfId),",
			report->batch.id);
}

static int compare_ids(const void *first, const void *second)
{
	return strcmp(*(const char *const *)first, *(const char *const *)second);
}

static enum recourse_error mark_each(
	const struct bank_unnamed *unnamed, const struct check *check, char **ids, uint64_t *marked)
{
	struct named row;
	for (uint64_t at = 0; at < unnamed->named.size; at += sizeof row) {
		TRY(spool_read(&unnamed->named, at, &row, sizeof row));
		const char *id = row.id;
		char **found = bsearch(&id, ids, (size_t)check->file->count, sizeof *ids, compare_ids);
		if (found == NULL) {
			bank_problem_add(check->differences, row.line, "", RECOURSE_NOT_FOUND,
				"payment %s is not in file %" PRIu64 " of batch %s, of which that is said",
				row.id, check->file->number, check->file->batch);
			continue;
		}
		/* its id is the first member */
		struct payment *payment = (struct payment *)(void *)*found;
		*marked += !payment->named;
		payment->named = true;
	}
	return RECOURSE_OK;
}

static enum recourse_error mark_named(
	const struct bank_unnamed *unnamed, const struct check *check, uint64_t *marked)
{
	const struct file *file = check->file;
	struct payment *payments = (struct payment *)(void *)file->payments.data;
	char **ids = calloc((size_t)file->count, sizeof *ids);
	if (ids == NULL)
		return RECOURSE_MEMORY;
	for (uint64_t index = 0; index < file->count; index++)
		ids[index] = payments[index].id;
	qsort(ids, (size_t)file->count, sizeof *ids, compare_ids);
	enum recourse_error error = mark_each(unnamed, check, ids, marked);
	free(ids);
	return error;
}

static enum recourse_error check_all(const struct bank_unnamed *unnamed, const struct check *check)
{
	uint64_t before = check->differences->count;
	uint64_t marked = 0;
	check_count(check, &check->report->message);
	check_count(check, &check->report->batch);
	check_sum(check, &check->report->message);
	check_sum(check, &check->report->batch);
	check_batch(check);
	TRY(mark_named(unnamed, check, &marked));
	if (check->differences->count == before && check->file->count - marked != check->report->unnamed)
		bank_problem_add(check->differences, check->report->line, "", RECOURSE_SHARES_WRONG,
			"%" PRIu64 " payments are not named, and %" PRIu64 " of file %" PRIu64 " of batch %s",
			check->report->unnamed, check->file->count - marked, check->file->number,
			check->file->batch);
	return RECOURSE_OK;
}

/* ---- what is said of them ---- */

static enum bank_status status_of(const struct bank_whole *whole)
{
	return whole->code[0] == '\0' ? BANK_STATUS_NONE
				      : bank_status_of(BANK_SCHEME_ISO20022, slice_text(whole->code))->status;
}

/* Of the batch, where that has a status; NULL: nothing that could be said of each. */
static const struct bank_whole *said_of_all(
	const struct bank_statement *report, struct bank_problems *differences)
{
	enum bank_status of_batch = status_of(&report->batch);
	enum bank_status of_message = status_of(&report->message);
	const struct bank_whole *whole = of_batch == BANK_STATUS_NONE ? &report->message : &report->batch;
	enum bank_status status = of_batch == BANK_STATUS_NONE ? of_message : of_batch;
	if (status != BANK_STATUS_ACCEPTED && status != BANK_STATUS_REJECTED)
		return NULL;
	if (of_message == BANK_STATUS_NONE || of_message == status)
		return whole;
	bank_problem_add(differences, report->line, "", RECOURSE_STATE_WRONG,
		"payments that it does not name are %s by the message, and %s by its batch",
		report->message.code, report->batch.code);
	return NULL;
}

static enum recourse_error hand_out(const struct file *file, const struct bank_statement *report,
	const struct bank_whole *whole, bank_unnamed_visitor *visit, void *context)
{
	const struct payment *payments = (const void *)file->payments.data;
	struct bank_item item = {.kind = BANK_ITEM_STATUS, .line = report->line, .status = status_of(whole)};
	memcpy(item.code, whole->code, sizeof item.code);
	memcpy(item.reason, whole->reason, sizeof item.reason);
	memcpy(item.message_id, report->message.id, sizeof item.message_id);
	memcpy(item.batch_id, report->batch.id, sizeof item.batch_id);
	for (size_t index = 0; index < count_payments(file); index++) {
		if (payments[index].named)
			continue;
		memcpy(item.payment_id, payments[index].id, sizeof payments[index].id);
		TRY(visit(context, &item));
	}
	return RECOURSE_OK;
}

static void free_file(struct file *file)
{
	buffer_free(&file->payments);
}

enum recourse_error bank_unnamed_visit(struct bank_unnamed *unnamed, struct bank_ledger *ledger,
	const struct bank_statement *report, struct bank_problems *differences, bank_unnamed_visitor *visit,
	void *context, uint64_t *told)
{
	SCOPED(free_file) struct file file = {.ledger = ledger, .message = report->message.id};
	const struct check check = {&file, report, differences};
	uint64_t before = differences->count;
	*told = 0;
	if (report->unnamed == 0 || !has_agreed(ledger, slice_text("")))
		return RECOURSE_OK;
	const struct bank_whole *whole = said_of_all(report, differences);
	if (whole == NULL)
		return RECOURSE_OK;
	TRY(find_file(&file));
	if (!file.found)
		bank_problem_add(differences, report->line, "", RECOURSE_NOT_FOUND,
			"message %s is no file of a batch that this custodian has to pay",
			report->message.id);
	if (!file.found || !file.agreed)
		return RECOURSE_OK;
	TRY(read_payments(&file));
	TRY(check_all(unnamed, &check));
	if (differences->count > before)
		return RECOURSE_OK;
	*told = report->unnamed;
	return hand_out(&file, report, whole, visit, context);
}
