/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/day.h"
#include "books/record_ledger.h"
#include "entry/submission.h"
#include "rule/booked.h"
#include "store/log.h"

/* F5: what entries say of a line of a bank: which named it first and last, in which request, and what it was stated to be. */

static bool is_text(const struct entry *entry, const char *name, slice text)
{
	slice said;
	return entries_text(entry, name, &said) && slice_equal(said, text);
}

/* By its reference, by the entry that stated it, or as what took back, or booked again, what another entry named it for. */
static enum recourse_error names(struct check_context *check, const struct record_bank_line *line, slice id,
	uint64_t number, bool *named)
{
	struct entry entry;
	struct record_booked booked;
	uint64_t stated;
	bool there;
	TRY(entries_read(check, number, &entry));
	*named = is_text(&entry, "bank_reference", id) || is_text(&entry, "line", id) ||
		 (entries_integer(&entry, "line", &stated) && stated == line->stated);
	if (*named)
		return RECOURSE_OK;
	TRY(booked_read(check->state, number, &booked, &there));
	*named = there && (slice_equal(RECORD_TEXT(booked.line), id) ||
				  slice_equal(RECORD_TEXT(booked.reference), id));
	return RECOURSE_OK;
}

static enum recourse_error look_at_named(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_line *line = row->record;
	const slice id = row->key->parts[1].text;
	bool first;
	bool last = line->booked == 0 && line->entry == line->stated; /* nobody did */
	TRY(names(check, line, id, line->entry, &first));
	if (line->named != 0)
		TRY(names(check, line, id, line->named, &last));
	return check_that_id(check, row, first && last && (line->named == 0 || line->named >= line->entry),
		"F5: by its entry nobody named a line of ", "");
}

static enum recourse_error look_at_request(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_line *line = row->record;
	struct submission submission;
	struct log_head head;
	slice record;
	bool within = false;
	TRY(log_read_head(check->log, &head));
	if (line->request < head.requests) {
		TRY(log_read_request(check->log, line->request, &record));
		TRY(submission_decode(record, &submission));
		within = line->entry >= submission.first_entry &&
			 line->entry - submission.first_entry < submission.accepted;
	}
	return check_that_id(
		check, row, within, "F5: in another request than its entry was named a line of ", "");
}

/* As bank.line says it, or as what one payment alone was made by; else as what was kept of it, for its way back. */
static enum recourse_error look_at_stated(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_line *line = row->record;
	struct entry entry;
	struct record_booked booked;
	slice text;
	uint64_t day = line->day;
	bool there;
	if (line->stated == 0)
		return check_that_id(
			check, row, line->day == 0, "F5: nobody stated the day of a line of ", "");
	TRY(entries_read(check, line->stated, &entry));
	TRY(booked_read(check->state, line->stated, &booked, &there));
	uint32_t direction = BANK_CREDIT;
	bool whole = entries_text(&entry, "day", &text) && day_parse(text, &day) == RECOURSE_OK;
	if (entries_is(&entry, "bank.line"))
		direction = is_text(&entry, "direction", slice_text("debit")) ? BANK_DEBIT : BANK_CREDIT;
	else if (whole)
		direction = BANK_DEBIT;
	else if (there && booked.kind == BOOKED_LINE)
		direction = booked.was, day = booked.before;
	return check_that_id(check, row, line->direction == direction && line->day == day,
		"F5: by its entry it was stated otherwise, a line of ", "");
}

/* What was named before it was stated: all that is booked, where nobody named it since. */
static enum recourse_error look_at_early(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_line *line = row->record;
	bool before = line->stated != 0 && line->entry < line->stated;
	bool since = line->named > line->stated;
	bool right = !before ? line->early == 0
		     : since ? line->early > 0 && line->early <= line->amount
			     : line->early == line->booked;
	return check_that_id(check, row, right, "F5: before it was stated other cash was of a line of ", "");
}

static enum recourse_error look_at_line(struct check_context *check, const struct check_row *row)
{
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(look_at_named(check, row));
	TRY(look_at_request(check, row));
	TRY(look_at_stated(check, row));
	return look_at_early(check, row);
}

static const struct check rows[] = {
	{.table = RECORD_BANK_LINE, .entry = offsetof(struct record_bank_line, entry), .look = look_at_line},
};
const struct check_group bank_line_entries_check_rows = CHECK_GROUP(rows);
