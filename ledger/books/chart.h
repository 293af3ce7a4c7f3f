/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The chart of accounts. An account is (code, party, reference, unit); its balance is signed, debits
 * positive, and never crosses to the other side of zero (I4).
 *
 * Accounts belong to books, and every entry balances in each book and unit by itself. That is I1, and makes I2, I3 and
 * I9 true at every entry (README.md has the sums): they are built into the way of posting, and the audit adds them up
 * again.
 */
enum chart_code {
	CHART_CASH = 1010,
	CHART_COMMITMENT = 1100,
	CHART_RECOURSE = 1110,
	CHART_INCHOATE = 1115,
	CHART_CLAWBACK = 1120,
	CHART_COSTS = 1130,
	CHART_OWED_BY_PLATFORM = 1160,
	CHART_DEPOSIT = 2010,
	CHART_DEPOSIT_FROZEN = 2020,
	CHART_DEPOSIT_EXIT = 2030,
	CHART_CALLED = 2040,
	CHART_CLAIMS = 2110,
	CHART_TRANSIT = 2120,
	CHART_RETURNED = 2130,
	CHART_UNCLAIMED = 2135,
	CHART_SUSPENSE = 2140,
	CHART_OVER_RECOVERY = 2150,
	CHART_UNIDENTIFIED = 2160,
	CHART_DUE_TO_FUNDER = 2170,
	CHART_OVERDRAWN = 2180,
	CHART_ADVANCES = 3110,
	CHART_COST_ADVANCES = 3120,
	CHART_UNITS_ISSUED = 8010,
	CHART_UNITS_CONSUMED = 8020,
	CHART_UNITS_OUTSTANDING = 8030,
	CHART_UNITS_EXTINGUISHED = 8040,
	CHART_INSTRUMENT_LIMITS = 9010,
	CHART_EXPOSURE = 9020,
	CHART_WRITTEN_OFF = 9030,
	CHART_RECOVERY_RESERVE = 9040,
	CHART_MEMO_CONTRA = 9090,
};

enum chart_book {
	CHART_CUSTODY,
	CHART_RECOURSE_BOOK,
	CHART_COST_BOOK,
	CHART_UNIT_BOOK,
	CHART_MEMO,
	CHART_BOOKS
};
enum chart_side { CHART_DEBIT = 1, CHART_CREDIT = -1 };

struct chart_row {
	uint16_t code;
	const char *name;
	enum chart_side side; /* the balance's sign when it is not zero */
	enum chart_book book;
};

/* NULL for a code that is not in the chart. */
const struct chart_row *chart_find(int64_t code);
const struct chart_row *chart_at(size_t index); /* NULL beyond the last */
/* "debit" or "credit": the side on which the account's balance stands. */
const char *chart_side_name(int64_t code);

const char *chart_book_name(enum chart_book book);

/* References in accounts that are not parties: 1110-U, 2150-consumers. No party may take these names. */
#define CHART_UNAPPORTIONED "U"
#define CHART_CONSUMERS     "consumers"
