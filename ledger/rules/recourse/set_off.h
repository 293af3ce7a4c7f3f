/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Across the sections of an incident: what a party paid beyond all that it owes in one serves what it owes in others, where
 * most is open first, and waits for what it may come to owe there; see set_off_plan.h, and what was moved so its rows
 * remember.
 */

/*
 * When the section, and no other that the caller keeps, was settled up: the parties' money is moved between sections as is
 * planned. As much as the entry has room for, the rest when one of them is settled up next.
 */
enum recourse_error set_off(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* Whether there is anything to be planned for it: who settles up several asks it of each, and then plans for all at once. */
enum recourse_error set_off_concerns(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *concerned);

/* The same of all sections; that party is looked at in any case, an empty one is nobody. */
enum recourse_error set_off_party(
	struct decision *decision, const struct record_incident *incident, slice party);

/*
 * The same when the funder was remitted, or consumers were paid: that is final where it was served, and what of the money that
 * served it waits beside it may be for another section now.
 */
enum recourse_error set_off_final(struct decision *decision, const struct record_incident *incident);

/*
 * The same of a party, and then all that is its own by name in the incident is paid to it, which is final, but for what serves,
 * or waits for, what it owes or may come to owe in some section, whether that was moved or not. The sum of it; postings are the
 * caller's.
 */
enum recourse_error set_off_pay_out(
	struct decision *decision, const struct record_incident *incident, slice party, int64_t *steps);

/*
 * So much that the party paid for the section is to be taken back: what of it serves others comes back from there. `*steps` is
 * less where the entry has no room for all of that.
 */
enum recourse_error set_off_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t *steps);

/*
 * The section was settled up with less of the payer's: what came home from another for that may be made up for by what is over-paid
 * in a third, also where nothing of the payer's is left here.
 */
enum recourse_error set_off_home(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer);

/*
 * Where a receipt goes whose payer does not say: where most is open to it; where nothing is, where it would serve most
 * of what is lacking. STATE_WRONG with field "recovery" where all wait for an apportionment.
 */
enum recourse_error set_off_find(struct decision *decision, const struct record_incident *incident,
	slice payer, int64_t steps, struct record_section *section);

/* So much was allocated there, of a receipt whose payer did not say: what of it serves nothing there serves elsewhere. */
enum recourse_error set_off_rest(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps);

/* Nobody's money can serve an advance before it is known who is liable. */
static inline bool set_off_too_early(const struct record_section *section)
{
	return section->advanced + section->restored + section->issuer_restored > 0 &&
	       section->apportioned_entry == 0;
}
