/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/behind.h"

static struct record_path behind_path(const struct record_section *section)
{
	return record_path_of_shorts(RECORD_BEHIND, section->incident, section->party);
}

enum recourse_error behind_set(
	struct decision *decision, const struct record_section *section, uint64_t instant)
{
	struct record_path path = behind_path(section);
	const struct record_behind row = {.clock = instant};
	return decision_put(decision, &path, &row, sizeof row);
}

enum recourse_error behind_note(
	struct decision *decision, struct record_section *section, enum section_behind what, bool is)
{
	struct record_path path = behind_path(section);
	const bool was = section->behind != 0;
	section->behind = is ? section->behind | (uint32_t)what : section->behind & ~(uint32_t)what;
	if (was == (section->behind != 0))
		return RECOURSE_OK;
	return was ? decision_remove(decision, &path) : behind_set(decision, section, decision->time);
}
