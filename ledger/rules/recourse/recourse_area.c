/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/catch_up.h"
#include "rules/recourse/owed.h"
#include "rule/rule.h"
#include "rules/recourse/settle_up.h"

extern const struct command_group apportion_commands;
extern const struct command_group give_up_commands;
extern const struct command_group release_commands;
extern const struct command_group bounce_commands;
extern const struct command_group repayment_commands;
extern const struct command_group cost_commands;
extern const struct command_group recovery_commands;
extern const struct command_group funder_set_off_commands;
extern const struct command_group write_off_commands;
extern const struct command_group insolvency_commands;
extern const struct command_group insolvency_reverse_commands;
extern const struct check_group insolvency_check_rows;
extern const struct query_group insolvency_view_group;
extern const struct query_group liability_view_group;
extern const struct command_group recourse_reverse_commands;
extern const struct check_group liability_check_rows;
extern const struct check_group recovery_check_rows;
extern const struct check_group repayment_check_rows;
extern const struct check_group settled_check_rows;

const struct area recourse_area = {
	.name = "recourse",
	.commands = {&apportion_commands, &give_up_commands, &release_commands, &recovery_commands,
		&funder_set_off_commands, &bounce_commands, &repayment_commands, &cost_commands,
		&write_off_commands, &insolvency_commands, &insolvency_reverse_commands,
		&recourse_reverse_commands},
	.queries = {&insolvency_view_group, &liability_view_group},
	.checks = {&liability_check_rows, &recovery_check_rows, &repayment_check_rows, &insolvency_check_rows,
		&settled_check_rows},
	.blockers = recourse_blockers,
	.section_barred = settle_up_waiting,
	.go_on = CLOCK_BIT(CLOCK_BEHIND),
	.clocks = {{CLOCK_BEHIND, catch_up_struck}},
};
