/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_print.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "output.h"

#include <inttypes.h>

static const struct {
	const char *heading;
	bool number;
} item_columns[] = {{"line", true}, {"kind", false}, {"payment_id", false}, {"reference", false},
	{"amount", true}, {"unit", false}, {"day", false}, {"code", false}, {"status", false},
	{"hint", false}, {"reason", false}};

static const struct {
	const char *heading;
	bool number;
} statement_columns[] = {{"statement", false}, {"number", false}, {"account", false}, {"entries", true},
	{"opening", true}, {"credit", true}, {"debit", true}, {"closing", true}, {"unit", false},
	{"days", false}};

/* ---- for programs ---- */

static void write_text(struct buffer *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		item_write_pair_text(out, name, slice_text(text));
}

static void write_sum(struct buffer *out, const char *name, const struct unit *unit, amount_sum steps)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	size_t size = amount_format_sum(unit, steps, text);
	item_write_pair_text(out, name, slice_of(text, size));
}

static void write_flag(struct buffer *out, const char *name, bool flag)
{
	if (!flag)
		return;
	item_write_key(out, name);
	item_write_boolean(out, true);
}

static void show(struct bank_print *print, struct buffer *out)
{
	if (buffer_failed(out) || output_json(buffer_slice(out)) != EXIT_CODE_OK)
		print->failed = true;
}

static void show_item(struct bank_print *print, const struct bank_item *item)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "kind", slice_text(bank_item_kind_name(item->kind)));
	item_write_pair_integer(&out, "line", (int64_t)item->line);
	if (item->entry > 0)
		item_write_pair_integer(&out, "entry", (int64_t)item->entry);
	write_text(&out, "payment_id", item->payment_id);
	write_text(&out, "reference", item->reference);
	write_text(&out, "message_id", item->message_id);
	write_text(&out, "batch_id", item->batch_id);
	if (item->amount_known) {
		item_write_pair_amount(&out, "amount", &item->unit, item->steps);
		item_write_pair_text(&out, "unit", unit_code(&item->unit));
	}
	if (item->entry > 0)
		item_write_pair_text(&out, "side", slice_text(item->credit ? "credit" : "debit"));
	write_flag(&out, "reversal", item->reversal);
	write_flag(&out, "returned", item->returned);
	write_text(&out, "day", item->day);
	write_text(&out, "value_day", item->value_day);
	write_text(&out, "code", item->code);
	write_text(&out, "reason", item->reason);
	write_text(&out, "status", bank_status_name(item->status));
	write_text(&out, "hint", bank_status_hint_name(item->hint));
	item_map_close(map, &out);
	show(print, &out);
}

static void show_statement(struct bank_print *print, const struct bank_statement *statement)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "kind", slice_text("statement"));
	item_write_pair_integer(&out, "line", (int64_t)statement->line);
	write_text(&out, "message_id", statement->message_id);
	write_text(&out, "id", statement->id);
	write_text(&out, "number", statement->number);
	write_text(&out, "account", statement->account);
	write_text(&out, "copy", statement->copy);
	write_text(&out, "page", statement->page);
	write_text(&out, "first_day", statement->first_day);
	write_text(&out, "last_day", statement->last_day);
	item_write_pair_integer(&out, "entries", (int64_t)statement->entries);
	if (statement->unnamed > 0)
		item_write_pair_integer(&out, "unnamed", (int64_t)statement->unnamed);
	for (size_t kind = 0; kind < BANK_ITEM_KINDS; kind++) {
		if (statement->counts[kind] > 0)
			item_write_pair_integer(&out, bank_item_kind_name((enum bank_item_kind)kind),
				(int64_t)statement->counts[kind]);
	}
	if (statement->unit.code[0] != '\0') {
		item_write_pair_text(&out, "unit", unit_code(&statement->unit));
		write_sum(&out, "credit", &statement->unit, statement->credit);
		write_sum(&out, "debit", &statement->unit, statement->debit);
	}
	if (statement->has_opening)
		item_write_pair_amount(&out, "opening", &statement->unit, statement->opening);
	if (statement->has_closing)
		item_write_pair_amount(&out, "closing", &statement->unit, statement->closing);
	item_map_close(map, &out);
	show(print, &out);
}

static void show_file(struct bank_print *print, const struct bank_reading *reading)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "kind", slice_text("file"));
	item_write_pair_text(&out, "of", slice_text(bank_item_kind_of_file(reading->kind)));
	write_text(&out, "version", reading->version);
	item_write_pair_hex(&out, "hash", reading->hash.bytes, sizeof reading->hash.bytes);
	item_write_pair_integer(&out, "size", (int64_t)reading->size);
	item_write_pair_integer(&out, "statements", (int64_t)reading->statements);
	item_write_pair_integer(&out, "entries", (int64_t)reading->entries);
	item_write_pair_integer(&out, "items", (int64_t)reading->items);
	item_map_close(map, &out);
	show(print, &out);
}

