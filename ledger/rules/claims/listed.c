/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/listed.h"

#include "base/crypto.h"
#include "base/instant.h"
#include "base/item.h"
#include "rule/checklist.h"

#include <string.h>

static const char filing[] = "filing"; /* the kind of what came with a filing that nothing else is said of */

static struct record_path path_of(slice id, slice kind)
{
	return record_path_of_texts(RECORD_LISTED, id, kind);
}

/* ---- what the claim counts ---- */

bool listed_is_told(const struct record_listed *record)
{
	return record->outcome == ASKED_ANSWERED || record->outcome == ASKED_NO_RECORD ||
	       record->outcome == ASKED_SILENT;
}

bool listed_lacks(const struct record_listed *record)
{
	bool told = record->from != EVIDENCE_FROM_CONSUMER &&
		    (record->outcome == ASKED_NO_RECORD || record->outcome == ASKED_SILENT);
	return record->needed != 0 && record->papers == 0 && record->waived_entry == 0 && !told;
}

bool listed_is_overdue(const struct record_listed *record)
{
	return listed_lacks(record) && record->outcome == ASKED_SILENT;
}

bool listed_is_unasked(const struct record_listed *record)
{
	return listed_lacks(record) && record->outcome != ASKED_OPEN && record->outcome != ASKED_SILENT;
}

static void count(struct record_claim *claim, const struct record_listed *record, uint32_t one)
{
	claim->papers += one * record->papers;
	claim->lacking += listed_lacks(record) ? one : 0;
	claim->unasked += listed_is_unasked(record) ? one : 0;
	claim->overdue += listed_is_overdue(record) ? one : 0;
	claim->awaited += record->outcome == ASKED_OPEN ? one : 0;
}

static void count_again(struct record_claim *claim, struct listed *listed)
{
	count(claim, &listed->before, UINT32_MAX); /* which is one less */
	count(claim, &listed->record, 1);
	listed->before = listed->record;
}

enum recourse_error listed_find(struct decision *decision, slice id, slice kind, struct listed *listed)
{
	struct record_path path = path_of(id, kind);
	bool there;
	listed->kind = kind;
	TRY(record_get_optional(decision->state, &path, &listed->record, sizeof listed->record, &there));
	listed->before = listed->record;
	return there ? RECOURSE_OK
		     : refuse(decision, RECOURSE_NOT_FOUND, "kind",
			       "one on the claim's list; evidence.add puts it there");
}

static enum recourse_error put(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim)
{
	struct record_path path = path_of(id, listed->kind);
	count_again(claim, listed);
	return decision_put(decision, &path, &listed->record, sizeof listed->record);
}

static enum recourse_error add(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim)
{
	if (claim->listed == LISTED_KINDS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "kind", "%d on a list", LISTED_KINDS_MAX);
	claim->listed++;
	return put(decision, id, listed, claim);
}

enum recourse_error listed_save(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim)
{
	struct record_path path = path_of(id, listed->kind);
	bool there;
	TRY(record_exists(decision->state, &path, &there));
	return there ? put(decision, id, listed, claim) : add(decision, id, listed, claim);
}

enum recourse_error listed_remove(
	struct decision *decision, slice id, struct listed *listed, struct record_claim *claim)
{
	struct record_path path = path_of(id, listed->kind);
	count(claim, &listed->before, UINT32_MAX);
	claim->listed--;
	return decision_remove(decision, &path);
}

/* ---- papers ---- */

enum recourse_error listed_end(struct decision *decision, struct listed *listed, enum asked_outcome outcome)
{
	struct record_path path = record_path_of_number(RECORD_ASKED, listed->record.asked_entry);
	struct record_asked asked;
	if (listed->record.outcome != ASKED_OPEN)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
	asked.outcome = outcome;
	asked.ended_entry = decision->entry;
	asked.clock = 0;
	listed->record.outcome = outcome;
	return decision_put(decision, &path, &asked, sizeof asked);
}

static struct record_path paper_path(slice id, uint64_t entry)
{
	struct record_path path = record_path_of_text(RECORD_PAPER, id);
	record_path_number(&path, entry);
	return path;
}

static enum recourse_error check_new(struct decision *decision, slice id, slice hash)
{
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	text_to_hex(hash.data, hash.size, hex);
	struct record_path prefix = record_path_of_texts(RECORD_PAPER_HASH, id, slice_text(hex));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	return record_walk_next(&walk, NULL, 0)
		       ? refuse_entry(decision, RECOURSE_EXISTS, "evidence_hash", walk.key.parts[2].number)
		       : walk.error;
}

