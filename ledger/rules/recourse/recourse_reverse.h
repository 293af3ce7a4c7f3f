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

/* What of it is taken back, or booked again. */
struct recourse_reversal {
	struct booked booked; /* its amount is how much by this entry */
	struct record_incident incident;
	struct record_section section; /* but of a remittance, which is of all of them */
	struct record_section all;     /* of them, added up: as they were */
	slice funder;
	bool again;
	int64_t steps; /* of what was booked: less than nothing where it is taken back */
};

/* What was paid on to the funder, to consumers or to who paid too much rests on what it was paid out of. */
enum recourse_error recourse_reverse_check_paid_on(
	struct decision *decision, const struct recourse_reversal *reverse);

/* A receipt, or that it bounced. In recovery_reverse.c, like what follows. */
enum recourse_error recovery_reverse(struct decision *decision, struct recourse_reversal *reverse);

/* So much of it is not there: all, or a part. */
void recovery_reverse_less(const struct decision *decision, struct record_recovery *recovery, int64_t steps);

/* What was taken back of it in part was so by entries of that kind. NOT_PERMITTED with the field and the last one. */
enum recourse_error recovery_reverse_check_parts(struct decision *decision, const char *field,
	const struct record_recovery *recovery, enum booked_kind kind);

/* What the funder had of recoveries it has not: of the last section first. NOT_PERMITTED with what was found to be owed back since. */
enum recourse_error recourse_reverse_unremit(struct decision *decision, struct recourse_reversal *reverse);

/* What it paid in with what is due to it is due again, or it pays that in again. In funder_set_off.c. */
enum recourse_error funder_set_off_reverse(struct decision *decision, struct recourse_reversal *reverse);

/* What was paid in of what was owed back: it is owed again, or was paid in after all. In repayment.c. */
enum recourse_error repayment_reverse(
	struct decision *decision, struct record_incident *incident, struct booked *booked);

/*
 * What a party does not pay back of what it was paid out: into the memo, and the funder owes the cash in its place; back, of
 * negative steps, of which as much stays as is owed of what else was given up. The row and the section are the caller's, who saves them.
 */
enum recourse_error write_off_owed_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, struct record_liability *liability, int64_t steps);

/* The party is released, in its row alone: by how much the others are freed is fixed in it. INSUFFICIENT with the field. */
enum recourse_error release_make(struct decision *decision, const char *field,
	const struct record_incident *incident, const struct record_section *section, slice party,
	struct record_liability *liability);
