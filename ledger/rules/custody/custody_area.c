/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

extern const struct command_group custody_commands;
extern const struct command_group place_commands;
extern const struct command_group bank_line_commands;
extern const struct command_group bank_reverse_commands;
extern const struct command_group fee_commands;
extern const struct command_group interest_commands;
extern const struct query_group custody_view_group;
extern const struct query_group bank_line_view_group;
extern const struct check_group custody_check_rows;
extern const struct check_group bank_line_check_rows;

const struct area custody_area = {
	.name = "custody",
	.commands = {&custody_commands, &place_commands, &bank_line_commands, &fee_commands,
		&interest_commands, &bank_reverse_commands},
	.queries = {&custody_view_group, &bank_line_view_group},
	.checks = {&custody_check_rows, &bank_line_check_rows},
	.clocks =
		{
			{CLOCK_CUSTODY, custody_became_stale},
		},
};
