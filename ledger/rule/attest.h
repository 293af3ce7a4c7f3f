/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/decision.h"

/*
 * A custodian attests that its cash moved: the actor's 1010 against the account that money came in for, or was paid
 * from. `line` is the line of its statement, which counts once: EXISTS with field "bank_reference" and the entry that
 * has it; nothing is looked up where it is absent.
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
