/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * A follower: what an instrument paid is its provider's again where no round would share it out. NOT_PERMITTED with field "incident"
 * where one would, whoever has paid for it meanwhile: the funder, the issuer's pool or a party.
 */
enum recourse_error unneeded_instrument(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section);
