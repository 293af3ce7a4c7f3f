/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_xml.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdlib.h>

enum { ENCODING_BYTES = 4, CURRENCY_SIZE = 8, IDS = 256, PATH_SIZE = 512, VERSION_DIGITS = 2 };

struct frame {
	uint8_t id;
	uint64_t seen;                  /* bits: which of its children came */
	const struct bank_xml_row *row; /* NULL: the document */
};

struct bank_xml {
	xmlParserCtxtPtr parser;
	const struct bank_xml_message *messages;
	size_t message_count;
	const struct bank_xml_message *message;
	char name_space[96];
	uint16_t first[IDS]; /* of the message's rows, by parent */
	uint16_t counts[IDS];
	struct bank_problems *problems;
	struct frame frames[BANK_XML_DEPTH_MAX + 1];
	size_t depth;   /* elements that are open and not passed over */
	size_t passing; /* elements that are open within one that is */
	struct buffer text;
	bool text_too_long;
	char currency[CURRENCY_SIZE];
	char path[PATH_SIZE];
	bool stopped;
};

uint64_t bank_xml_line(const struct bank_xml *xml)
{
	int line = xmlSAX2GetLineNumber(xml->parser);
	return line > 0 ? (uint64_t)line : 1;
}

const char *bank_xml_path(struct bank_xml *xml)
{
	size_t size = 0;
	xml->path[0] = '\0';
	for (size_t index = 0; index < xml->depth && size < PATH_SIZE - 1; index++) {
		const struct bank_xml_row *row = xml->frames[index].row;
		int added = snprintf(xml->path + size, PATH_SIZE - size, "%s%s", index > 0 ? "/" : "",
			row == NULL ? "Document" : row->name);
		size += added > 0 ? (size_t)added : 0;
	}
	return xml->path;
}

const char *bank_xml_version(const struct bank_xml *xml)
{
	return xml->name_space + strlen(xml->message->name_space);
}

slice bank_xml_currency(const struct bank_xml *xml)
{
	return slice_text(xml->currency);
}

uint8_t bank_xml_bit(const struct bank_xml *xml)
{
	return xml->message->bit;
}

void bank_xml_problem(struct bank_xml *xml, enum recourse_error error, const char *format, ...)
{
	char reason[400];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	bank_problem_add(xml->problems, bank_xml_line(xml), bank_xml_path(xml), error, "%s", reason);
}

/* Nothing of the rest can be told. */
static void stop(struct bank_xml *xml)
{
	xml->stopped = true;
	xmlStopParser(xml->parser);
}

/* ---- the document ---- */

static bool is_version(slice digits, const struct bank_xml_message *message)
{
	if (digits.size != VERSION_DIGITS || digits.data[0] < '0' || digits.data[0] > '9' ||
		digits.data[1] < '0' || digits.data[1] > '9')
		return false;
	unsigned version = (unsigned)(digits.data[0] - '0') * 10 + (unsigned)(digits.data[1] - '0');
	return version >= message->first && version <= message->last;
}

static void index_rows(struct bank_xml *xml)
{
	const struct bank_xml_message *message = xml->message;
	for (size_t index = 0; index < message->row_count; index++) {
		uint8_t parent = message->rows[index].parent;
		if (xml->counts[parent]++ == 0)
			xml->first[parent] = (uint16_t)index;
		assert(index - xml->first[parent] + 1 == xml->counts[parent] && xml->counts[parent] <= 64);
	}
}

/* The namespace of the document says which message it is. */
static void choose(struct bank_xml *xml, const char *name, const char *name_space)
{
	for (size_t index = 0; index < xml->message_count; index++) {
		slice rest = slice_text(name_space);
		if (!slice_take(&rest, xml->messages[index].name_space))
			continue;
		if (strcmp(name, "Document") == 0 && is_version(rest, &xml->messages[index])) {
			xml->message = &xml->messages[index];
			snprintf(xml->name_space, sizeof xml->name_space, "%s", name_space);
			index_rows(xml);
			return;
		}
		bank_xml_problem(xml, RECOURSE_VERSION_UNKNOWN,
			"<%.40s xmlns=\"%.80s\">: versions %02u to %02u are known", name, name_space,
			xml->messages[index].first, xml->messages[index].last);
		stop(xml);
		return;
	}
	bank_xml_problem(xml, RECOURSE_VERSION_UNKNOWN,
		"<%.40s> of the namespace \"%.80s\" is none of the messages that are known", name,
		name_space);
	stop(xml);
}

/* ---- elements ---- */

static const struct bank_xml_row *find(const struct bank_xml *xml, uint8_t parent, const char *name)
{
	const struct bank_xml_row *rows = xml->message->rows + xml->first[parent];
	for (size_t index = 0; index < xml->counts[parent]; index++) {
		bool other = rows[index].messages != 0 && (rows[index].messages & xml->message->bit) == 0;
		/* their first letters tell most of them apart */
		if (rows[index].name[0] == name[0] && strcmp(rows[index].name, name) == 0 && !other)
			return &rows[index];
	}
	return NULL;
}

