/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_pain.h"

#include "bank/bank_amount.h"
#include "bank/bank_field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum pain_id {
	PAIN_DOCUMENT,
	PAIN_REPORT,
	PAIN_HEADER,
	PAIN_REPORT_ID,
	PAIN_GROUP,
	PAIN_MESSAGE_ID,
	PAIN_BATCH,
	PAIN_BATCH_ID,
	PAIN_COUNT,
	PAIN_SUM,
	PAIN_STATUS,
	PAIN_REASONS,
	PAIN_REASON,
	PAIN_REASON_CODE,
	PAIN_PER_STATUS,
	PAIN_STATUS_COUNT,
	PAIN_STATUS_CODE,
	PAIN_STATUS_SUM,
	PAIN_PAYMENT,
	PAIN_PAYMENT_ID,
	PAIN_PAYMENT_STATUS,
	PAIN_REFERENCE,
	PAIN_PAYMENT_REASONS,
	PAIN_PAYMENT_REASON,
	PAIN_PAYMENT_REASON_CODE,
	PAIN_ORIGINAL,
	PAIN_AMOUNTS,
	PAIN_AMOUNT,
	PAIN_PASSED,
};

enum { PASSED = BANK_XML_PASSED | BANK_XML_MANY, TEXT = BANK_XML_TEXT, MANY = BANK_XML_MANY };

