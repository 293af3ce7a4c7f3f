/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"

extern const struct command_group contact_commands;
extern const struct command_group unseal_commands;
extern const struct command_group legal_hold_commands;
extern const struct query_group contact_view_group;
extern const struct check_group sealed_check_rows;

const struct area desk_area = {
	.name = "desk",
	.commands = {&contact_commands, &unseal_commands, &legal_hold_commands},
	.queries = {&contact_view_group},
	.checks = {&sealed_check_rows},
};
