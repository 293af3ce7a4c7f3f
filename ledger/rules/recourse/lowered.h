/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_incident.h"
#include "rule/rule.h"

/*
 * Less is asked back of many claims by one entry, which has no room for the accounts of each (1120, 9030). What is to come off those
 * is kept by claim, the section is behind (behind.h), and its clock takes it off, as many claims as an entry has room for. Meanwhile
 * what 1120 has too much stands against the funder's 3110 on nobody's, so that the funder's is right at once.
 *
 *     the entry     3110 funder −sum      3110 nobody +sum
 *     by the clock  3110 nobody −each     1120 claim −each     9030 claim −each
 */

/* So much less, instead of a posting to 1120 of the claim; `off` of what was written off. The section is the caller's, who saves it. */
enum recourse_error lowered_later(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice claim, slice reference, const struct record_lowered *less);

/* The next claims of a section that is behind with them, by its clock, which is set again while it is behind. */
enum recourse_error lowered_go_on(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);