static const struct bank_xml_row rows[] = {
	{PAIN_DOCUMENT, PAIN_REPORT, 0, 0, "CstmrPmtStsRpt"},
	{PAIN_REPORT, PAIN_HEADER, 0, 0, "GrpHdr"},
	{PAIN_REPORT, PAIN_GROUP, 0, 0, "OrgnlGrpInfAndSts"},
	{PAIN_REPORT, PAIN_BATCH, MANY, 0, "OrgnlPmtInfAndSts"},
	{PAIN_REPORT, PAIN_PASSED, PASSED, 0, "SplmtryData"},
	{PAIN_HEADER, PAIN_REPORT_ID, TEXT, 0, "MsgId"},
	{PAIN_HEADER, PAIN_PASSED, PASSED, 0, "CreDtTm"},
	{PAIN_HEADER, PAIN_PASSED, PASSED, 0, "InitgPty"},
	{PAIN_HEADER, PAIN_PASSED, PASSED, 0, "FwdgAgt"},
	{PAIN_HEADER, PAIN_PASSED, PASSED, 0, "DbtrAgt"},
	{PAIN_HEADER, PAIN_PASSED, PASSED, 0, "CdtrAgt"},
	{PAIN_GROUP, PAIN_MESSAGE_ID, TEXT, 0, "OrgnlMsgId"},
	{PAIN_GROUP, PAIN_PASSED, PASSED, 0, "OrgnlMsgNmId"},
	{PAIN_GROUP, PAIN_PASSED, PASSED, 0, "OrgnlCreDtTm"},
	{PAIN_GROUP, PAIN_COUNT, TEXT, 0, "OrgnlNbOfTxs"},
	{PAIN_GROUP, PAIN_SUM, TEXT, 0, "OrgnlCtrlSum"},
	{PAIN_GROUP, PAIN_STATUS, TEXT, 0, "GrpSts"},
	{PAIN_GROUP, PAIN_REASONS, MANY, 0, "StsRsnInf"},
	{PAIN_GROUP, PAIN_PER_STATUS, MANY, 0, "NbOfTxsPerSts"},
	{PAIN_BATCH, PAIN_PAYMENT, MANY, 0, "TxInfAndSts"},
	{PAIN_BATCH, PAIN_BATCH_ID, TEXT, 0, "OrgnlPmtInfId"},
	{PAIN_BATCH, PAIN_COUNT, TEXT, 0, "OrgnlNbOfTxs"},
	{PAIN_BATCH, PAIN_SUM, TEXT, 0, "OrgnlCtrlSum"},
	{PAIN_BATCH, PAIN_STATUS, TEXT, 0, "PmtInfSts"},
	{PAIN_BATCH, PAIN_REASONS, MANY, 0, "StsRsnInf"},
	{PAIN_BATCH, PAIN_PER_STATUS, MANY, 0, "NbOfTxsPerSts"},
	{PAIN_REASONS, PAIN_REASON, 0, 0, "Rsn"},
	{PAIN_REASONS, PAIN_PASSED, PASSED, 0, "Orgtr"},
	{PAIN_REASONS, PAIN_PASSED, PASSED, 0, "AddtlInf"},
	{PAIN_REASON, PAIN_REASON_CODE, TEXT, 0, "Cd"},
	{PAIN_REASON, PAIN_REASON_CODE, TEXT, 0, "Prtry"},
	{PAIN_PER_STATUS, PAIN_STATUS_COUNT, TEXT, 0, "DtldNbOfTxs"},
	{PAIN_PER_STATUS, PAIN_STATUS_CODE, TEXT, 0, "DtldSts"},
	{PAIN_PER_STATUS, PAIN_STATUS_SUM, TEXT, 0, "DtldCtrlSum"},
	{PAIN_PAYMENT, PAIN_PAYMENT_ID, TEXT, 0, "OrgnlEndToEndId"},
	{PAIN_PAYMENT, PAIN_PAYMENT_STATUS, TEXT, 0, "TxSts"},
	{PAIN_PAYMENT, PAIN_PAYMENT_REASONS, MANY, 0, "StsRsnInf"},
	{PAIN_PAYMENT, PAIN_REFERENCE, TEXT, 0, "AcctSvcrRef"},
	{PAIN_PAYMENT, PAIN_ORIGINAL, 0, 0, "OrgnlTxRef"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "StsId"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "OrgnlInstrId"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "OrgnlUETR"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "ChrgsInf"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "TrckrData"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "AccptncDtTm"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "ClrSysRef"},
	{PAIN_PAYMENT, PAIN_PASSED, PASSED, 0, "SplmtryData"},
	{PAIN_PAYMENT_REASONS, PAIN_PAYMENT_REASON, 0, 0, "Rsn"},
	{PAIN_PAYMENT_REASONS, PAIN_PASSED, PASSED, 0, "Orgtr"},
	{PAIN_PAYMENT_REASONS, PAIN_PASSED, PASSED, 0, "AddtlInf"},
	{PAIN_PAYMENT_REASON, PAIN_PAYMENT_REASON_CODE, TEXT, 0, "Cd"},
	{PAIN_PAYMENT_REASON, PAIN_PAYMENT_REASON_CODE, TEXT, 0, "Prtry"},
	{PAIN_ORIGINAL, PAIN_AMOUNTS, 0, 0, "Amt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "IntrBkSttlmAmt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "IntrBkSttlmDt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "ReqdColltnDt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "ReqdExctnDt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "CdtrSchmeId"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "SttlmInf"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "PmtTpInf"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "PmtMtd"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "MndtRltdInf"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "RmtInf"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "UltmtDbtr"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "Dbtr"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "DbtrAcct"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "DbtrAgt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "DbtrAgtAcct"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "CdtrAgt"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "CdtrAgtAcct"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "Cdtr"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "CdtrAcct"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "UltmtCdtr"},
	{PAIN_ORIGINAL, PAIN_PASSED, PASSED, 0, "Purp"},
	{PAIN_AMOUNTS, PAIN_AMOUNT, TEXT, 0, "InstdAmt"},
	{PAIN_AMOUNTS, PAIN_PASSED, PASSED, 0, "EqvtAmt"},
};

/* What is said of the message, and of the batch that is open; and what is named of each until now. */
enum { PER_STATUS_MAX = 32 };

struct per_status {
	char code[BANK_ITEM_TEXT_SIZE];
	bool said;
	uint64_t said_count;
	char said_sum[BANK_ITEM_TEXT_SIZE];
	uint64_t count;
	amount_sum sum;
	bool exact; /* each that is named tells its amount */
};

struct level {
	struct bank_item item;
	bool counted;
	uint64_t said_count;
	char said_sum[BANK_ITEM_TEXT_SIZE];
	struct per_status statuses[PER_STATUS_MAX];
	size_t status_count;
	struct per_status all;
};

struct bank_pain {
	struct bank_reading *reading;
	struct level group;
	struct level batch;
	bool in_batch;
	uint64_t said_count;    /* of its batches */
	struct per_status told; /* the row that is read */
	struct bank_item payment;
};

struct bank_pain *bank_pain_open(struct bank_reading *reading)
{
	struct bank_pain *pain = calloc(1, sizeof *pain);
	if (pain != NULL)
		pain->reading = reading;
	return pain;
}

