/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/*
 * A claim that waits for its ruling in an incident that stands, and belongs to one that was declared since (claim.move): that one's
 * rounds and its end wait for it. The first of the section of that merchant, 0: of whoever sold what that is about, in it or not. `id` is in the arena; it is empty where
 * there is none.
 */
struct unmoved {
	slice id;
	uint64_t entry; /* the last one of the claim */
};
enum recourse_error unmoved_find(struct state_view *view, struct arena *arena,
	const struct record_incident *declared, uint32_t section, struct unmoved *unmoved);
