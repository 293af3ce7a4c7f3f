/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/* I13: each attested day is equal, or has a listed break. */

static enum recourse_error look_at_attestation(struct check_context *check, const struct check_row *row)
{
	static const char other_entry[] = "I13: the attested day did not end with the entry that is named";
	const struct record_attestation *attestation = row->record;
	slice custodian;
	uint64_t as_of;
	int64_t balance;
	TRY(party_name(check->state, check->arena, attestation->custodian, &custodian));
	TRY(check_found(check, row,
		day_last_entry(check->state, attestation->east, attestation->day, check->entries, &as_of),
		other_entry));
	TRY(check_that(check, row, as_of == attestation->as_of, other_entry));
	TRY(check_found(check, row,
		custody_expected(check->state, custodian, RECORD_TEXT(attestation->unit), as_of,
			attestation->later, &balance),
		"I13: what was attested is of a currency that the custodian never held"));
	TRY(check_that(check, row, attestation->balance - balance == attestation->difference,
		"I13: what was attested is not held against what the ledger said when the day ended"));
	return check_that(check, row,
		(attestation->difference != attestation->explained) == (attestation->gap != 0),
		"I13: an attested difference and its break do not go together");
}

/* A break is the custodian's open one until it has ended, and its difference is that of its last day. */
static enum recourse_error look_at_break(struct check_context *check, const struct check_row *row)
{
	static const char of_custodian[] = "I13: a break and its custodian contradict each other";
	static const char of_day[] = "I13: a break and its last day contradict each other";
	const struct record_break *gap = row->record;
	struct record_path path = record_path_of_number(RECORD_ATTESTATION, gap->last_entry);
	struct record_custody custody;
	struct record_attestation last;
	slice custodian;
	bool open = gap->ended_entry == 0;
	TRY(party_name(check->state, check->arena, gap->custodian, &custodian));
	struct record_path place = record_path_of_texts(RECORD_CUSTODY, custodian, RECORD_TEXT(gap->unit));
	TRY(check_found(
		check, row, record_get(check->state, &place, &custody, sizeof custody), of_custodian));
	bool agree = open == (custody.open_break == row->entry) && open == (gap->ending == CUSTODY_OPEN);
	TRY(check_that(check, row, agree, of_custodian));
	TRY(check_found(check, row, record_get(check->state, &path, &last, sizeof last), of_day));
	agree = last.gap == row->entry && last.difference - last.explained == gap->difference &&
		last.day == gap->last_day;
	return check_that(check, row, agree, of_day);
}

/* What stands explained is what its breaks explain, and nothing more: a difference is not waved through. */
static enum recourse_error look_at_explained(struct check_context *check, const struct check_row *row)
{
	const struct record_custody *custody = row->record;
	struct record_path breaks = record_path_of(RECORD_BREAK);
	struct record_break gap;
	__int128 left = custody->explained;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &breaks);
	while (record_walk_next(&walk, &gap, sizeof gap)) {
		slice custodian;
		TRY(party_name(check->state, check->arena, gap.custodian, &custodian));
		if (gap.ending == CUSTODY_RESOLVED && gap.ended_entry > custody->explained_from &&
			slice_equal(custodian, row->key->parts[0].text) &&
			slice_equal(RECORD_TEXT(gap.unit), row->key->parts[1].text))
			left -= gap.explained;
	}
	TRY(walk.error);
	return check_that_id(check, row,
		left == 0 && (custody->explained != 0) == (custody->explained_day != 0),
		"I13: what is explained of ", " is not what its breaks explain");
}

static const struct check_named listed = {
	.member = offsetof(struct record_attestation, gap),
	.table = RECORD_BREAK,
	.what = "I13: an attested difference has no listed break",
};

static const struct check rows[] = {
	{.table = RECORD_ATTESTATION, .look = look_at_attestation},
	{.table = RECORD_ATTESTATION, .look = check_named, .of = &listed},
	{.table = RECORD_BREAK, .look = look_at_break},
	{.table = RECORD_CUSTODY,
		.entry = offsetof(struct record_custody, attested_entry),
		.look = look_at_explained},
};
const struct check_group custody_check_rows = CHECK_GROUP(rows);
