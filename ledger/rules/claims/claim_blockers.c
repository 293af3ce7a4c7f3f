/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/next_action.h"
#include "rules/claims/unmoved.h"

#include "rule/blocker.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

#include <stdio.h>

/* B6: claims without an answer, or without the money that they are to have. Of one to which nothing came there is none. */

/* Of what was lost: neither had elsewhere, nor paid by a pool, nor by what recoveries were paid out for. */
static int64_t lacking(const struct record_section *section)
{
	int64_t recovered =
		section->uncovered_served - section->uncovered_collected - section->clawed_recovered;
	return section->loss - section->elsewhere - section_pool(section) - recovered;
}

/*
 * Whether a round would give something to those that were decided since the last one: what is promised, or, if anybody lacks it,
 * what is there.
 */
static enum recourse_error can_share(struct blockers *list, const struct record_section *section, bool *yes)
{
	const struct record_incident *incident = list->incident;
	struct instrument_calls calls;
	slice merchant;
	int64_t frozen;
	int64_t cash;
	*yes = false;
	if (section->loss - section->elsewhere <= section->shared_loss)
		return RECOURSE_OK;
	TRY(party_name(list->view, list->arena, section->party, &merchant));
	TRY(account_balance(list->view, CHART_DEPOSIT_FROZEN, merchant, RECORD_TEXT(incident->id),
		&incident->unit, &frozen));
	TRY(instrument_call_list(list->view, list->arena, section, &calls));
	TRY(instrument_call_cash(&calls, &cash));
	*yes = (lacking(section) > 0 && (frozen > 0 || cash > 0)) || section->promised > section_has(section);
	return RECOURSE_OK;
}

/* The whole incident, or the section, without a look at its claims. */
struct standing {
	uint64_t undecided;
	uint64_t unpaid; /* 0 where none of these is to get anything any more */
	uint64_t clawbacks;
	uint64_t appeals;
};

static enum recourse_error add_section(
	struct blockers *list, const struct record_section *section, bool *owing, struct standing *standing)
{
	bool share;
	TRY(can_share(list, section, &share));
	*owing = *owing || share;
	standing->undecided += section->claims_filed - section->claims_decided - section->claims_rejected;
	standing->unpaid += section->claims_decided - section->claims_paid - section->claims_unclaimed;
	standing->clawbacks += section->clawbacks;
	standing->appeals += section->appeals;
	return RECOURSE_OK;
}

static enum recourse_error read_standing(struct blockers *list, struct standing *standing)
{
	static const enum chart_code owed[] = {CHART_CLAIMS, CHART_TRANSIT, CHART_RETURNED};
	const struct record_incident *incident = list->incident;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	bool owing = false;
	*standing = (struct standing){.undecided = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		if (list->section == 0 || list->section == section.party)
			TRY(add_section(list, &section, &owing, standing));
	}
	TRY(walk.error);
	if (list->section != 0) /* what is owed in the whole incident is not looked at */
		return RECOURSE_OK;
	for (size_t index = 0; index < sizeof owed / sizeof owed[0]; index++) {
		int64_t balance;
		TRY(account_balance(list->view, owed[index], slice_text(""), RECORD_TEXT(incident->id),
			&incident->unit, &balance));
		owing = owing || balance != 0;
	}
	standing->unpaid = owing ? standing->unpaid : 0;
	return RECOURSE_OK;
}

/* ---- one by one ---- */

/* One that is shared out got its part; to one that is not a round may still give something. */
static enum recourse_error find_ruled(
	struct blockers *list, slice id, const struct record_claim *claim, struct blocker *blocker)
{
	struct record_section section;
	int64_t part;
	bool covered;
	bool waits;
	TRY(section_load(list->view, claim->incident, claim->section, &section));
	TRY(round_part(list->view, &section, id, ROUND_DEPOSIT, &part, &covered));
	TRY(can_share(list, &section, &waits));
	if (covered && (part > 0 || claim->approved > 0))
		*blocker = (struct blocker){.what = "payout is not ordered",
			.next = "instruct the payout",
			.by = "operator",
			.steps = claim->approved > 0 ? claim->approved : part};
	else if (!covered && waits)
		*blocker = (struct blocker){.what = "claim has no share yet",
			.next = "approve the distribution",
			.by = "approver",
			.steps = claim->approved > 0 ? claim->approved : VIEW_NONE};
	return RECOURSE_OK;
}

