/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What of recoveries is due to the funder of an incident (2170), what it was paid of it, and what it owes back (1100, under the
 * number of the entry that found so). Each section has its own part; the account is the incident's. Sections are the caller's,
 * who saves them, but where all of an incident's are meant.
 */

/* Of what is the funder's again: not paid out to it yet. */
int64_t due_to_funder(const struct record_section *section);

/* More, or less, is owed back by the party under that entry's number. The other side is the caller's. */
enum recourse_error due_owed_back(
	struct decision *decision, const struct unit *unit, slice party, uint64_t entry, int64_t more);

/* So much falls to the funder, or back from it: after what it owes back. */
enum recourse_error due_fall(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t falls);

/* What is due out of one section pays what is owed back in others, of so many in one entry. */
enum { DUE_SET_OFF = 5 };
enum recourse_error due_set_off(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* All that ever fell to the funder is within 64 bits, so that what is due of it can be told. OVERFLOW. */
enum recourse_error due_check(struct decision *decision, const struct record_section *section);

/* Cash that the funder had paid in is its own again: due to it, after what it owes back. The debit is the caller's. */
enum recourse_error due_hand_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps);

/* So much was remitted to the funder: of the sections in their order, of each as much as is due out of it, first for costs. */
enum recourse_error due_remit(
	struct decision *decision, const struct record_incident *incident, int64_t steps);

/* So much of what was remitted out of the section was not: first what was for costs. */
enum recourse_error due_unremit(struct decision *decision, struct record_section *section, int64_t steps);

/* What a party owes back of what it was paid out, or as the funder, in all sections (1100). */
enum recourse_error due_from(
	struct decision *decision, const struct record_incident *incident, slice party, int64_t *steps);
