/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recovery_id.h"

struct record_path recovery_id_path(slice id, uint32_t custodian)
{
	struct record_path path = record_path_of_text(RECORD_RECOVERY, id);
	record_path_short(&path, custodian);
	return path;
}

/* 0: there is none. */
static enum recourse_error find_only(struct decision *decision, slice id, uint32_t payer, uint32_t *custodian)
{
	struct record_path prefix = record_path_of_text(RECORD_RECOVERY, id);
	struct record_recovery recovery;
	*custodian = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		if (payer != 0 && recovery.payer != payer)
			continue;
		if (*custodian != 0)
			return refuse(decision, RECOURSE_FIELD_MISSING, "custodian",
				"given where several have a receipt of that id");
		*custodian = (uint32_t)walk.key.parts[1].number;
	}
	return walk.error;
}

enum recourse_error recovery_id_find(struct decision *decision, slice id, const struct value *custodian,
	uint32_t payer, struct record_path *path, struct record_recovery *recovery)
{
	uint32_t number;
	TRY(custodian->present ? decision_party(decision, "custodian", custodian->text, &number)
			       : find_only(decision, id, payer, &number));
	*path = recovery_id_path(id, number);
	TRY(decision_find(decision, "recovery", path, recovery, sizeof *recovery));
	return payer == 0 || recovery->payer == payer
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_FOUND, "recovery", NULL);
}
