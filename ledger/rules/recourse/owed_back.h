/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/*
 * What the funder had of liable parties and turned out to be too much (README.md). Section and liabilities keep what it
 * still owes to whom; the section is changed and not saved.
 */

/*
 * So much less is recourse: out of what is receivable, first from nobody yet, then from each party by what it owes; the
 * rest the funder owes back, to each by what it had from it, and out of what is due to it at once. The other side, a debit
 * in the recourse book of `steps`, is the caller's.
 */
enum recourse_error owed_back_take(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps);

/*
 * Cash that is to be the funder's: as far as it owes anything back it goes to those by name (2150), the rest is due to it
 * (2170). The debit is the caller's.
 */
enum recourse_error owed_back_credit(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps);
