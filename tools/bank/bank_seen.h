/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "spool.h"

/*
 * Which texts come more than once, and where: they are put in order by parts of BANK_SEEN_PART, and the parts are merged
 * when all are in, so that however many there are the same few mebibytes are held. What is asked of them is told then.
 * Start with all zeroes.
 */
enum { BANK_SEEN_PART = 65536, BANK_SEEN_TEXT_MAX = 1024 };

struct bank_seen {
	struct buffer texts; /* of the part that is open: heads and texts */
	struct buffer rows;  /* of struct row: where they are, in the order in which they came */
	struct spool parts;
	struct buffer ends; /* of uint64_t: where in that each part ends */
};

/* A text of at most BANK_SEEN_TEXT_MAX bytes (asserted), without a NUL; `tag` and `line` are the caller's. MEMORY, IO. */
enum recourse_error bank_seen_add(struct bank_seen *seen, slice text, uint8_t tag, uint64_t line);

/* One of them, in the order of texts, and where a text is the same in the order in which they were added. */
struct bank_seen_text {
	slice text; /* good until the visitor returns */
	uint64_t line;
	uint64_t first; /* the line of the first that has that text */
	uint8_t tag;
	bool again; /* it is not that first one */
};
typedef void bank_seen_visitor(void *context, const struct bank_seen_text *text);

/* All of them; nothing can be added behind it. MEMORY, IO. */
enum recourse_error bank_seen_visit(struct bank_seen *seen, bank_seen_visitor *visit, void *context);
void bank_seen_free(struct bank_seen *seen);
