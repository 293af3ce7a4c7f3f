/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_pain.h"

#include "base/instant.h"
#include "pay/pay_text.h"

#include <inttypes.h>
#include <libxml/xmlwriter.h>

enum value {
	BRANCH,
	MESSAGE,
	CREATED,
	COUNT,
	TOTAL,
	PAYMENT_INFORMATION,
	METHOD,
	BATCH_BOOKING,
	DAY,
	DEBTOR_NAME,
	DEBTOR_IBAN,
	DEBTOR_OTHER,
	DEBTOR_BIC,
	DEBTOR_CLEARING,
	DEBTOR_MEMBER,
	CHARGES,
	PAYMENT_ID,
	AMOUNT,
	BANK_BIC,
	BANK_CLEARING,
	BANK_MEMBER,
	NAME,
	IBAN,
	OTHER,
	REMARK,
};

enum { BOTH, OLD, NEW };

/*
 * Both versions, in the order that their schemas demand: how deep an element stands, and what is in it. One in which nothing stands is
 * not written, nor what it would be in.
 */
struct element {
	uint8_t depth;
	uint8_t version;
	const char *name;
	enum value value;
};

enum { DEPTH_MAX = 8 };

static const struct element message[] = {
	{2, BOTH, "GrpHdr", BRANCH},
	{3, BOTH, "MsgId", MESSAGE},
	{3, BOTH, "CreDtTm", CREATED},
	{3, BOTH, "NbOfTxs", COUNT},
	{3, BOTH, "CtrlSum", TOTAL},
	{3, BOTH, "InitgPty", BRANCH},
	{4, BOTH, "Nm", DEBTOR_NAME},
	{2, BOTH, "PmtInf", BRANCH},
	{3, BOTH, "PmtInfId", PAYMENT_INFORMATION},
	{3, BOTH, "PmtMtd", METHOD},
	{3, BOTH, "BtchBookg", BATCH_BOOKING},
	{3, BOTH, "NbOfTxs", COUNT},
	{3, BOTH, "CtrlSum", TOTAL},
	{3, OLD, "ReqdExctnDt", DAY},
	{3, NEW, "ReqdExctnDt", BRANCH},
	{4, NEW, "Dt", DAY},
	{3, BOTH, "Dbtr", BRANCH},
	{4, BOTH, "Nm", DEBTOR_NAME},
	{3, BOTH, "DbtrAcct", BRANCH},
	{4, BOTH, "Id", BRANCH},
	{5, BOTH, "IBAN", DEBTOR_IBAN},
	{5, BOTH, "Othr", BRANCH},
	{6, BOTH, "Id", DEBTOR_OTHER},
	{3, BOTH, "DbtrAgt", BRANCH},
	{4, BOTH, "FinInstnId", BRANCH},
	{5, OLD, "BIC", DEBTOR_BIC},
	{5, NEW, "BICFI", DEBTOR_BIC},
	{5, BOTH, "ClrSysMmbId", BRANCH},
	{6, BOTH, "ClrSysId", BRANCH},
	{7, BOTH, "Cd", DEBTOR_CLEARING},
	{6, BOTH, "MmbId", DEBTOR_MEMBER},
	{3, BOTH, "ChrgBr", CHARGES},
};

static const struct element transaction[] = {
	{3, BOTH, "CdtTrfTxInf", BRANCH},
	{4, BOTH, "PmtId", BRANCH},
	{5, BOTH, "EndToEndId", PAYMENT_ID},
	{4, BOTH, "Amt", BRANCH},
	{5, BOTH, "InstdAmt", AMOUNT},
	{4, BOTH, "CdtrAgt", BRANCH},
	{5, BOTH, "FinInstnId", BRANCH},
	{6, OLD, "BIC", BANK_BIC},
	{6, NEW, "BICFI", BANK_BIC},
	{6, BOTH, "ClrSysMmbId", BRANCH},
	{7, BOTH, "ClrSysId", BRANCH},
	{8, BOTH, "Cd", BANK_CLEARING},
	{7, BOTH, "MmbId", BANK_MEMBER},
	{4, BOTH, "Cdtr", BRANCH},
	{5, BOTH, "Nm", NAME},
	{4, BOTH, "CdtrAcct", BRANCH},
	{5, BOTH, "Id", BRANCH},
	{6, BOTH, "IBAN", IBAN},
	{6, BOTH, "Othr", BRANCH},
	{7, BOTH, "Id", OTHER},
	{4, BOTH, "RmtInf", BRANCH},
	{5, BOTH, "Ustrd", REMARK},
};

struct pain {
	const struct pay_batch *batch;
	const struct pay_form *form;
	const struct pay_part *part;
	const struct pay_order *order;
	xmlTextWriter *writer;
	bool failed;
	const char *waiting[DEPTH_MAX + 1]; /* elements that are begun once something stands in them */
	unsigned open;                      /* how deep what is begun stands */
	char text[AMOUNT_SUM_TEXT_SIZE];    /* of a value that is no text */
};

static const xmlChar *as_xml(const char *text)
{
	return (const xmlChar *)text;
}

static void check(struct pain *pain, int result)
{
	pain->failed = pain->failed || result < 0;
}

static slice instant_text(struct pain *pain)
{
	return slice_of(pain->text,
		instant_format(pain->batch->time - pain->batch->time % INSTANT_SECOND, pain->text));
}

static slice only(bool holds, slice text)
{
	return holds ? text : slice_of(NULL, 0);
}

static slice setting(const char *text)
{
	return slice_text(text == NULL ? "" : text);
}

