/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_camt_entry.h"

#include "bank/bank_field.h"

#include <inttypes.h>
#include <stddef.h>

static amount_sum signed_steps(bool credit, int64_t steps)
{
	return credit ? steps : -(amount_sum)steps;
}

static bool fits(struct bank_xml *xml, amount_sum steps)
{
	bool fit = steps <= INT64_MAX && steps >= -(amount_sum)INT64_MAX;
	if (!fit)
		bank_xml_problem(xml, RECOURSE_OVERFLOW, "the parts of the entry are more than 64 bits hold");
	return fit;
}

/* The bank's own charges, as its code for the entry says, and no payment of anybody's. */
static bool is_charge(const struct bank_camt_entry *entry, const struct bank_item *item)
{
	return entry->of_charges && item->kind == BANK_ITEM_BOOKED && !item->credit && !item->reversal &&
	       !item->returned && bank_reading_names_none(item);
}

static void hand_out(struct bank_camt_entry *entry, struct bank_item *item)
{
	if (is_charge(entry, item))
		item->kind = BANK_ITEM_CHARGE;
	entry->parts += signed_steps(item->credit, item->steps);
	bank_reading_item(entry->reading, item);
}

/* ---- begin ---- */

static void begin_entry(struct bank_camt_entry *entry)
{
	struct bank_reading *reading = entry->reading;
	struct unit *unit = entry->unit;
	memset(entry, 0, offsetof(struct bank_camt_entry, batch));
	entry->reading = reading;
	entry->unit = unit;
	entry->sound = true;
	entry->item.entry = reading->entries + ++reading->statement.entries;
}

/* What its transactions take from it has to be there before them, as the schemas have it. */
static void begin_details(struct bank_camt_entry *entry, struct bank_xml *xml)
{
	bool there = entry->item.amount_known && entry->has_side && entry->item.code[0] != '\0';
	if (!there && entry->sound) {
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING,
			"an entry without Amt, CdtDbtInd and Sts before its details");
		entry->sound = false;
	}
	entry->batch_there = entry->batch_counted = entry->batch_summed = false;
	entry->batch_transactions = 0;
	entry->batch_sum = 0;
	entry->batch_exact = true;
	entry->batch = entry->item;
	entry->batch.kind = BANK_ITEM_WAITING;
	entry->batch.amount_known = false;
}

static void begin_transaction(struct bank_camt_entry *entry)
{
	entry->transaction = entry->item;
	entry->transaction.amount_known = false;
	entry->has_old_amount = false;
	memcpy(entry->transaction.message_id, entry->batch.message_id, BANK_ITEM_TEXT_SIZE);
	memcpy(entry->transaction.batch_id, entry->batch.batch_id, BANK_ITEM_TEXT_SIZE);
}

void bank_camt_entry_begin(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id)
{
	if (id == CAMT_ENTRY)
		begin_entry(entry);
	else if (id == CAMT_DETAILS)
		begin_details(entry, xml);
	else if (id == CAMT_TRANSACTION)
		begin_transaction(entry);
	else if (id == CAMT_ENTRY_CHARGES || id == CAMT_ENTRY_CHARGE || id == CAMT_TX_CHARGES ||
		 id == CAMT_TX_CHARGE)
		entry->charge = (struct bank_camt_charge){0};
}

/* ---- the entry's own ---- */

static void end_charge(struct bank_camt_entry *entry, uint8_t id)
{
	const struct bank_camt_charge *charge = &entry->charge;
	amount_sum steps = charge->there ? signed_steps(charge->credit, charge->steps) : 0;
	if (id == CAMT_ENTRY_CHARGES || id == CAMT_ENTRY_CHARGE)
		entry->charges += steps;
	else
		entry->tx_charges += steps;
	entry->charge = (struct bank_camt_charge){0};
}

/* Charges in another currency can explain nothing here. */
static void take_charge(struct bank_camt_entry *entry, struct bank_xml *xml, slice text)
{
	if (bank_field_is_in(xml, entry->unit))
		entry->charge.there = bank_field_balance(xml, text, entry->unit, &entry->charge.steps);
}

static void take_status(struct bank_camt_entry *entry, struct bank_xml *xml, slice text)
{
	char code[BANK_ITEM_TEXT_SIZE];
	if (!bank_field_text(xml, text, code) || code[0] == '\0')
		return;
	memcpy(entry->item.code, code, sizeof code);
	entry->item.kind = strcmp(code, "BOOK") == 0 ? BANK_ITEM_BOOKED : BANK_ITEM_PENDING;
}

/* Of the sub-families of ISO 20022's bank transaction codes: charges, fees, commission. */
static bool is_code_of_charges(slice code)
{
	return slice_is(code, "CHRG") || slice_is(code, "FEES") || slice_is(code, "COMM");
}

