/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What a funder advances for an incident: committed (1100), then paid in. An advance that is ordered out is covered by what
 * the funder paid in, or a pool in its place, and by nothing else:
 *
 *   funded + committed = ordered + not ordered yet
 */

/* Committed for decided claims: 1115 and 1100 against what the claims are owed and what the funder is. */
enum recourse_error advance_commit(struct decision *decision, const struct record_incident *incident,
	slice funder, slice reference, int64_t steps);

/*
 * So much of a section is advanced no more, because a pool has it in `from`, or a ruling was taken back. The funder has to
 * pay in less, and is owed what it has paid in already (2170). `committed` is what this entry itself commits and has not
 * released yet, `unordered` what of it is not ordered out. The caller saves the incident and the section.
 */
struct advance_release {
	enum chart_code from;
	int64_t steps;
	int64_t committed;
	int64_t unordered;
};
enum recourse_error advance_release(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice funder, slice reference, struct advance_release *release);

/*
 * It is advanced after all: a pool did not give it. Of `committed`, which that entry took off what the funder was to pay in,
 * as much as there is is committed again, and the rest it had paid in.
 */
enum recourse_error advance_again(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice funder, slice reference, struct advance_release *release);