static const char *what_of_payment(const struct record_claim *claim)
{
	if (claim->payout == PAYOUT_RETURNED)
		return "payout came back";
	if (claim->payout == PAYOUT_UNKNOWN)
		return "payout is unknown";
	return record_claim_money(claim) == CLAIM_MONEY_BACK ? "payout never left" : "payout in transit";
}

static enum recourse_error take_claim(struct blockers *list, slice id)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct blocker blocker = {.what = NULL};
	struct record_claim claim;
	const char *next;
	TRY(record_get_named(list->view, &path, &claim, sizeof claim));
	TRY(next_action_find(list->view, &claim, list->incident, VIEW_NONE, &next));
	bool back = record_claim_money(&claim) == CLAIM_MONEY_BACK;
	if (claim.hearing == HEARING_APPEAL)
		blocker = (struct blocker){
			.what = "ruling is appealed", .next = next, .by = "operator", .steps = VIEW_NONE};
	else if (claim.state == CLAIM_PAID && claim.hearing == HEARING_TOP_UP)
		blocker = (struct blocker){.what = "what an appeal gave is not ordered",
			.next = next,
			.by = "operator",
			.steps = VIEW_NONE};
	else if (claim.state == CLAIM_PAYING)
		blocker = (struct blocker){.what = what_of_payment(&claim),
			.next = next,
			.by = back ? "operator" : "custodian",
			.steps = claim.deposit_part + claim.advance_part};
	else if (claim.state == CLAIM_RULED)
		TRY(find_ruled(list, id, &claim, &blocker));
	else if (record_claim_asked(&claim) > 0)
		blocker = (struct blocker){.what = "what was paid too much is not back",
			.next = "receive it, or write it off",
			.by = "custodian",
			.steps = record_claim_asked(&claim)};
	else
		blocker = (struct blocker){
			.what = "claim is not decided", .next = next, .by = "operator", .steps = VIEW_NONE};
	if (blocker.what == NULL)
		return RECOURSE_OK;
	blocker.of = id;
	blocker.entry = claim.last_entry;
	return blocker_page(list, &blocker);
}

/* The section of the claim with which the page begins, whatever became of it since. */
static enum recourse_error find_start(const struct blockers *list, slice id, struct record_path *from)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	bool there;
	TRY(record_get_optional(list->view, &path, &claim, sizeof claim, &there));
	if (!there || claim.incident != list->incident->number)
		return RECOURSE_QUERY_NOT_FOUND;
	record_path_short(from, claim.section);
	record_path_text(from, id);
	return RECOURSE_OK;
}

