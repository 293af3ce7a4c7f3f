/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bank_file/bank_file.h"

extern const struct command_group bank_file_commands;
extern const struct command_group gap_commands;
extern const struct query_group bank_file_view_group;
extern const struct query_group reconciliation_view_group;
extern const struct query_group breaks_view_group;
extern const struct query_group match_view_group;
extern const struct check_group bank_file_check_rows;

const struct area bank_file_area = {
	.name = "bank_file",
	.commands = {&bank_file_commands, &gap_commands},
	.queries = {&bank_file_view_group, &reconciliation_view_group, &breaks_view_group, &match_view_group},
	.checks = {&bank_file_check_rows},
	.clocks = {{CLOCK_BANK_FILE, bank_file_is_late}},
	.request_decided = bank_file_request_decided,
};
