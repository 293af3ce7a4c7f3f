/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/liability.h"

extern const struct command_group liability_commands;
extern const struct command_group recovery_commands;
extern const struct command_group write_off_commands;
extern const struct check_group liability_check_rows;
extern const struct check_group recovery_check_rows;

const struct area recourse_area = {
	.name = "recourse",
	.commands = {&liability_commands, &recovery_commands, &write_off_commands},
	.checks = {&liability_check_rows, &recovery_check_rows},
	.blockers = recourse_blockers,
};
