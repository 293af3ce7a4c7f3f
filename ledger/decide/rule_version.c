/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

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
	const struct command *command = area_command(name);
	struct record_path path = record_path_of_text(RECORD_RULE, name);
	struct record_rule record;
	uint64_t version = (uint64_t)values[ADOPT_VERSION].integer;
	if (command == NULL)
		return refuse(decision, RECOURSE_NOT_FOUND, "rule", "the name of a command");
	if (version_of(command, version) == NULL)
		return refuse(decision, RECOURSE_NOT_FOUND, "version", "one that this program has");
	TRY(version_read(decision->state, name, &record));
	if (record.version == version)
		return refuse(decision, RECOURSE_EXISTS, "version", "another than the one in force");
	decision_fact_integer(decision, "replaces", record.version);
	decision->adopted = true;
	record = (struct record_rule){.entry = decision->entry, .version = version};
	return decision_put(decision, &path, &record, sizeof record);
}

/* ---- rule.list ---- */

/* The rules (H8): which version decides, since which entry, and how many this program has. */
static const struct recourse_field list_fields[] = {
	FIELD_OPTIONAL(ID, "rule", "one command's; all of them if absent"),
};

struct rule_row {
	slice rule;
	struct record_rule record;
	uint64_t known;
};

static const struct recourse_column rule_columns[] = {
	{COLUMN(ID, "rule", struct rule_row, rule, "the command that it decides")},
	{COLUMN(INTEGER, "version", struct rule_row, record.version, "in force")},
	{COLUMN(ENTRY, "adopted", struct rule_row, record.entry, "by which; absent for the first"), OPTIONAL},
	{COLUMN(INTEGER, "known", struct rule_row, known, "versions that this program has")},
};

static enum recourse_error list_rules(struct view_rows *rows)
{
	const struct value *one = &rows->query->values[0];
	const struct command *command;
	for (size_t index = 0; (command = area_command_at(index)) != NULL; index++) {
		struct rule_row row = {.rule = slice_text(command->method.name)};
		if (one->present && !slice_equal(one->text, row.rule))
			continue;
		while (command->rules[row.known].version != 0)
			row.known++;
		TRY(version_read(rows->query->state, row.rule, &row.record));
		TRY(view_add(rows, &row));
	}
	return one->present && rows->count == 0 ? query_absent(rows->query, "rule") : RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("rules", rule_columns, list_rules, "in the order of the manual")},
};

static const struct query_row view_rows[] = {
	VIEW("rule.list", QUERY_READ_OWN, list_fields, list_columns, struct view_list, NULL,
		"which version of each rule is in force"),
};
const struct query_group rule_version_view_group = {view_rows, sizeof view_rows / sizeof view_rows[0]};

static const struct command rows[] = {
	COMMAND_CHECKED("rule.adopt", RECOURSE_ROLE_ADMIN, 1, adopt_fields, apply_adopt,
		"let another version of a rule decide from here on", RECOURSE_EXISTS),
};
const struct command_group rule_version_commands = COMMAND_GROUP(rows);