static void push(struct bank_xml *xml, const struct bank_xml_row *row)
{
	uint8_t id = row == NULL ? 0 : row->id;
	xml->frames[xml->depth++] = (struct frame){.id = id, .row = row};
	buffer_clear(&xml->text);
	xml->text_too_long = false;
	xml->currency[0] = '\0';
	xml->message->begin(xml->message->context, xml, id);
}

static bool may_come(struct bank_xml *xml, const struct bank_xml_row *row, const char *name)
{
	struct frame *parent = &xml->frames[xml->depth - 1];
	if (row == NULL) {
		bank_xml_problem(xml, RECOURSE_FIELD_UNKNOWN, "<%.60s> is no part of it", name);
		return false;
	}
	uint64_t bit = UINT64_C(1) << (row - xml->message->rows - xml->first[parent->id]);
	if ((parent->seen & bit) != 0 && (row->flags & BANK_XML_MANY) == 0) {
		bank_xml_problem(xml, RECOURSE_FIELD_DUPLICATE, "<%s> is there twice", name);
		return false;
	}
	parent->seen |= bit;
	return true;
}

static void take_currency(struct bank_xml *xml, int count, const xmlChar **attributes)
{
	for (int index = 0; index < count; index++, attributes += 5) {
		size_t size = (size_t)(attributes[4] - attributes[3]);
		if (strcmp((const char *)attributes[0], "Ccy") != 0 || attributes[1] != NULL)
			continue;
		size = size < CURRENCY_SIZE - 1 ? size : CURRENCY_SIZE - 1;
		memcpy(xml->currency, attributes[3], size);
		xml->currency[size] = '\0';
	}
}

static void start_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
	int name_spaces, const xmlChar **name_space_list, int attribute_count, int defaulted,
	const xmlChar **attributes)
{
	struct bank_xml *xml = user;
	const char *name = (const char *)local;
	const char *name_space = uri == NULL ? "" : (const char *)uri;
	(void)prefix, (void)name_space_list, (void)defaulted;
	if (xml->stopped)
		return;
	if (xml->problems->count >= BANK_XML_PROBLEMS_MAX) {
		stop(xml);
		return;
	}
	if (attribute_count > BANK_XML_ATTRIBUTES_MAX || name_spaces > BANK_XML_ATTRIBUTES_MAX) {
		bank_xml_problem(xml, RECOURSE_TOO_LARGE, "<%.60s> has more than %d attributes", name,
			BANK_XML_ATTRIBUTES_MAX);
		stop(xml);
		return;
	}
	if (xml->depth + xml->passing >= BANK_XML_DEPTH_MAX) {
		bank_xml_problem(
			xml, RECOURSE_TOO_LARGE, "elements stand more than %d deep", BANK_XML_DEPTH_MAX);
		stop(xml);
		return;
	}
	if (xml->depth == 0) {
		choose(xml, name, name_space);
		if (!xml->stopped)
			push(xml, NULL);
		return;
	}
	if (xml->passing > 0) {
		xml->passing++;
		return;
	}
	if (strcmp(name_space, xml->name_space) != 0) {
		bank_xml_problem(xml, RECOURSE_FIELD_UNKNOWN, "<%.60s> is of the namespace \"%.80s\"", name,
			name_space);
		xml->passing = 1;
		return;
	}
	const struct bank_xml_row *row = find(xml, xml->frames[xml->depth - 1].id, name);
	if (!may_come(xml, row, name) || (row->flags & BANK_XML_PASSED) != 0) {
		xml->passing = 1;
		return;
	}
	push(xml, row);
	take_currency(xml, attribute_count, attributes);
}

static bool is_blank(slice text)
{
	for (size_t index = 0; index < text.size; index++) {
		if (strchr(" \t\r\n", text.data[index]) == NULL || text.data[index] == '\0')
			return false;
	}
	return true;
}

static void end_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct bank_xml *xml = user;
	(void)local, (void)prefix, (void)uri;
	if (xml->stopped || xml->depth == 0)
		return;
	if (xml->passing > 0) {
		xml->passing--;
		return;
	}
	const struct frame *frame = &xml->frames[xml->depth - 1];
	bool has_text = frame->row != NULL && (frame->row->flags & BANK_XML_TEXT) != 0;
	slice text = buffer_slice(&xml->text);
	if (xml->text_too_long)
		bank_xml_problem(
			xml, RECOURSE_FIELD_LIMIT, "a text of more than %d bytes", BANK_XML_TEXT_MAX);
	else if (!has_text && !is_blank(text))
		bank_xml_problem(xml, RECOURSE_FIELD_UNKNOWN, "text stands between its elements");
	xml->message->end(xml->message->context, xml, frame->id,
		has_text && !xml->text_too_long ? text : slice_of("", 0));
	xml->depth--;
	buffer_clear(&xml->text);
	xml->text_too_long = false;
}

