/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/next.h"

#include "rule/view.h"
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/next_action.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

/* Nobody writes a million records where a distribution covers what was ruled on, or later rounds give what is paid more. */
static enum recourse_error read_pools(
	struct state_view *view, slice id, const struct record_claim *claim, struct next *next)
{
	struct record_section section;
	bool covered;
	next->pools = VIEW_NONE;
	if (claim->state == CLAIM_LINKED)
		return RECOURSE_OK;
	TRY(section_load(view, claim->incident, claim->section, &section));
	TRY(round_part(view, &section, id, ROUND_DEPOSIT, &next->pools, &covered));
	if (!covered)
		next->pools = VIEW_NONE;
	if (claim->state == CLAIM_RULED && covered)
		next->state = CLAIM_APPROVED;
	return RECOURSE_OK;
}

static void take(struct next *next, const char *action, uint64_t due)
{
	next->action = action;
	next->due = due;
	next->waits = true;
}

enum recourse_error next_find(struct state_view *view, slice id, const struct record_claim *claim,
	const struct record_incident *incident, const struct holder *holder, struct next *next)
{
	struct record_claim standing = *claim;
	uint64_t promise = holder->desk.promise_due;
	uint64_t flag = holder->desk.flag_due;
	*next = (struct next){.state = (enum claim_state)claim->state};
	TRY(read_pools(view, id, claim, next));
	standing.state = next->state;
	TRY(next_action_find(view, &standing, incident, next->pools, &next->action));
	if (hearing_is_closed(claim))
		next->state = CLAIM_CLOSED;
	if (claim->hearing == HEARING_APPEAL)
		next->state = CLAIM_APPEALED;
	next->waits = record_claim_waits(claim) || (claim->state == CLAIM_PAID && next->pools > claim->paid);
	next->due = next->waits ? claim->due : 0;
	if (promise != 0 && (!next->waits || promise < next->due))
		take(next, "keep what was promised", promise);
	if (flag != 0 && (!next->waits || flag <= next->due))
		take(next, "look at the flag", flag);
	return RECOURSE_OK;
}
