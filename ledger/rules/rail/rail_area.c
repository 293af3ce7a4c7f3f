/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/rail/unanswered.h"

extern const struct command_group rail_commands;
extern const struct command_group batch_commands;
extern const struct query_group rail_view_group;
extern const struct query_group batch_view_group;
extern const struct query_group payment_view_group;
extern const struct query_group payment_each_group;
extern const struct check_group rail_check_rows;
extern const struct query_group unanswered_view_group;
extern const struct check_group unanswered_check_rows;

const struct area rail_area = {
	.name = "rail",
	.commands = {&rail_commands, &batch_commands},
	.queries = {&rail_view_group, &batch_view_group, &payment_view_group, &payment_each_group,
		&unanswered_view_group},
	.checks = {&rail_check_rows, &unanswered_check_rows},
	.clocks =
		{
			{CLOCK_BATCH, unanswered_strike},
		},
};
