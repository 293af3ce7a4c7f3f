/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

/* ---- instrument.reverse: one that was never given, or a payment that was not made on it ---- */

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY],
		BOOKED_KIND(BOOKED_INSTRUMENT) | BOOKED_KIND(BOOKED_INSTRUMENT_PAID), &booked));
	TRY(booked.record.kind == BOOKED_INSTRUMENT ? instrument_reverse(decision, &booked)
						    : instrument_call_reverse(decision, &booked));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("instrument.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1,
		booked_fields, apply_reverse,
		"take back an instrument, or a payment on it, that was booked by a slip; another person "
		"approves",
		BOOKED_REFUSES, RECOURSE_WINDOW_CLOSED, RECOURSE_FIELD_LIMIT, RECOURSE_OVERFLOW,
		ATTEST_REFUSES),
};
const struct command_group instrument_reverse_commands = COMMAND_GROUP(rows);
