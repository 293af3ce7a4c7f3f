/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"
#include "rules/desk/evidence.h"

extern const struct command_group flag_commands;
extern const struct command_group team_commands;
extern const struct command_group hand_over_commands;
extern const struct command_group priority_commands;
extern const struct command_group contact_commands;
extern const struct command_group unseal_commands;
extern const struct command_group legal_hold_commands;
extern const struct command_group promise_commands;
extern const struct command_group evidence_commands;
extern const struct command_group evidence_ask_commands;
extern const struct command_group evidence_reverse_commands;
extern const struct query_group brief_view_group;
extern const struct query_group follow_view_group;
extern const struct query_group desk_view_group;
extern const struct query_group team_view_group;
extern const struct query_group contact_view_group;
extern const struct query_group promise_view_group;
extern const struct query_group evidence_view_group;
extern const struct query_group flag_view_group;
extern const struct query_group measure_view_group;
extern const struct check_group desk_check_rows;
extern const struct check_group breach_check_rows;
extern const struct check_group sealed_check_rows;
extern const struct check_group evidence_check_rows;
extern const struct check_group flag_check_rows;
extern area_strike overdue_strike;
extern area_strike promise_miss;
extern area_claim_follower desk_claim_put;
extern area_claim_teller desk_claim_repeated;
extern area_claim_heir promise_pass_on;
extern area_claim_placer flag_claim_placed;

const struct area desk_area = {
	.name = "desk",
	.commands = {&team_commands, &hand_over_commands, &priority_commands, &contact_commands,
		&unseal_commands, &legal_hold_commands, &promise_commands, &evidence_commands,
		&evidence_ask_commands, &evidence_reverse_commands, &flag_commands},
	.queries = {&brief_view_group, &follow_view_group, &desk_view_group, &team_view_group,
		&contact_view_group, &promise_view_group, &evidence_view_group, &flag_view_group,
		&measure_view_group},
	.checks = {&desk_check_rows, &sealed_check_rows, &evidence_check_rows, &flag_check_rows,
		&breach_check_rows},
	.clocks = {{CLOCK_DUE, overdue_strike}, {CLOCK_PROMISE, promise_miss},
		{CLOCK_EVIDENCE, evidence_ask_overdue}},
	.claim_put = desk_claim_put,
	.claim_repeated = desk_claim_repeated,
	.claim_placed = flag_claim_placed,
	.claim_stepped_in = promise_pass_on,
};
