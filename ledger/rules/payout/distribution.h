/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A follower: what instruments have paid for the section repays what was advanced for the claims of its rounds. */
enum recourse_error distribution_instrument_paid(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section);
