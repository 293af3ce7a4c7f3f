/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/payout/appeal.h"
#include "rules/payout/distribution.h"
#include "rules/payout/distribution_reverse.h"
#include "rules/payout/report.h"
#include "rules/payout/unneeded.h"

extern const struct command_group distribution_commands;
extern const struct command_group distribution_reverse_commands;
extern const struct command_group payout_commands;
extern const struct command_group payout_cancel_commands;
extern const struct command_group payout_reverse_commands;
extern const struct command_group unsettle_commands;
extern const struct command_group report_commands;
extern const struct command_group unclaimed_commands;
extern const struct command_group funding_bounce_commands;
extern const struct command_group funding_reverse_commands;
extern const struct command_group appeal_commands;
extern const struct query_group appeal_view_group;
extern const struct query_group round_view_group;
extern const struct query_group report_view_group;
extern const struct query_group payouts_view_group;
extern const struct check_group appeal_check_rows;
extern const struct check_group funding_check_rows;
extern const struct check_group round_check_rows;
extern const struct check_group issuers_pool_check_rows;
extern const struct check_group unsettle_check_rows;
extern const struct check_group report_check_rows;
extern const struct check_group former_order_check_rows;

const struct area payout_area = {
	.name = "payout",
	.commands = {&distribution_commands, &distribution_reverse_commands, &funding_bounce_commands,
		&funding_reverse_commands, &payout_commands, &payout_cancel_commands,
		&payout_reverse_commands, &unsettle_commands, &appeal_commands, &report_commands,
		&unclaimed_commands},
	.queries = {&appeal_view_group, &round_view_group, &report_view_group, &payouts_view_group},
	.checks = {&round_check_rows, &appeal_check_rows, &issuers_pool_check_rows, &unsettle_check_rows,
		&report_check_rows, &former_order_check_rows, &funding_check_rows},
	.instrument_paid = distribution_instrument_paid,
	.instrument_unpaid = distribution_reverse_instrument_paid,
	.instrument_unneeded = unneeded_instrument,
	.clocks =
		{
			{CLOCK_APPEAL, appeal_overdue},
			{CLOCK_PAYMENT, report_overdue},
		},
	.blockers = appeal_blockers,
	.claim_put = report_follow_claim,
};
