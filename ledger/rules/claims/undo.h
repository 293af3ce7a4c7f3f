/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/* A claim whose outcome is undone, and what it is in. */
struct undo {
	slice id;
	slice reference; /* the incident's id, in the arena */
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
};

/* By its id; the incident's policy governs the entry. */
enum recourse_error undo_find(struct decision *decision, struct undo *undo);

/*
 * A ruling for it, while nothing was ordered out: what was shared out and advanced for it goes back, its loss and what it
 * had elsewhere count no more, and rounds weigh it no more. NOT_PERMITTED where recoveries were paid out for it.
 */
enum recourse_error undo_ruling(struct decision *decision, struct undo *undo);

/*
 * The parts of it, for rulings by which something was ordered out: its loss and what it had elsewhere count no more, and
 * nothing is promised; rounds weigh it no more, as if it had never been in one; or those to come weigh it by its loss and
 * promise as they are now, and what it has of others stays, but for what is too much of a pool and not ordered out.
 */
enum recourse_error undo_loss(struct decision *decision, struct undo *undo);
enum recourse_error undo_weight(struct decision *decision, struct undo *undo);
enum recourse_error undo_weigh(struct decision *decision, struct undo *undo, int64_t approved);

/*
 * NOT_PERMITTED where something was paid out for it by rounds of those kinds, from the first on: a claim that they do not know
 * any more, or by another loss where that is interest's, would have had another part of them.
 */
enum recourse_error undo_check_paid_out(
	struct decision *decision, const struct undo *undo, enum round_kind first);

/* NOT_PERMITTED with the entry by which it fell for good. */
enum recourse_error undo_check_voided(struct decision *decision, const struct undo *undo);

enum recourse_error undo_save(struct decision *decision, struct undo *undo);
