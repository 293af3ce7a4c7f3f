/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_item.h"
#include "bank/bank_problem.h"
#include "bank/bank_seen.h"
#include "base/crypto.h"

/*
 * Reading a file: its parser hands in items and problems, who reads is handed the items and the statements. All that
 * the file can be asked by itself is asked here and in the parsers: amounts exact, ids that come once, sums and
 * counts as it says them.
 *
 * Items are handed out before the file is known to be sound: who may not act on a file that is not reads it twice.
 */
struct bank_visit {
	void (*item)(void *context, const struct bank_item *item);                /* NULL: not wanted */
	void (*statement)(void *context, const struct bank_statement *statement); /* behind its items */
	void *context;
};

struct bank_reading {
	struct bank_visit visit;
	bool again; /* the same bytes were read before: whether ids come twice is known */
	enum bank_kind kind;
	char version[8]; /* "08", of XML */
	struct crypto_hash hash;
	uint64_t size;
	uint64_t statements;
	uint64_t entries;
	uint64_t items;
	struct bank_problems problems;
	enum recourse_error fault; /* MEMORY, IO: what was read is not all */
	struct bank_statement statement;
	struct bank_seen seen;
};

/* Once it is known. */
void bank_reading_kind(struct bank_reading *reading, enum bank_kind kind, const char *version);

/* It has no id of a payment, or says that there is none. */
bool bank_reading_names_none(const struct bank_item *item);

/* Takes an item of the statement that is open. One that names a payment twice is a problem. */
void bank_reading_item(struct bank_reading *reading, struct bank_item *item);

/*
 * Ends the statement that is open, and begins the next. With an opening and a closing balance these are its entries
 * apart. `path` is where in the file.
 */
void bank_reading_statement(struct bank_reading *reading, uint64_t line, const char *path);

/* Behind the last statement: what comes twice in all of the file. */
void bank_reading_end(struct bank_reading *reading);

/* What was read is right, and whole. */
bool bank_reading_sound(const struct bank_reading *reading);
void bank_reading_free(struct bank_reading *reading);
