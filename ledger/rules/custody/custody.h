/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Custody (A7, H3, I13): what a custodian says its account held when a day ended, held against what the ledger says. */

/* What 1010 of that custodian stood at after an entry; QUERY_NOT_FOUND where it never held anything, nor was overdrawn. */
enum recourse_error custody_ledger_balance(
	struct state_view *view, slice custodian, slice unit, uint64_t entry, int64_t *balance);

/*
 * What its bank says of that entry's day, where `later` of that day was booked afterwards: less what it is overdrawn by; an
 * account that is overdrawn holds nothing.
 */
enum recourse_error custody_expected(
	struct state_view *view, slice custodian, slice unit, uint64_t entry, int64_t later, int64_t *steps);

enum custody_standing { CUSTODY_NEVER, CUSTODY_FRESH, CUSTODY_STALE };

/*
 * What a custodian attested last in a unit; zeroes: nothing. It stands as it does at `now`, so that it is right even where
 * no clock strikes. What nobody attests, or does not agree, covers nothing.
 */
struct custody_word {
	struct record_custody record;
	struct record_attestation attestation;
	enum custody_standing standing;
	bool counts;
};
enum recourse_error custody_read(
	struct state_view *view, slice custodian, slice unit, uint64_t now, struct custody_word *word);

/*
 * What the actor's bank took is booked now: a break that was resolved explains so much less; more again, where that is taken
 * back (below zero) and bank and ledger have not agreed since. With field "break": NOT_FOUND, UNIT_MISMATCH, INSUFFICIENT
 * for more than it still explains.
 */
enum recourse_error custody_booked(
	struct decision *decision, uint64_t resolved, const struct unit *unit, int64_t steps);

/* What bank.reverse takes back. */
struct bank_booking {
	enum booked_kind kind;
	enum chart_code account; /* against cash, of `id` */
	slice id;
	slice line;
	const struct unit *unit;
	int64_t steps;
	uint64_t before; /* of a fee: the break that explained it; of a line: its day */
	uint32_t was;    /* of a line: its direction */
};
enum recourse_error bank_line_keep(struct decision *decision, slice line, const struct unit *unit,
	enum bank_direction direction, int64_t steps, uint64_t day);
enum recourse_error bank_reverse_keep(struct decision *decision, const struct bank_booking *booking);

/* Of a bank's line, in the order of enum bank_direction. */
extern const char *const bank_line_direction_names[];

/* A clock: no newer attestation has come in time. The subject is the number of the last one's entry. */
enum recourse_error custody_became_stale(struct decision *decision, slice subject);
