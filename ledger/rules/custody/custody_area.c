/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"

#include "rules/custody/custody.h"

extern const struct command_group custody_commands;
extern const struct query_group custody_view_group;

const struct area custody_area = {
	.name = "custody",
	.commands = {&custody_commands},
	.queries = {&custody_view_group},
	.clocks =
		{
			{CLOCK_CUSTODY, custody_became_stale},
		},
};