enum recourse_error listed_paper(
	struct decision *decision, slice id, uint64_t entry, struct record_paper *paper)
{
	struct record_path path = paper_path(id, entry);
	return decision_find(decision, "entry", &path, paper, sizeof *paper);
}

/* The first of that kind; 0: none. */
static enum recourse_error find_held(struct decision *decision, slice id, slice kind, uint64_t *entry)
{
	struct record_path prefix = record_path_of_text(RECORD_PAPER, id);
	struct record_paper paper;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*entry = 0;
	while (*entry == 0 && record_walk_next(&walk, &paper, sizeof paper)) {
		if (slice_equal(RECORD_TEXT(paper.kind), kind))
			*entry = walk.key.parts[1].number;
	}
	return walk.error;
}

enum recourse_error listed_let_go(struct decision *decision, slice id, struct listed *listed, uint64_t entry,
	struct record_claim *claim)
{
	struct record_path path = paper_path(id, entry);
	TRY(decision_remove(decision, &path));
	TRY(find_held(decision, id, listed->kind, &listed->record.held_entry));
	listed->record.papers--;
	return listed_save(decision, id, listed, claim);
}

enum recourse_error listed_hold(struct decision *decision, slice id, struct listed *listed, slice hash,
	slice holder, struct record_claim *claim)
{
	struct record_path path = paper_path(id, decision->entry);
	struct record_paper paper = {.hash = {0}};
	TRY(check_new(decision, id, hash));
	if (claim->papers == LISTED_PAPERS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "evidence_hash", "%d papers of a claim",
			LISTED_PAPERS_MAX);
	memcpy(paper.hash, hash.data, sizeof paper.hash);
	record_text_set(paper.kind, sizeof paper.kind, listed->kind);
	record_text_set(paper.holder, sizeof paper.holder, holder);
	listed->record.papers++;
	if (listed->record.held_entry == 0)
		listed->record.held_entry = decision->entry;
	TRY(decision_put(decision, &path, &paper, sizeof paper));
	return listed_save(decision, id, listed, claim);
}

/* ---- at the filing ---- */

static enum recourse_error list_all(struct decision *decision, slice id,
	const struct record_checklist *checklist, struct record_claim *claim, slice *first)
{
	for (size_t row = 0; row < checklist->count; row++) {
		struct listed listed = {.record = {.from = checklist->kinds[row].from,
						.needed = checklist->kinds[row].needed}};
		TRY(arena_copy(decision->arena, RECORD_TEXT(checklist->kinds[row].kind), &listed.kind));
		if (first->size == 0 && listed.record.from == EVIDENCE_FROM_CONSUMER)
			*first = listed.kind;
		TRY(add(decision, id, &listed, claim));
	}
	return RECOURSE_OK;
}

/* Of the kind that the policy names first for the consumer. */
enum recourse_error listed_begin(struct decision *decision, slice id, const struct record_incident *incident,
	const struct record_policy *policy, slice hash, struct record_claim *claim)
{
	struct record_checklist checklist = {.count = 0};
	struct listed listed = {.kind = slice_text("")};
	if (policy->listed > 0)
		TRY(checklist_load(decision->state, RECORD_TEXT(incident->policy), incident->policy_version,
			&checklist));
	TRY(list_all(decision, id, &checklist, claim, &listed.kind));
	if (hash.size == 0)
		return RECOURSE_OK;
	if (listed.kind.size > 0)
		TRY(listed_find(decision, id, listed.kind, &listed));
	else
		listed.kind = slice_text(filing);
	return listed_hold(decision, id, &listed, hash, decision->actor->party, claim);
}

/* ---- all of a claim's ---- */

enum recourse_error listed_find_all(struct decision *decision, slice id,
	bool (*wanted)(const struct record_listed *record), struct listed_kinds *kinds)
{
	struct record_path prefix = record_path_of_text(RECORD_LISTED, id);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	struct record_listed record;
	kinds->count = 0;
	while (kinds->count < LISTED_KINDS_MAX && record_walk_next(&walk, &record, sizeof record)) {
		struct listed *row = &kinds->rows[kinds->count];
		if (!wanted(&record))
			continue;
		*row = (struct listed){.record = record, .before = record};
		TRY(arena_copy(decision->arena, walk.key.parts[1].text, &row->kind));
		kinds->count++;
	}
	return walk.error;
}

