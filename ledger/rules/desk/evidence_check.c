/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/evidence.h"

static const char counted[] = "D3: a claim's evidence is not what its list says";

static bool counts_same(const struct record_claim *claim, const struct record_claim *sum)
{
	return sum->listed == claim->listed && sum->papers == claim->papers &&
	       sum->lacking == claim->lacking && sum->unasked == claim->unasked &&
	       sum->overdue == claim->overdue && sum->awaited == claim->awaited;
}

/* D3: a claim counts what its list has. One without a list has no rows: look_at_listed(). */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path prefix = record_path_of_text(RECORD_LISTED, row->key->parts[0].text);
	struct record_claim sum = {.listed = 0};
	struct record_listed record;
	if (claim->listed == 0)
		return check_that(check, row, counts_same(claim, &sum), counted);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	for (; record_walk_next(&walk, &record, sizeof record); sum.listed++) {
		sum.papers += record.papers;
		sum.lacking += listed_lacks(&record);
		sum.unasked += listed_is_unasked(&record);
		sum.overdue += listed_is_overdue(&record);
		sum.awaited += record.outcome == ASKED_OPEN;
	}
	TRY(walk.error);
	return check_that(check, row, counts_same(claim, &sum), counted);
}

/* D3: and of each kind the papers that are held. */
static enum recourse_error look_at_listed(struct check_context *check, const struct check_row *row)
{
	const struct record_listed *listed = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_path prefix = record_path_of_text(RECORD_PAPER, row->key->parts[0].text);
	struct record_path asking = record_path_of_number(RECORD_ASKED, listed->asked_entry);
	struct record_claim claim;
	struct record_asked asked = {.outcome = ASKED_NOT};
	struct record_paper paper;
	uint32_t papers = 0;
	uint64_t first = 0;
	TRY(check_found(check, row, record_get(check->state, &path, &claim, sizeof claim), counted));
	TRY(check_that(check, row, claim.listed > 0, counted));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &paper, sizeof paper)) {
		if (!slice_equal(RECORD_TEXT(paper.kind), row->key->parts[1].text))
			continue;
		first = first == 0 ? walk.key.parts[1].number : first;
		papers++;
	}
	TRY(walk.error);
	TRY(check_that(check, row, papers == listed->papers && first == listed->held_entry,
		"D3: a list says another thing than the papers"));
	if (listed->asked_entry != 0)
		TRY(check_found(check, row, record_get(check->state, &asking, &asked, sizeof asked),
			"D3: a list names nothing that was asked for"));
	bool own = listed->asked_entry == 0 || slice_equal(RECORD_TEXT(asked.claim), row->key->parts[0].text);
	if (listed->outcome == ASKED_PASSED_ON)
		return check_that(check, row, !own, "D3: what a claim passed on is no other one's");
	return check_that(check, row, asked.outcome == listed->outcome && own,
		"D3: a list has another outcome than what was asked for");
}

static enum recourse_error look_at_paper(struct check_context *check, const struct check_row *row)
{
	const struct record_paper *paper = row->record;
	struct record_path path =
		record_path_of_texts(RECORD_LISTED, row->key->parts[0].text, RECORD_TEXT(paper->kind));
	struct record_listed listed;
	return check_found(check, row, record_get(check->state, &path, &listed, sizeof listed),
		"D3: a paper is of a kind that is not on the list");
}

/* C2: what is open has its clock, and a silence is the lot's. */
static enum recourse_error look_at_asked(struct check_context *check, const struct check_row *row)
{
	const struct record_asked *asked = row->record;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(asked->entitlement));
	struct record_entitlement lot;
	bool there;
	bool open = asked->outcome == ASKED_OPEN;
	TRY(check_that(check, row, open == (asked->clock != 0) && open == (asked->ended_entry == 0),
		"C2: what was asked for is open without a clock, or over with one"));
	TRY(record_get_optional(check->state, &path, &lot, sizeof lot, &there));
	bool silent = asked->party != 0 && asked->outcome == ASKED_SILENT;
	return check_that(check, row,
		!silent || (there && lot.withheld_entry != 0 && lot.withheld_entry <= asked->ended_entry),
		"C2: nobody answered about a lot, and its evidence is not withheld");
}

static int64_t asks_counted(const void *listed)
{
	return ((const struct record_listed *)listed)->asks;
}

static int64_t ask_of(const void *asked)
{
	return ((const struct record_asked *)asked)->outcome != ASKED_TAKEN_BACK;
}

/* D3: each asking that was no slip is in one list. */
static const struct check_totals asks = {
	RECORD_LISTED, asks_counted, RECORD_ASKED, ask_of, "D3: lists count other askings than there were"};

static enum recourse_error look_at_lot(struct check_context *check, const struct check_row *row)
{
	const struct record_entitlement *lot = row->record;
	struct record_path prefix = record_path_of_text(RECORD_SILENT, row->key->parts[0].text);
	struct record_asked asked;
	bool found = lot->withheld_entry == 0;
	if (found)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (!found && record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_number(RECORD_ASKED, walk.key.parts[1].number);
		TRY(check_found(check, row, record_get(check->state, &path, &asked, sizeof asked),
			"C2: a silence is of nothing that was asked for"));
		found = asked.ended_entry == lot->withheld_entry;
	}
	TRY(walk.error);
	return check_that(check, row, found, "C2: a lot's evidence is withheld by nobody's silence");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_LISTED, .look = look_at_listed},
	{.table = RECORD_PAPER, .look = look_at_paper},
	{.table = RECORD_ASKED, .look = look_at_asked},
	{.look = check_totals, .of = &asks},
	{.table = RECORD_ENTITLEMENT,
		.entry = offsetof(struct record_entitlement, withheld_entry),
		.look = look_at_lot},
};
const struct check_group evidence_check_rows = CHECK_GROUP(rows);
