/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* Before an approval changes it: what stands in a section, whose claims share, or whose pool gives for others alone. */
enum recourse_error distribution_reverse_keep(struct decision *decision,
	const struct record_incident *incident, const struct record_section *section, bool shared);

/* What an instrument paid by that entry repaid the funder of; it is advanced again. NOT_PERMITTED with what rests on it. */
enum recourse_error distribution_reverse_instrument_paid(struct decision *decision, uint64_t entry,
	const struct record_incident *incident, const struct record_section *section);
