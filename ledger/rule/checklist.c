/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/checklist.h"

#include "books/record.h"
#include "rule/publish.h"

const char *const checklist_from_names[] = {"consumer", "merchant", "issuer", NULL};
static const char *const needed_names[] = {"no", "yes", NULL};

const struct recourse_field checklist_fields[CHECKLIST_FIELDS] = {
	[CHECKLIST_KIND] = FIELD(ID, "kind", "of evidence, such as purchase-receipt"),
	[CHECKLIST_FROM] = FIELD_CHOICE("from", checklist_from_names, "who has it"),
	[CHECKLIST_NEEDED] = FIELD_CHOICE("needed", needed_names, "yes: no claim is approved without it"),
};

enum recourse_error checklist_publish(
	struct decision *decision, const struct value *list, slice policy, uint32_t version, uint64_t *count)
{
	struct record_path path = publish_path(RECORD_CHECKLIST, policy, version);
	struct record_checklist checklist = {.count = list->list.count};
	*count = checklist.count;
	if (checklist.count == 0)
		return RECOURSE_OK;
	for (size_t row = 0; row < checklist.count; row++) {
		const struct value *kind = list->list.values + row * CHECKLIST_FIELDS;
		record_text_set(checklist.kinds[row].kind, TEXT_ID_SIZE, kind[CHECKLIST_KIND].text);
		checklist.kinds[row].from = (uint32_t)kind[CHECKLIST_FROM].integer;
		checklist.kinds[row].needed = (uint32_t)kind[CHECKLIST_NEEDED].integer;
		for (size_t before = 0; before < row; before++) {
			if (slice_equal(RECORD_TEXT(checklist.kinds[before].kind), kind[CHECKLIST_KIND].text))
				return refuse(
					decision, RECOURSE_FIELD_DUPLICATE, "checklist", "each kind once");
		}
	}
	return decision_put(decision, &path, &checklist, sizeof checklist);
}

enum recourse_error checklist_load(
	struct state_view *view, slice policy, uint32_t version, struct record_checklist *checklist)
{
	struct record_path path = publish_path(RECORD_CHECKLIST, policy, version);
	return record_get_named(view, &path, checklist, sizeof *checklist);
}
