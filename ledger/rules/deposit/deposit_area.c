/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"
#include "rules/deposit/deposit_bounce.h"

extern const struct command_group deposit_commands;
extern const struct command_group deposit_bounce_commands;
extern const struct command_group deposit_reverse_commands;
extern const struct command_group exit_commands;
extern const struct command_group exit_refund_commands;
extern const struct command_group withdrawal_commands;
extern const struct query_group statement_view_group;
extern const struct query_group exit_view_group;
extern const struct check_group deposit_bounce_check_rows;
extern const struct check_group exit_check_rows;
extern const struct check_group freeze_check_rows;

const struct area deposit_area = {
	.name = "deposit",
	.commands = {&deposit_commands, &exit_commands, &exit_refund_commands, &withdrawal_commands,
		&deposit_bounce_commands, &deposit_reverse_commands},

	.queries = {&statement_view_group, &exit_view_group},
	.checks = {&exit_check_rows, &freeze_check_rows, &deposit_bounce_check_rows},
	.clocks =
		{
			{CLOCK_HOLD, deposit_hold_expired},
			{CLOCK_EXIT_NOTICE, exit_notice_ended},
			{CLOCK_EXIT_TAIL, exit_tail_ended},
			{CLOCK_EXIT_REFUND, exit_overdue},
		},
	.blockers = deposit_bounce_blockers,
	.posted = deposit_bounce_follow,
	.section_opened = deposit_section_opened,
};
