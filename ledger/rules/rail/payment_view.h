/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/rail/payment_batch.h"

/*
 * A payment on a rail, as it is shown: to who pays, checks and audits it, and to the custodian of its rail from when its batch was
 * checked. Anybody else is told what is told of one that is not there.
 */
#define PAYMENT_READERS                                                                                      \
	(RECOURSE_ROLE_ADMIN | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_AUDITOR |     \
		RECOURSE_ROLE_CUSTODIAN)

struct payment_row {
	slice rail;
	slice batch; /* empty: it is in none */
	uint64_t entry;
	struct unit unit;
	struct record_rail_order record;
	const char *state;
	char id[PAYMENT_ID_MAX + 1];
	char account[2 * RECORD_MARK_SIZE];
	char incident[TEXT_ID_SIZE];
	char batch_id[TEXT_ID_SIZE];
};

enum { PAYMENT_EACH_MAX = 500 }; /* that payment.find_each is asked for at once: a page */
enum { PAYMENT_VIEW_COLUMNS = 10 };
extern const struct recourse_column payment_view_columns[PAYMENT_VIEW_COLUMNS];

/* Whether the actor sees what goes by the rail: everything, or a custodian its own that was checked. */
bool payment_view_sees(const struct query *query, const struct record_rail *rail, bool checked);

/*
 * What became of it: by its claim, as long as that was not ordered anew. `*under_way`: how far it is follows from its batch
 * instead.
 */
enum recourse_error payment_view_became(
	struct query *query, const struct record_rail_order *order, uint32_t *state, bool *under_way);

/* Fills what the columns show; `rail`, `entry` and `record` are set. */
enum recourse_error payment_view_fill(
	struct query *query, const struct record_rail *rail, struct payment_row *row);
