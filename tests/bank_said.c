/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_said.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void say_amount(struct buffer *out, const struct unit *unit, amount_sum steps)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	buffer_append(out, text, amount_format_sum(unit, steps, text));
}

static void say(struct buffer *out, const char *name, const char *text)
{
	if (text[0] != '\0')
		buffer_append_format(out, " %s%s", name, text);
}

static void say_item(void *context, const struct bank_item *item)
{
	struct buffer *out = context;
	bool debit = item->entry > 0 && !item->credit;
	buffer_append_text(out, bank_item_kind_name(item->kind));
	say(out, "", item->payment_id);
	if (item->amount_known) {
		buffer_append_text(out, " ");
		say_amount(out, &item->unit, debit ? -(amount_sum)item->steps : item->steps);
	}
	say(out, "", item->code);
	say(out, "is ", bank_status_name(item->status));
	say(out, "hint ", bank_status_hint_name(item->hint));
	say(out, "day ", item->day);
	say(out, "ref ", item->reference);
	say(out, "message ", item->message_id);
	say(out, "batch ", item->batch_id);
	say(out, "reason ", item->reason);
	buffer_append_format(
		out, "%s%s\n", item->reversal ? " reversal" : "", item->returned ? " returned" : "");
}

static void say_statement(void *context, const struct bank_statement *statement)
{
	struct buffer *out = context;
	const struct unit *unit = &statement->unit;
	buffer_append_format(out, "statement");
	say(out, "", statement->id);
	say(out, "number ", statement->number);
	say(out, "account ", statement->account);
	say(out, "copy ", statement->copy);
	say(out, "page ", statement->page);
	if (statement->unnamed > 0)
		buffer_append_format(out, " unnamed %" PRIu64, statement->unnamed);
	if (statement->unnamed > 0) {
		say(out, "all ", statement->message.code);
		say(out, "of batch ", statement->batch.code);
	}
	if (unit->code[0] != '\0') {
		buffer_append_text(out, " in ");
		say_amount(out, unit, statement->credit);
		buffer_append_text(out, " out ");
		say_amount(out, unit, statement->debit);
	}
	if (statement->has_opening) {
		buffer_append_text(out, " from ");
		say_amount(out, unit, statement->opening);
	}
	if (statement->has_closing) {
		buffer_append_text(out, " to ");
		say_amount(out, unit, statement->closing);
	}
	buffer_append_text(out, "\n");
}

void bank_said_of(slice bytes, struct bank_columns *columns, struct buffer *out)
{
	SCOPED(bank_reading_free)
	struct bank_reading reading = {
		.visit = {.item = say_item, .statement = say_statement, .context = out}};
	assert_ok(bank_read_bytes(bytes, columns, &reading));
	const struct bank_problem_at *kept = (const void *)reading.problems.order.data;
	size_t count = reading.problems.order.size / sizeof *kept;
	for (size_t index = 0; index < count; index++) {
		char text[1024];
		assert_true(kept[index].text < sizeof text);
		assert_ok(spool_read(&reading.problems.kept, kept[index].at, text, kept[index].text));
		buffer_append_format(out, "problem%.*s\n", (int)kept[index].text, text);
	}
	assert_int_equal(reading.problems.count > 0, count > 0);
	buffer_append(out, "", 1);
	assert_false(buffer_failed(out));
}

void bank_said_expect(slice bytes, struct bank_columns *columns, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	bank_said_of(bytes, columns, &out);
	assert_string_equal((const char *)out.data, expected);
}

void bank_said_refused(slice bytes, struct bank_columns *columns, const char *part)
{
	SCOPED(buffer_free) struct buffer out = {0};
	bank_said_of(bytes, columns, &out);
	const char *problem = strstr((const char *)out.data, "problem");
	const char *found = problem == NULL ? NULL : strstr(problem, part);
	if (found == NULL)
		print_message("not refused for '%s':\n%s\n", part, (const char *)out.data);
	assert_non_null(found);
}

void bank_said_statement(struct buffer *out, const char *opening, const char *closing, const char *entries)
{
	buffer_append_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n"
		"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-30T08:00:00</CreDtTm></GrpHdr>\n"
		"<Stmt><Id>S1</Id><ElctrncSeqNb>17</ElctrncSeqNb>\n"
		"<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>\n"
		"<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">%s</Amt>"
		"<CdtDbtInd>CRDT</CdtDbtInd></Bal>\n"
		"<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">%s</Amt>"
		"<CdtDbtInd>CRDT</CdtDbtInd></Bal>\n",
		opening, closing);
	buffer_append_text(out, entries);
	buffer_append_text(out, "</Stmt></BkToCstmrStmt></Document>\n");
}
