/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"

#include "rules/claims/holder.h"
#include "rules/desk/hour.h"
#include "rules/desk/promise.h"

/* Of most claims the desk has no row. */
static enum recourse_error is_late(
	struct check_context *check, slice id, const struct record_claim *claim, bool *late)
{
	struct record_desk desk = {.overdue = 0};
	if (claim->desk != 0)
		TRY(desk_load(check->state, id, &desk));
	*late = desk.overdue != 0;
	return RECOURSE_OK;
}

/* A claim that waits for somebody lies in an hour with a clock, or is known to be late. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path hour = record_path_of_number(RECORD_DUE_HOUR, claim->hour);
	bool late;
	bool there;
	if (!record_claim_waits(claim))
		return RECOURSE_OK;
	TRY(check_that(check, row, claim->due != 0, "D2: a claim that waits is due at no time"));
	TRY(is_late(check, row->key->parts[0].text, claim, &late));
	TRY(record_exists(check->state, &hour, &there));
	return check_that(check, row, late || there, "D2: nobody looks at a claim when its day has passed");
}

/* Those of a page that say that they lie there, and wait. */
static enum recourse_error count_page(struct check_context *check, uint64_t hour, slice page, __int128 *count)
{
	slice id;
	while (slice_take_until(&page, 0, &id)) {
		struct record_path path = record_path_of_text(RECORD_CLAIM, id);
		struct record_claim claim;
		bool late;
		enum recourse_error error = record_get(check->state, &path, &claim, sizeof claim);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			return check_wrong(check, "D2: a claim that is not there lies in an hour");
		TRY(error);
		TRY(is_late(check, id, &claim, &late));
		*count += claim.hour == hour && record_claim_waits(&claim) && !late;
	}
	return page.size == 0 ? RECOURSE_OK : check_wrong(check, "D2: a page of claims ends within an id");
}

/* And there are as many in pages as wait: no hour has one twice. */
static enum recourse_error look_at_pages(struct check_context *check, const struct check_row *row)
{
	const struct record_path pages = record_path_of(RECORD_DUE);
	const struct record_path claims = record_path_of(RECORD_CLAIM);
	struct record_claim claim;
	__int128 left = 0;
	(void)row;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &pages);
	while (record_walk_next(&walk, NULL, 0))
		TRY(count_page(check, walk.key.parts[0].number, walk.value, &left));
	TRY(walk.error);
	SCOPED(record_walk_end) struct record_walk each = record_walk_over(check->state, &claims);
	while (record_walk_next(&each, &claim, sizeof claim)) {
		bool late;
		TRY(is_late(check, each.key.parts[0].text, &claim, &late));
		left -= record_claim_waits(&claim) && !late;
	}
	TRY(each.error);
	return left == 0 ? RECOURSE_OK
			 : check_wrong(check, "D2: claims that wait are not those that lie in hours");
}

static enum recourse_error look_at_desk(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	TRY(check_found(check, row, record_get(check->state, &path, &claim, sizeof claim),
		"D2: the desk has a claim that is not there"));
	TRY(check_that(check, row, claim.desk == 1, "D2: a claim does not say that the desk has it"));
	TRY(check_that(check, row, desk->due == (record_claim_waits(&claim) ? claim.due : 0),
		"D2: the desk has another day of a claim"));
	return check_that(check, row,
		(desk->overdue == 0 || desk->overdue == desk->due) &&
			(desk->overdue_entry == 0) == (desk->overdues == 0) &&
			(desk->overdue == 0 || desk->overdue_entry != 0),
		"D2: a claim is late of another day than its own");
}

/* Whoever has had it, as often as it was handed to; a bounce for each time but the first. */
static enum recourse_error look_at_hands(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path prefix = record_path_of_text(RECORD_DESK_HAD, row->key->parts[0].text);
	struct record_desk_had had;
	uint64_t hand_overs = 0;
	uint64_t bounces = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &had, sizeof had)) {
		hand_overs += had.times;
		bounces += had.before != 0 || had.times == 0 ? had.times : had.times - 1;
	}
	TRY(walk.error);
	return check_that(check, row, hand_overs == desk->hand_overs && bounces == desk->bounces,
		"D4: a claim was not handed over as often as it came to somebody");
}

