/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "base/unit.h"

/*
 * What the writers of an export are given, whatever they make of it. Entries come in the order of the log; the
 * accounts of `closing` are all that there are at the end of the period, those at zero included, in the order
 * of the chart, and accounts that differ by their unit alone stand side by side.
 */
struct export_line {
	uint16_t code;
	slice party;
	slice reference;
	struct unit unit;
	int64_t steps; /* debit positive */
};

struct export_entry {
	uint64_t number;
	uint64_t time;
	char leaf[65]; /* hash, in hex */
	slice kind;
	slice reason;
	const struct export_line *lines;
	size_t count;
};

struct export_period {
	uint64_t first; /* entries, both inclusive */
	uint64_t last;
	uint64_t begins; /* time of whatever comes first */
	uint64_t ends;   /* time of the last entry */
	const struct unit *units;
	size_t unit_count;
	const struct export_line *closing;
	size_t closing_count;
};

/*
 * A way of writing it down. What people wrote must stay what it is, a text: nothing in it may become a
 * transaction, a tag or a formula. Balances of before the period come as one entry more, in front.
 */
struct export_format {
	const char *name;
	void (*begin)(const struct export_period *period, struct buffer *out);
	void (*entry)(const struct export_entry *entry, struct buffer *out);
	void (*end)(const struct export_period *period, struct buffer *out);
};

/* hledger; `hledger check --strict` passes. */
extern const struct export_format export_hledger;
/* Beancount, version 2. */
extern const struct export_format export_beancount;
/* RFC 4180, one row a posting. */
extern const struct export_format export_csv;

/* NULL when there is none of that name. */
const struct export_format *export_format_find(const char *name);
