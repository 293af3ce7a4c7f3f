/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/life.h"
#include "books/record_claim.h"
#include "books/record_ledger.h"
#include "books/record_report.h"
#include "rule/booked.h"
#include "rule/decision.h"

/*
 * F2: what entries say of a payment, against what is kept as said of it, and as what it was before that ended it, which its way back goes to. Of
 * most payments nothing is said.
 */

/* By who pays, or by the line by which it came back. What came back beside it said nothing of it. */
static bool says_so(const struct record_report *report, const struct entry *entry, slice claim, uint32_t was)
{
	const slice kept = RECORD_TEXT(report->code);
	const bool reported = entries_is(entry, "payout.report");
	slice code = slice_text("");
	slice of;
	if (!reported && !entries_is(entry, "payout.return"))
		return kept.size == 0; /* that it was not so */
	if (!entries_text(entry, "claim", &of) || !slice_equal(of, claim))
		return false;
	(void)entries_text(entry, reported ? "code" : "reason", &code);
	if (!reported && kept.size == 0)
		return true;
	if (!slice_equal(code, kept))
		return false;
	/* with what had come back beside it, it is one payment that is back */
	return report->before == PAYOUT_SETTLED ? report->came_back > 0 || !reported
						: reported && report->before == was;
}

static enum recourse_error is_standing_return(struct check_context *check, uint64_t number, bool *standing)
{
	struct record_booked booked;
	bool there;
	TRY(booked_read(check->state, number, &booked, &there));
	*standing = there && booked.kind == BOOKED_CAME_BACK && booked.is != BOOKED_PAID_TWICE &&
		    booked.corrected_by == 0;
	return RECOURSE_OK;
}

/* How often a payment came back since that instalment was ordered, and was not said not to have. */
static enum recourse_error count_back(
	struct check_context *check, slice claim, uint32_t instalment, uint32_t *count)
{
	const struct record_path prefix = decision_about_path(RECORD_CLAIM, claim);
	bool since = false;
	*count = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		const uint64_t number = walk.key.parts[2].number;
		struct entry entry;
		uint64_t ordered;
		bool standing;
		TRY(entries_read(check, number, &entry));
		if (entries_is(&entry, "payout.instruct") && entries_integer(&entry, "instalment", &ordered))
			since = ordered == instalment;
		if (!since || !entries_is(&entry, "payout.return"))
			continue;
		TRY(is_standing_return(check, number, &standing));
		*count += standing;
	}
	return walk.error;
}

static enum recourse_error look_at_back(struct check_context *check, const struct check_row *row)
{
	const struct record_report *report = row->record;
	uint32_t count;
	TRY(count_back(check, row->key->parts[0].text, report->instalment, &count));
	return check_that_id(check, row, count == report->came_back,
		"F2: it came back another number of times, the payment of claim ", "");
}

static enum recourse_error look_at_report(struct check_context *check, const struct check_row *row)
{
	const struct record_report *report = row->record;
	const slice id = row->key->parts[0].text;
	struct entry entry;
	uint32_t was;
	bool about;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(look_at_back(check, row));
	if (report->entry == 0)
		return RECOURSE_OK;
	TRY(entries_read_about(check, RECORD_CLAIM, id, report->entry, &entry, &about));
	TRY(entries_payment_was(check, id, 0, report->entry, &was));
	return check_that_id(check, row, about && says_so(report, &entry, id, was),
		"F2: nobody said so of the payment of claim ", "");
}

/* As what it would be under way again: of most it follows from how it was ordered. */
static enum recourse_error look_at_settled(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	const bool plain = claim->settled_of == PAYOUT_INSTRUCTED || claim->settled_of == PAYOUT_REISSUED;
	uint32_t was = LIFE_NONE;
	if (check->log == NULL || claim->payout != PAYOUT_SETTLED || plain)
		return RECOURSE_OK;
	TRY(entries_payment_was(check, row->key->parts[0].text, 0, claim->settled_entry, &was));
	return check_that_id(check, row, claim->settled_of == was,
		"F2: nobody said so, before it was made, of the payment of claim ", "");
}

static const struct check rows[] = {
	{.table = RECORD_REPORT, .entry = offsetof(struct record_report, entry), .look = look_at_report},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_settled},
};
const struct check_group report_entries_check_rows = CHECK_GROUP(rows);
