/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLOCK_SUBJECT_H
#define CLOCK_SUBJECT_H

#include "rule/decision.h"

/*
 * What a clock is set for is named by an id. Some have one; what began with an entry is named by its number, and what
 * belongs to a party in a currency by both: "1234", "CNY/17".
 */
enum { CLOCK_SUBJECT_TEXT_SIZE = UNIT_CODE_SIZE + 24 };

/* Borrow from `text`. */
slice clock_subject_of_entry(uint64_t entry, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
slice clock_subject_of_party(slice unit, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE]);

/* NOT_FOUND with field "subject" for anything that the other two do not write. */
enum recourse_error clock_subject_read_entry(
	struct decision *decision, slice subject, uint64_t *entry) RECOURSE_CHECK;

/* `unit` is looked up; `party` is the id, in the arena. */
enum recourse_error clock_subject_read_party(
	struct decision *decision, slice subject, struct unit *unit, slice *party) RECOURSE_CHECK;

#endif
