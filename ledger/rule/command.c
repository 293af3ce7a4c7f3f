/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/command.h"

static const struct command_group *const groups[] = {
	&party_commands,
	&person_commands,
	&terms_commands,
	&calendar_commands,
	&deposit_commands,
	&incident_commands,
	&entitlement_commands,
	&claim_commands,
	&distribution_commands,
	&payout_commands,
	&liability_commands,
	&recovery_commands,
	&write_off_commands,
	&surplus_commands,
	&proposal_commands,
	&authority_commands,
	&break_glass_commands,
	&custody_commands,
	&deadline_commands,
	&exit_commands,
	&exit_block_commands,
	&exit_refund_commands,
	&requirement_commands,
	&coverage_commands,
	&default_signal_commands,
	&withdrawal_commands,
	&appeal_commands,
	&appeal_ruling_commands,
	&instrument_commands,
	&instrument_call_commands,
	&instrument_pay_commands,
};
enum { GROUPS = sizeof groups / sizeof groups[0] };

const struct command *command_at(size_t index)
{
	for (size_t group = 0; group < GROUPS; group++) {
		if (index < groups[group]->count)
			return &groups[group]->rows[index];
		index -= groups[group]->count;
	}
	return NULL;
}

const struct command *command_find(slice name)
{
	for (size_t group = 0; group < GROUPS; group++) {
		for (size_t row = 0; row < groups[group]->count; row++) {
			if (slice_is(name, groups[group]->rows[row].method.name))
				return &groups[group]->rows[row];
		}
	}
	return NULL;
}