void bank_pain_free(struct bank_pain *pain)
{
	free(pain);
}

static struct level *open_level(struct bank_pain *pain)
{
	return pain->in_batch ? &pain->batch : &pain->group;
}

/* ---- what it says of how many there are ---- */

/* NULL beyond PER_STATUS_MAX: there are a dozen such codes. */
static struct per_status *find_status(struct level *level, const char *code)
{
	for (size_t index = 0; index < level->status_count; index++) {
		if (strcmp(level->statuses[index].code, code) == 0)
			return &level->statuses[index];
	}
	if (level->status_count == PER_STATUS_MAX)
		return NULL;
	struct per_status *status = &level->statuses[level->status_count++];
	*status = (struct per_status){.exact = true};
	memcpy(status->code, code, sizeof status->code);
	return status;
}

static void count_one(struct per_status *status, const struct bank_item *item)
{
	status->count++;
	status->exact &= item->amount_known;
	if (item->amount_known)
		status->sum += item->steps;
}

static void count_payment(struct level *level, struct bank_xml *xml, const struct bank_item *item)
{
	struct per_status *status = find_status(level, item->code);
	if (status == NULL)
		bank_xml_problem(xml, RECOURSE_FIELD_LIMIT, "more than %d kinds of status", PER_STATUS_MAX);
	else
		count_one(status, item);
	count_one(&level->all, item);
}

/* Where all are named, the sum is the one that is said; where some are, it is no less. */
static void check_sum(struct bank_pain *pain, struct bank_xml *xml, const struct per_status *named,
	const char *said_sum, bool whole, const char *name)
{
	char text[AMOUNT_SUM_TEXT_SIZE];
	int64_t said;
	const char *why;
	struct unit unit = pain->reading->statement.unit;
	if (said_sum[0] == '\0' || unit.code[0] == '\0')
		return;
	enum recourse_error error = bank_amount_read_sum(&unit, slice_text(said_sum), &said, &why);
	if (error != RECOURSE_OK) {
		bank_xml_problem(xml, error, "%s '%s': %s", name, said_sum, why);
		return;
	}
	if (named->sum <= said && (named->sum == said || !whole || !named->exact))
		return;
	amount_format_sum(&unit, named->sum, text);
	bank_xml_problem(xml, RECOURSE_SHARES_WRONG, "%s is %s, and the payments that are named make %s",
		name, said_sum, text);
}

static void check_status(
	struct bank_pain *pain, struct bank_xml *xml, const struct per_status *status, bool all_named)
{
	bool whole = status->count == status->said_count;
	if (status->count > status->said_count || (all_named && !whole))
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"DtldNbOfTxs of %s is %" PRIu64 ", and %" PRIu64 " are named", status->code,
			status->said_count, status->count);
	else
		check_sum(pain, xml, status, status->said_sum, whole, "DtldCtrlSum");
}

static void check_level(struct bank_pain *pain, struct bank_xml *xml, const struct level *level)
{
	bool all_named = level->counted && level->all.count == level->said_count;
	uint64_t told = 0;
	bool tells = false;
	if (level->counted && level->all.count > level->said_count)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"OrgnlNbOfTxs is %" PRIu64 ", and %" PRIu64 " payments are named", level->said_count,
			level->all.count);
	else if (level->counted)
		check_sum(pain, xml, &level->all, level->said_sum, all_named, "OrgnlCtrlSum");
	for (size_t index = 0; index < level->status_count; index++) {
		const struct per_status *status = &level->statuses[index];
		if (!status->said)
			continue;
		tells = true;
		told += status->said_count;
		check_status(pain, xml, status, all_named);
	}
	if (tells && level->counted && told != level->said_count)
		bank_xml_problem(xml, RECOURSE_SHARES_WRONG,
			"OrgnlNbOfTxs is %" PRIu64 ", and by their statuses there are %" PRIu64,
			level->said_count, told);
}

static void take_told(struct bank_pain *pain, struct bank_xml *xml)
{
	struct per_status *status = find_status(open_level(pain), pain->told.code);
	if (status == NULL || pain->told.code[0] == '\0' || status->said) {
		bank_xml_problem(xml,
			status != NULL && status->said ? RECOURSE_EXISTS : RECOURSE_FIELD_MISSING,
			"a count of the status '%s'%s", pain->told.code,
			status != NULL && status->said ? ", which was counted already" : "");
		return;
	}
	status->said = true;
	status->said_count = pain->told.said_count;
	memcpy(status->said_sum, pain->told.said_sum, sizeof status->said_sum);
}

