/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_hearing.h"
#include "rule/rule.h"

/*
 * How the parties of a claim are heard (D6, D7): the merchant answers, a ruling is proposed and agreed to or made, given to
 * both, and appealed by the consumer. A row of it is there only of a claim of which something of that was said; the claim's
 * member `hearing` says so, and for what it waits, so that what is decided in bulk looks for none.
 */
enum recourse_error hearing_load(
	struct state_view *view, slice id, const struct record_claim *claim, struct record_hearing *record);

/* Keeps the row alone, and says for what the claim waits, whose record is the caller's. */
enum recourse_error hearing_put(
	struct decision *decision, slice id, const struct record_hearing *record, struct record_claim *claim);

/* By what its merchant is asked, and what its silence means: the version by which the claim was taken in, wherever it was moved. */
enum recourse_error hearing_policy(
	struct state_view *view, const struct record_claim *claim, struct record_policy *policy);

/*
 * A claim waits for its ruling from now on, in its own name: where that policy has it so, its merchant is asked, unless it has
 * been heard. The claim's state follows, and is the caller's.
 */
enum recourse_error hearing_begin(
	struct decision *decision, slice id, const struct record_policy *policy, struct record_claim *claim);

/* The same, of one whose state is what it was: whoever answered by a slip is asked anew. */
enum recourse_error hearing_ask(
	struct decision *decision, slice id, const struct record_policy *policy, struct record_claim *claim);

/* It was given up: nobody is waited for. */
enum recourse_error hearing_lapse(struct decision *decision, slice id, struct record_claim *claim);

/* Its ruling is undone: what was agreed to is no ruling any more. */
enum recourse_error hearing_undo(struct decision *decision, slice id, struct record_claim *claim);

/* It is closed no more. */
enum recourse_error hearing_undo_closing(struct decision *decision, slice id, struct record_claim *claim);

/*
 * So much less is promised of it: what its appeal gave and is not ordered out is less by that. `*advanced` is what of that was
 * advanced, which the caller takes back. Section and claim are the caller's.
 */
enum recourse_error hearing_lower_top_up(struct decision *decision, slice id, struct record_claim *claim,
	struct record_section *section, int64_t steps, int64_t *advanced);

/* No ruling while somebody has time to speak: NOT_PERMITTED with "claim", and by when or the entry. */
enum recourse_error hearing_check_ruling(
	struct decision *decision, slice id, const struct record_claim *claim);

/* Whether the merchant accepted it, by its word or, where the policy has it so, by its silence. */
enum recourse_error hearing_was_accepted(
	struct decision *decision, slice id, const struct record_claim *claim, bool *accepted);

/* What the merchant accepted is refused by a rule alone: EVIDENCE_CONFLICT with "outcome". */
enum recourse_error hearing_check_refusal(
	struct decision *decision, slice id, const struct record_claim *claim, bool by_rule);

/* Nothing changes a ruling beside its appeal while that is open: NOT_PERMITTED with "claim" and its entry. */
enum recourse_error hearing_check_appeal(
	struct decision *decision, slice id, const struct record_claim *claim);

/* It was paid: what is to be done next is to judge its appeal, where that is open. */
enum recourse_error hearing_follow_payment(struct decision *decision, slice id, struct record_claim *claim);

/* I12: a ruling names the answer that it had before it, and what that rests on. */
enum recourse_error hearing_name(struct decision *decision, slice id, const struct record_claim *claim);

/* For what of it a claim waits. */
enum claim_hearing hearing_waits_for(const struct record_hearing *record);

/* Of a claim of this state nothing is to be done, and it is closed: see claim_close.c. */
bool hearing_is_closed(const struct record_claim *claim);

/* I3: who may speak for the claim's merchant: its own key, or an operator. NOT_FOUND with "claim" for others. */
enum recourse_error hearing_check_merchant(
	struct decision *decision, const struct record_claim *claim, bool *own);

/* WINDOW_CLOSED with that field where the instant has passed. */
enum recourse_error hearing_check_until(struct decision *decision, const char *field, uint64_t until);

extern const char *const hearing_answered_names[]; /* by enum answered */
extern const char *const hearing_consent_names[];  /* by enum consent */
