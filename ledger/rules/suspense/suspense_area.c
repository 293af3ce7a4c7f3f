/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/suspense/suspense.h"

extern const struct command_group suspense_commands;
extern const struct command_group identify_commands;
extern const struct query_group suspense_view_group;
extern const struct check_group suspense_check_rows;

const struct area suspense_area = {
	.name = "suspense",
	.commands = {&suspense_commands, &identify_commands},
	.queries = {&suspense_view_group},
	.checks = {&suspense_check_rows},
	.clocks =
		{
			{CLOCK_SUSPENSE, suspense_escalate},
		},
};
