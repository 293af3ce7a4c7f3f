/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

#include "rules/incident/incident.h"

/*
 * What is to be done next about the claim of that incident, in words; never empty (D2). `pools`: its part of them; VIEW_NONE: in
 * none.
 */
enum recourse_error next_action_find(struct state_view *view, const struct record_claim *claim,
	const struct record_incident *incident, int64_t pools, const char **action);