/* Those that are not at their end. */
static enum recourse_error take_open(struct blockers *list, const struct standing *standing)
{
	struct record_path prefix = record_path_of_short(RECORD_CLAIM_OPEN, list->incident->number);
	struct record_path from;
	uint64_t looks = 0;
	if (list->section != 0)
		record_path_short(&prefix, list->section);
	from = prefix;
	if (list->from.size > 0)
		TRY(find_start(list, list->from, &from));
	uint64_t open = standing->undecided + standing->unpaid + standing->clawbacks + standing->appeals;
	if (list->take == NULL)
		list->count += open;
	if (list->take == NULL || open == 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(list->view, &prefix, &from, STATE_UP);
	while (!list->full && record_walk_next(&walk, NULL, 0)) {
		slice id = walk.key.parts[2].text;
		if (looks++ < VIEW_LOOKS_MAX)
			TRY(take_claim(list, id));
		else
			TRY(blocker_end_page(list, id));
	}
	return walk.error;
}

/* ---- those that were paid and had more of later rounds, which is in the rule of these and in no claim ---- */

/* A page that begins with one of them is told from one that begins with an open claim by what no id begins with. */
static const char lifted_mark[] = "@";

struct lifted {
	struct record_section section; /* of the claim that is looked at, and its rounds */
	struct rounds rounds;
	uint64_t looks;
};

static void lifted_free(struct lifted *lifted)
{
	round_cache_free(&lifted->rounds);
}

/* Whether nobody's claim can be one: what is owed to all is ordered out; of one section, no round of it lifted any. */
static enum recourse_error none_lifted(const struct blockers *list, bool *none)
{
	const struct record_incident *incident = list->incident;
	struct record_section section;
	int64_t owed;
	if (list->section == 0) {
		TRY(account_balance(list->view, CHART_CLAIMS, slice_text(""), RECORD_TEXT(incident->id),
			&incident->unit, &owed));
		*none = owed == 0;
		return RECOURSE_OK;
	}
	TRY(section_load(list->view, incident->number, list->section, &section));
	*none = section.rounds[ROUND_LIFT] == 0;
	return RECOURSE_OK;
}

static enum recourse_error end_before(struct blockers *list, slice id)
{
	char text[1 + TEXT_ID_SIZE];
	int size = snprintf(text, sizeof text, "%s%.*s", lifted_mark, SLICE_ARGUMENTS(id));
	return blocker_end_page(list, slice_of(text, (size_t)size));
}

static enum recourse_error read_rounds(struct blockers *list, struct lifted *lifted, uint32_t section)
{
	if (lifted->section.party == section)
		return RECOURSE_OK;
	lifted_free(lifted);
	TRY(section_load(list->view, list->incident->number, section, &lifted->section));
	lifted->rounds = (struct rounds){.view = list->view, .section = &lifted->section};
	return round_cache(&lifted->rounds, ROUND_DEPOSIT);
}

static enum recourse_error take_lifted(
	struct blockers *list, struct lifted *lifted, slice id, const struct record_decided *decided)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct round_standing standing;
	struct record_claim claim;
	if (lifted->looks++ == VIEW_LOOKS_MAX)
		return end_before(list, id);
	TRY(record_get_named(list->view, &path, &claim, sizeof claim));
	bool kept = record_claim_money(&claim) == CLAIM_MONEY_UNCLAIMED;
	if (claim.state != CLAIM_PAID && !kept)
		return RECOURSE_OK;
	TRY(read_rounds(list, lifted, claim.section));
	TRY(round_follow(&lifted->rounds, ROUND_DEPOSIT, id, decided, &standing));
	const char *next;
	TRY(next_action_find(list->view, &claim, list->incident, standing.had, &next));
	struct blocker blocker = {.what = "what later rounds gave is not ordered",
		.of = id,
		.entry = lifted->section.last_round_entry,
		.steps = standing.had - claim.paid - (kept ? claim.deposit_part + claim.advance_part : 0),
		.next = next,
		.by = "operator"};
	if (blocker.steps <= 0)
		return RECOURSE_OK;
	return list->count < list->most ? blocker_add(list, &blocker) : end_before(list, id);
}

static enum recourse_error take_all_lifted(struct blockers *list, slice start)
{
	struct record_path prefix = record_path_of_short(RECORD_DECIDED, list->incident->number);
	struct record_path from;
	struct record_decided decided;
	SCOPED(lifted_free) struct lifted lifted = {.looks = 0};
	bool none;
	TRY(none_lifted(list, &none));
	if (none)
		return RECOURSE_OK;
	if (list->section != 0)
		record_path_short(&prefix, list->section);
	from = prefix;
	if (start.size > 0)
		TRY(find_start(list, start, &from));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(list->view, &prefix, &from, STATE_UP);
	while (!list->full && record_walk_next(&walk, &decided, sizeof decided))
		TRY(take_lifted(list, &lifted, walk.key.parts[2].text, &decided));
	return walk.error;
}

/* It is another incident's still, and has no place in the pages of this one's: the first of them. */
static enum recourse_error take_unmoved(struct blockers *list)
{
	struct unmoved unmoved;
	TRY(unmoved_find(list->view, list->arena, list->incident, list->section, &unmoved));
	const struct blocker blocker = {.what = "claim is not moved",
		.of = unmoved.id,
		.entry = unmoved.entry,
		.steps = VIEW_NONE,
		.next = "move the claim",
		.by = "operator"};
	return unmoved.id.size == 0 ? RECOURSE_OK : blocker_add(list, &blocker);
}

enum recourse_error claim_blockers(struct blockers *list)
{
	struct standing standing;
	slice start = list->from;
	bool lifted = slice_take(&start, lifted_mark);
	if (list->but_claims)
		return RECOURSE_OK;
	if (start.size == 0 && !lifted)
		TRY(take_unmoved(list));
	TRY(read_standing(list, &standing));
	if (!lifted)
		TRY(take_open(list, &standing));
	return list->full ? RECOURSE_OK : take_all_lifted(list, lifted ? start : slice_text(""));
}