static bool is_open(const struct record_listed *record)
{
	return record->outcome == ASKED_OPEN;
}

enum recourse_error listed_lapse(struct decision *decision, slice id, struct record_claim *claim)
{
	struct listed_kinds kinds;
	if (claim->awaited == 0)
		return RECOURSE_OK;
	TRY(listed_find_all(decision, id, is_open, &kinds));
	for (size_t row = 0; row < kinds.count; row++) {
		TRY(listed_end(decision, &kinds.rows[row], ASKED_LAPSED));
		TRY(put(decision, id, &kinds.rows[row], claim));
	}
	return RECOURSE_OK;
}

static bool is_not_overdue(const struct record_listed *record)
{
	return listed_lacks(record) && !listed_is_overdue(record);
}

enum recourse_error listed_check(
	struct decision *decision, slice id, const struct record_claim *claim, bool refusing)
{
	struct listed_kinds kinds;
	if (claim->lacking == (refusing ? claim->overdue : 0))
		return RECOURSE_OK;
	TRY(listed_find_all(decision, id, refusing ? is_not_overdue : listed_lacks, &kinds));
	return refuse_limit(decision, RECOURSE_EVIDENCE_MISSING, "claim", "%.*s: held, or evidence.waive",
		SLICE_ARGUMENTS(kinds.rows[0].kind));
}

/* The one that is due last. */
enum recourse_error listed_check_open(struct decision *decision, slice id, const struct record_claim *claim)
{
	struct listed_kinds kinds;
	struct record_asked last = {.due = 0};
	uint64_t entry = 0;
	char due[INSTANT_TEXT_SIZE];
	if (claim->awaited == 0)
		return RECOURSE_OK;
	TRY(listed_find_all(decision, id, is_open, &kinds));
	for (size_t row = 0; row < kinds.count; row++) {
		uint64_t asked_entry = kinds.rows[row].record.asked_entry;
		struct record_path path = record_path_of_number(RECORD_ASKED, asked_entry);
		struct record_asked asked;
		TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
		if (asked.due >= last.due) {
			last = asked;
			entry = asked_entry;
		}
	}
	instant_format(last.due, due);
	decision->refusal->entry_known = true;
	decision->refusal->entry = entry;
	return refuse_limit(decision, RECOURSE_EVIDENCE_MISSING, "claim", "%.*s: asked for until %s",
		SLICE_ARGUMENTS(RECORD_TEXT(last.kind)), due);
}

/* ---- what a ruling rests on ---- */

static enum recourse_error name_papers(struct decision *decision, slice id)
{
	struct record_path prefix = record_path_of_text(RECORD_PAPER, id);
	uint64_t papers = 0;
	item_write_key(&decision->facts, "evidence_hashes");
	size_t start = decision->facts.size;
	struct record_paper paper;
	char hex[2 * sizeof paper.hash + 1];
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	for (; record_walk_next(&walk, &paper, sizeof paper); papers++) {
		text_to_hex(paper.hash, sizeof paper.hash, hex);
		item_write_text(&decision->facts, slice_text(hex));
	}
	item_array_close(start, papers, &decision->facts);
	return walk.error;
}

static bool is_in_vain(const struct record_listed *record)
{
	return record->outcome == ASKED_NO_RECORD || record->outcome == ASKED_SILENT;
}

static enum recourse_error name_in_vain(struct decision *decision, const struct listed_kinds *kinds)
{
	item_write_key(&decision->facts, "asked_in_vain");
	item_write_array(&decision->facts, kinds->count);
	for (size_t row = 0; row < kinds->count; row++) {
		struct record_path path =
			record_path_of_number(RECORD_ASKED, kinds->rows[row].record.asked_entry);
		struct record_asked asked;
		TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
		item_write_integer(&decision->facts, (int64_t)asked.ended_entry);
	}
	return RECOURSE_OK;
}

enum recourse_error listed_name(struct decision *decision, slice id, const struct record_claim *claim)
{
	struct listed_kinds kinds;
	if (claim->papers > 0)
		TRY(name_papers(decision, id));
	if (claim->listed == 0)
		return RECOURSE_OK;
	TRY(listed_find_all(decision, id, is_in_vain, &kinds));
	return kinds.count == 0 ? RECOURSE_OK : name_in_vain(decision, &kinds);
}
