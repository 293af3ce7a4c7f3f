/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"

extern const struct command_group default_signal_commands;
extern const struct command_group declare_commands;
extern const struct query_group incident_view_group;
extern const struct check_group section_check_rows;

const struct area incident_area = {
	.name = "incident",
	.commands = {&default_signal_commands, &declare_commands},
	.queries = {&incident_view_group},
	.checks = {&section_check_rows},
	.go_on = CLOCK_BIT(CLOCK_SCOPE),
	.clocks =
		{
			{CLOCK_SIGNAL, default_signal_expired},
			{CLOCK_BAR_DATE, incident_bar_date_passed},
			{CLOCK_SCOPE, scope_widened},
		},
};
