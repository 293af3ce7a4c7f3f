/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/desk/evidence.h"

/*
 * evidence.reverse: a paper of another claim, a slip of the list, or what was asked for or answered by mistake (README.md).
 * A claim's list says what an entry did: it is one of its papers, or one of the entries that a kind of it names.
 */

struct slip {
	slice id; /* the claim's */
	uint64_t entry;
	struct record_claim claim;
	struct listed listed; /* the kind that it is of */
	struct record_asked asked;
};

/* A ruling that came after it rests on it: the claim's own, or the one by which the lot is no more. */
static enum recourse_error check_ruling(struct decision *decision, const struct slip *slip)
{
	return slip->claim.decided_entry > slip->entry
		       ? refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", slip->claim.decided_entry)
		       : RECOURSE_OK;
}

/* ---- what was asked for ---- */

static enum recourse_error find_lot(
	struct decision *decision, const struct slip *slip, struct record_entitlement *lot)
{
	return entitlement_find(decision, "claim", RECORD_TEXT(slip->claim.entitlement), lot);
}

static enum recourse_error save_lot(
	struct decision *decision, const struct slip *slip, const struct record_entitlement *lot)
{
	return entitlement_save(decision, RECORD_TEXT(slip->claim.entitlement), lot);
}

/* By that answer no use was presumed: what was recorded of it since rests on that. */
static enum recourse_error presume_no_more(struct decision *decision, const struct slip *slip)
{
	struct record_entitlement lot;
	TRY(find_lot(decision, slip, &lot));
	if (lot.evidence_entry > slip->asked.ended_entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", lot.evidence_entry);
	if (lot.evidence_entry != slip->asked.ended_entry)
		return RECOURSE_OK;
	if (lot.extinguished > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", lot.claim_entry);
	lot.evidence = EVIDENCE_NONE;
	lot.evidence_entry = 0;
	return save_lot(decision, slip, &lot);
}

/* The first silence about the lot that stands; 0: none. */
static enum recourse_error find_silence(struct decision *decision, const struct slip *slip, uint64_t *entry)
{
	struct record_path prefix = record_path_of_text(RECORD_SILENT, RECORD_TEXT(slip->claim.entitlement));
	struct record_asked asked = {.ended_entry = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*entry = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_number(RECORD_ASKED, walk.key.parts[1].number);
		TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
		if (*entry == 0 || asked.ended_entry < *entry)
			*entry = asked.ended_entry;
	}
	return walk.error;
}

static enum recourse_error withhold_no_more(struct decision *decision, const struct slip *slip)
{
	struct record_entitlement lot;
	TRY(find_lot(decision, slip, &lot));
	if (lot.withheld_entry == slip->asked.ended_entry && lot.extinguished > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", lot.claim_entry);
	if (lot.withheld_entry != slip->asked.ended_entry)
		return RECOURSE_OK;
	TRY(find_silence(decision, slip, &lot.withheld_entry));
	return save_lot(decision, slip, &lot);
}

/* It can be asked for anew, with another day. */
static enum recourse_error take_back_asked(struct decision *decision, struct slip *slip)
{
	struct record_path path = record_path_of_number(RECORD_ASKED, slip->listed.record.asked_entry);
	enum asked_outcome outcome = (enum asked_outcome)slip->asked.outcome;
	bool answered = outcome == ASKED_ANSWERED || outcome == ASKED_NO_RECORD;
	if (answered && slip->entry != slip->asked.ended_entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", slip->asked.ended_entry);
	uint64_t ended = slip->asked.ended_entry;
	slip->asked.outcome = ASKED_TAKEN_BACK;
	slip->asked.ended_entry = decision->entry;
	slip->asked.clock = 0;
	slip->listed.record.outcome = ASKED_TAKEN_BACK;
	slip->listed.record.asks--;
	TRY(decision_put(decision, &path, &slip->asked, sizeof slip->asked));
	slip->asked.ended_entry = ended;
	if (slip->asked.party == 0)
		return RECOURSE_OK;
	if (outcome == ASKED_NO_RECORD)
		return presume_no_more(decision, slip);
	return outcome == ASKED_SILENT ? withhold_no_more(decision, slip) : RECOURSE_OK;
}

/* ---- the list ---- */

/* It was no kind to be listed: nothing was done about it since. */
static enum recourse_error take_back_listed(struct decision *decision, struct slip *slip)
{
	const struct record_listed *record = &slip->listed.record;
	uint64_t since = record->held_entry;
	since = record->asked_entry > since ? record->asked_entry : since;
	since = record->waived_entry > since ? record->waived_entry : since;
	return since == 0 ? listed_remove(decision, slip->id, &slip->listed, &slip->claim)
			  : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", since);
}

static enum recourse_error take_back(struct decision *decision, struct slip *slip)
{
	struct record_listed *record = &slip->listed.record;
	if (record->added_entry == slip->entry)
		return take_back_listed(decision, slip);
	if (record->waived_entry == slip->entry)
		record->waived_entry = 0;
	else
		TRY(take_back_asked(decision, slip));
	return listed_save(decision, slip->id, &slip->listed, &slip->claim);
}

/* Whether it is an entry that this kind names, or what it asked for last. */
static enum recourse_error look_at_kind(
	struct decision *decision, struct slip *slip, const struct record_walk *walk, bool *found)
{
	struct record_listed *record = &slip->listed.record;
	struct record_path path = record_path_of_number(RECORD_ASKED, record->asked_entry);
	slip->asked = (struct record_asked){.ended_entry = 0};
	if (record->asked_entry != 0)
		TRY(record_get_named(decision->state, &path, &slip->asked, sizeof slip->asked));
	bool asked = record->outcome != ASKED_PASSED_ON && slip->asked.outcome != ASKED_TAKEN_BACK &&
		     (record->asked_entry == slip->entry || slip->asked.ended_entry == slip->entry);
	*found = asked || record->added_entry == slip->entry || record->waived_entry == slip->entry;
	if (*found)
		TRY(arena_copy(decision->arena, walk->key.parts[1].text, &slip->listed.kind));
	return RECOURSE_OK;
}

static enum recourse_error find_kind(struct decision *decision, struct slip *slip)
{
	struct record_path prefix = record_path_of_text(RECORD_LISTED, slip->id);
	struct record_listed *record = &slip->listed.record;
	bool found = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (!found && record_walk_next(&walk, record, sizeof *record))
		TRY(look_at_kind(decision, slip, &walk, &found));
	slip->listed.before = *record;
	return found ? RECOURSE_OK
		     : refuse(decision, RECOURSE_NOT_FOUND, "entry", "one about the claim's evidence");
}

/* ---- papers ---- */

/* Whoever was asked for it has not answered: it is asked for anew. */
static enum recourse_error take_back_paper(
	struct decision *decision, struct slip *slip, const struct record_paper *paper)
{
	struct record_path path;
	slice kind;
	TRY(arena_copy(decision->arena, RECORD_TEXT(paper->kind), &kind));
	TRY(listed_find(decision, slip->id, kind, &slip->listed));
	path = record_path_of_number(RECORD_ASKED, slip->listed.record.asked_entry);
	TRY(record_get_optional(decision->state, &path, &slip->asked, sizeof slip->asked, NULL));
	if (slip->asked.outcome == ASKED_ANSWERED && slip->asked.ended_entry == slip->entry)
		TRY(take_back_asked(decision, slip));
	return listed_let_go(decision, slip->id, &slip->listed, slip->entry, &slip->claim);
}

enum { REVERSE_CLAIM, REVERSE_ENTRY, REVERSE_REASON };
static const struct recourse_field reverse_fields[] = {
	[REVERSE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[REVERSE_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX,
		"that recorded a paper, listed or waived a kind, asked, answered, or found nobody to"),
	[REVERSE_REASON] = FIELD(ID, "reason", "reason code, such as wrong-claim"),
};

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct slip slip = {
		.id = values[REVERSE_CLAIM].text, .entry = (uint64_t)values[REVERSE_ENTRY].integer};
	struct record_path path = record_path_of_text(RECORD_PAPER, slip.id);
	struct record_paper paper;
	bool held;
	record_path_number(&path, slip.entry);
	TRY(claim_find(decision, slip.id, &slip.claim));
	TRY(check_ruling(decision, &slip));
	TRY(record_get_optional(decision->state, &path, &paper, sizeof paper, &held));
	if (!held)
		TRY(find_kind(decision, &slip));
	TRY(held ? take_back_paper(decision, &slip, &paper) : take_back(decision, &slip));
	return claim_put_about(decision, slip.id, &slip.claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("evidence.reverse", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, reverse_fields,
		apply_reverse,
		"take back what was recorded of a claim's evidence by mistake; another person approves",
		RECOURSE_NOT_PERMITTED),
};
const struct command_group evidence_reverse_commands = COMMAND_GROUP(rows);
