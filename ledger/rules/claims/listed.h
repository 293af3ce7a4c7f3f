/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_evidence.h"
#include "rule/rule.h"

/*
 * The evidence on a claim's list (C2, D3): which kinds there are, what is held of each, what was asked for and what became
 * of that. The claim counts its rows; it is the caller's, who saves it.
 */
struct listed {
	slice kind;
	struct record_listed record;
	struct record_listed before; /* as the claim has counted it; all zeroes: not yet */
};

enum { LISTED_KINDS_MAX = 32, LISTED_PAPERS_MAX = 64, LISTED_ASKS_MAX = 16 };

/* At the filing: what the policy lists; and the paper that came with it, an empty hash being none. */
enum recourse_error listed_begin(struct decision *decision, slice id, const struct record_incident *incident,
	const struct record_policy *policy, slice hash, struct record_claim *claim);

/* The kinds of its list that `wanted` says yes of, in the arena: so that they can be written to. */
struct listed_kinds {
	struct listed rows[LISTED_KINDS_MAX];
	size_t count;
};
enum recourse_error listed_find_all(struct decision *decision, slice id,
	bool (*wanted)(const struct record_listed *record), struct listed_kinds *kinds);

/* A kind of the claim's. NOT_FOUND with "kind". */
enum recourse_error listed_find(struct decision *decision, slice id, slice kind, struct listed *listed);

/* Keeps it and counts it. FIELD_LIMIT with "kind" for one too many. */
enum recourse_error listed_save(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim);

/* It is on the list no more. */
enum recourse_error listed_remove(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim);

/*
 * A paper of that kind is held; whether it answers what was asked for is the caller's to say. EXISTS with the entry that has
 * it, FIELD_LIMIT with "evidence_hash" for one too many.
 */
enum recourse_error listed_hold(struct decision *decision, slice id, struct listed *listed, slice hash,
	slice holder, struct record_claim *claim);

/* Such a paper; NOT_FOUND with "entry". And it is held no more. */
enum recourse_error listed_paper(
	struct decision *decision, slice id, uint64_t entry, struct record_paper *paper);
enum recourse_error listed_let_go(struct decision *decision, slice id, struct listed *listed, uint64_t entry,
	struct record_claim *claim);

/* What was asked for last is over, with that outcome; nothing where that was so already. */
enum recourse_error listed_end(struct decision *decision, struct listed *listed, enum asked_outcome outcome);

/* Nothing that is asked for is waited for any more: the claim was ruled on, or given up. */
enum recourse_error listed_lapse(struct decision *decision, slice id, struct record_claim *claim);

/*
 * Whether such a kind stands in the way of a ruling that approves; and then whether nobody is asked for it, or the consumer
 * was in vain.
 */
bool listed_lacks(const struct record_listed *record);
bool listed_is_unasked(const struct record_listed *record);
bool listed_is_overdue(const struct record_listed *record);

/* EVIDENCE_MISSING with "claim" and the first kind that lacks; `refusing`: but for what the consumer was asked for in vain. */
enum recourse_error listed_check(
	struct decision *decision, slice id, const struct record_claim *claim, bool refusing);

/* EVIDENCE_MISSING with "claim", the entry, kind and day, while somebody is asked for something and has time to answer. */
enum recourse_error listed_check_open(struct decision *decision, slice id, const struct record_claim *claim);

/* I12: a ruling names the hashes of what is held, and the entries by which nothing came of what was asked for. */
enum recourse_error listed_name(struct decision *decision, slice id, const struct record_claim *claim);

/* Whoever was asked for it last has answered, has none, or was silent. */
bool listed_is_told(const struct record_listed *record);

extern const char *const listed_view_outcomes[]; /* by enum asked_outcome */

/* What claim.brief shows of them. */
enum { LISTED_VIEW_COLUMNS = 14 };
extern const struct recourse_column listed_view_columns[LISTED_VIEW_COLUMNS];
view_visitor listed_view_visit;
