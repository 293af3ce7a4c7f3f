/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * A section is behind while what an entry had no room for in it is not done: whatever settles it up or moves its money does
 * that, and if nothing does, its clock (catch_up.h). The section is the caller's, who saves it.
 */
enum recourse_error behind_note(
	struct decision *decision, struct record_section *section, enum section_behind what, bool is);

/* The clock of one that is behind strikes then. */
enum recourse_error behind_set(
	struct decision *decision, const struct record_section *section, uint64_t instant);
