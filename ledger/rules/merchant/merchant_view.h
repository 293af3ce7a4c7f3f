/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MERCHANT_VIEW_H
#define MERCHANT_VIEW_H

#include "rule/query.h"

/*
 * What the sections of merchant.brief share. Each writes lists of its own, and says what is to come of them; those of
 * the deposit itself are in merchant_view.c, those of what is required, taken and appealed in
 * merchant_view_security.c.
 */

/* Rows of a list. Of what is frozen the rest is counted; the others show the latest, and all are in their reports. */
enum { MERCHANT_VIEW_ROWS_MAX = 200, MERCHANT_VIEW_COMING_MAX = 16 };

/* Something that will happen by itself or is awaited from somebody. Its texts last as long as the brief. */
struct merchant_view_coming {
	const char *what;
	slice of;     /* which hold, incident or exit; a unit; "@" and the number of an entry */
	slice by;     /* who does it: a party, or a role */
	uint64_t due; /* 0: whenever that one does it */
};

struct query_merchant {
	struct query *query;
	slice merchant;
	const struct value *unit;
	uint64_t now;
	struct merchant_view_coming
		coming[MERCHANT_VIEW_COMING_MAX]; /* the earliest, in order; then those without a day */
	size_t coming_count;
};

/* Whether the brief is about that unit. */
bool merchant_view_wants(const struct query_merchant *brief, slice unit);

/* A text that lasts only until the next step of a walk, copied to last as long as the brief. */
enum recourse_error merchant_view_keep(
	const struct query_merchant *brief, slice from, slice *to) RECOURSE_CHECK;

/* Keeps the order; the latest one falls off the end. */
void merchant_view_expect(struct query_merchant *brief, struct merchant_view_coming coming);

/* Each record of the merchant in a table of merchants and units, in the order of its units. */
typedef enum recourse_error merchant_view_visitor(
	struct query_merchant *brief, slice unit_code, slice value, void *context);
enum recourse_error merchant_view_each_unit(struct query_merchant *brief, enum record_table table,
	merchant_view_visitor *visit, void *context) RECOURSE_CHECK;

/* What is required and the duty to top up, and the withdrawals under way: "requirements", "withdrawals". */
enum recourse_error merchant_collateral_view_requirements(struct query_merchant *brief) RECOURSE_CHECK;

/* What was taken and can still be appealed, the latest first: "deductions". */
enum recourse_error merchant_collateral_view_deductions(struct query_merchant *brief) RECOURSE_CHECK;

/* What was appealed and how it stands, the latest first: "appeals". */
enum recourse_error merchant_collateral_view_appeals(struct query_merchant *brief) RECOURSE_CHECK;

#endif
