/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_ledger.h"

/*
 * Items of a file until there are so many that the ledger is asked for all of them at once. Start with all zeroes.
 */
struct bank_page {
	struct buffer items; /* of struct bank_item */
	uint64_t before;     /* items of the file before them */
	struct buffer names; /* of const char *: what is asked, */
	struct buffer payments;
	struct buffer lines; /* and what is answered */
	bool sent;           /* it is asked, and not answered: */
	struct bank_ledger_question of_payments;
	struct bank_ledger_question of_lines;
};

/* A line of an account, or a status alone: its items, and what the ledger has of each and of the line. */
struct bank_page_part {
	const struct bank_item *items;
	const struct bank_ledger_payment *payments; /* not found where an item names none */
	const struct bank_ledger_line *line;
	size_t count;
};

/* Whether that is asked before this item comes: a line is never in two pages. */
bool bank_page_full(const struct bank_page *page, const struct bank_item *item);

/* A line is held whole, so that there is a most of it: that is reached, and this item would be of the same line. */
enum { BANK_PAGE_LINE_MAX = 100000 };
bool bank_page_over(const struct bank_page *page, const struct bank_item *item);

/* MEMORY. */
enum recourse_error bank_page_add(struct bank_page *page, const struct bank_item *item);

/* Asks; of the first `done` items of the file it asks for none. A page with a line of very many is asked when it is answered. */
enum recourse_error bank_page_ask(struct bank_page *page, struct bank_ledger *ledger, uint64_t done);

/* What was asked is answered: as bank_ledger_payments(). */
enum recourse_error bank_page_answer(struct bank_page *page, struct bank_ledger *ledger, uint64_t done);

/* What was answered, part by part; start with all zeroes. False behind the last one. */
bool bank_page_next(const struct bank_page *page, struct bank_page_part *part);

/* How many items it has. */
static inline uint64_t bank_page_count(const struct bank_page *page)
{
	return page->items.size / sizeof(struct bank_item);
}

/* The next page begins. */
void bank_page_clear(struct bank_page *page);
void bank_page_free(struct bank_page *page);
