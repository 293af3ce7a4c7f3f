/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"

#include "rules/claims/claim.h"
#include "rules/claims/holder.h"
#include "rules/claims/hearing.h"
#include "rules/claims/measure.h"
#include "rules/desk/breach.h"
#include "rules/desk/hour.h"

static struct record_path path_of(slice claim)
{
	return record_path_of_text(RECORD_DESK, claim);
}

enum recourse_error desk_load(struct state_view *view, slice claim, struct record_desk *desk)
{
	struct record_path path = path_of(claim);
	return record_get_optional(view, &path, desk, sizeof *desk, NULL);
}

enum recourse_error desk_check_lives(struct decision *decision, const struct record_claim *claim)
{
	struct record_entitlement lot;
	if (claim->state != CLAIM_LINKED)
		return RECOURSE_OK;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	decision->refusal->entry_known = true;
	decision->refusal->entry = lot.claim_entry;
	return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
}

enum recourse_error desk_find_waiting(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_desk desk;
	bool waits;
	TRY(claim_find(decision, id, claim));
	TRY(claim_waits(decision->state, id, claim, &waits));
	TRY(desk_load(decision->state, id, &desk));
	return waits || desk.promises_open > 0 || desk.flags_open > 0
		       ? RECOURSE_OK
		       : refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
}

/* What is owed first of what was promised. */
static enum recourse_error follow_promise(struct decision *decision, slice id, struct record_desk *desk)
{
	struct record_promise promise;
	uint64_t entry;
	desk->promise_due = desk->promise_late = 0;
	if (desk->promises_open == 0)
		return RECOURSE_OK;
	TRY(holder_promise(decision->state, id, &desk->promise_due, &entry));
	struct record_path path = record_path_of_number(RECORD_PROMISE, entry);
	TRY(record_get_named(decision->state, &path, &promise, sizeof promise));
	desk->promise_late = promise.missed_entry;
	return RECOURSE_OK;
}

/* By what the claim's record says now. Whoever decides something of it has it then. */
static enum recourse_error follow(
	struct decision *decision, const struct record_claim *claim, struct record_desk *desk)
{
	struct record_key owner = {.person = 0};
	if (claim->owner != 0)
		TRY(person_key(decision->state, claim->owner, &owner));
	desk->person = owner.person;
	desk->due = record_claim_waits(claim) ? claim->due : 0;
	if (desk->overdue != desk->due)
		desk->overdue = 0;
	return RECOURSE_OK;
}

/* What is said of it by now is the incident's too. */
static enum recourse_error count(
	struct decision *decision, slice id, const struct record_claim *claim, const struct record_desk *desk)
{
	struct record_measure measures[2] = {{.repeats = 0}, {.repeats = 0}};
	struct record_desk before;
	TRY(desk_load(decision->state, id, &before));
	measure_of_desk(&before, &measures[0]);
	measure_of_desk(desk, &measures[1]);
	return measure_change(decision, claim->incident, &measures[0], &measures[1]);
}

static enum recourse_error put(
	struct decision *decision, slice id, struct record_claim *claim, struct record_desk *desk)
{
	struct record_path path = path_of(id);
	TRY(follow(decision, claim, desk));
	TRY(follow_promise(decision, id, desk));
	claim->desk = 1;
	if (claim->hearing == HEARING_CLOSED && desk->promises_open > 0)
		TRY(hearing_undo_closing(decision, id, claim));
	if (desk->due != 0 && desk->overdue == 0)
		TRY(hour_watch(decision, id, claim));
	TRY(count(decision, id, claim, desk));
	return decision_put(decision, &path, desk, sizeof *desk);
}

enum recourse_error desk_save(
	struct decision *decision, slice id, struct record_claim *claim, struct record_desk *desk)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	TRY(put(decision, id, claim, desk));
	TRY(decision_put(decision, &path, claim, sizeof *claim));
	return decision_about(decision, RECORD_CLAIM, id);
}

uint64_t desk_since(const struct record_desk *desk)
{
	bool promise = desk->promise_late != 0 && (desk->overdue == 0 || desk->promise_due < desk->overdue);
	return promise ? desk->promise_due : desk->overdue;
}

enum recourse_error desk_mark_overdue(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_desk desk;
	TRY(desk_load(decision->state, id, &desk));
	desk.overdue = claim->due;
	desk.overdue_entry = decision->entry;
	desk.overdues++;
	TRY(breach_count(decision, id, claim, &(struct record_breach){.overdues = 1}));
	return desk_save(decision, id, claim, &desk);
}

/* Its day has passed, and what is decided now ends that wait or sets another day. */
static bool is_done_late(
	const struct decision *decision, const struct record_claim *before, const struct record_claim *claim)
{
	bool goes_on = record_claim_waits(claim) && claim->due == before->due;
	return record_claim_waits(before) && before->due < decision->time && !goes_on;
}

/* No clock has said so, which strikes when the hour is over: whose day it was has been late all the same. */
static enum recourse_error note_late(
	struct decision *decision, slice id, const struct record_claim *before, struct record_desk *desk)
{
	if (desk->overdue != 0)
		return RECOURSE_OK;
	desk->overdue_entry = decision->entry;
	desk->overdues++;
	return breach_count(decision, id, before, &(struct record_breach){.overdues = 1});
}

/* Something else is decided of it: in bulk nothing is looked up but what is at hand, since a claim that waits lies in its hour until that ends. */
area_claim_follower desk_claim_put;
enum recourse_error desk_claim_put(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim before;
	struct record_desk desk;
	bool there;
	TRY(record_get_optional(decision->state, &path, &before, sizeof before, &there));
	bool late = there && is_done_late(decision, &before, claim);
	if (claim->desk == 0 && !late)
		return record_claim_waits(claim) ? hour_watch(decision, id, claim) : RECOURSE_OK;
	TRY(desk_load(decision->state, id, &desk));
	if (late)
		TRY(note_late(decision, id, &before, &desk));
	return put(decision, id, claim, &desk);
}

/* D4, D8: who comes again comes about the same: it is counted, and stands in the claim's history. */
area_claim_teller desk_claim_repeated;
enum recourse_error desk_claim_repeated(struct decision *decision, slice id)
{
	struct record_claim claim;
	struct record_desk desk;
	TRY(claim_find(decision, id, &claim));
	TRY(desk_load(decision->state, id, &desk));
	desk.repeats++;
	decision_fact_integer(decision, "repeats", desk.repeats);
	return desk_save(decision, id, &claim, &desk);
}
