/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_camt.h"

#include "bank/bank_amount.h"
#include "bank/bank_camt_entry.h"
#include "bank/bank_field.h"

#include <inttypes.h>
#include <stdlib.h>

/* What a file says of its entries, all of them, those in and those out. The unit may not be known yet. */
enum which { ALL, CREDITS, DEBITS, WHICH };

struct said {
	bool counted;
	uint64_t count;
	char sum[BANK_ITEM_TEXT_SIZE];
};

struct balance {
	char code[BANK_ITEM_TEXT_SIZE];
	bool has_steps;
	bool has_side;
	bool credit;
	int64_t steps;
	char day[BANK_ITEM_DAY_SIZE];
};

struct bank_camt {
	struct bank_reading *reading;
	char message_page[BANK_ITEM_TEXT_SIZE];
	bool message_last;
	struct bank_camt_entry entry;
	struct bank_camt_count counts[WHICH];
	struct said said[WHICH];
	char net[BANK_ITEM_TEXT_SIZE]; /* what those in are more than those out */
	bool has_net_side;
	bool net_credit;
	struct balance balance;
	bool opening_is_sure; /* it was called so, and no interim one taken for it */
	bool closing_is_sure;
	bool all_sound; /* each entry was: sums make sense */
};

struct bank_camt *bank_camt_open(struct bank_reading *reading)
{
	struct bank_camt *camt = calloc(1, sizeof *camt);
	if (camt != NULL) {
		camt->reading = reading;
		camt->message_last = true;
		camt->entry.reading = reading;
		camt->entry.unit = &reading->statement.unit;
	}
	return camt;
}

void bank_camt_free(struct bank_camt *camt)
{
	free(camt);
}

/* ---- a statement ---- */

static void begin_statement(struct bank_camt *camt)
{
	struct bank_statement *statement = &camt->reading->statement;
	memset(camt->counts, 0, sizeof camt->counts);
	memset(camt->said, 0, sizeof camt->said);
	camt->net[0] = '\0';
	camt->has_net_side = false;
	camt->opening_is_sure = camt->closing_is_sure = false;
	camt->all_sound = true;
	memcpy(statement->page, camt->message_page, sizeof statement->page);
	statement->last_page = camt->message_last;
}

static bool is_whole(const struct bank_statement *statement)
{
	bool first = statement->page[0] == '\0' || strcmp(statement->page, "1") == 0;
	return first && statement->last_page;
}

static const char *const names[WHICH] = {
	[ALL] = "TtlNtries", [CREDITS] = "TtlCdtNtries", [DEBITS] = "TtlDbtNtries"};

/* Where there is no amount at all, a sum of nothing is right in each unit. */
static struct unit unit_of(const struct bank_camt *camt)
{
	struct unit unit = camt->reading->statement.unit;
	if (unit.code[0] == '\0')
		unit = (struct unit){.code = "?", .digits = 2, .step = 1};
	return unit;
}

static bool read_sum(
	struct bank_camt *camt, struct bank_xml *xml, const char *name, slice text, int64_t *steps)
{
	const char *why;
	const struct unit unit = unit_of(camt);
	enum recourse_error error = bank_amount_read_sum(&unit, text, steps, &why);
	if (error != RECOURSE_OK)
		bank_xml_problem(xml, error, "the sum of %s, '%.*s': %s", name, SLICE_ARGUMENTS(text), why);
	return error == RECOURSE_OK;
}

static void check_said(struct bank_camt *camt, struct bank_xml *xml, enum which which)
{
	char sum[AMOUNT_SUM_TEXT_SIZE];
	int64_t steps;
	const struct said *said = &camt->said[which];
	const struct bank_camt_count *counted = &camt->counts[which];
	const struct unit unit = unit_of(camt);
	if (said->counted && said->count != counted->count)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"%s/NbOfNtries is %" PRIu64 ", and %" PRIu64 " are there", names[which], said->count,
			counted->count);
	if (said->sum[0] == '\0')
		return;
	if (!read_sum(camt, xml, names[which], slice_text(said->sum), &steps))
		return;
	if (steps == counted->sum)
		return;
	amount_format_sum(&unit, counted->sum, sum);
	bank_xml_problem(xml, RECOURSE_SHARES_WRONG, "%s/Sum is %s, and the entries make %s", names[which],
		said->sum, sum);
}

/* In versions 02 and 03 it may have a sign of its own. */
static void check_net(struct bank_camt *camt, struct bank_xml *xml)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	int64_t said;
	slice given = slice_text(camt->net);
	const struct unit unit = unit_of(camt);
	amount_sum net = camt->counts[CREDITS].sum - camt->counts[DEBITS].sum;
	bool negative = slice_take(&given, "-");
	if (camt->net[0] == '\0' || !read_sum(camt, xml, "the net of TtlNtries", given, &said))
		return;
	bool debit = camt->has_net_side ? !camt->net_credit : negative;
	if (net == (debit ? -(amount_sum)said : said))
		return;
	amount_format_sum(&unit, net, text);
	bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
		"the net of TtlNtries is %s%s, and that of the entries %s", debit && !negative ? "-" : "",
		camt->net, text);
}

