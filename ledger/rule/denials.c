/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/denials.h"

#include "books/record.h"
#include "rule/publish.h"

const struct recourse_field denials_fields[DENIALS_FIELDS] = {
	[DENIALS_RULE] = FIELD(ID, "rule", "its id, as a ruling names it"),
	[DENIALS_REASON] = FIELD(ID, "reason", "code of claim.decide, which denies a loss by it"),
};

enum recourse_error denials_publish(
	struct decision *decision, const struct value *list, slice policy, uint32_t version, uint64_t *count)
{
	struct record_path path = publish_path(RECORD_DENIALS, policy, version);
	struct record_denials denials = {.count = 0};
	*count = list->list.count;
	if (*count == 0)
		return RECOURSE_OK;
	for (; denials.count < *count; denials.count++) {
		const struct value *row = list->list.values + denials.count * DENIALS_FIELDS;
		slice rule = row[DENIALS_RULE].text;
		slice reason = row[DENIALS_REASON].text;
		if (denials_have(&denials, rule, reason))
			return refuse(decision, RECOURSE_FIELD_DUPLICATE, "denials", "each pair once");
		record_text_set(denials.rows[denials.count].rule, TEXT_ID_SIZE, rule);
		record_text_set(denials.rows[denials.count].reason, TEXT_ID_SIZE, reason);
	}
	return decision_put(decision, &path, &denials, sizeof denials);
}

enum recourse_error denials_load(
	struct state_view *view, slice policy, uint32_t version, struct record_denials *denials)
{
	struct record_path path = publish_path(RECORD_DENIALS, policy, version);
	return record_get_optional(view, &path, denials, sizeof *denials, NULL);
}

bool denials_have(const struct record_denials *denials, slice rule, slice reason)
{
	for (size_t row = 0; row < denials->count; row++) {
		if (slice_equal(RECORD_TEXT(denials->rows[row].rule), rule) &&
			slice_equal(RECORD_TEXT(denials->rows[row].reason), reason))
			return true;
	}
	return false;
}
