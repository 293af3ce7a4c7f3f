/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/attest.h"

static enum recourse_error count_line(struct decision *decision, const struct value *line)
{
	struct record_path path = record_path_of_texts(RECORD_BANK_LINE, decision->actor->party, line->text);
	return line->present ? decision_once(decision, "bank_reference", &path) : RECOURSE_OK;
}

enum recourse_error attest_cash(
	struct decision *decision, const struct value *line, const struct unit *unit, int64_t steps)
{
	TRY(count_line(decision, line));
	return decision_post(decision, CHART_CASH, decision->actor->party, slice_text(""), unit, steps);
}

enum recourse_error attest_received(struct decision *decision, const struct value *line,
	const struct unit *unit, int64_t steps, enum chart_code credit, slice party, slice reference)
{
	TRY(attest_cash(decision, line, unit, steps));
	return decision_post(decision, credit, party, reference, unit, -steps);
}

enum recourse_error attest_paid(struct decision *decision, const struct value *line, const struct unit *unit,
	int64_t steps, enum chart_code debit, slice party, slice reference)
{
	TRY(count_line(decision, line));
	TRY(decision_post(decision, debit, party, reference, unit, steps));
	return decision_post(decision, CHART_CASH, decision->actor->party, slice_text(""), unit, -steps);
}
