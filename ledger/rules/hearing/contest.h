/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/hearing/heard.h"

/* A ruling, and that its consumer appeals it (D7): see README.md. */

/* What was given and appealed is of the ruling that there is now, from here on: of one before nothing of that counts. */
void contest_begin(struct heard *hearing);

/* By consent, by the judgment of an appeal, or fallen for good: nobody appeals it. */
bool contest_is_final(const struct heard *hearing);

/* Whether it left out something that was asked for or shown; of a claim that was ruled on. */
enum recourse_error contest_denies(struct decision *decision, const struct heard *hearing, bool *denies);

/* It is judged, or taken back, by this entry: what it was about is kept back until then. The hearing is the caller's. */
enum recourse_error contest_end(struct decision *decision, struct heard *hearing, uint64_t until);

/* What its ruling left out is kept back until then, in the rounds of its section, whichever claim has its lot by now. The section is
 * the caller's, who saves it. */
enum recourse_error contest_keep_back(struct decision *decision, struct record_section *section,
	const struct heard *hearing, uint64_t until);

/* A clock: an appeal was not judged in time. The subject is the claim's id. */
area_strike contest_late;

/* A clock, of an incident that stands: what a ruling left out can not be appealed any more. The subject is the claim's id. */
area_strike contest_lapse;

/* What a ruling left out that nobody has appealed yet, as long as somebody can: nothing of it is the merchant's by an end. */
area_blockers_walker contest_blockers;
