/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_reading.h"

#include <inttypes.h>
#include <stdio.h>

/* What payers in many messages write where they have no id. */
static const char not_provided[] = "NOTPROVIDED";

void bank_reading_kind(struct bank_reading *reading, enum bank_kind kind, const char *version)
{
	reading->kind = kind;
	snprintf(reading->version, sizeof reading->version, "%s", version);
}

bool bank_reading_names_none(const struct bank_item *item)
{
	return item->payment_id[0] == '\0' || strcmp(item->payment_id, not_provided) == 0;
}

static bool is_booked(const struct bank_item *item)
{
	return item->kind == BANK_ITEM_BOOKED || item->kind == BANK_ITEM_WAITING ||
	       item->kind == BANK_ITEM_CHARGE;
}

/*
 * One id may stand on a debit, on what returned of it and on what reversed that; each of these once. Whoever pays in
 * chooses ids without asking, so that two receipts may well have one.
 */
static bool comes_once(const struct bank_item *item)
{
	bool receipt = item->credit && !item->returned && !item->reversal;
	bool line = item->kind == BANK_ITEM_BOOKED || item->kind == BANK_ITEM_PENDING;
	return item->payment_id[0] != '\0' && (item->kind == BANK_ITEM_STATUS || (line && !receipt));
}

/* Behind the id, so that ids stay in their order: what it stands on. */
enum { SIDES_SIZE = 2 };

static void keep_id(struct bank_reading *reading, const struct bank_item *item)
{
	char key[BANK_ITEM_TEXT_SIZE + SIDES_SIZE];
	size_t size = strlen(item->payment_id);
	unsigned sides =
		(unsigned)item->credit | (unsigned)item->reversal << 1 | (unsigned)item->returned << 2;
	memcpy(key, item->payment_id, size);
	key[size] = '\n';
	key[size + 1] = (char)('a' + ((unsigned)item->kind << 3 | sides));
	enum recourse_error error =
		bank_seen_add(&reading->seen, slice_of(key, size + SIDES_SIZE), 0, item->line);
	if (error != RECOURSE_OK)
		reading->fault = error;
}

static void say_again(void *context, const struct bank_seen_text *text)
{
	struct bank_reading *reading = context;
	if (text->again)
		bank_problem_add(&reading->problems, text->line, "", RECOURSE_EXISTS,
			"payment %.*s is on line %" PRIu64 " already", (int)(text->text.size - SIDES_SIZE),
			(const char *)text->text.data, text->first);
}

void bank_reading_end(struct bank_reading *reading)
{
	enum recourse_error error = bank_seen_visit(&reading->seen, say_again, reading);
	bank_seen_free(&reading->seen);
	if (reading->fault == RECOURSE_OK)
		reading->fault = error;
}

static void add_day(struct bank_statement *statement, const char *day)
{
	if (day[0] == '\0')
		return;
	if (statement->first_day[0] == '\0' || strcmp(day, statement->first_day) < 0)
		memcpy(statement->first_day, day, BANK_ITEM_DAY_SIZE);
	if (strcmp(day, statement->last_day) > 0)
		memcpy(statement->last_day, day, BANK_ITEM_DAY_SIZE);
}

void bank_reading_item(struct bank_reading *reading, struct bank_item *item)
{
	struct bank_statement *statement = &reading->statement;
	if (bank_reading_names_none(item))
		item->payment_id[0] = '\0';
	if (!reading->again && comes_once(item) && reading->fault == RECOURSE_OK)
		keep_id(reading, item);
	reading->items++;
	statement->counts[item->kind]++;
	if (is_booked(item)) {
		add_day(statement, item->day);
		if (item->credit)
			statement->credit += item->steps;
		else
			statement->debit += item->steps;
	}
	if (reading->visit.item != NULL)
		reading->visit.item(reading->visit.context, item);
}

static void check_balances(struct bank_reading *reading, uint64_t line, const char *path)
{
	char expected[AMOUNT_SUM_TEXT_SIZE];
	char said[AMOUNT_TEXT_SIZE];
	const struct bank_statement *statement = &reading->statement;
	amount_sum closing = statement->opening + statement->credit - statement->debit;
	if (!statement->has_opening || !statement->has_closing || closing == statement->closing)
		return;
	amount_format_sum(&statement->unit, closing, expected);
	amount_format(&statement->unit, statement->closing, said);
	bank_problem_add(&reading->problems, line, path, RECOURSE_SHARES_WRONG,
		"the opening balance and what is booked make %s, the closing balance is %s", expected, said);
}

void bank_reading_statement(struct bank_reading *reading, uint64_t line, const char *path)
{
	char message_id[BANK_ITEM_TEXT_SIZE];
	check_balances(reading, line, path);
	reading->statement.line = line;
	reading->statements++;
	reading->entries += reading->statement.entries;
	if (reading->visit.statement != NULL)
		reading->visit.statement(reading->visit.context, &reading->statement);
	memcpy(message_id, reading->statement.message_id, sizeof message_id);
	reading->statement = (struct bank_statement){0};
	memcpy(reading->statement.message_id, message_id, sizeof message_id);
}

bool bank_reading_sound(const struct bank_reading *reading)
{
	return reading->problems.count == 0 && reading->fault == RECOURSE_OK;
}

void bank_reading_free(struct bank_reading *reading)
{
	bank_problem_free(&reading->problems);
	bank_seen_free(&reading->seen);
}
