/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/account.h"
#include "books/history.h"
#include "books/party_name.h"
#include "rules/incident/incident.h"

/* D7: what entries say of what appeals restored, against what is kept of it. */

struct restored {
	amount_sum judged; /* what waits for the funder's cash by judgments, less what they took back of it */
	amount_sum paid;   /* and less than that by its cash */
	amount_sum taken;  /* by the entry that deducted, of what its merchant had frozen */
};

/* Of the funder's cash, or of a line that nobody had named. */
static bool is_cash(const struct entry *entry)
{
	return entries_posted(entry, CHART_CASH) + entries_posted(entry, CHART_OVERDRAWN) +
		       entries_posted(entry, CHART_UNIDENTIFIED) !=
	       0;
}

static enum recourse_error add_judgments(
	struct check_context *check, const struct record_account *account, struct restored *restored)
{
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(check->state, account->number, 0, STATE_UP);
	while (history_walk_next(&walk)) {
		struct entry entry;
		TRY(entries_read(check, walk.at.entry, &entry));
		*(is_cash(&entry) ? &restored->paid : &restored->judged) += walk.moved;
	}
	return walk.error;
}

static enum recourse_error add_deducted(struct check_context *check, const struct record_appeal *appeal,
	slice merchant, struct restored *restored)
{
	struct entry entry;
	struct entry_posting posting;
	TRY(entries_read(check, appeal->deduction, &entry));
	struct entry_postings walk = entry_postings(&entry);
	while (entry_postings_next(&walk, &posting)) {
		if (posting.code == CHART_DEPOSIT_FROZEN && slice_equal(posting.party, merchant))
			restored->taken += posting.steps;
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_appeal(struct check_context *check, const struct check_row *row)
{
	const struct record_appeal *appeal = row->record;
	struct restored restored = {0};
	struct record_incident incident;
	struct record_account account;
	slice funder;
	slice merchant;
	slice reference;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(incident_load(check->state, appeal->incident, &incident));
	TRY(party_name(check->state, check->arena, incident.funder, &funder));
	TRY(party_name(check->state, check->arena, appeal->merchant, &merchant));
	TRY(account_reference_make(check->arena, row->entry, &reference));
	const struct record_path path =
		account_path(CHART_COMMITMENT, funder, reference, unit_code(&incident.unit));
	bool there;
	TRY(record_get_optional(check->state, &path, &account, sizeof account, &there));
	if (there)
		TRY(add_judgments(check, &account, &restored));
	TRY(add_deducted(check, appeal, merchant, &restored));
	return check_that(check, row,
		restored.judged == appeal->restored && -restored.paid == appeal->funded &&
			restored.judged <= restored.taken,
		"D7: entries restored another sum of a deduction, or more than its entry took");
}

static const struct check rows[] = {
	{.table = RECORD_APPEAL, .look = look_at_appeal},
};
const struct check_group appeal_entries_check_rows = CHECK_GROUP(rows);
