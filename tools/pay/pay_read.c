/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_read.h"

#include "base/try.h"
#include "encoding.h"
#include "rows.h"

#include <libxml/xmlreader.h>

enum { PATH_SIZE = 256 };

/* Where a text of a message goes, by the names of the elements that it stands in, below the document's. */
static const struct {
	const char *path;
	size_t offset;
} message_texts[] = {
	{"GrpHdr/MsgId", offsetof(struct pay_read, message)},
	{"GrpHdr/NbOfTxs", offsetof(struct pay_read, counts[0])},
	{"GrpHdr/CtrlSum", offsetof(struct pay_read, sums[0])},
	{"PmtInf/NbOfTxs", offsetof(struct pay_read, counts[1])},
	{"PmtInf/CtrlSum", offsetof(struct pay_read, sums[1])},
};

static const struct {
	const char *path;
	size_t offset;
} payment_texts[] = {
	{"PmtInf/CdtTrfTxInf/PmtId/EndToEndId", offsetof(struct pay_read_payment, payment_id)},
	{"PmtInf/CdtTrfTxInf/Amt/InstdAmt", offsetof(struct pay_read_payment, amount)},
	{"PmtInf/CdtTrfTxInf/Cdtr/Nm", offsetof(struct pay_read_payment, name)},
	{"PmtInf/CdtTrfTxInf/CdtrAcct/Id/IBAN", offsetof(struct pay_read_payment, account)},
	{"PmtInf/CdtTrfTxInf/CdtrAcct/Id/Othr/Id", offsetof(struct pay_read_payment, account)},
	{"PmtInf/CdtTrfTxInf/CdtrAgt/FinInstnId/BIC", offsetof(struct pay_read_payment, bank)},
	{"PmtInf/CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI", offsetof(struct pay_read_payment, bank)},
	{"PmtInf/CdtTrfTxInf/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", offsetof(struct pay_read_payment, bank)},
};

struct pain {
	xmlTextReader *reader;
	struct pay_read *read;
	struct pay_read_payment payment;
	struct buffer text; /* of the element that is read, which may come in pieces */
	char path[PATH_SIZE];
	size_t lengths[16]; /* of the path, by depth */
};

static enum recourse_error take_text(struct pain *pain)
{
	slice text = buffer_slice(&pain->text);
	if (buffer_failed(&pain->text))
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < sizeof message_texts / sizeof message_texts[0]; row++) {
		slice *place = (slice *)(void *)((char *)pain->read + message_texts[row].offset);
		if (strcmp(pain->path, message_texts[row].path) == 0)
			return arena_copy(&pain->read->arena, text, place);
	}
	for (size_t row = 0; row < sizeof payment_texts / sizeof payment_texts[0]; row++) {
		slice *place = (slice *)(void *)((char *)&pain->payment + payment_texts[row].offset);
		if (strcmp(pain->path, payment_texts[row].path) == 0)
			return arena_copy(&pain->read->arena, text, place);
	}
	return RECOURSE_OK;
}

static enum recourse_error take_unit(struct pain *pain)
{
	xmlChar *unit = xmlTextReaderGetAttribute(pain->reader, (const xmlChar *)"Ccy");
	if (unit == NULL)
		return RECOURSE_OK;
	enum recourse_error error =
		arena_copy(&pain->read->arena, slice_text((const char *)unit), &pain->payment.unit);
	xmlFree(unit);
	return error;
}

/* The names from below CstmrCdtTrfInitn on. */
static enum recourse_error begin_element(struct pain *pain, const char *name, int depth)
{
	if (depth < 2 || depth > 12)
		return depth < 2 ? RECOURSE_OK : RECOURSE_MALFORMED;
	size_t start = depth == 2 ? 0 : pain->lengths[depth - 1];
	int size = snprintf(pain->path + start, PATH_SIZE - start, "%s%s", start == 0 ? "" : "/", name);
	if (size < 0 || (size_t)size >= PATH_SIZE - start)
		return RECOURSE_MALFORMED;
	pain->lengths[depth] = start + (size_t)size;
	buffer_clear(&pain->text);
	return strcmp(name, "InstdAmt") == 0 ? take_unit(pain) : RECOURSE_OK;
}

