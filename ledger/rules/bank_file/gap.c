/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

/*
 * Numbers of a sequence that are missing between two that are there. Which these are does not depend on the order in which
 * files come: the sequence is a custodian's, of one unit and kind.
 */
static enum recourse_error find_beside(struct state_view *view, const struct record_path *sequence,
	uint64_t number, enum state_direction direction, uint64_t *beside)
{
	struct record_path from = *sequence;
	record_path_number(&from, direction == STATE_UP ? number + 1 : number - 1);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(view, sequence, &from, direction);
	*beside = record_walk_next(&walk, NULL, 0) ? view_last_number(&walk) : 0;
	return walk.error;
}

enum recourse_error gap_find_sides(struct state_view *view, slice custodian, slice unit, uint32_t kind,
	uint64_t number, struct gap_sides *sides)
{
	struct record_path sequence = record_path_of_texts(RECORD_BANK_FILE_NUMBER, custodian, unit);
	record_path_short(&sequence, kind);
	TRY(find_beside(view, &sequence, number, STATE_DOWN, &sides->before));
	return find_beside(view, &sequence, number, STATE_UP, &sides->behind);
}

static struct record_path gap_path(slice custodian, const struct record_bank_file *file, uint64_t first)
{
	return bank_file_number_path(RECORD_BANK_GAP, custodian, unit_code(&file->unit), file->kind, first);
}

static enum recourse_error take_out(struct decision *decision, slice custodian,
	const struct record_bank_file *file, uint64_t first, struct record_bank_gap *gap)
{
	struct record_path path = gap_path(custodian, file, first);
	bool there;
	TRY(record_get_optional(decision->state, &path, gap, sizeof *gap, &there));
	if (there)
		return decision_remove(decision, &path);
	*gap = (struct record_bank_gap){.since = decision->time, .entry = decision->entry};
	return RECOURSE_OK;
}

/* Nothing is missing where that would end before it begins. */
static enum recourse_error put_in(struct decision *decision, slice custodian,
	const struct record_bank_file *file, uint64_t first, uint64_t last, struct record_bank_gap *gap)
{
	struct record_path path = gap_path(custodian, file, first);
	gap->last = last;
	return first <= last ? decision_put(decision, &path, gap, sizeof *gap) : RECOURSE_OK;
}

enum recourse_error gap_join(struct decision *decision, slice custodian, const struct record_bank_file *file)
{
	struct gap_sides sides;
	struct record_bank_gap gap;
	TRY(gap_find_sides(
		decision->state, custodian, unit_code(&file->unit), file->kind, file->number, &sides));
	TRY(take_out(decision, custodian, file, sides.before + 1, &gap));
	if (sides.before != 0)
		TRY(put_in(decision, custodian, file, sides.before + 1, file->number - 1, &gap));
	if (sides.behind != 0)
		TRY(put_in(decision, custodian, file, file->number + 1, sides.behind - 1, &gap));
	return RECOURSE_OK;
}

enum recourse_error gap_leave(struct decision *decision, slice custodian, const struct record_bank_file *file)
{
	struct gap_sides sides;
	struct record_bank_gap before;
	struct record_bank_gap behind;
	TRY(gap_find_sides(
		decision->state, custodian, unit_code(&file->unit), file->kind, file->number, &sides));
	TRY(take_out(decision, custodian, file, sides.before + 1, &before));
	TRY(take_out(decision, custodian, file, file->number + 1, &behind));
	if (sides.before == 0 || sides.behind == 0)
		return RECOURSE_OK;
	struct record_bank_gap *older = before.since <= behind.since ? &before : &behind;
	older->explained_entry = 0;
	return put_in(decision, custodian, file, sides.before + 1, sides.behind - 1, older);
}

/* ---- bank_file.explain: why numbers are missing ---- */

enum { EXPLAIN_CUSTODIAN, EXPLAIN_UNIT, EXPLAIN_KIND, EXPLAIN_NUMBER, EXPLAIN_REASON, EXPLAIN_HASH };
static const struct recourse_field explain_fields[] = {
	[EXPLAIN_CUSTODIAN] = FIELD(ID, "custodian", "whose sequence it is"),
	[EXPLAIN_UNIT] = FIELD(UNIT, "unit", "currency of the account"),
	[EXPLAIN_KIND] = FIELD_CHOICE("kind", bank_file_kinds, "what its files are"),
	[EXPLAIN_NUMBER] = FIELD_INTEGER("number", 1, INT64_MAX, "the first that is missing"),
	[EXPLAIN_REASON] = FIELD(ID, "reason", "reason code, such as year-end"),
	[EXPLAIN_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what explains it"),
};

static enum recourse_error apply_explain(struct decision *decision, const struct value *values)
{
	slice custodian = values[EXPLAIN_CUSTODIAN].text;
	struct record_path path = bank_file_number_path(RECORD_BANK_GAP, custodian, values[EXPLAIN_UNIT].text,
		(uint32_t)values[EXPLAIN_KIND].integer, (uint64_t)values[EXPLAIN_NUMBER].integer);
	struct record_bank_gap gap;
	struct unit unit;
	uint32_t party;
	TRY(decision_unit(decision, "unit", values[EXPLAIN_UNIT].text, &unit));
	TRY(decision_party(decision, "custodian", custodian, &party));
	TRY(decision_not_own(decision, "custodian", party));
	TRY(decision_find(decision, "number", &path, &gap, sizeof gap));
	if (gap.explained_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "number", gap.explained_entry);
	gap.explained_entry = decision->entry;
	TRY(decision_put(decision, &path, &gap, sizeof gap));
	return decision_about(decision, RECORD_PARTY, custodian);
}

static const struct command rows[] = {
	COMMAND("bank_file.explain", RECOURSE_ROLE_APPROVER, explain_fields, apply_explain,
		"say why numbers are missing in a custodian's sequence of files", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group gap_commands = COMMAND_GROUP(rows);
