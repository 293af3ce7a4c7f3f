/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "decide/rule_version.h"
#include "decide/registry.h"

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
	for (size_t index = 0; (command = area_command_at(registry_areas, index)) != NULL; index++) {
		struct rule_row row = {.rule = slice_text(command->method.name)};
		if (one->present && !slice_equal(one->text, row.rule))
			continue;
		while (command->rules[row.known].version != 0)
			row.known++;
		TRY(rule_version_read(rows->query->state, row.rule, &row.record));
		TRY(view_add(rows, &row));
	}
	return one->present && rows->count == 0 ? query_absent(rows->query, "rule") : RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("rules", rule_columns, list_rules, "in the order of the manual")},
};

static const struct query_row rows[] = {
	VIEW("rule.list", QUERY_READ_OWN, list_fields, list_columns, struct view_list, NULL,
		"which version of each rule is in force"),
};
const struct query_group rule_version_view_group = {rows, sizeof rows / sizeof rows[0]};
