/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/*
 * Clawback: a claim that was paid more than it is approved for by now (README.md). It owes the difference: the advance
 * first, which is a receivable on it (1120), then the pool's part, which is a figure of it. Claim, section
 * and incident are changed and not saved.
 */
struct clawback {
	slice id;        /* the claim's */
	slice reference; /* the incident's id */
	struct record_claim *claim;
	struct record_incident *incident;
	struct record_section *section;
};

/* Asks for what was paid and is not asked for yet; nothing where that is nothing. To settle up is the caller's. */
enum recourse_error clawback_open(struct decision *decision, const struct clawback *clawback);

/*
 * And for what of recoveries was paid out for a loss that is none by now. It is asked for last: what was paid is more than the
 * claim is approved for first.
 */
enum recourse_error clawback_open_recovered(struct decision *decision, const struct clawback *clawback);

/*
 * It was not paid so much: what was asked back beyond what is too much by now is asked back no more. NOT_PERMITTED with the
 * entry that wrote it off.
 */
enum recourse_error clawback_close(struct decision *decision, const struct clawback *clawback);

/*
 * The same where more of it is its own by now: what was written off of that is written off no more. `later`: what comes off the
 * claim's accounts is added up there and not posted, see lowered.h; NULL where the entry has room.
 */
enum recourse_error clawback_lower(
	struct decision *decision, const struct clawback *clawback, struct record_lowered *later);

/* What it owes still of what was paid for it. */
int64_t clawback_left(const struct record_claim *claim);

/*
 * At most that much cash of it has come back; the debit is the caller's, and so is to settle up. The row, which the caller keeps,
 * says what it took off the parts of the last payment; whose again it was is kept with the entry.
 */
enum recourse_error clawback_give_back(struct decision *decision, const struct clawback *clawback,
	int64_t steps, struct record_booked *booked);

/*
 * It did not come back, by the entry of that row: it is asked for again. NOT_PERMITTED with field "entry" where it is not where it
 * went. The credit is the caller's, who settles up, and then looks whether it was paid on, of what stood before.
 */
struct undo;
enum recourse_error clawback_reverse_ask(
	struct decision *decision, struct undo *undo, const struct booked *booked);
enum recourse_error clawback_reverse_check(struct decision *decision, const struct undo *undo,
	const struct booked *booked, const struct record_section *before);
