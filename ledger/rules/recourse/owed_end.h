/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/owed_parts.h"

/*
 * The end of an incident of several merchants as a whole (B6). In each section its own merchant's frozen deposit pays first,
 * and behind it the issuer's pool its part. When all have had theirs, what each merchant has left pays what it owes in
 * others' sections: one merchant after the other by their ids, the sections where it owes as the issuer's pool is split, in
 * total: the lowest part of what it owes there first. So it does not matter which section ends first. What an insolvent
 * merchant owes there is proved in its estate: its deposit secures its own section alone.
 */
struct owed_elsewhere {
	slice merchant; /* whose money */
	slice name;     /* of the section's merchant */
	uint32_t party;
	uint32_t section;
	int64_t had; /* there, by ends */
	int64_t steps;
};
struct owed_end {
	struct owed_parts parts;     /* of the issuer's pool */
	struct owed_elsewhere *rows; /* by section, in each in the order of the merchants' ids */
	size_t count;
};

/* As the incident stands now. OVERFLOW, MEMORY. */
enum recourse_error owed_end_find(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, struct owed_end *end);

/* Of that merchant's money alone, when each section has had what its own pool and the issuer's pay. The same errors. */
enum recourse_error owed_end_of(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint32_t merchant, struct owed_end *end);

/* It may owe something in others' sections that what is left of its deposit has to pay. */
enum recourse_error owed_end_may_owe(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint32_t merchant, bool *may);

/* How a section stands when all that has paid; and what is left of its own merchant's deposit by it. OVERFLOW. */
enum recourse_error owed_end_section(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct owed_end *end, struct owed *owed, int64_t *left);
