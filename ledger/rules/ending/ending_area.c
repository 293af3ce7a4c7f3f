/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

extern const struct command_group close_commands;
extern const struct command_group begin_again_commands;
extern const struct command_group cancel_commands;
extern const struct query_group ending_view_group;
extern const struct check_group ending_check_rows;
extern const struct check_group ends_paid_check_rows;
extern const struct check_group kept_check_rows;
extern const struct check_group let_go_check_rows;

const struct area ending_area = {
	.name = "ending",
	.commands = {&close_commands, &begin_again_commands, &cancel_commands},
	.queries = {&ending_view_group},
	.checks = {&ending_check_rows, &ends_paid_check_rows, &kept_check_rows, &let_go_check_rows},
	.go_on = CLOCK_BIT(CLOCK_CLOSE),
	.clocks =
		{
			{CLOCK_CLOSE, ending_struck},
		},
};
