/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

extern const struct command_group rail_commands;
extern const struct query_group rail_view_group;

const struct area rail_area = {
	.name = "rail",
	.commands = {&rail_commands},
	.queries = {&rail_view_group},
};
