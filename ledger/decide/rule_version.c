/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/rule_version.h"

enum recourse_error rule_version_read(struct state_view *view, slice command, struct record_rule *record)
{
	struct record_path path = record_path_of_text(RECORD_RULE, command);
	bool adopted;
	TRY(record_get_optional(view, &path, record, sizeof *record, &adopted));
	if (!adopted)
		record->version = 1;
	return RECOURSE_OK;
}

static const struct command_rule *find(const struct command *command, uint64_t version)
{
	for (const struct command_rule *rule = command->rules; rule->version != 0; rule++) {
		if (rule->version == version)
			return rule;
	}
	return NULL;
}

enum recourse_error rule_version_in_force(
	struct decision *decision, const struct command *command, const struct command_rule **rule)
{
	struct record_rule record;
	*rule = command->rules;
	if (!decision->adopted)
		return RECOURSE_OK;
	TRY(rule_version_read(decision->state, slice_text(command->method.name), &record));
	*rule = find(command, record.version);
	return *rule == NULL ? RECOURSE_VERSION_UNKNOWN : RECOURSE_OK;
}

/* ---- rule.adopt ---- */

enum { ADOPT_RULE, ADOPT_VERSION, ADOPT_REASON };
static const struct recourse_field adopt_fields[] = {
	[ADOPT_RULE] = FIELD(ID, "rule", "the command whose rule it is"),
	[ADOPT_VERSION] = FIELD_INTEGER("version", 1, 1000000, "that decides from the next command on"),
	[ADOPT_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_adopt(struct decision *decision, const struct value *values)
{
	slice name = values[ADOPT_RULE].text;
	const struct command *command = area_command(decision->areas, name);
	struct record_path path = record_path_of_text(RECORD_RULE, name);
	struct record_rule record;
	uint64_t version = (uint64_t)values[ADOPT_VERSION].integer;
	if (command == NULL)
		return refuse(decision, RECOURSE_NOT_FOUND, "rule", "the name of a command");
	if (find(command, version) == NULL)
		return refuse(decision, RECOURSE_NOT_FOUND, "version", "one that this program has");
	TRY(rule_version_read(decision->state, name, &record));
	if (record.version == version)
		return refuse(decision, RECOURSE_EXISTS, "version", "another than the one in force");
	decision_fact_integer(decision, "replaces", record.version);
	decision->adopted = true;
	record = (struct record_rule){.entry = decision->entry, .version = version};
	return decision_put(decision, &path, &record, sizeof record);
}

static const struct command rows[] = {
	COMMAND_CHECKED("rule.adopt", RECOURSE_ROLE_ADMIN, 1, adopt_fields, apply_adopt,
		"let another version of a rule decide from here on", RECOURSE_EXISTS),
};
const struct command_group rule_version_commands = COMMAND_GROUP(rows);
