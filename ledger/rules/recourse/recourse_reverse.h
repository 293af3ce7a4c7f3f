/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/liability.h"

/* Ways back of recourse, and what its commands and their ways back share. */

/* What this entry books of an incident: `id` is the receipt's, or the party's or claim's. */
struct recourse_booking {
	const struct record_incident *incident;
	const struct record_section *section; /* NULL: of all of them */
	enum booked_kind kind;
	slice id;
	slice line; /* of the bank, whose custodian is the actor; empty: none */
	int64_t steps;
	enum chart_code account; /* of a write-off: what it went out of */
};
enum recourse_error recourse_reverse_keep(struct decision *decision, const struct recourse_booking *booking);

/* What was paid in of what was owed back: it is owed again, or was paid in after all. In repayment.c. */
enum recourse_error repayment_reverse(
	struct decision *decision, struct record_incident *incident, const struct booked *booked);

/* Out of the receivable and the funder's claim, into the memo; back, of negative steps. */
enum recourse_error write_off_post(struct decision *decision, const struct record_incident *incident,
	enum chart_code receivable, slice party, slice reference, int64_t steps);

/*
 * What a party does not pay back of what it was paid out: into the memo, and the funder owes the cash in its place; back, of
 * negative steps. The row and the section are the caller's, who saves them.
 */
enum recourse_error write_off_owed_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, struct record_liability *liability, int64_t steps);

/* Of what it paid by then, what may serve the advances: its own claims were served by the rest. */
int64_t release_before(const struct record_liability *liability);

/* By how much the others are freed if that party is released now. INSUFFICIENT with the field. */
enum recourse_error release_freed(struct decision *decision, const char *field,
	const struct record_incident *incident, const struct record_section *section, slice party,
	int64_t *freed);