/* False where the element is none of these. */
static bool end_of_entry(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_item *item = &entry->item;
	switch (id) {
	case CAMT_ENTRY_AMOUNT:
		item->amount_known = bank_field_amount(xml, text, entry->unit, &item->steps);
		item->unit = *entry->unit;
		entry->sound &= item->amount_known;
		return true;
	case CAMT_ENTRY_SIDE:
		entry->has_side = bank_field_side(xml, text, &item->credit);
		entry->sound &= entry->has_side;
		return true;
	case CAMT_ENTRY_REVERSAL:
		entry->sound &= bank_field_flag(xml, text, &item->reversal);
		return true;
	case CAMT_ENTRY_STATUS:
	case CAMT_ENTRY_STATUS_CODE:
		take_status(entry, xml, text);
		return true;
	case CAMT_ENTRY_SUBFAMILY:
		entry->of_charges = is_code_of_charges(text);
		return true;
	case CAMT_ENTRY_BOOKED_DAY:
		bank_field_day(xml, text, item->day);
		return true;
	case CAMT_ENTRY_VALUE_DAY:
		bank_field_day(xml, text, item->value_day);
		return true;
	case CAMT_ENTRY_REFERENCE:
		bank_field_text(xml, text, item->reference);
		memcpy(item->entry_reference, item->reference, sizeof item->entry_reference);
		return true;
	case CAMT_CHARGE_AMOUNT:
	case CAMT_TX_CHARGE_AMOUNT:
		take_charge(entry, xml, text);
		return true;
	case CAMT_CHARGE_SIDE:
	case CAMT_TX_CHARGE_SIDE:
		bank_field_side(xml, text, &entry->charge.credit);
		return true;
	case CAMT_ENTRY_CHARGE:
	case CAMT_ENTRY_CHARGES:
	case CAMT_TX_CHARGE:
	case CAMT_TX_CHARGES:
		end_charge(entry, id);
		return true;
	default:
		return false;
	}
}

/* ---- batches and transactions ---- */

/* A transaction's own amount, in the account's currency; what it is in another does not say what moved here. */
static void take_amount(
	struct bank_camt_entry *entry, struct bank_xml *xml, slice text, bool *there, int64_t *steps)
{
	if (!bank_field_is_in(xml, entry->unit))
		return;
	*there = bank_field_amount(xml, text, entry->unit, steps);
	entry->sound &= *there;
}

static void end_transaction(struct bank_camt_entry *entry, struct bank_xml *xml)
{
	struct bank_item *item = &entry->transaction;
	item->line = bank_xml_line(xml);
	entry->transactions++;
	entry->batch_transactions++;
	if (!item->amount_known && entry->has_old_amount) {
		item->amount_known = true;
		item->steps = entry->old_amount;
	}
	if (!entry->sound)
		return;
	if (item->amount_known) {
		entry->batch_sum += signed_steps(item->credit, item->steps);
		hand_out(entry, item);
		return;
	}
	entry->batch_exact = false;
	if (!entry->has_held)
		entry->held = *item;
	entry->has_held = true;
}

static void check_batch(struct bank_camt_entry *entry, struct bank_xml *xml)
{
	char sum[AMOUNT_SUM_TEXT_SIZE];
	char said[AMOUNT_TEXT_SIZE];
	if (entry->batch_counted && entry->batch_count != entry->batch_transactions)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"NbOfTxs of the batch is %" PRIu64 ", and %" PRIu64 " transactions are there",
			entry->batch_count, entry->batch_transactions);
	amount_sum steps = signed_steps(entry->batch.credit, entry->batch.steps);
	if (!entry->batch_summed || !entry->batch_exact || !entry->sound || steps == entry->batch_sum)
		return;
	amount_format_sum(entry->unit, entry->batch_sum < 0 ? -entry->batch_sum : entry->batch_sum, sum);
	amount_format(entry->unit, entry->batch.steps, said);
	bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
		"TtlAmt of the batch is %s, and its transactions make %s", said, sum);
}

static void end_details(struct bank_camt_entry *entry, struct bank_xml *xml)
{
	if (entry->batch_transactions > 0) {
		check_batch(entry, xml);
		return;
	}
	if (!entry->batch_there || !entry->sound)
		return;
	entry->has_batch = true;
	entry->batch.line = bank_xml_line(xml);
	if (entry->item.kind == BANK_ITEM_PENDING)
		entry->batch.kind = BANK_ITEM_PENDING;
	if (entry->batch_summed) {
		entry->batch.amount_known = true;
		hand_out(entry, &entry->batch);
	} else if (entry->has_waiting) {
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING,
			"two batches of one entry, and neither tells its TtlAmt");
		entry->sound = false;
	} else {
		entry->has_waiting = true;
		entry->waiting = entry->batch;
	}
}

