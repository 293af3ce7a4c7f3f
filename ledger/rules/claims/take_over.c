/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/take_over.h"

#include "rules/claims/listed.h"

#include <string.h>

struct take_over {
	slice fallen;
	slice id;
	struct record_claim former;
	struct record_claim *claim;
	bool any;
};

/* ---- papers: those of the fallen one are its own still, since its ruling names them ---- */

struct held {
	uint64_t entry;
	struct record_paper paper;
};

struct papers {
	struct held rows[LISTED_PAPERS_MAX];
	size_t count;
};

static enum recourse_error find_papers(struct decision *decision, slice id, struct papers *papers)
{
	struct record_path prefix = record_path_of_text(RECORD_PAPER, id);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	papers->count = 0;
	while (papers->count < LISTED_PAPERS_MAX &&
		record_walk_next(&walk, &papers->rows[papers->count].paper, sizeof(struct record_paper)))
		papers->rows[papers->count++].entry = walk.key.parts[1].number;
	return walk.error;
}

static bool has_hash(const struct papers *papers, const struct record_paper *paper)
{
	size_t row = 0;
	while (row < papers->count &&
		memcmp(papers->rows[row].paper.hash, paper->hash, sizeof paper->hash) != 0)
		row++;
	return row < papers->count;
}

static enum recourse_error take_papers(
	struct decision *decision, struct take_over *over, struct listed *own, bool *taken)
{
	struct papers theirs;
	struct papers held;
	TRY(find_papers(decision, over->fallen, &theirs));
	TRY(find_papers(decision, over->id, &held));
	for (size_t row = 0; row < theirs.count && held.count < LISTED_PAPERS_MAX; row++) {
		const struct held *paper = &theirs.rows[row];
		struct record_path path = record_path_of_text(RECORD_PAPER, over->id);
		if (!slice_equal(RECORD_TEXT(paper->paper.kind), own->kind) || has_hash(&held, &paper->paper))
			continue;
		record_path_number(&path, paper->entry);
		TRY(decision_put(decision, &path, &paper->paper, sizeof paper->paper));
		held.rows[held.count++] = *paper;
		own->record.papers++;
		if (own->record.held_entry == 0 || own->record.held_entry > paper->entry)
			own->record.held_entry = paper->entry;
		*taken = true;
	}
	return RECOURSE_OK;
}

/* ---- what a party was asked ---- */

/* What this very entry ended, with the claim that it was asked for, is waited for still. */
static bool goes_on(const struct decision *decision, const struct record_asked *asked)
{
	return asked->outcome == ASKED_OPEN ||
	       (asked->outcome == ASKED_LAPSED && asked->ended_entry == decision->entry);
}

static enum recourse_error take_asked(struct decision *decision, struct take_over *over,
	struct listed *theirs, struct listed *own, bool *taken)
{
	struct record_path path = record_path_of_number(RECORD_ASKED, theirs->record.asked_entry);
	struct record_asked asked;
	if (theirs->record.from == EVIDENCE_FROM_CONSUMER || theirs->record.asked_entry == 0 ||
		theirs->record.outcome == ASKED_PASSED_ON || listed_is_told(&own->record))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
	bool on = goes_on(decision, &asked);
	if (!on && !listed_is_told(&theirs->record))
		return RECOURSE_OK;
	if (on) {
		asked.outcome = ASKED_OPEN;
		asked.ended_entry = 0;
		asked.clock = asked.due;
	}
	record_text_set(asked.claim, sizeof asked.claim, over->id);
	TRY(decision_put(decision, &path, &asked, sizeof asked));
	own->record.asked_entry = theirs->record.asked_entry;
	own->record.asks += theirs->record.asks;
	theirs->record.asks = 0;
	own->record.outcome = asked.outcome;
	theirs->record.outcome = ASKED_PASSED_ON;
	*taken = true;
	return listed_save(decision, over->fallen, theirs, &over->former);
}

/* ---- kind by kind ---- */

/* A kind that its own list does not have is on it from then on, and not needed; *room is false where there is none for it. */
static enum recourse_error find_own(struct decision *decision, const struct take_over *over,
	const struct listed *theirs, struct listed *own, bool *room)
{
	struct record_path path = record_path_of_texts(RECORD_LISTED, over->id, theirs->kind);
	bool there;
	*own = (struct listed){.kind = theirs->kind};
	TRY(record_get_optional(decision->state, &path, &own->record, sizeof own->record, &there));
	own->before = own->record;
	*room = there ? own->record.from == theirs->record.from : over->claim->listed < LISTED_KINDS_MAX;
	if (!there)
		own->record =
			(struct record_listed){.added_entry = decision->entry, .from = theirs->record.from};
	return RECOURSE_OK;
}

static enum recourse_error take_kind(struct decision *decision, struct take_over *over, struct listed *theirs)
{
	struct listed own;
	bool room;
	bool taken = false;
	TRY(find_own(decision, over, theirs, &own, &room));
	if (!room)
		return RECOURSE_OK;
	TRY(take_papers(decision, over, &own, &taken));
	TRY(take_asked(decision, over, theirs, &own, &taken));
	over->any = over->any || taken;
	return taken ? listed_save(decision, over->id, &own, over->claim) : RECOURSE_OK;
}

static bool has_something(const struct record_listed *record)
{
	return record->papers > 0 || record->asked_entry != 0;
}

enum recourse_error take_over_evidence(
	struct decision *decision, slice fallen, slice id, struct record_claim *claim)
{
	struct take_over over = {.fallen = fallen, .id = id, .claim = claim};
	struct record_path path = record_path_of_text(RECORD_CLAIM, fallen);
	struct listed_kinds kinds;
	if (fallen.size == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &over.former, sizeof over.former));
	if (over.former.listed == 0)
		return RECOURSE_OK;
	TRY(listed_find_all(decision, fallen, has_something, &kinds));
	for (size_t row = 0; row < kinds.count; row++)
		TRY(take_kind(decision, &over, &kinds.rows[row]));
	if (!over.any)
		return RECOURSE_OK;
	decision_fact_integer(decision, "evidence_of", over.former.filed_entry);
	TRY(decision_put(decision, &path, &over.former, sizeof over.former));
	return decision_about(decision, RECORD_CLAIM, fallen);
}
