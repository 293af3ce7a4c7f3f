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

static void check_once(struct bank_reading *reading, const struct bank_item *item)
{
	char key[BANK_ITEM_TEXT_SIZE + 16];
	uint64_t line;
	int size = snprintf(key, sizeof key, "%d%d%d%d %s", (int)item->kind, item->credit, item->reversal,
		item->returned, item->payment_id);
	enum recourse_error error =
		bank_seen_add(&reading->seen, slice_of(key, (size_t)size), item->line, &line);
	if (error != RECOURSE_OK)
		reading->fault = error;
	else if (line != 0)
		bank_problem_add(&reading->problems, item->line, "", RECOURSE_EXISTS,
			"payment %s is on line %" PRIu64 " already", item->payment_id, line);
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
	if (comes_once(item))
		check_once(reading, item);
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
