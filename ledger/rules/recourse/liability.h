/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/recourse/reckon.h"

/* What the shares of a judgment add up to, in hundredths of a percent. */
enum { LIABILITY_WHOLE = 10000 };

/*
 * The parties of a section: who is liable for its loss and for how much (G2), its merchant, whose pool paid, and who paid
 * or caused costs. What is in a row beside what was said of the party is what reckon() says of it, as booked last.
 */
enum { LIABILITY_PARTIES_MAX = SPREAD_LIABLE_MAX }; /* by an apportionment */

enum recourse_error liability_put(struct decision *decision, const struct record_section *section,
	slice party, const struct record_liability *liability);

/* Who is liable, by that id. NOT_FOUND with field "party". */
enum recourse_error liability_find(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability);

/* It has nothing that stays when it is liable no more: paid, was paid, caused or owes by name; nor is anything of it written off. */
bool liability_is_bare(const struct record_liability *liability);
enum recourse_error liability_remove(
	struct decision *decision, const struct record_section *section, slice party);

/*
 * A party's row; a new one, not saved yet, where it has none. FIELD_LIMIT with the field where there is no room for it: until
 * a section is apportioned, room for all who may be liable, for its merchant and for the issuer is kept free.
 */
enum recourse_error liability_row(struct decision *decision, const char *field,
	const struct record_section *section, slice party, struct record_liability *liability);

/* All of a section, in the order of their ids; names in the arena. */
struct liability_row {
	slice party;
	struct record_liability record;
};
struct liabilities {
	size_t count;
	struct liability_row rows[SPREAD_MAX];
};
enum recourse_error liability_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct liabilities *list);

/*
 * Of what it paid, when so much more is moved there from other sections: for its costs and interest alone, since it is not liable.
 * So is what ends took for them out of its deposit.
 */
int64_t liability_for_own(const struct record_liability *liability, int64_t more);

/* What served its costs, and was remitted for them. */
int64_t liability_costs_final(const struct record_liability *liability);

/* By its id; NULL where it is not among them. */
struct liability_row *liability_among(struct liabilities *list, slice party);

/* A number of who is liable, for how much and how: of judgments that say the same the same one. 0: nobody is. */
uint64_t liability_judgment(const struct liabilities *list);

/*
 * So much more of what is its own is paid out to it, first of what it paid itself, by the judgment that stands; below zero:
 * is not any more. Its row is saved, and what the entry paid.
 */
enum recourse_error liability_pay_out(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability, int64_t steps);

/* So much of what was paid out to it it paid back, and is not its own; of which it had paid `own` itself. Below zero: did not. */
enum recourse_error liability_pay_back(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability, int64_t steps, int64_t own);

/* The row alone, of what is not booked by it. */
void liability_unpay(struct record_liability *liability, int64_t steps, int64_t own);

/* Of what was paid out to it, and did not come back: it had paid more than it owed. */
int64_t liability_paid_over(const struct record_liability *liability);

/* Of what was paid out to it, and it had paid itself: was taken back since. */
int64_t liability_own_gone(const struct record_liability *liability);
