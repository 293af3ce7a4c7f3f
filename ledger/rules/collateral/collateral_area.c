/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"
#include "rules/collateral/instrument.h"

extern const struct command_group requirement_commands;
extern const struct command_group coverage_commands;
extern const struct command_group instrument_commands;
extern const struct command_group calling_commands;
extern const struct command_group instrument_call_commands;
extern const struct command_group instrument_reverse_commands;
extern const struct query_group collateral_view_group;
extern const struct query_group coverage_view_group;
extern const struct query_group instrument_view_group;
extern const struct check_group instrument_check_rows;
extern const struct check_group collateral_check_rows;

const struct area collateral_area = {
	.name = "collateral",
	.balances_moved = collateral_follow,
	.custody_changed = coverage_custody_changed,
	.commands = {&requirement_commands, &coverage_commands, &instrument_commands, &calling_commands,
		&instrument_call_commands, &instrument_reverse_commands},
	.queries = {&collateral_view_group, &coverage_view_group, &instrument_view_group},
	.checks = {&instrument_check_rows, &collateral_check_rows},
	.go_on = CLOCK_BIT(CLOCK_SWEEP),
	.clocks =
		{
			{CLOCK_TOP_UP, duty_overdue},
			{CLOCK_COVERAGE, coverage_watched},
			{CLOCK_SWEEP, sweep_step},
			{CLOCK_INSTRUMENT, instrument_expired},
		},
	.blockers = instrument_blockers,
};
