/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/section.h"

enum recourse_error section_load(
	struct state_view *view, uint32_t incident, uint32_t party, struct record_section *section)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident, party);
	return record_get_named(view, &path, section, sizeof *section);
}

enum recourse_error section_save(struct decision *decision, const struct record_section *section)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, section->incident, section->party);
	return decision_put(decision, &path, section, sizeof *section);
}

enum recourse_error section_of(
	struct state_view *view, const struct record_incident *incident, struct record_section *section)
{
	return section_load(view, incident->number, incident->merchant, section);
}

/* Members of 64 bits that are added up. */
#define SUMMED(member) offsetof(struct record_section, member)
static const size_t summed[] = {
	SUMMED(claims_filed),
	SUMMED(claims_linked),
	SUMMED(claims_decided),
	SUMMED(claims_rejected),
	SUMMED(claims_paid),
	SUMMED(loss),
	SUMMED(promised),
	SUMMED(shared_loss),
	SUMMED(pool_taken),
	SUMMED(from_instruments),
	SUMMED(advanced),
	SUMMED(paid),
	SUMMED(perfected),
	SUMMED(interest),
	SUMMED(uncovered_collected),
	SUMMED(interest_collected),
	SUMMED(restored),
	SUMMED(restored_recourse),
	SUMMED(elsewhere),
};

static enum recourse_error add_member(
	struct record_section *sum, const struct record_section *section, size_t member)
{
	int64_t left;
	int64_t right;
	memcpy(&left, (const uint8_t *)sum + member, sizeof left);
	memcpy(&right, (const uint8_t *)section + member, sizeof right);
	TRY(amount_add_steps(left, right, &left));
	memcpy((uint8_t *)sum + member, &left, sizeof left);
	return RECOURSE_OK;
}

enum recourse_error section_sum(struct state_view *view, uint32_t incident, struct record_section *sum)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*sum = (struct record_section){.incident = incident};
	while (record_walk_next(&walk, &section, sizeof section)) {
		for (size_t index = 0; index < sizeof summed / sizeof summed[0]; index++)
			TRY(add_member(sum, &section, summed[index]));
	}
	return walk.error;
}

enum recourse_error section_custodian(
	struct decision *decision, const char *field, const struct record_section *section)
{
	return section->custodian == decision->actor->party_number
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_FOUND, field, NULL);
}

enum recourse_error section_decided(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section)
{
	if (decision->time <= incident->bar_date)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "incident", "after the bar date");
	if (section->claims_filed != section->claims_decided + section->claims_rejected)
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
	return RECOURSE_OK;
}