static enum recourse_error end_element(struct pain *pain, const char *name, int depth)
{
	TRY(take_text(pain));
	buffer_clear(&pain->text);
	if (strcmp(name, "CdtTrfTxInf") == 0) {
		buffer_append(&pain->read->payments, &pain->payment, sizeof pain->payment);
		pain->payment = (struct pay_read_payment){0};
	}
	pain->path[depth < 3 ? 0 : pain->lengths[depth - 1]] = '\0';
	return RECOURSE_OK;
}

static enum recourse_error take_node(struct pain *pain)
{
	const char *name = (const char *)xmlTextReaderConstLocalName(pain->reader);
	int depth = xmlTextReaderDepth(pain->reader);
	switch (xmlTextReaderNodeType(pain->reader)) {
	case XML_READER_TYPE_ELEMENT:
		TRY(begin_element(pain, name, depth));
		return xmlTextReaderIsEmptyElement(pain->reader) == 1 ? end_element(pain, name, depth)
								      : RECOURSE_OK;
	case XML_READER_TYPE_END_ELEMENT:
		return end_element(pain, name, depth);
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
		buffer_append_text(&pain->text, (const char *)xmlTextReaderConstValue(pain->reader));
		return RECOURSE_OK;
	default:
		return RECOURSE_OK;
	}
}

enum recourse_error pay_read_pain(slice file, struct pay_read *read)
{
	struct pain pain = {.read = read};
	if (file.size > INT32_MAX)
		return RECOURSE_MALFORMED;
	pain.reader = xmlReaderForMemory((const char *)file.data, (int)file.size, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (pain.reader == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = RECOURSE_OK;
	int more = 1;
	while (error == RECOURSE_OK && (more = xmlTextReaderRead(pain.reader)) == 1)
		error = take_node(&pain);
	if (error == RECOURSE_OK && more != 0)
		error = RECOURSE_MALFORMED;
	xmlFreeTextReader(pain.reader);
	buffer_free(&pain.text);
	if (error == RECOURSE_OK && buffer_failed(&read->payments))
		error = RECOURSE_MEMORY;
	return error;
}

static enum recourse_error copy_cell(const struct pay_form *form, const struct rows_row *row, int field,
	struct pay_read *read, slice *copy)
{
	size_t column = pay_columns_find(&form->columns, (enum pay_columns_field)field);
	if (column == form->columns.count)
		return RECOURSE_OK;
	return arena_copy(&read->arena, row->cells[column], copy);
}

static enum recourse_error take_row(
	const struct pay_form *form, const struct rows_row *row, struct pay_read *read)
{
	struct pay_read_payment payment = {0};
	if (row->error != RECOURSE_OK || row->cell_count != form->columns.count)
		return RECOURSE_MALFORMED;
	TRY(copy_cell(form, row, PAY_COLUMNS_PAYMENT_ID, read, &payment.payment_id));
	TRY(copy_cell(form, row, PAY_COLUMNS_STEPS, read, &payment.amount));
	TRY(copy_cell(form, row, PAY_COLUMNS_AMOUNT, read, &payment.amount));
	TRY(copy_cell(form, row, PAY_COLUMNS_UNIT, read, &payment.unit));
	TRY(copy_cell(form, row, PAY_COLUMNS_NAME, read, &payment.name));
	TRY(copy_cell(form, row, PAY_COLUMNS_ACCOUNT, read, &payment.account));
	TRY(copy_cell(form, row, PAY_COLUMNS_BANK, read, &payment.bank));
	buffer_append(&read->payments, &payment, sizeof payment);
	return RECOURSE_OK;
}

enum recourse_error pay_read_csv(const struct pay_form *form, slice file, struct pay_read *read)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(rows_free) struct rows rows = {0};
	struct rows_row row;
	enum recourse_error error = encoding_from(form->encoding, file, &text, NULL);
	if (error != RECOURSE_OK)
		return error == RECOURSE_MEMORY ? error : RECOURSE_MALFORMED;
	TRY(rows_start(&rows, buffer_slice(&text)));
	if (form->header && !rows_next(&rows, &row))
		return RECOURSE_MALFORMED;
	while (rows_next(&rows, &row))
		TRY(take_row(form, &row, read));
	return rows_failed(&rows) || buffer_failed(&read->payments) ? RECOURSE_MEMORY : RECOURSE_OK;
}

void pay_read_free(struct pay_read *read)
{
	buffer_free(&read->payments);
	arena_free(&read->arena);
}
