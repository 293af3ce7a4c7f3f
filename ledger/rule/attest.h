/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/decision.h"

/*
 * A custodian attests that its cash moved: the actor's 1010 against the account that money came in for, or was paid
 * from. `line` is the line of its bank's statement, where one is named (`present`). A line is (custodian, reference), of
 * one direction, unit and amount:
 *
 *     named first      it is of what the command moves; further commands of the same request enlarge it (a batch is one
 *                      line and many payouts), in any other it is used up: EXISTS with the entry that named it
 *     stated           (bank.line) it is of what the bank says, and commands share it up to that: INSUFFICIENT
 *
 * All with field "bank_reference"; NOT_PERMITTED for the other direction, UNIT_MISMATCH. What is stated to have come in
 * is cash at once, and unidentified (2160 `@entry`) as far as no command names it: those take it from there.
 *
 * Whose custodian it is, and how much at most, the rule has looked at before.
 */
enum recourse_error attest_received(struct decision *decision, const struct value *line,
	const struct unit *unit, int64_t steps, enum chart_code credit, slice party, slice reference);
enum recourse_error attest_paid(struct decision *decision, const struct value *line, const struct unit *unit,
	int64_t steps, enum chart_code debit, slice party, slice reference);

/* The custodian's side alone, where the other one depends; negative steps were paid out. */
enum recourse_error attest_cash(
	struct decision *decision, const struct value *line, const struct unit *unit, int64_t steps);

/*
 * The bank took so much, which nobody ordered: it has, whether the cash is there or not. What is not there its account is
 * overdrawn by (2180), and what comes in makes up for that before it is cash: 1010 less 2180 is what the bank says.
 */
enum recourse_error attest_taken(
	struct decision *decision, const struct value *line, const struct unit *unit, int64_t steps);

/*
 * What was attested of a line is not, as with what the bank took also where the cash is not there any more: it is booked less of it, and the money is out of the cash again (back in it, of
 * negative steps), or unidentified where the line was stated. A line that nothing is left of, and nobody stated, is free
 * again. An empty reference is of no line.
 */
enum recourse_error attest_back(
	struct decision *decision, slice reference, const struct unit *unit, int64_t steps);

/* Whether the actor's line of that reference is the one of that entry: see `line` of a decision. */
enum recourse_error attest_line_is(struct decision *decision, slice reference, uint64_t entry, bool *same);

/*
 * `day` is present: the line that the command is about to name is of that command alone, and is stated by it, as a bank.line of what
 * it moves and of that day would. FIELD_MISSING "bank_reference" for none, and as attest_day(); naming it is EXISTS where it is there.
 */
enum recourse_error attest_whole(
	struct decision *decision, const struct value *line, const struct value *day);

/* The bank's day of a line: FIELD_FORMAT, WINDOW_CLOSED with that field for one that has not begun where the actor's account is. */
enum recourse_error attest_day(struct decision *decision, const char *field, slice text, uint64_t *day);

/*
 * States a line, also one that commands have named already: it is of that amount from then on. With `field`: EXISTS with the
 * entry for one that was stated, INSUFFICIENT for less than is booked of it, NOT_PERMITTED, UNIT_MISMATCH.
 */
enum recourse_error attest_state(struct decision *decision, const char *field, slice reference,
	const struct unit *unit, enum bank_direction direction, int64_t steps, uint64_t day);

/*
 * A piece of a file (piece.h) states a line that was stated before, in the same words: it is the same one, and stands in that
 * file too; nothing else follows. In no other request. With the field that says otherwise EXISTS, NOT_PERMITTED, UNIT_MISMATCH.
 */
enum recourse_error attest_said_before(struct decision *decision, const char *field, slice reference,
	const struct unit *unit, enum bank_direction direction, int64_t steps, uint64_t day, bool *before);

/*
 * What entries after the end of a custodian's day brought of cash that its bank had booked by then, as of now: of lines that
 * were stated with their day.
 */
enum recourse_error attest_later(
	struct state_view *view, slice custodian, slice unit, uint64_t day, int64_t *steps);

/*
 * The bank does not say so: the line is of what was named of it before, and free where nothing was. NOT_PERMITTED with the
 * field and the entry that has named it since.
 */
enum recourse_error attest_unstate(
	struct decision *decision, const char *field, slice reference, const struct unit *unit);

/*
 * What the bank kept for itself: who runs the ledger owes it to the trust from now on (1160). The cash, or what was to
 * come of it, is the caller's.
 */
enum recourse_error attest_fee(struct decision *decision, const struct unit *unit, int64_t steps);

/* The field that names a line, and what a rule refuses with because of it. */
#define ATTEST_LINE(form)                                                                                    \
	form##_FOREIGN("bank_reference", "line of the custodian's statement; shared where it was stated")
#define ATTEST_WHOLE(form)                                                                                   \
	form##_DAY(                                                                                          \
		"day", "on which the bank booked it: all of its line, which this states as bank.line would")
#define ATTEST_REFUSES RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_NOT_PERMITTED, RECOURSE_UNIT_MISMATCH
