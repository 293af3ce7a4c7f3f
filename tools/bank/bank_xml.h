/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_problem.h"
#include "bank/bank_source.h"

/*
 * Reads a message of ISO 20022 as a stream, in memory that does not grow with it, by libxml2's push parser: what its
 * text reader stands on, but asked at each step, so that a DOCTYPE is refused before a single entity of it is
 * declared. Nothing is fetched; there are no entities but the five of XML itself; nesting, size, the length of a
 * text, attributes and tags have limits; each mistake has its line and path.
 *
 * A table says which elements a message may have. What is said to be passed over is so with all that is in it; what
 * the table does not have is a mistake, as is an element that comes twice where it may once, and one of another
 * namespace.
 */
enum {
	BANK_XML_DEPTH_MAX = 40,
	BANK_XML_TEXT_MAX = 4096,
	BANK_XML_ATTRIBUTES_MAX = 64,  /* of an element, and namespaces that it declares */
	BANK_XML_TAG_MAX = 64 * 1024,  /* bytes of a tag or a comment, beyond those of one piece of a file */
	BANK_XML_PROBLEMS_MAX = 10000, /* then the rest is not read */
};

enum {
	BANK_XML_TEXT = 1,   /* has a text, which is handed on */
	BANK_XML_MANY = 2,   /* may come again within its parent */
	BANK_XML_PASSED = 4, /* with all that is in it */
};

struct bank_xml_row {
	uint8_t parent;
	uint8_t id; /* 0 is the document itself, which has no row */
	uint8_t flags;
	uint8_t messages; /* bits: of which messages; 0: of all that have the table */
	const char *name;
};

struct bank_xml;

struct bank_xml_message {
	const char *name_space; /* without its version: "urn:iso:std:iso:20022:tech:xsd:camt.053.001." */
	unsigned first;         /* the versions that are known */
	unsigned last;
	uint8_t bit;
	const struct bank_xml_row *rows; /* those of one parent beside each other, at most 64 */
	size_t row_count;
	void *context;
	void (*begin)(void *context, struct bank_xml *xml, uint8_t id);
	void (*end)(void *context, struct bank_xml *xml, uint8_t id, slice text); /* good until it returns */
};

/*
 * Calls for each element that is not passed over, in order, of the one message that the document is. What is wrong
 * with the file is added to `problems`; IO, TOO_LARGE and MEMORY are returned.
 */
enum recourse_error bank_xml_read(struct bank_source *source, const struct bank_xml_message *messages,
	size_t count, struct bank_problems *problems);

/* For use within these calls. The version is two digits, "08"; the currency is the attribute Ccy of the element that ends. */
uint64_t bank_xml_line(const struct bank_xml *xml);
const char *bank_xml_path(struct bank_xml *xml);
const char *bank_xml_version(const struct bank_xml *xml);
slice bank_xml_currency(const struct bank_xml *xml);
uint8_t bank_xml_bit(const struct bank_xml *xml); /* of the message */
void bank_xml_problem(struct bank_xml *xml, enum recourse_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
