/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/life.h"
#include "rule/decision.h"

/* What was said of a payment that is under way: of that order, where it says of which. */
static uint32_t under_way(const struct entry *entry, slice claim, uint64_t order)
{
	static const struct {
		const char *status;
		enum payout_state state;
	} rows[] = {{"accepted", PAYOUT_ACCEPTED}, {"awaiting_payee", PAYOUT_AWAITING},
		{"unknown", PAYOUT_UNKNOWN}};
	slice said;
	slice of;
	uint64_t number;
	if (!entries_is(entry, "payout.report") || !entries_text(entry, "claim", &of) ||
		!slice_equal(of, claim) || !entries_text(entry, "status", &said))
		return LIFE_NONE;
	if (entries_integer(entry, "order", &number) && number != order)
		return LIFE_NONE;
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		if (slice_is(said, rows[row].status))
			return rows[row].state;
	}
	return LIFE_NONE;
}

static uint32_t ordered(const struct entry *entry)
{
	if (entries_is(entry, "payout.instruct"))
		return PAYOUT_INSTRUCTED;
	return entries_is(entry, "payout.reissue") ? PAYOUT_REISSUED : LIFE_NONE;
}

enum recourse_error entries_payment_was(
	struct check_context *check, slice claim, uint64_t order, uint64_t until, uint32_t *state)
{
	const struct record_path prefix = decision_about_path(RECORD_CLAIM, claim);
	struct record_path from = prefix;
	uint64_t last = order;
	record_path_number(&from, order);
	*state = LIFE_NONE;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(check->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, NULL, 0) && walk.key.parts[2].number < until) {
		const uint64_t number = walk.key.parts[2].number;
		struct entry entry;
		TRY(entries_read(check, number, &entry));
		uint32_t said = order == 0 || number == order ? ordered(&entry) : (uint32_t)LIFE_NONE;
		if (said != LIFE_NONE)
			last = number;
		else
			said = under_way(&entry, claim, last);
		*state = said != LIFE_NONE ? said : *state;
	}
	return walk.error;
}
