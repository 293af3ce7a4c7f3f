/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/round.h"
#include "rules/incident/sharers.h"

/*
 * Making a round: everybody who has a share in a section's pool, with what each has had, and what each would have by a
 * round of some amount. Lifted are those who have had the lowest part of their weight, up to the next lowest, and then
 * both: cohorts, which are ordered by that. What falls on a reserve stays in the pool.
 *
 *   SCOPED(sharing_free) struct sharing sharing = {.kind = …, .section = …};
 *   TRY(sharing_load(decision, &sharing));
 *   TRY(sharing_fill(&sharing, amount));       as often as needed, with other amounts and other bounds
 *   TRY(sharing_keep(decision, section, &sharing));
 *
 * Cost: every decided and every open claim of the section is read once by each of load and keep; what is kept of them
 * meanwhile is packed (sharers.h), and the part of each is reckoned anew whenever it is asked for.
 */
/* How: nobody above what is promised; nothing is kept back; who is new is like a reserve; nobody else is lifted. */
struct sharing_how {
	bool bounded;
	bool decided_only;
	bool covered_only;
	bool new_only; /* and what is kept back */
	/* of what appeals restored: who was covered and ruled on by this entry may have had it; they are not lifted, if so */
	uint64_t barred;
	bool without_barred;
	bool barred_only;
};

struct sharing {
	enum round_kind kind;
	const struct record_section *section;
	const struct record_policy *policy; /* NULL: nothing is kept back for anybody */

	struct sharing_how how;

	/* by loading: sums over all of them, in 128 bits where they are of reserves */
	struct rounds rounds;
	struct sharers sharers;
	int64_t weights; /* of decided ones */
	int64_t had;
	amount_sum reserved;
	amount_sum beyond; /* of which no lot is there: see struct record_decided */

	/* by filling: the round, and what it does to claims: */
	struct buffer cohorts;
	uint32_t own_cohorts; /* the number of the first of those that have one alone */
	struct sharing_how filled;
	uint32_t places; /* of the cohorts that have a share, from the lowest on */
	struct record_round round;
	bool lifts;
	int64_t lifted;  /* of the amount: to those that were covered */
	int64_t advance; /* what those that were not are promised beyond it */
	int64_t repaid;  /* what is advanced no more for those that were */
	int64_t more;    /* what it gives beyond what was promised */
	int64_t due;     /* what those that were covered were promised beyond what they had, before it */
};

/* OVERFLOW with field "incident". */
enum recourse_error sharing_load(struct decision *decision, struct sharing *sharing);

/* What all of them together may still have, within the bounds. */
int64_t sharing_room(const struct sharing *sharing);

/*
 * What all have who have come to the same part of their weight, that at which the first of those who draw has all that the scheme
 * promises it, and nobody more than that: so much more.
 */
int64_t sharing_even_room(const struct sharing *sharing);

/* A round of at most so much; its amount is what decided claims have of it. OVERFLOW, MEMORY. */
enum recourse_error sharing_fill(struct sharing *sharing, int64_t amount);

/* Of what it lifted: those that are barred have it, by what `how.barred` is now. */
int64_t sharing_lifted_barred(const struct sharing *sharing);

/*
 * A round of as much as all have who have come to the part of their weight to which so much lifts those that are barred; for them
 * a few steps less than that at most.
 */
enum recourse_error sharing_fill_barred(struct sharing *sharing, int64_t most);

/* Of what is repaid: for claims that no payout is ordered of yet; and with that what is in no payment that was made. */
struct sharing_repaid {
	int64_t unordered;
	int64_t unsettled;
};
enum recourse_error sharing_unordered(
	struct decision *decision, struct sharing *sharing, struct sharing_repaid *repaid);

/* Each that was covered and is lifted by it: what it had, and has more, by id. The callback may not change who is decided. */
struct sharing_lifted {
	slice id; /* until the next one */
	const struct record_decided *decided;
	int64_t had;
	int64_t part;
};
typedef enum recourse_error sharing_each(void *context, const struct sharing_lifted *lifted);
enum recourse_error sharing_each_lifted(
	struct decision *decision, const struct sharing *sharing, sharing_each *each, void *context);

/* Stores the round, where it gives anything. */
enum recourse_error sharing_keep(
	struct decision *decision, struct record_section *section, struct sharing *sharing);

void sharing_free(struct sharing *sharing);
