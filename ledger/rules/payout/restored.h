/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* What of a deduction by the round of that entry is left to be restored: what did not come back of it from claims. */
enum recourse_error restored_left(struct decision *decision, const struct record_incident *incident,
	const struct record_deduction *deduction, uint64_t entry, int64_t *left);

/*
 * What an appeal restores of what a round took, by the section whose claims had it: of an issuer's pool, which gave for claims
 * of others, that is theirs, and so is the recourse for it. The party's own section is changed and not saved. At most what is left.
 */
enum recourse_error restored_decide(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction, uint64_t entry,
	int64_t steps);

/*
 * It restores nothing of it any more: another judgment follows. NOT_PERMITTED with field "entry" where some of that came back
 * from claims, and so is the funder's.
 */
enum recourse_error restored_undecide(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction, uint64_t entry);

/*
 * From the judgment on the deposit bore so much less: what was anybody's own by name may be owed by now, and waits for the
 * funder's money. All that hangs on it in those sections is booked anew, as far as the entry has room. The party's own section is
 * changed and not saved.
 */
enum recourse_error restored_settle(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct record_deduction *deduction);

/*
 * So much of it the funder has paid in; section by section, the party's own first. `*recourse` is what became recourse of it.
 * `*steps` is less where the entry has no room for more sections.
 */
enum recourse_error restored_fund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t *steps, int64_t *recourse);

/*
 * So much of that it did not, or as much as the entry has room for: what parties paid for it waits again. With the entry that
 * remitted it: see restored_check().
 */
enum recourse_error restored_unfund(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t *steps);

/* NOT_PERMITTED with field "entry" where the funder would owe back more than that for it: it was remitted. */
enum recourse_error restored_check(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t owed_back);

/*
 * Judged anew: what the funder has paid in is recourse of those sections of which it would be, had it been judged so before that.
 * The party's own section is changed and not saved; `*fits` is false where the entry has no room for all of them.
 */
enum recourse_error restored_share_funded(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, bool *fits);