static void check_statement(struct bank_camt *camt, struct bank_xml *xml)
{
	struct bank_statement *statement = &camt->reading->statement;
	if (!camt->all_sound)
		return;
	if (is_whole(statement)) {
		for (enum which which = ALL; which < WHICH; which++)
			check_said(camt, xml, which);
		check_net(camt, xml);
	}
	if (camt->reading->kind == BANK_KIND_CAMT053 && (!statement->has_opening || !statement->has_closing))
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING, "a statement without its %s balance",
			statement->has_opening ? "closing" : "opening");
}

static void end_statement(struct bank_camt *camt, struct bank_xml *xml)
{
	struct bank_statement *statement = &camt->reading->statement;
	if (statement->id[0] == '\0' || statement->account[0] == '\0')
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING, "a statement without %s",
			statement->id[0] == '\0' ? "Id" : "an account's number");
	check_statement(camt, xml);
	/* What is missing in the sum was said. */
	if (!camt->all_sound)
		statement->has_closing = false;
	if (is_whole(statement))
		statement->page[0] = '\0';
	bank_reading_statement(camt->reading, bank_xml_line(xml), bank_xml_path(xml));
}

/* ---- balances ---- */

static void take_opening(struct bank_camt *camt, struct bank_xml *xml, int64_t steps, bool sure)
{
	struct bank_statement *statement = &camt->reading->statement;
	if (camt->opening_is_sure && sure && statement->opening != steps)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG, "two opening balances that differ");
	if (camt->opening_is_sure && !sure)
		return;
	statement->has_opening = true;
	statement->opening = steps;
	camt->opening_is_sure = sure;
}

static void take_closing(struct bank_camt *camt, struct bank_xml *xml, int64_t steps, bool sure)
{
	struct bank_statement *statement = &camt->reading->statement;
	if (camt->closing_is_sure && sure && statement->closing != steps)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG, "two closing balances that differ");
	if (camt->closing_is_sure && !sure)
		return;
	statement->has_closing = true;
	statement->closing = steps;
	memcpy(statement->closing_day, camt->balance.day, sizeof statement->closing_day);
	camt->closing_is_sure = sure;
}

/*
 * OPBD: opening, booked. PRCD: the closing one of the statement before, which is the same. CLBD: closing, booked.
 * ITBD: booked in between, which a page begins or ends with. All others are of what is not booked, or expected.
 */
static void end_balance(struct bank_camt *camt, struct bank_xml *xml)
{
	const struct balance *balance = &camt->balance;
	struct bank_statement *statement = &camt->reading->statement;
	int64_t steps = balance->credit ? balance->steps : -balance->steps;
	bool opening = strcmp(balance->code, "OPBD") == 0 || strcmp(balance->code, "PRCD") == 0;
	bool closing = strcmp(balance->code, "CLBD") == 0;
	bool between = strcmp(balance->code, "ITBD") == 0 && !is_whole(statement);
	if (!opening && !closing && !between)
		return;
	if (!balance->has_steps || !balance->has_side) {
		bank_xml_problem(
			xml, RECOURSE_FIELD_MISSING, "a balance %s without Amt and CdtDbtInd", balance->code);
		return;
	}
	if (opening)
		take_opening(camt, xml, steps, true);
	else if (closing)
		take_closing(camt, xml, steps, true);
	else if (!statement->has_opening)
		take_opening(camt, xml, steps, false);
	else
		take_closing(camt, xml, steps, false);
}

static void end_of_balance(struct bank_camt *camt, struct bank_xml *xml, uint8_t id, slice text)
{
	struct balance *balance = &camt->balance;
	switch (id) {
	case CAMT_BALANCE_CODE:
		bank_field_text(xml, text, balance->code);
		break;
	case CAMT_BALANCE_AMOUNT:
		balance->has_steps =
			bank_field_balance(xml, text, &camt->reading->statement.unit, &balance->steps);
		break;
	case CAMT_BALANCE_SIDE:
		balance->has_side = bank_field_side(xml, text, &balance->credit);
		break;
	case CAMT_BALANCE_DAY:
		bank_field_day(xml, text, balance->day);
		break;
	case CAMT_BALANCE:
		end_balance(camt, xml);
		break;
	default:
		break;
	}
}

/* ---- what it says of its entries ---- */