/* Somebody has it: a person of its record, or a team that there is. */
static enum recourse_error look_at_holder(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_path team = record_path_of_text(RECORD_TEAM, RECORD_TEXT(desk->team));
	struct record_claim claim;
	struct record_key owner = {.person = 0};
	bool there = false;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	if (claim.owner != 0)
		TRY(person_key(check->state, claim.owner, &owner));
	if (desk->team[0] != 0)
		TRY(record_exists(check->state, &team, &there));
	return check_that(check, row,
		desk->person == owner.person && (desk->team[0] == 0 || there) && (owner.person != 0 || there),
		"D2: a claim is nobody's to see to, or another's than its own");
}

static void count_promise(const struct record_promise *promise, struct record_desk *desk)
{
	bool kept = promise->kept_entry != 0;
	bool missed = promise->missed_entry != 0;
	bool callback = promise->kind == PROMISE_CALLBACK;
	desk->promises++;
	desk->promises_open += !kept && promise->withdrawn_entry == 0;
	desk->promises_kept += kept;
	desk->promises_missed += missed;
	desk->callbacks += callback;
	desk->callbacks_kept += callback && kept;
	desk->callbacks_missed += callback && missed;
}

/* D5: what was promised, is owed, kept and was missed is what promises of the claim say. */
static enum recourse_error look_at_promises(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path prefix = record_path_of_text(RECORD_PROMISE_CLAIM, row->key->parts[0].text);
	struct record_desk sums = {.promises = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_number(RECORD_PROMISE, walk.key.parts[1].number);
		struct record_promise promise;
		TRY(record_get_named(check->state, &path, &promise, sizeof promise));
		count_promise(&promise, &sums);
	}
	TRY(walk.error);
	bool all = sums.promises == desk->promises && sums.promises_open == desk->promises_open &&
		   sums.promises_kept == desk->promises_kept && sums.promises_missed == desk->promises_missed;
	bool callbacks = sums.callbacks == desk->callbacks && sums.callbacks_kept == desk->callbacks_kept &&
			 sums.callbacks_missed == desk->callbacks_missed;
	return check_that(
		check, row, all && callbacks, "D5: a claim has not the promises that were made of it");
}

/* And the desk has the day of the one that is owed first. */
static enum recourse_error look_at_first_promise(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_promise promise = {.missed_entry = 0};
	uint64_t due;
	uint64_t entry;
	TRY(holder_promise(check->state, row->key->parts[0].text, &due, &entry));
	struct record_path path = record_path_of_number(RECORD_PROMISE, entry);
	if (entry != 0)
		TRY(record_get_named(check->state, &path, &promise, sizeof promise));
	return check_that(check, row, desk->promise_due == due && desk->promise_late == promise.missed_entry,
		"D5: the desk has another day than that of the promise that is owed first");
}

/* And each is of a claim of the desk; its clock strikes or has, unless it was kept or withdrawn before. */
static enum recourse_error look_at_promise(struct check_context *check, const struct check_row *row)
{
	const struct record_promise *promise = row->record;
	struct record_path path = record_path_of_text(RECORD_DESK, RECORD_TEXT(promise->claim));
	bool ended = promise->kept_entry != 0 || promise->withdrawn_entry != 0;
	bool there;
	TRY(record_exists(check->state, &path, &there));
	TRY(check_that(check, row, there, "D5: a promise is of no claim of the desk"));
	TRY(check_that(check, row, promise->kept_entry == 0 || promise->withdrawn_entry == 0,
		"D5: a promise was kept, and withdrawn"));
	TRY(check_that(check, row, (promise->kept_entry == 0) == (promise->kept_by == 0),
		"D5: a promise was kept by nothing"));
	return check_that(check, row,
		promise->clock == (ended || promise->missed_entry != 0 ? 0 : promise->due),
		"D5: nobody looks at a promise when its day has passed");
}

static const struct check rows[] = {
	{.table = RECORD_DESK, .look = look_at_desk},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.look = look_at_pages},
	{.table = RECORD_DESK, .look = look_at_holder},
	{.table = RECORD_DESK, .look = look_at_hands},
	{.table = RECORD_DESK, .look = look_at_promises},
	{.table = RECORD_DESK, .look = look_at_first_promise},
	{.table = RECORD_PROMISE, .look = look_at_promise},
};
const struct check_group desk_check_rows = CHECK_GROUP(rows);