/* What stands in an element of the message; of size 0 where nothing does. */
static slice message_value(struct pain *pain, enum value value)
{
	const struct pay_form *form = pain->form;
	slice account = setting(form->debtor_account);
	slice bank = setting(form->debtor_bank);
	bool member = pay_text_is_member(bank);
	switch ((int)value) {
	case MESSAGE:
		return slice_text(pain->part->message);
	case PAYMENT_INFORMATION:
		return slice_of(pain->text,
			(size_t)snprintf(pain->text, sizeof pain->text, "%s-1", pain->part->message));
	case CREATED:
		return instant_text(pain);
	case COUNT:
		return slice_of(pain->text,
			(size_t)snprintf(pain->text, sizeof pain->text, "%zu", pain->part->count));
	case TOTAL:
		return slice_of(
			pain->text, amount_format_sum(&pain->batch->unit, pain->part->total, pain->text));
	case METHOD:
		return slice_text("TRF");
	case BATCH_BOOKING:
		return setting(form->batch_booking);
	case DAY:
		return setting(form->day);
	case DEBTOR_NAME:
		return setting(form->debtor_name);
	case DEBTOR_IBAN:
		return only(pay_text_is_iban(account), account);
	case DEBTOR_OTHER:
		return only(!pay_text_is_iban(account), account);
	case DEBTOR_BIC:
		return only(!member, bank);
	case DEBTOR_CLEARING:
		return only(member, setting(form->clearing));
	case DEBTOR_MEMBER:
		return only(member, bank);
	case CHARGES:
		return setting(form->charges);
	default:
		return slice_of(NULL, 0);
	}
}

static slice transaction_value(struct pain *pain, enum value value)
{
	const struct pay_order *order = pain->order;
	bool member = pay_text_is_member(order->bank);
	switch ((int)value) {
	case PAYMENT_ID:
		return order->payment_id;
	case AMOUNT:
		return slice_of(pain->text, amount_format(&pain->batch->unit, order->steps, pain->text));
	case BANK_BIC:
		return only(!member, order->bank);
	case BANK_CLEARING:
		return only(member, setting(pain->form->clearing));
	case BANK_MEMBER:
		return only(member, order->bank);
	case NAME:
		return order->name;
	case IBAN:
		return only(pay_text_is_iban(order->account), order->account);
	case OTHER:
		return only(!pay_text_is_iban(order->account), order->account);
	case REMARK:
		return setting(pain->form->remark);
	default:
		return slice_of(NULL, 0);
	}
}

/* Ends what stands as deep as that or deeper. */
static void close_to(struct pain *pain, unsigned depth)
{
	for (; pain->open >= depth; pain->open--)
		check(pain, xmlTextWriterEndElement(pain->writer));
}

static void write_leaf(struct pain *pain, const struct element *element, slice value)
{
	char text[4 * 140 + 1]; /* of 140 characters: pay_limit.h */
	snprintf(text, sizeof text, "%.*s", SLICE_ARGUMENTS(value));
	while (pain->open + 1 < element->depth) {
		pain->open++;
		check(pain, xmlTextWriterStartElement(pain->writer, as_xml(pain->waiting[pain->open])));
	}
	check(pain, xmlTextWriterStartElement(pain->writer, as_xml(element->name)));
	if (element->value == AMOUNT)
		check(pain, xmlTextWriterWriteAttribute(
				    pain->writer, as_xml("Ccy"), as_xml(pain->batch->unit.code)));
	check(pain, xmlTextWriterWriteString(pain->writer, as_xml(text)));
	check(pain, xmlTextWriterEndElement(pain->writer));
}

static void write_elements(struct pain *pain, const struct element *elements, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		const struct element *element = &elements[index];
		if (element->version == (pain->form->old ? NEW : OLD))
			continue;
		close_to(pain, element->depth);
		if (element->value == BRANCH) {
			pain->waiting[element->depth] = element->name;
			continue;
		}
		slice value = pain->order == NULL ? message_value(pain, element->value)
						  : transaction_value(pain, element->value);
		if (value.size > 0)
			write_leaf(pain, element, value);
	}
}

static void write_document(struct pain *pain)
{
	char space[64];
	snprintf(space, sizeof space, "urn:iso:std:iso:20022:tech:xsd:%s",
		pain->form->old ? "pain.001.001.03" : "pain.001.001.09");
	check(pain, xmlTextWriterSetIndent(pain->writer, 1));
	check(pain, xmlTextWriterStartDocument(pain->writer, "1.0", "UTF-8", NULL));
	check(pain, xmlTextWriterStartElement(pain->writer, as_xml("Document")));
	check(pain, xmlTextWriterWriteAttribute(pain->writer, as_xml("xmlns"), as_xml(space)));
	check(pain, xmlTextWriterStartElement(pain->writer, as_xml("CstmrCdtTrfInitn")));
	pain->open = 1;
	write_elements(pain, message, sizeof message / sizeof message[0]);
	for (size_t index = 0; index < pain->part->count && !pain->failed; index++) {
		pain->order = &pay_batch_orders(pain->batch)[pain->part->first + index];
		write_elements(pain, transaction, sizeof transaction / sizeof transaction[0]);
	}
	check(pain, xmlTextWriterEndDocument(pain->writer));
}

enum recourse_error pay_pain_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, struct buffer *out)
{
	struct pain pain = {.batch = batch, .form = form, .part = part};
	xmlBuffer *text = xmlBufferCreate();
	pain.writer = text == NULL ? NULL : xmlNewTextWriterMemory(text, 0);
	pain.failed = pain.writer == NULL;
	if (pain.writer != NULL) {
		write_document(&pain);
		xmlFreeTextWriter(pain.writer);
	}
	if (!pain.failed)
		buffer_append(out, xmlBufferContent(text), (size_t)xmlBufferLength(text));
	if (text != NULL)
		xmlBufferFree(text);
	return pain.failed || buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
