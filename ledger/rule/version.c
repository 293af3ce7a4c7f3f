/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/version.h"

enum recourse_error version_read(struct state_view *view, slice command, struct record_rule *record)
{
	struct record_path path = record_path_of_text(RECORD_RULE, command);
	bool adopted;
	TRY(record_get_optional(view, &path, record, sizeof *record, &adopted));
	if (!adopted)
		record->version = 1;
	return RECOURSE_OK;
}

const struct command_rule *version_of(const struct command *command, uint64_t version)
{
	for (const struct command_rule *rule = command->rules; rule->version != 0; rule++) {
		if (rule->version == version)
			return rule;
	}
	return NULL;
}

enum recourse_error version_in_force(
	struct decision *decision, const struct command *command, const struct command_rule **rule)
{
	struct record_rule record;
	*rule = command->rules;
	if (!decision->adopted)
		return RECOURSE_OK;
	TRY(version_read(decision->state, slice_text(command->method.name), &record));
	*rule = version_of(command, record.version);
	return *rule == NULL ? RECOURSE_VERSION_UNKNOWN : RECOURSE_OK;
}
