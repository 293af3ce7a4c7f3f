/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "decide/proposal.h"

extern const struct command_group proposal_commands;
extern const struct command_group break_glass_commands;
extern const struct command_group clocks_commands;
extern const struct command_group clock_hold_commands;
extern const struct command_group rule_version_commands;
extern const struct query_group break_glass_view_group;
extern const struct query_group clock_hold_view_group;
extern const struct query_group public_view_group;
extern const struct query_group quota_view_group;
extern const struct query_group rule_version_view_group;
extern const struct check_group proposal_check_rows;
extern const struct check_group clock_hold_check_rows;

const struct area decide_area = {
	.name = "decide",
	.commands = {&proposal_commands, &break_glass_commands, &clocks_commands, &clock_hold_commands,
		&rule_version_commands},
	.queries = {&break_glass_view_group, &clock_hold_view_group, &rule_version_view_group,
		&quota_view_group, &public_view_group},
	.checks = {&proposal_check_rows, &clock_hold_check_rows},
	.clocks =
		{
			{CLOCK_PROPOSAL, proposal_expired},
			{CLOCK_REVIEW, break_glass_overdue},
		},
	.corrected = limits_corrected,
};
