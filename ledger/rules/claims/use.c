/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/use.h"

/* Said a second time with another quantity. A third one adds nothing to what is in dispute already. */
static enum recourse_error dispute(struct decision *decision, const struct record_path *path,
	const struct use *use, struct record_use *known)
{
	if (!slice_equal(use->lot, RECORD_TEXT(known->entitlement)) || use->steps == known->steps)
		return refuse_entry(decision, RECOURSE_EXISTS, "reference", known->entry);
	if (known->disputed_entry != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "reference", known->disputed_entry);
	known->disputed_entry = decision->entry;
	decision_fact_integer(decision, "disputes", known->entry);
	return decision_put(decision, path, known, sizeof *known);
}

enum recourse_error use_count(struct decision *decision, const struct use *use, uint64_t *disputed)
{
	struct record_path path = record_path_of_texts(RECORD_USE, use->source, use->reference);
	struct record_use record;
	TRY(record_get_optional(decision->state, &path, &record, sizeof record, NULL));
	*disputed = record.entry;
	if (*disputed != 0)
		return dispute(decision, &path, use, &record);
	record = (struct record_use){.steps = use->steps, .entry = decision->entry};
	record_text_set(record.entitlement, sizeof record.entitlement, use->lot);
	return decision_put(decision, &path, &record, sizeof record);
}