static void end_of_summary(struct bank_camt *camt, struct bank_xml *xml, uint8_t id, slice text)
{
	struct said *said = &camt->said[id == CAMT_ALL_COUNT || id == CAMT_ALL_SUM           ? ALL
					: id == CAMT_CREDITS_COUNT || id == CAMT_CREDITS_SUM ? CREDITS
											     : DEBITS];
	switch (id) {
	case CAMT_ALL_COUNT:
	case CAMT_CREDITS_COUNT:
	case CAMT_DEBITS_COUNT:
		said->counted = bank_field_count(xml, text, &said->count);
		break;
	case CAMT_ALL_SUM:
	case CAMT_CREDITS_SUM:
	case CAMT_DEBITS_SUM:
		bank_field_text(xml, text, said->sum);
		break;
	case CAMT_NET_AMOUNT:
		bank_field_text(xml, text, camt->net);
		break;
	case CAMT_NET_SIDE:
		camt->has_net_side = bank_field_side(xml, text, &camt->net_credit);
		break;
	default:
		break;
	}
}

/* ---- all of it ---- */

static void take_currency(struct bank_camt *camt, struct bank_xml *xml, slice text)
{
	char code[BANK_ITEM_TEXT_SIZE];
	if (!bank_field_text(xml, text, code))
		return;
	if (unit_currency(slice_text(code), &camt->reading->statement.unit) != RECOURSE_OK)
		bank_xml_problem(xml, RECOURSE_UNIT_UNKNOWN, "'%s' is no currency of ISO 4217", code);
}

static void end_of_head(struct bank_camt *camt, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_statement *statement = &camt->reading->statement;
	switch (id) {
	case CAMT_MESSAGE_ID:
		bank_field_text(xml, text, statement->message_id);
		break;
	case CAMT_MESSAGE_PAGE:
		bank_field_text(xml, text, camt->message_page);
		break;
	case CAMT_MESSAGE_LAST_PAGE:
		bank_field_flag(xml, text, &camt->message_last);
		break;
	case CAMT_PAGE:
		bank_field_text(xml, text, statement->page);
		break;
	case CAMT_LAST_PAGE:
		bank_field_flag(xml, text, &statement->last_page);
		break;
	case CAMT_STATEMENT_ID:
		bank_field_text(xml, text, statement->id);
		break;
	case CAMT_SEQUENCE:
		bank_field_text(xml, text, statement->number);
		break;
	case CAMT_LEGAL_SEQUENCE:
		if (statement->number[0] == '\0')
			bank_field_text(xml, text, statement->number);
		break;
	case CAMT_PERIOD_FROM:
		bank_field_day(xml, text, statement->from_day);
		break;
	case CAMT_COPY:
		bank_field_text(xml, text, statement->copy);
		break;
	case CAMT_ACCOUNT_IBAN:
	case CAMT_ACCOUNT_OTHER_ID:
		bank_field_text(xml, text, statement->account);
		break;
	case CAMT_ACCOUNT_CURRENCY:
		take_currency(camt, xml, text);
		break;
	case CAMT_STATEMENT:
		end_statement(camt, xml);
		break;
	default:
		break;
	}
}

static void begin(void *context, struct bank_xml *xml, uint8_t id)
{
	struct bank_camt *camt = context;
	if (id == CAMT_DOCUMENT)
		bank_reading_kind(camt->reading,
			bank_xml_bit(xml) == BANK_CAMT_053 ? BANK_KIND_CAMT053 : BANK_KIND_CAMT054,
			bank_xml_version(xml));
	else if (id == CAMT_STATEMENT)
		begin_statement(camt);
	else if (id == CAMT_BALANCE)
		camt->balance = (struct balance){0};
	else if (id >= CAMT_ENTRY)
		bank_camt_entry_begin(&camt->entry, xml, id);
}

static void count(struct bank_camt_count *counts, int64_t steps)
{
	counts->count++;
	counts->sum += steps;
}

static void end(void *context, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_camt *camt = context;
	if (id >= CAMT_ENTRY) {
		bool sound = bank_camt_entry_end(&camt->entry, xml, id, text);
		const struct bank_item *item = &camt->entry.item;
		if (id != CAMT_ENTRY)
			return;
		camt->all_sound &= sound;
		count(&camt->counts[ALL], item->steps);
		count(&camt->counts[item->credit ? CREDITS : DEBITS], item->steps);
	} else if (id >= CAMT_SUMMARY) {
		end_of_summary(camt, xml, id, text);
	} else if (id >= CAMT_BALANCE) {
		end_of_balance(camt, xml, id, text);
	} else {
		end_of_head(camt, xml, id, text);
	}
}

enum { FIRST = 2, LAST = 14 };

const struct bank_xml_message bank_camt_messages[BANK_CAMT_MESSAGES] = {
	{"urn:iso:std:iso:20022:tech:xsd:camt.053.001.", FIRST, LAST, BANK_CAMT_053, bank_camt_rows,
		BANK_CAMT_ROWS, NULL, begin, end},
	{"urn:iso:std:iso:20022:tech:xsd:camt.054.001.", FIRST, LAST, BANK_CAMT_054, bank_camt_rows,
		BANK_CAMT_ROWS, NULL, begin, end},
};
