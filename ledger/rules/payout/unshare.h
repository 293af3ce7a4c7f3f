/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/*
 * What one entry shared out in a section, taken back: exactly that, from the round itself and from the claims as they stand
 * with it and without it, which nothing has changed since.
 *
 *   unshare_find     looks: NOT_PERMITTED with field "entry" and what rests on it
 *   unshare_draws    what instruments paid of it they have again
 *   unshare_pool     the deposit too; the round is gone
 *   unshare_repaid   what the funder was repaid by it is advanced again
 *   unshare_advanced what was advanced by it is not
 *   unshare_settle   all that hangs on it is booked anew; or
 *   unshare_leave    by the section's clock
 *
 * Each loads the section and keeps it.
 */
struct unshare {
	uint64_t entry;
	uint64_t before; /* claims that were decided after that one came in with it */
	slice merchant;
	uint32_t party;
	uint32_t series; /* of its round; 0: it made none, all was advanced */
	uint32_t deposit_state;
	uint32_t recourse_state;
	bool shared; /* or its pool gave for others alone */
	struct record_round round;
	int64_t parts;     /* that claims have of it */
	int64_t promised;  /* that they are promised by it, beyond what the scheme says */
	int64_t loss;      /* of those that came in with it, */
	int64_t advance;   /* and what was advanced for them */
	int64_t repaid;    /* what is advanced no more for others, */
	int64_t unordered; /* of which no payout is ordered, */
	int64_t unsettled; /* and with that, which is in no payment that was made */
	int64_t owed_back; /* by the funder, until then */
	int64_t stood;     /* of what is back: see settle_up_stands() */
	uint64_t
		changed; /* the last entry by which a claim that it knew waits for its ruling again; 0: none does */
};

enum recourse_error unshare_find(
	struct decision *decision, const struct record_incident *incident, struct unshare *row);

enum recourse_error unshare_draws(struct decision *decision, const struct record_incident *incident,
	const struct unshare *row, int64_t *steps);

enum recourse_error unshare_pool(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row);

/* `committed`: what that entry took off what the funder was to pay in, and is not committed again yet. */
enum recourse_error unshare_repaid(struct decision *decision, struct record_incident *incident,
	struct unshare *row, slice funder, int64_t *committed);

/* `committed`: what this one committed again. */
enum recourse_error unshare_advanced(struct decision *decision, struct record_incident *incident,
	const struct unshare *row, slice funder, int64_t *committed);

enum recourse_error unshare_settle(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row);

enum recourse_error unshare_leave(
	struct decision *decision, const struct record_incident *incident, const struct unshare *row);

/*
 * What was remitted, or paid out to a party, by what was repaid then rests on it, when all sections are settled up: NOT_PERMITTED
 * with field "entry".
 */
enum recourse_error unshare_check_paid_on(struct decision *decision, const struct record_incident *incident,
	const struct unshare *row, slice funder);

/* What went back to a pool since, or was restored to it, is there still: NOT_PERMITTED with field "entry". */
enum recourse_error unshare_check_pool(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section);
