/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "demo/demo_flight.h"
#include "demo/demo_stage.h"

/*
 * A generated collapse: a chain of tea houses that sold prepaid cards for 10 to 49 cups of 15.00. Some cups were
 * drunk, by the till's records; for cards that a complete till does not know nothing was. A fifth of the loss is
 * covered by the deposit, the platform P advances the rest.
 *
 *   agent files      maker issues, decides      checker approves
 *   payer instructs  bank receives, settles
 */
struct demo_collapse {
	char incident[32];
	char merchant[32];
	char issuer[32];
	uint64_t cards;
	int64_t loss;    /* of all consumers, in fen */
	int64_t deposit; /* of it */
};

/* `number` keeps the names of several collapses in one ledger apart. */
void demo_collapse_plan(struct demo_collapse *collapse, uint64_t number, uint64_t cards);

/* The people it takes; once in a ledger that did not see the golden case. */
bool demo_collapse_hire(struct demo_stage *stage);

/* The unit and the policy; once in a ledger. */
bool demo_collapse_terms(struct demo_stage *stage);

/* The parties, the deposit, and that the incident is declared. */
bool demo_collapse_declare(struct demo_stage *stage, const struct demo_collapse *collapse);

/* After the decisions: the deposit is shared out, and the platform pays in what is missing. */
bool demo_collapse_fund(struct demo_stage *stage, const struct demo_collapse *collapse);

/* The bulk of it, in this order; funding stands between deciding and instructing. */
enum demo_collapse_phase {
	DEMO_COLLAPSE_ISSUE,
	DEMO_COLLAPSE_FILE,
	DEMO_COLLAPSE_DECIDE,
	DEMO_COLLAPSE_INSTRUCT,
	DEMO_COLLAPSE_SETTLE,
	DEMO_COLLAPSE_PHASES,
};

const char *demo_collapse_phase_name(enum demo_collapse_phase phase); /* the command */
const char *demo_collapse_phase_actor(enum demo_collapse_phase phase);

/* One command for each card. The flight borrows from stage and collapse. */
struct demo_flight demo_collapse_flight(
	const struct demo_stage *stage, const struct demo_collapse *collapse, enum demo_collapse_phase phase);

/* The cards as a CSV file for `recourse import entitlements`. False, and said, when it can not be written. */
bool demo_collapse_write(const struct demo_collapse *collapse, const char *path);

/* "123456.78" */
void demo_collapse_money(int64_t fen, char text[static 32]);
