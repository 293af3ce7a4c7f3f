/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"

extern const struct check_group measure_check_rows;
extern const struct check_group origin_check_rows;
extern const struct query_group origin_view_group;
extern const struct command_group entitlement_commands;
extern const struct command_group entitlement_reverse_commands;
extern const struct command_group claim_commands;
extern const struct command_group correct_commands;
extern const struct command_group ruling_commands;
extern const struct command_group claim_withdraw_commands;
extern const struct command_group claim_move_commands;
extern const struct command_group admit_commands;
extern const struct command_group reopen_commands;
extern const struct command_group void_commands;
extern const struct command_group unfunded_commands;
extern const struct command_group elsewhere_commands;
extern const struct command_group elsewhere_reverse_commands;
extern const struct command_group offer_commands;
extern const struct command_group clawback_commands;
extern const struct command_group clawback_reverse_commands;
extern const struct query_group claim_view_group;
extern const struct query_group find_view_group;
extern const struct query_group elsewhere_view_group;
extern const struct check_group claim_check_rows;
extern const struct check_group lot_holder_check_rows;
extern const struct check_group elsewhere_check_rows;
extern const struct check_group clawback_check_rows;

const struct area claims_area = {
	.name = "claims",
	.commands = {&entitlement_commands, &claim_commands, &correct_commands, &ruling_commands,
		&claim_withdraw_commands, &claim_move_commands, &admit_commands, &reopen_commands,
		&void_commands, &unfunded_commands, &elsewhere_commands, &elsewhere_reverse_commands,
		&offer_commands, &clawback_commands, &entitlement_reverse_commands,
		&clawback_reverse_commands},
	.queries = {&find_view_group, &claim_view_group, &elsewhere_view_group, &origin_view_group},
	.checks = {&claim_check_rows, &lot_holder_check_rows, &elsewhere_check_rows, &clawback_check_rows,
		&measure_check_rows, &origin_check_rows},
	.blockers = claim_blockers,
};