/* ---- items ---- */

static void judge(struct bank_item *item)
{
	const struct bank_status_row *row = bank_status_of(BANK_SCHEME_ISO20022, slice_text(item->code));
	item->status = row->status;
	item->hint = row->hint;
}

static void end_payment(struct bank_pain *pain, struct bank_xml *xml)
{
	struct bank_item *item = &pain->payment;
	item->line = bank_xml_line(xml);
	if (item->payment_id[0] == '\0') {
		bank_xml_problem(xml, RECOURSE_FIELD_MISSING, "a payment without OrgnlEndToEndId");
		return;
	}
	/* Without a status of its own it has what is said of its batch, or of the message; that is for who reads. */
	if (item->code[0] == '\0') {
		const struct bank_item *level =
			pain->batch.item.code[0] != '\0' ? &pain->batch.item : &pain->group.item;
		memcpy(item->code, level->code, sizeof item->code);
		if (item->reason[0] == '\0')
			memcpy(item->reason, level->reason, sizeof item->reason);
		item->status = BANK_STATUS_UNKNOWN;
		item->of_group = item->code[0] != '\0';
	} else {
		judge(item);
	}
	count_payment(&pain->group, xml, item);
	count_payment(&pain->batch, xml, item);
	bank_reading_item(pain->reading, item);
}

static void hand_out_level(struct bank_pain *pain, struct bank_xml *xml, struct level *level)
{
	struct bank_item *item = &level->item;
	if (item->code[0] == '\0')
		return;
	item->kind = BANK_ITEM_GROUP;
	item->line = bank_xml_line(xml);
	judge(item);
	bank_reading_item(pain->reading, item);
}

/* ---- those that are not named ---- */

/*
 * The only status that was counted for more payments than are named with it: that is what the others have. Empty where that is
 * so of none, or of several; `*counted`: there are such counts.
 */
static const char *find_left(const struct level *level, bool *counted)
{
	const char *left = NULL;
	*counted = false;
	for (size_t index = 0; index < level->status_count; index++) {
		const struct per_status *status = &level->statuses[index];
		*counted |= status->said;
		if (!status->said || status->said_count == status->count)
			continue;
		left = left == NULL ? status->code : "";
	}
	return left == NULL ? "" : left;
}

/* What is said of all of it is of the others, unless counts say otherwise; PART is of nobody. */
static const char *code_of_others(const struct level *level)
{
	bool counted;
	const char *left = find_left(level, &counted);
	const char *said = strcmp(level->item.code, "PART") == 0 ? "" : level->item.code;
	if (!counted)
		return said;
	bool same = bank_status_of(BANK_SCHEME_ISO20022, slice_text(said))->status ==
		    bank_status_of(BANK_SCHEME_ISO20022, slice_text(left))->status;
	return said[0] == '\0' || same ? left : "";
}

static void keep_whole(struct bank_whole *whole, const struct level *level, const char *id)
{
	*whole = (struct bank_whole){
		.counted = level->counted, .count = level->said_count, .named = level->all.count};
	memcpy(whole->sum, level->said_sum, sizeof whole->sum);
	memcpy(whole->id, id, sizeof whole->id);
	snprintf(whole->code, sizeof whole->code, "%s", code_of_others(level));
	memcpy(whole->reason, level->item.reason, sizeof whole->reason);
}

/* ---- elements ---- */

static void begin(void *context, struct bank_xml *xml, uint8_t id)
{
	struct bank_pain *pain = context;
	if (id == PAIN_DOCUMENT) {
		bank_reading_kind(pain->reading, BANK_KIND_PAIN002, bank_xml_version(xml));
	} else if (id == PAIN_GROUP) {
		pain->group = (struct level){.all.exact = true};
	} else if (id == PAIN_BATCH) {
		pain->in_batch = true;
		pain->batch = (struct level){.all.exact = true};
		memcpy(pain->batch.item.message_id, pain->group.item.message_id, BANK_ITEM_TEXT_SIZE);
	} else if (id == PAIN_PER_STATUS) {
		pain->told = (struct per_status){0};
	} else if (id == PAIN_PAYMENT) {
		pain->payment = (struct bank_item){.kind = BANK_ITEM_STATUS};
		memcpy(pain->payment.message_id, pain->batch.item.message_id, BANK_ITEM_TEXT_SIZE);
		memcpy(pain->payment.batch_id, pain->batch.item.batch_id, BANK_ITEM_TEXT_SIZE);
	}
}

