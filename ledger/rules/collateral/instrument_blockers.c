/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rule/blocker.h"

/* B6: what was called and is neither paid nor refused, and what was paid and is neither shared out nor returned. */
static enum recourse_error take_call(
	struct blockers *list, slice id, const struct record_instrument_call *record)
{
	struct blocker unpaid = {"instrument is called and not paid", id, record->entry,
		instrument_call_unpaid(record), "pay or refuse what was called", "custodian", 0};
	struct blocker unused = {"instrument is paid and not used", id, record->last_entry,
		instrument_call_unused(record), "share it out, or return it", "approver", 0};
	if (unpaid.steps > 0)
		TRY(blocker_add(list, &unpaid));
	return unused.steps > 0 ? blocker_add(list, &unused) : RECOURSE_OK;
}

enum recourse_error instrument_blockers(struct blockers *list)
{
	struct record_path prefix = record_path_of_short(RECORD_CALL, list->incident->number);
	struct record_instrument_call record;
	if (list->section != 0)
		record_path_short(&prefix, list->section);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (record_walk_next(&walk, &record, sizeof record))
		TRY(take_call(list, walk.key.parts[3].text, &record));
	return walk.error;
}
