/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

extern const struct command_group liability_commands;
extern const struct command_group recovery_commands;
extern const struct command_group write_off_commands;

const struct area recourse_area = {
	.name = "recourse",
	.commands = {&liability_commands, &recovery_commands, &write_off_commands},
};