/* ---- for people ---- */

static void add(struct table *table, const char *text)
{
	table_cell(table, slice_text(text));
}

static void add_number(struct table *table, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRIu64, number);
	add(table, text);
}

static void add_amount(struct table *table, const struct unit *unit, bool known, amount_sum steps)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	SCOPED(buffer_free) struct buffer grouped = {0};
	if (known && unit->code[0] != '\0')
		output_grouped(slice_of(text, amount_format_sum(unit, steps, text)), &grouped);
	table_cell(table, buffer_slice(&grouped));
}

static void add_item(struct bank_print *print, const struct bank_item *item)
{
	struct table *table = &print->items;
	bool debit = item->entry > 0 && !item->credit;
	for (size_t column = 0; table->column_count < sizeof item_columns / sizeof item_columns[0]; column++)
		(item_columns[column].number ? table_number : table_column)(
			table, slice_text(item_columns[column].heading));
	add_number(table, item->line);
	add(table, bank_item_kind_name(item->kind));
	add(table, item->payment_id[0] != '\0' ? item->payment_id : item->batch_id);
	add(table, item->reference);
	add_amount(table, &item->unit, item->amount_known, debit ? -(amount_sum)item->steps : item->steps);
	table_cell(table, item->amount_known ? unit_code(&item->unit) : slice_text(""));
	add(table, item->day);
	add(table, item->code);
	add(table, bank_status_name(item->status));
	add(table, item->returned   ? "came back"
		   : item->reversal ? "reversal"
				    : bank_status_hint_name(item->hint));
	add(table, item->reason);
}

static void add_statement(struct bank_print *print, const struct bank_statement *statement)
{
	char days[2 * BANK_ITEM_DAY_SIZE + 8];
	struct table *table = &print->statements;
	const struct unit *unit = &statement->unit;
	for (size_t column = 0; table->column_count < sizeof statement_columns / sizeof statement_columns[0];
		column++)
		(statement_columns[column].number ? table_number : table_column)(
			table, slice_text(statement_columns[column].heading));
	bool one_day = strcmp(statement->first_day, statement->last_day) == 0;
	snprintf(days, sizeof days, "%s%s%s", statement->first_day, one_day ? "" : " to ",
		one_day ? "" : statement->last_day);
	add(table, statement->id);
	add(table, statement->number);
	add(table, statement->account);
	add_number(table, statement->entries);
	add_amount(table, unit, statement->has_opening, statement->opening);
	add_amount(table, unit, true, statement->credit);
	add_amount(table, unit, true, statement->debit);
	add_amount(table, unit, statement->has_closing, statement->closing);
	table_cell(table, unit_code(unit));
	add(table, days);
}

static void say_file(const struct bank_reading *reading)
{
	char hash[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(reading->hash.bytes, sizeof reading->hash.bytes, hash);
	printf("\n%s%s%s, SHA-256 %s\n%" PRIu64 " items of %" PRIu64 " entries in %" PRIu64
	       " statements: sound in itself\n",
		bank_item_kind_of_file(reading->kind), reading->version[0] == '\0' ? "" : " version ",
		reading->version, hash, reading->items, reading->entries, reading->statements);
}

/* ---- the visit ---- */

static void take_item(void *context, const struct bank_item *item)
{
	struct bank_print *print = context;
	if (print->failed || print->summary)
		return;
	if (print->json)
		show_item(print, item);
	else
		add_item(print, item);
}

static void take_statement(void *context, const struct bank_statement *statement)
{
	struct bank_print *print = context;
	if (print->failed)
		return;
	if (print->json)
		show_statement(print, statement);
	else
		add_statement(print, statement);
}

struct bank_visit bank_print_visit(struct bank_print *print)
{
	return (struct bank_visit){.item = take_item, .statement = take_statement, .context = print};
}

enum exit_code bank_print_end(struct bank_print *print, const struct bank_reading *reading)
{
	enum recourse_error error = RECOURSE_OK;
	if (print->json && !print->failed)
		show_file(print, reading);
	if (print->failed)
		return EXIT_CODE_UNAVAILABLE;
	if (print->json)
		return EXIT_CODE_OK;
	if (table_row_count(&print->items) > 0)
		error = table_print(&print->items, stdout, table_room(stdout));
	printf("%s", table_row_count(&print->items) > 0 ? "\n" : "");
	if (error == RECOURSE_OK)
		error = table_print(&print->statements, stdout, table_room(stdout));
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "bank-file read");
	say_file(reading);
	return EXIT_CODE_OK;
}

void bank_print_free(struct bank_print *print)
{
	table_free(&print->items);
	table_free(&print->statements);
}
