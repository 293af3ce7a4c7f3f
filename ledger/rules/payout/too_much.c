/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/too_much.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/payout/advanced.h"
#include "rules/recourse/lowered.h"

/* A claim that the pool gives so much of what is out. */
struct less {
	slice id;
	int64_t kept;
};

struct look {
	struct decision *decision;
	struct too_much *too_much;
};

static enum recourse_error look_at_lifted(void *context, const struct sharing_lifted *lifted)
{
	struct look *this = context;
	int64_t promised = lifted->decided->approved;
	int64_t pool = lifted->had + lifted->part;
	struct record_claim claim;
	TRY(claim_find(this->decision, lifted->id, &claim));
	if (!round_ordered(&claim))
		return RECOURSE_OK;
	int64_t repaid = advanced_of(&claim, promised, lifted->had) - advanced_of(&claim, promised, pool);
	repaid -= amount_beyond(promised, lifted->had) - amount_beyond(promised, pool);
	this->too_much->repaid += repaid;
	this->too_much->settled += round_settled(&claim) ? repaid : 0;
	struct less row = {.kept = amount_least(pool, record_claim_out(&claim))};
	if (repaid == 0 || row.kept <= claim.approved)
		return RECOURSE_OK;
	TRY(arena_copy(this->decision->arena, lifted->id, &row.id));
	buffer_append(&this->too_much->less, &row, sizeof row);
	return RECOURSE_OK;
}

enum recourse_error too_much_find(struct decision *decision, const struct record_section *section,
	const struct sharing *sharing, struct too_much *too_much)
{
	struct look this = {decision, too_much};
	if (sharing->lifted == 0 || section->advanced - section->repaid <= sharing->due)
		return RECOURSE_OK;
	TRY(sharing_each_lifted(decision, sharing, look_at_lifted, &this));
	return buffer_failed(&too_much->less) ? RECOURSE_MEMORY : RECOURSE_OK;
}

void too_much_free(struct too_much *too_much)
{
	buffer_free(&too_much->less);
}

static size_t count_less(const struct too_much *too_much)
{
	return too_much->less.size / sizeof(struct less);
}

static bool is_later(const struct too_much *too_much)
{
	return count_less(too_much) > TOO_MUCH_AT_ONCE;
}

/* What is receivable of it, and of what was written off the memo, which has two sides; later it is one sum. */
size_t too_much_postings(const struct too_much *too_much)
{
	return is_later(too_much) ? 1 : 3 * count_less(too_much);
}

enum recourse_error too_much_keep(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice reference, const struct too_much *too_much)
{
	const struct less *rows = (const void *)too_much->less.data;
	for (size_t index = 0; index < count_less(too_much); index++) {
		struct record_claim claim;
		struct record_lowered less = {.receivable = 0};
		const struct clawback clawback = {rows[index].id, reference, &claim, incident, section};
		TRY(claim_find(decision, rows[index].id, &claim));
		claim.approved = rows[index].kept;
		TRY(clawback_lower(decision, &clawback, is_later(too_much) ? &less : NULL));
		TRY(lowered_later(decision, incident, section, rows[index].id, reference, &less));
		TRY(claim_put_about(decision, rows[index].id, &claim));
	}
	return RECOURSE_OK;
}
