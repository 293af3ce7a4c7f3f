/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/due.h"
#include "rules/recourse/liability.h"

/*
 * Posts what reckon() says of a section less what was booked, and keeps its rows: whatever changed, this is how it comes
 * to the books. The section is the caller's, who saves it.
 */
struct settled { /* by that, less what was given back */
	int64_t costs;
	int64_t advances;
	int64_t uncovered;
	int64_t interest;
	int64_t returned; /* its own by name again */
	int64_t over_paid;
	int64_t subrogated; /* of what is returned: the funder's, see record_liability */
	int64_t reinstated; /* of what was written off */
	int64_t stood_for;  /* by the funder, of what was paid on and is not there */
	struct reckon section;
};
enum recourse_error settle_up_alone(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled);

/* And what is over-paid there, or owed, is set off with other sections: this is in settle.c. */
enum recourse_error settle_up(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled);

/*
 * The most postings it makes, fewer for a row of somebody who is not liable; and what that is for a section which
 * settle_up_anew() settles up.
 */
enum {
	SETTLE_UP_LIABLE_POSTINGS = 6,
	SETTLE_UP_OTHERS_POSTINGS = 3,
	SETTLE_UP_SECTION_POSTINGS = 8 + DUE_SET_OFF,
	SETTLE_UP_POSTINGS = SETTLE_UP_LIABLE_POSTINGS * SPREAD_LIABLE_MAX +
			     SETTLE_UP_OTHERS_POSTINGS * (SPREAD_MAX - SPREAD_LIABLE_MAX) +
			     SETTLE_UP_SECTION_POSTINGS,
};
enum recourse_error settle_up_postings(
	struct decision *decision, const struct record_section *section, size_t *count);

/*
 * Whether there is room in the entry to settle that section up too, spare lines being for creditors and for what the command
 * posts after it. A first one always finds room.
 */
enum { SETTLE_UP_SPARE_LINES = 24 };
enum recourse_error settle_up_fits(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *fits);

/* One entry has room for no more than `most` of what came: ENTRY_TOO_LARGE with field "amount". Several share the bank's line. */
enum recourse_error settle_up_refuse_more(struct decision *decision, const struct unit *unit, int64_t most);

/* So much came from a party, for the waterfall: out of 2140, which the caller credits. The section is the caller's. OVERFLOW. */
enum recourse_error settle_up_received(struct decision *decision, const char *field,
	const struct record_incident *incident, struct record_section *section, slice payer, int64_t steps,
	struct settled *settled);

/* The same of what it had paid for another section; less than nothing goes there. Nothing but this one is settled up, and saved. */
enum recourse_error settle_up_moved(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps);

/* What it served, gave back and brought back, in the entry; less than nothing where a claim has less than before. */
void settle_up_show(struct decision *decision, const struct unit *unit, const struct record_section *section,
	const struct settled *settled);

/* Of what a party paid for the section so much more its payer did not say so of. */
enum recourse_error settle_up_anywhere(
	struct decision *decision, const struct record_section *section, slice payer, int64_t steps);

/* It is saved; of one that stands no more is frozen from here on than is lacking by it. */
enum recourse_error settle_up_save(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section);

/*
 * So much of what came from a party never did: what it served stands against it again; `anywhere` where its payer had not said
 * for which section. What of it served others is there again: see set_off_less(). The section is saved.
 */
enum recourse_error settle_up_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, bool anywhere, int64_t steps);

/*
 * The same where money waits for what may have happened now; else only what is over-paid in other sections is looked at. In
 * settle.c.
 */
enum recourse_error settle_up_waiting(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* The same at a section's end, when what is inchoate is borne, or paid by what is there. In settle.c. */
enum recourse_error settle_up_ending(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* What is lost, or may be, is another sum: the same wherever a receipt serves anybody. In settle.c. */
enum recourse_error settle_up_loss(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/*
 * The same by a claim that was linked and steps in, as far as the entry has room: who gave its claim up, or ruled on it, is not
 * refused for what hangs on another one. Else the section is behind. In settle.c.
 */
enum recourse_error settle_up_linked(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/*
 * By what this entry posted of a merchant's lots some can be claimed where none could, or none any more: its section in each open
 * incident in that currency, but that one, which the caller settles up himself, as far as the entry has room. What the caller
 * keeps of them is saved. In settle.c.
 */
enum recourse_error settle_up_lots(
	struct decision *decision, uint32_t merchant, const struct unit *unit, uint32_t but);

/* What is left of the lots that can be claimed there, in scope and sold by that merchant: nothing after the bar date. */
enum recourse_error settle_up_claimable(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t *lots);

/* What reckon() is told of rows that the caller may have changed, but for what time says: whether claims are open, or all is over. */
enum recourse_error settle_up_read(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct liabilities *list, struct reckon *reckoned);

/* It has ended, or is about to. */
bool settle_up_ended(const struct record_incident *incident, const struct record_section *section);

/*
 * As it is told then: all that is advanced counts as settled, also of payments that are unclaimed, back, or on their way again. What
 * of these nobody pays or bears is asked of nobody, and stays inchoate.
 */
void settle_up_end(const struct record_section *section, struct reckon *reckoned);

/* And that. */
enum recourse_error settle_up_tell(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct liabilities *list, struct reckon *reckoned);

/* What it says of them now. */
enum recourse_error settle_up_reckon(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct liabilities *list, struct reckon *reckoned);

/* Of what a judgment shared out: nobody owes it, since nobody is liable for so much, and it is not written off. */
enum recourse_error settle_up_nobodys(
	struct decision *decision, const struct record_section *section, int64_t *steps);

/* Of what settled advances and restored deposits made recourse: neither paid, borne nor released. */
int64_t settle_up_open(const struct record_section *section);

/* Of payments that are back: what stays recourse, since money had served it. */
int64_t settle_up_stands(const struct record_section *section);

/*
 * G1, I7: what was advanced is recourse when it is settled, never before, until the money comes back. What `stood` before more was
 * settled stands beside that, as far as money serves it still; to settle up is the caller's.
 */
enum recourse_error settle_up_perfect(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t stood);

/*
 * What is recourse is more than the settled advances by now, since one came back: what is open of the difference becomes
 * inchoate again, where it was apportioned too. What was paid meanwhile stays perfected, since the bank's news can not be
 * refused. To settle up is the caller's.
 */
enum recourse_error settle_up_unperfect(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/*
 * So much of the settled advances a pool repaid: it is recourse no more, whoever had paid it. To settle up is the caller's.
 */
enum recourse_error settle_up_repaid(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps);

/*
 * What stayed perfected is within what is advanced: of what came back and parties had paid, a pool repaid some, or it is
 * advanced no more. To settle up is the caller's.
 */
enum recourse_error settle_up_unstay(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* What served consumers' uncovered loss and interest was paid to them, which is final. */
enum recourse_error settle_up_paid_consumers(struct decision *decision, const struct record_section *section);

/*
 * So much of what was advanced and settled is recourse no more; the other side, a debit in the recourse book, is the
 * caller's, and so is to settle up when all is known.
 */
enum recourse_error settle_up_lower(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps);

/* The loss, or what is recourse of it, is another than was: all that hangs on it is booked anew. */
enum recourse_error settle_up_anew(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* The same where more is settled up by the entry: what is over-paid there serves no other section yet, see set_off(). */
enum recourse_error settle_up_first(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);
