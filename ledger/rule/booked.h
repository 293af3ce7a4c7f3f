/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/decision.h"

/*
 * Ways back. What was booked by a slip is taken back by an entry that names it, with a reason and by two people; nothing is
 * ever erased. A rule that can be taken back keeps a row of what it booked (booked_keep); X.reverse finds that row, looks
 * whether something rests on it, does the opposite, and becomes a row itself (booked_correct), which can be taken back in
 * its turn: then what was booked first is booked again.
 *
 *     deposit.receive 17  <── deposit.reverse 21  <── deposit.reverse 30       17 stands again, by 30
 *
 * Where one entry has no room for all that hangs on it, it takes back a part, whole in itself, and says what is left; the
 * command is said again for that. Each part is a row with its own amount, and can be taken back as such.
 */
struct booked {
	uint64_t entry; /* whose row it is */
	struct record_booked
		record; /* its amount is what is left of it, where `back` was taken back before */
	slice id;       /* the record's texts, in the arena: postings may name them */
	slice reference;
	slice line;
};

/* Of a kind: the command that books it. */
extern const char *const booked_kind_names[];

/* What this entry books; `record` says all but when. */
enum recourse_error booked_keep(struct decision *decision, const struct record_booked *record);

/*
 * What the entry of the field "entry" booked, which is one of these kinds, a bit each. NOT_FOUND for any other, and for what
 * another custodian attested; ROLE_MISSING where it was said by another role than the actor's; STATE_WRONG with the entry
 * that took it back.
 */
#define BOOKED_KIND(kind) (UINT64_C(1) << (kind))
enum recourse_error booked_find(
	struct decision *decision, const struct value *entry, uint64_t kinds, struct booked *booked);

/* Where there is no such row at that entry it is all zeroes; `there` may be NULL. Its texts are in the record alone. */
enum recourse_error booked_read(
	struct state_view *view, uint64_t entry, struct record_booked *record, bool *there);

/* It is a judgment: another one replaces it. */
bool booked_is_replaced(const struct record_booked *record);

/*
 * This entry took `booked` back, or booked again what that one took back. Its own row is what the record says by now: where
 * the money went this time, and how much of it, if that is a part.
 */
enum recourse_error booked_correct(struct decision *decision, const struct booked *booked);

/*
 * The same of what kept no row, since there are too many of its kind: the record says what that entry booked, but for when,
 * and is kept with its correction.
 */
enum recourse_error booked_correct_unkept(
	struct decision *decision, uint64_t entry, const struct record_booked *record);

/* The bank did not return what this takes back: it stands by the line by which it came. */
enum recourse_error booked_not_bounced(struct decision *decision, struct booked *booked);

/* By how much that entry moved an account: what it debited, less what it credited. 0: there is none of the name. */
enum recourse_error booked_moved(struct decision *decision, uint64_t entry, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps);

/*
 * What was credited to an account by that entry is there: NOT_PERMITTED with field "entry" and the first entry since then that
 * left less.
 */
enum recourse_error booked_rests(struct decision *decision, uint64_t entry, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t steps);

/* What was booked went on: NOT_PERMITTED with the field, or "entry", and the last entry that moved that account to that side. */
enum booked_side { BOOKED_DEBIT, BOOKED_CREDIT };
enum recourse_error booked_went_on(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, enum booked_side side);
enum recourse_error booked_went_on_of(struct decision *decision, const char *field, enum chart_code code,
	slice party, slice reference, const struct unit *unit, enum booked_side side);

/* The fields of each X.reverse, and what all of them refuse with. */
enum { BOOKED_ENTRY, BOOKED_REASON, BOOKED_FIELDS };
extern const struct recourse_field booked_fields[BOOKED_FIELDS];
#define BOOKED_REFUSES RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_ROLE_MISSING
