/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "base/instant.h"
#include "books/record_ledger.h"
#include "books/record_rail.h"
#include "books/record_report.h"
#include "store/log.h"

/* F2: when something was, where it is kept beside the entry by which it was. */

/* Of what is taken back without a row of its own only the way back says when. */
static enum recourse_error look_at_booked(struct check_context *check, const struct check_row *row)
{
	const struct record_booked *booked = row->record;
	struct entry entry;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(entries_read(check, row->entry, &entry));
	bool unkept = booked->instant == 0 && (booked->corrected_by != 0 || booked->back > 0);
	return check_that(check, row, unkept || booked->instant == entry.time,
		"what was booked was so at another time than its entry says");
}

/* Whether something was at that instant: entries are in the order of their times. */
static enum recourse_error was_then(struct check_context *check, uint64_t instant, bool *was)
{
	struct log_head head;
	struct entry entry = {.time = 0};
	TRY(log_read_head(check->log, &head));
	uint64_t low = 0;
	uint64_t high = head.entries;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		TRY(entries_read(check, middle, &entry));
		if (entry.time < instant)
			low = middle + 1;
		else
			high = middle;
	}
	*was = false;
	if (low == head.entries)
		return RECOURSE_OK;
	TRY(entries_read(check, low, &entry));
	*was = entry.time == instant;
	return RECOURSE_OK;
}

/* The clock's, that looked at it, and found so many: what is looked at in parts is told apart by nobody. */
static enum recourse_error look_at_mark(struct check_context *check, const struct check_row *row, bool *right)
{
	const struct record_unanswered *record = row->record;
	const slice id = row->key->parts[0].text;
	struct record_path path = record_path_of_text(RECORD_PAYMENT_BATCH, id);
	struct record_payment_batch batch = {.count = 0};
	struct entry entry;
	slice subject;
	uint64_t open = 0;
	enum { PARTS = 65536 };
	TRY(record_get_optional(check->state, &path, &batch, sizeof batch, NULL));
	bool parts = batch.last - batch.first >= PARTS;
	*right = parts || record->open == 0;
	if (record->marked == 0)
		return RECOURSE_OK;
	TRY(entries_read(check, record->marked, &entry));
	bool its = entries_text(&entry, "subject", &subject) && slice_equal(subject, id) &&
		   entries_integer(&entry, "unanswered", &open);
	*right = its && (parts || (record->open == open && record->from == 0));
	return RECOURSE_OK;
}

/* From when files went out, or a payment was under way again; looked at whole days later, or a day after an entry. */
static enum recourse_error look_at_unanswered(struct check_context *check, const struct check_row *row)
{
	const struct record_unanswered *record = row->record;
	bool since;
	bool clock = (record->clock - record->since) % INSTANT_DAY == 0;
	bool marked;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(was_then(check, record->since, &since));
	if (!clock)
		TRY(was_then(check, record->clock - INSTANT_DAY, &clock));
	if (!clock)
		TRY(was_then(check, record->clock, &clock));
	TRY(look_at_mark(check, row, &marked));
	return check_that_id(check, row, since && clock && marked,
		"F2: by no entry is so much unanswered, or since then, of batch ", "");
}

static const struct check rows[] = {
	{.table = RECORD_BOOKED, .look = look_at_booked},
	{.table = RECORD_UNANSWERED, .look = look_at_unanswered},
};
const struct check_group instant_entries_check_rows = CHECK_GROUP(rows);
