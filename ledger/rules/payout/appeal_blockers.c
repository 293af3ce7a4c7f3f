/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal.h"

#include "rule/blocker.h"

/* B6: an appeal that is not decided, or that gave a merchant what the funder has not paid in. */
static enum recourse_error take_appeal(struct blockers *list, uint64_t entry)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	struct record_appeal appeal;
	struct blocker blocker = {.entry = entry, .steps = VIEW_NONE};
	TRY(record_get_named(list->view, &path, &appeal, sizeof appeal));
	if (list->section != 0 && list->section != appeal.merchant)
		return RECOURSE_OK;
	TRY(account_reference_make(list->arena, entry, &blocker.of));
	if (!appeal_is_decided(&appeal)) {
		blocker.what = "appeal is not decided";
		blocker.next = "decide the appeal";
		blocker.by = "approver";
	} else {
		blocker.what = "appeal is not paid in";
		blocker.next = "pay in what it restored, or judge anew what is not paid in";
		blocker.by = "funder";
		blocker.steps = appeal.restored - appeal.funded;
	}
	return blocker_page(list, &blocker);
}

enum recourse_error appeal_blockers(struct blockers *list)
{
	struct record_path prefix = record_path_of_short(RECORD_APPEAL_OPEN, list->incident->number);
	struct record_path from = prefix;
	uint64_t entry;
	if (account_reference_read(list->from, &entry))
		record_path_number(&from, entry);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(list->view, &prefix, &from, STATE_UP);
	while (!list->full && record_walk_next(&walk, NULL, 0))
		TRY(take_appeal(list, walk.key.parts[1].number));
	return walk.error;
}
