/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/bank/bank_read.h"
#include "base/text.h"
#include "fuzz.h"

/* What is handed out of a file, and whether it holds together. */
struct handed {
	amount_sum credit;
	amount_sum debit;
	uint64_t items;
	uint64_t statements;
};

static void check_text(const char *text)
{
	require(text_is_clean(slice_text(text)));
}

static void take_item(void *context, const struct bank_item *item)
{
	struct handed *handed = context;
	handed->items++;
	require(item->kind < BANK_ITEM_KINDS && (!item->amount_known || item->steps > 0));
	check_text(item->payment_id);
	check_text(item->reference);
	check_text(item->message_id);
	check_text(item->batch_id);
	check_text(item->code);
	check_text(item->reason);
	if (item->kind == BANK_ITEM_STATUS || item->kind == BANK_ITEM_GROUP) {
		require(item->status != BANK_STATUS_NONE);
		return;
	}
	require(item->amount_known && item->entry > 0);
	if (item->kind == BANK_ITEM_PENDING)
		return;
	if (item->credit)
		handed->credit += item->steps;
	else
		handed->debit += item->steps;
}

/* The items of a statement are its sums, and a sound one's are the difference of its balances. */
static void take_statement(void *context, const struct bank_statement *statement)
{
	struct handed *handed = context;
	handed->statements++;
	require(statement->credit == handed->credit && statement->debit == handed->debit);
	check_text(statement->id);
	check_text(statement->account);
	handed->credit = 0;
	handed->debit = 0;
}

static void read_bytes(slice bytes, struct bank_columns *columns)
{
	SCOPED(bank_reading_free) struct bank_reading reading = {0};
	struct handed handed = {0};
	struct crypto_hash hash;
	reading.visit =
		(struct bank_visit){.item = take_item, .statement = take_statement, .context = &handed};
	require(bank_read_bytes(bytes, columns, &reading) == RECOURSE_OK);
	require(handed.items == reading.items && handed.statements == reading.statements);
	require(reading.problems.count > 0 || reading.statements > 0);
	crypto_sha256(bytes, &hash);
	require(crypto_hash_equal(&hash, &reading.hash));
}

/* The first byte says what it is read as. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"prefix", "payment_id", "amount", "status", "day", "balance", NULL};
	if (size == 0)
		return 0;
	slice bytes = slice_of(data + 1, size - 1);
	if (data[0] == '<' || data[0] % 4 == 0) {
		read_bytes(data[0] == '<' ? slice_of(data, size) : bytes, NULL);
		return 0;
	}
	static char id[] = "id";
	static char amount[] = "amount";
	static char status[] = "status";
	static char day[] = "day";
	static char balance[] = "balance";
	bool bank = data[0] % 4 == 1;
	struct bank_columns columns = {
		.settings = {.names = names,
			.values = {NULL, id, amount, status, bank ? day : NULL, bank ? balance : NULL}},
		.kind = bank ? BANK_KIND_CSV : BANK_KIND_WECHAT,
		.scheme = BANK_SCHEME_WECHAT,
		.gb18030 = data[0] % 8 > 4,
		.separator = ',',
		.is_signed = true,
		.day_format = "YYYY-MM-DD",
		.unit = {.code = "CNY", .digits = 2, .step = 1}};
	read_bytes(bytes, &columns);
	return 0;
}