static void end_of_batch(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_item *batch = &entry->batch;
	switch (id) {
	case CAMT_BATCH:
		entry->batch_there = true;
		break;
	case CAMT_BATCH_MESSAGE_ID:
		bank_field_text(xml, text, batch->message_id);
		break;
	case CAMT_BATCH_ID:
		bank_field_text(xml, text, batch->batch_id);
		break;
	case CAMT_BATCH_COUNT:
		entry->batch_counted = bank_field_count(xml, text, &entry->batch_count);
		break;
	case CAMT_BATCH_AMOUNT:
		take_amount(entry, xml, text, &entry->batch_summed, &batch->steps);
		break;
	case CAMT_BATCH_SIDE:
		bank_field_side(xml, text, &batch->credit);
		break;
	case CAMT_DETAILS:
		end_details(entry, xml);
		break;
	default:
		break;
	}
}

static void end_of_transaction(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_item *item = &entry->transaction;
	char reference[BANK_ITEM_TEXT_SIZE];
	switch (id) {
	case CAMT_TX_MESSAGE_ID:
		bank_field_text(xml, text, item->message_id);
		break;
	case CAMT_TX_BATCH_ID:
		bank_field_text(xml, text, item->batch_id);
		break;
	case CAMT_TX_REFERENCE:
		if (bank_field_text(xml, text, reference) && reference[0] != '\0')
			memcpy(item->reference, reference, sizeof reference);
		break;
	case CAMT_TX_PAYMENT_ID:
		bank_field_text(xml, text, item->payment_id);
		break;
	case CAMT_TX_AMOUNT:
		take_amount(entry, xml, text, &item->amount_known, &item->steps);
		break;
	case CAMT_TX_OLD_AMOUNT:
		take_amount(entry, xml, text, &entry->has_old_amount, &entry->old_amount);
		break;
	case CAMT_TX_SIDE:
		entry->sound &= bank_field_side(xml, text, &item->credit);
		break;
	case CAMT_RETURN:
		item->returned = true;
		break;
	case CAMT_RETURN_CODE:
		bank_field_text(xml, text, item->reason);
		break;
	case CAMT_TRANSACTION:
		end_transaction(entry, xml);
		break;
	default:
		end_of_batch(entry, xml, id, text);
		break;
	}
}

/* ---- its end ---- */

/* The rest of the entry is the charges that it tells of, or there is a mistake. */
static bool end_with_charges(struct bank_camt_entry *entry, struct bank_xml *xml, amount_sum rest)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	struct bank_item *item = &entry->item;
	if (rest == 0)
		return true;
	if (rest != entry->charges && rest != entry->tx_charges &&
		rest != entry->charges + entry->tx_charges) {
		amount_format_sum(entry->unit, rest < 0 ? -rest : rest, text);
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"the entry's amount and its transactions differ by %s, which no charges explain",
			text);
		return false;
	}
	if (!fits(xml, rest))
		return false;
	struct bank_item charge = *item;
	charge.kind = item->kind == BANK_ITEM_PENDING ? BANK_ITEM_PENDING : BANK_ITEM_CHARGE;
	charge.credit = rest > 0;
	charge.steps = (int64_t)(rest > 0 ? rest : -rest);
	hand_out(entry, &charge);
	return true;
}

/* A part that tells no amount has what is left of the entry, where it is the only one. */
static bool end_with_rest(
	struct bank_camt_entry *entry, struct bank_xml *xml, struct bank_item *item, amount_sum rest)
{
	bool goes = item->credit ? rest > 0 : rest < 0;
	if (!goes) {
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"nothing of the entry is left for what tells no amount in it");
		return false;
	}
	if (!fits(xml, rest))
		return false;
	item->amount_known = true;
	item->steps = (int64_t)(rest > 0 ? rest : -rest);
	hand_out(entry, item);
	return true;
}

static bool end_entry(struct bank_camt_entry *entry, struct bank_xml *xml)
{
	struct bank_item *item = &entry->item;
	item->line = bank_xml_line(xml);
	if (!item->amount_known || !entry->has_side || item->code[0] == '\0') {
		if (entry->sound)
			bank_xml_problem(
				xml, RECOURSE_FIELD_MISSING, "an entry without Amt, CdtDbtInd and Sts");
		return false;
	}
	if (!entry->sound)
		return false;
	amount_sum rest = signed_steps(item->credit, item->steps) - entry->parts;
	if (entry->transactions == 0 && !entry->has_batch) {
		hand_out(entry, item);
		return true;
	}
	if (entry->has_held && (entry->transactions > 1 || entry->has_batch)) {
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING,
			"of %" PRIu64 " transactions one or more tell no amount in the account's currency",
			entry->transactions);
		return false;
	}
	if (entry->has_held)
		return end_with_rest(entry, xml, &entry->held, rest);
	if (entry->has_waiting)
		return end_with_rest(entry, xml, &entry->waiting, rest);
	return end_with_charges(entry, xml, rest);
}

bool bank_camt_entry_end(struct bank_camt_entry *entry, struct bank_xml *xml, uint8_t id, slice text)
{
	if (id == CAMT_ENTRY)
		return end_entry(entry, xml);
	if (!end_of_entry(entry, xml, id, text))
		end_of_transaction(entry, xml, id, text);
	return false;
}
