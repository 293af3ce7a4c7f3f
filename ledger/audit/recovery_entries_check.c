/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/record_recourse.h"
#include "rule/booked.h"

/* G4: what entries say of receipts from who is liable: when each came, and what was done with it. */

/* Of that id, by that command. */
static enum recourse_error says(
	struct check_context *check, slice id, uint64_t number, const char *command, bool *same)
{
	struct entry entry;
	slice recovery;
	TRY(entries_read(check, number, &entry));
	*same = entries_is(&entry, command) && entries_text(&entry, "recovery", &recovery) &&
		slice_equal(recovery, id);
	return RECOURSE_OK;
}

static enum recourse_error look_at_came(struct check_context *check, const struct check_row *row)
{
	const struct record_recovery *recovery = row->record;
	struct entry entry;
	bool same;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(says(check, row->key->parts[0].text, recovery->entry, "recovery.receive", &same));
	TRY(entries_read(check, recovery->entry, &entry));
	return check_that_id(check, row, same && entry.time == recovery->received,
		"G4: by its entry no such receipt came: ", "");
}

static enum recourse_error look_at_sent(struct check_context *check, const struct check_row *row)
{
	const struct record_recovery *recovery = row->record;
	const slice id = row->key->parts[0].text;
	bool sent = true;
	bool confirmed = true;
	if (check->log == NULL)
		return RECOURSE_OK;
	if (recovery->allocated_entry != 0)
		TRY(says(check, id, recovery->allocated_entry, "recovery.allocate", &sent));
	if (recovery->confirmed_entry != 0 && recovery->confirmed_entry != recovery->entry)
		TRY(says(check, id, recovery->confirmed_entry, "estate.confirm", &confirmed));
	return check_that_id(
		check, row, sent && confirmed, "G4: by its entry nothing was done with the receipt ", "");
}

/* By the bank, or as a slip. */
static enum recourse_error look_at_bounced(struct check_context *check, const struct check_row *row)
{
	const struct record_recovery *recovery = row->record;
	struct record_booked booked;
	bool there;
	if (recovery->bounced_entry == 0)
		return RECOURSE_OK;
	TRY(booked_read(check->state, recovery->bounced_entry, &booked, &there));
	return check_that_id(check, row,
		there &&
			(booked.kind == BOOKED_BOUNCE ||
				(booked.kind == BOOKED_RECOVERY && booked.corrects != 0)) &&
			slice_equal(RECORD_TEXT(booked.id), row->key->parts[0].text),
		"G4: no entry took back the receipt ", "");
}

#define OF_RECOVERY .table = RECORD_RECOVERY, .entry = offsetof(struct record_recovery, entry)
static const struct check rows[] = {
	{OF_RECOVERY, .look = look_at_came},
	{OF_RECOVERY, .look = look_at_sent},
	{OF_RECOVERY, .look = look_at_bounced},
};
const struct check_group recovery_entries_check_rows = CHECK_GROUP(rows);