static void take_text(void *user, const xmlChar *text, int size)
{
	struct bank_xml *xml = user;
	if (xml->stopped || xml->depth == 0 || xml->passing > 0 || size <= 0)
		return;
	const struct bank_xml_row *row = xml->frames[xml->depth - 1].row;
	bool wanted = row != NULL && (row->flags & BANK_XML_TEXT) != 0;
	/* Blanks between elements may be many, and are nothing. */
	if (!wanted && is_blank(slice_of(text, (size_t)size)))
		return;
	if (xml->text.size + (size_t)size > BANK_XML_TEXT_MAX)
		xml->text_too_long = true;
	else
		buffer_append(&xml->text, text, (size_t)size);
}

/* ---- what no message may have ---- */

static void refuse_doctype(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct bank_xml *xml = user;
	(void)name, (void)external, (void)system;
	if (xml->stopped)
		return;
	bank_xml_problem(
		xml, RECOURSE_MALFORMED, "a DOCTYPE: messages have none, and no entities of their own");
	stop(xml);
}

static void take_error(void *user, xmlErrorPtr error)
{
	struct bank_xml *xml = user;
	if (xml->stopped || error == NULL || error->level < XML_ERR_ERROR)
		return;
	slice message = slice_text(error->message == NULL ? "" : error->message);
	while (message.size > 0 && message.data[message.size - 1] == '\n')
		message.size--;
	xml->stopped = true;
	bank_problem_add(xml->problems, error->line > 0 ? (uint64_t)error->line : 1, bank_xml_path(xml),
		error->code == XML_ERR_NO_MEMORY ? RECOURSE_MEMORY : RECOURSE_MALFORMED, "no XML: %.*s",
		message.size < 200 ? (int)message.size : 200, (const char *)message.data);
	if (xml->parser != NULL)
		xmlStopParser(xml->parser);
}

/* ---- the parser ---- */

static xmlSAXHandler handlers(void)
{
	return (xmlSAXHandler){
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = refuse_doctype,
		.startElementNs = start_element,
		.endElementNs = end_element,
		.characters = take_text,
		.ignorableWhitespace = take_text,
		.cdataBlock = take_text,
		.serror = take_error,
	};
}

/*
 * What is not parsed yet is a tag, a comment or the like that has begun: the parser waits for its end, and what it does with the
 * attributes of one grows with their square.
 */
static void check_pending(struct bank_xml *xml)
{
	const struct _xmlParserInput *input = xml->parser->input;
	if (xml->stopped || input == NULL || input->end - input->cur <= BANK_XML_TAG_MAX)
		return;
	bank_xml_problem(
		xml, RECOURSE_TOO_LARGE, "a tag or a comment of more than %d bytes", BANK_XML_TAG_MAX);
	stop(xml);
}

static enum recourse_error feed(struct bank_xml *xml, struct bank_source *source, slice piece)
{
	while (piece.size > 0 && !xml->stopped) {
		xmlParseChunk(xml->parser, (const char *)piece.data, (int)piece.size, 0);
		check_pending(xml);
		if (buffer_failed(&xml->text))
			return RECOURSE_MEMORY;
		enum recourse_error error = bank_source_next(source, &piece);
		if (error != RECOURSE_OK)
			return error;
	}
	if (!xml->stopped)
		xmlParseChunk(xml->parser, NULL, 0, 1);
	/* The hash is that of the whole file, where reading of it makes sense. */
	while (piece.size > 0) {
		enum recourse_error error = bank_source_next(source, &piece);
		if (error != RECOURSE_OK)
			return error;
	}
	return RECOURSE_OK;
}

static enum recourse_error parse(struct bank_xml *xml, struct bank_source *source)
{
	xmlSAXHandler sax = handlers();
	slice piece;
	enum recourse_error error = bank_source_next(source, &piece);
	if (error != RECOURSE_OK)
		return error;
	if (piece.size == 0) {
		bank_problem_add(xml->problems, 0, "", RECOURSE_MALFORMED, "no XML: the file is empty");
		return RECOURSE_OK;
	}
	/* The first bytes tell the encoding. */
	size_t first = piece.size < ENCODING_BYTES ? piece.size : ENCODING_BYTES;
	xml->parser = xmlCreatePushParserCtxt(&sax, xml, (const char *)piece.data, (int)first, NULL);
	if (xml->parser == NULL)
		return RECOURSE_MEMORY;
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET);
	slice rest = piece.size > first ? slice_from(piece, first) : piece;
	if (piece.size <= first)
		error = bank_source_next(source, &rest);
	if (error == RECOURSE_OK)
		error = feed(xml, source, rest);
	xmlFreeParserCtxt(xml->parser);
	return error;
}

enum recourse_error bank_xml_read(struct bank_source *source, const struct bank_xml_message *messages,
	size_t count, struct bank_problems *problems)
{
	struct bank_xml *xml = calloc(1, sizeof *xml);
	if (xml == NULL)
		return RECOURSE_MEMORY;
	xml->messages = messages;
	xml->message_count = count;
	xml->problems = problems;
	enum recourse_error error = parse(xml, source);
	buffer_free(&xml->text);
	free(xml);
	return error;
}