static void end_of_level(struct bank_pain *pain, struct bank_xml *xml, uint8_t id, slice text)
{
	struct level *level = open_level(pain);
	switch (id) {
	case PAIN_MESSAGE_ID:
		bank_field_text(xml, text, level->item.message_id);
		break;
	case PAIN_BATCH_ID:
		bank_field_text(xml, text, level->item.batch_id);
		break;
	case PAIN_COUNT:
		level->counted = bank_field_count(xml, text, &level->said_count);
		break;
	case PAIN_SUM:
		bank_field_text(xml, text, level->said_sum);
		break;
	case PAIN_STATUS:
		bank_field_text(xml, text, level->item.code);
		break;
	case PAIN_REASON_CODE:
		if (level->item.reason[0] == '\0')
			bank_field_text(xml, text, level->item.reason);
		break;
	case PAIN_STATUS_COUNT:
		bank_field_count(xml, text, &pain->told.said_count);
		break;
	case PAIN_STATUS_CODE:
		bank_field_text(xml, text, pain->told.code);
		break;
	case PAIN_STATUS_SUM:
		bank_field_text(xml, text, pain->told.said_sum);
		break;
	case PAIN_PER_STATUS:
		take_told(pain, xml);
		break;
	case PAIN_BATCH:
		check_level(pain, xml, level);
		hand_out_level(pain, xml, level);
		keep_whole(&pain->reading->statement.batch, level, level->item.batch_id);
		pain->reading->statement.batches++;
		pain->said_count += level->counted ? level->said_count : level->all.count;
		pain->in_batch = false;
		break;
	default:
		break;
	}
}

static void end_of_payment(struct bank_pain *pain, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_item *item = &pain->payment;
	switch (id) {
	case PAIN_PAYMENT_ID:
		bank_field_text(xml, text, item->payment_id);
		break;
	case PAIN_PAYMENT_STATUS:
		bank_field_text(xml, text, item->code);
		break;
	case PAIN_REFERENCE:
		bank_field_text(xml, text, item->reference);
		break;
	case PAIN_PAYMENT_REASON_CODE:
		if (item->reason[0] == '\0')
			bank_field_text(xml, text, item->reason);
		break;
	case PAIN_AMOUNT:
		item->amount_known =
			bank_field_amount(xml, text, &pain->reading->statement.unit, &item->steps);
		item->unit = pain->reading->statement.unit;
		break;
	case PAIN_PAYMENT:
		end_payment(pain, xml);
		break;
	default:
		break;
	}
}

/* Of the message, or where that does not say it of its batches. */
static uint64_t count_unnamed(const struct bank_pain *pain)
{
	const struct level *group = &pain->group;
	uint64_t said = group->counted ? group->said_count : pain->said_count;
	return said > group->all.count ? said - group->all.count : 0;
}

static void end(void *context, struct bank_xml *xml, uint8_t id, slice text)
{
	struct bank_pain *pain = context;
	struct bank_statement *statement = &pain->reading->statement;
	if (id == PAIN_REPORT_ID) {
		bank_field_text(xml, text, statement->message_id);
		memcpy(statement->id, statement->message_id, sizeof statement->id);
	} else if (id == PAIN_REPORT) {
		check_level(pain, xml, &pain->group);
		hand_out_level(pain, xml, &pain->group);
		keep_whole(&statement->message, &pain->group, pain->group.item.message_id);
		statement->unnamed = count_unnamed(pain);
		bank_reading_statement(pain->reading, bank_xml_line(xml), bank_xml_path(xml));
	} else if (id >= PAIN_PAYMENT) {
		end_of_payment(pain, xml, id, text);
	} else {
		end_of_level(pain, xml, id, text);
	}
}

const struct bank_xml_message bank_pain_messages[BANK_PAIN_MESSAGES] = {
	{"urn:iso:std:iso:20022:tech:xsd:pain.002.001.", 3, 15, 1, rows, sizeof rows / sizeof rows[0], NULL,
		begin, end},
};
