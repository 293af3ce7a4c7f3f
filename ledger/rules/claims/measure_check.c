/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_hearing.h"
#include "rules/claims/measure.h"

#include "rules/incident/section.h"

#include <stdlib.h>

/* D4, K: each figure of how claims are seen to is the sum over the claims that it is of. */

/* ---- sections and incidents ---- */

/* What claims say, by section and by incident, in the order of the keys: of the records the measured members alone. */
struct sums {
	size_t sections;
	struct record_section *by_section;
	uint32_t incidents; /* their numbers begin with 1 */
	struct record_measure *by_incident;
};

static int compare_sections(const void *left, const void *right)
{
	const struct record_section *one = left;
	const struct record_section *other = right;
	if (one->incident != other->incident)
		return one->incident < other->incident ? -1 : 1;
	return one->party < other->party ? -1 : one->party > other->party;
}

static enum recourse_error list_sections(struct check_context *check, struct sums *sums)
{
	struct record_path all = record_path_of(RECORD_SECTION);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk count = record_walk_over(check->state, &all);
	while (record_walk_next(&count, &section, sizeof section)) {
		uint32_t incident = (uint32_t)count.key.parts[0].number;
		sums->sections++;
		sums->incidents = incident > sums->incidents ? incident : sums->incidents;
	}
	TRY(count.error);
	sums->by_section = arena_allocate(check->arena, (sums->sections + 1) * sizeof section);
	sums->by_incident =
		arena_allocate(check->arena, ((size_t)sums->incidents + 1) * sizeof *sums->by_incident);
	if (sums->by_section == NULL || sums->by_incident == NULL)
		return RECOURSE_MEMORY;
	memset(sums->by_incident, 0, ((size_t)sums->incidents + 1) * sizeof *sums->by_incident);
	size_t index = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &all);
	while (record_walk_next(&walk, &section, sizeof section))
		sums->by_section[index++] =
			(struct record_section){.incident = (uint32_t)walk.key.parts[0].number,
				.party = (uint32_t)walk.key.parts[1].number};
	TRY(walk.error);
	qsort(sums->by_section, sums->sections, sizeof section, compare_sections);
	return RECOURSE_OK;
}

static enum recourse_error add_claim(
	struct check_context *check, slice id, const struct record_claim *claim, struct sums *sums)
{
	const struct record_section named = {.incident = claim->incident, .party = claim->section};
	struct record_section *section =
		bsearch(&named, sums->by_section, sums->sections, sizeof named, compare_sections);
	struct record_measure measure;
	if (section == NULL) /* which is said of the incident */
		return RECOURSE_OK;
	measure_add_claim(section, claim, 1);
	TRY(measure_of(check->state, id, claim, &measure));
	measure_add(&sums->by_incident[claim->incident], &measure, 1);
	return RECOURSE_OK;
}

static enum recourse_error add_claims(struct check_context *check, struct sums *sums)
{
	struct record_path all = record_path_of(RECORD_CLAIM);
	struct record_claim claim;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &all);
	while (record_walk_next(&walk, &claim, sizeof claim))
		TRY(add_claim(check, walk.key.parts[0].text, &claim, sums));
	return walk.error;
}

static bool same_waited(const struct record_waited *one, const struct record_waited *other)
{
	return memcmp(one, other, sizeof *one) == 0;
}

static enum recourse_error compare_each(struct check_context *check, const struct sums *sums)
{
	for (size_t index = 0; index < sums->sections; index++) {
		const struct record_section *sum = &sums->by_section[index];
		struct record_section section;
		TRY(section_load(check->state, sum->incident, sum->party, &section));
		if (!same_waited(&section.answered, &sum->answered) ||
			!same_waited(&section.settled, &sum->settled))
			return check_wrong(check, "K: a section's claims did not wait as long as it says");
		if (section.restarts != sum->restarts)
			return check_wrong(check, "D4: a section counts other restarts than its claims");
	}
	for (uint32_t number = 1; number <= sums->incidents; number++) {
		struct record_path path = record_path_of_short(RECORD_MEASURE, number);
		struct record_measure measure;
		TRY(record_get_optional(check->state, &path, &measure, sizeof measure, NULL));
		if (memcmp(&measure, &sums->by_incident[number], sizeof measure) != 0)
			return check_wrong(
				check, "D4: an incident counts of the desk what its claims do not");
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_sums(struct check_context *check, const struct check_row *row)
{
	struct sums sums = {.sections = 0};
	(void)row;
	TRY(list_sections(check, &sums));
	TRY(add_claims(check, &sums));
	return compare_each(check, &sums);
}

static enum recourse_error look_at_measure(struct check_context *check, const struct check_row *row)
{
	struct record_path sections =
		record_path_of_short(RECORD_SECTION, (uint32_t)row->key->parts[0].number);
	bool there;
	TRY(record_any(check->state, &sections, &there));
	return check_that(check, row, there, "D4: the desk counts something of no incident");
}

/* ---- what a claim says of itself ---- */

static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	bool answered = claim->decided_entry != 0;
	bool settled = claim->settled_entry != 0;
	return check_that(check, row,
		claim->filed_at != 0 && claim->restarts <= 1 && (!answered || claim->answered_in != 0) &&
			(!settled || claim->paid_in != 0) && (claim->paid_first == 0 || settled),
		"K: a claim was ruled on or paid, and does not say when");
}

static enum recourse_error look_at_contact(struct check_context *check, const struct check_row *row)
{
	const struct record_contact *contact = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	if (contact->direction != CONTACT_OUT)
		return RECOURSE_OK;
	TRY(check_found(check, row, record_get(check->state, &path, &claim, sizeof claim),
		"D4: a contact is about a claim that is not there"));
	return check_that(check, row, claim.answered_in != 0,
		"K: somebody spoke to a claimant, and its claim does not say when");
}

static enum recourse_error look_at_sealed(struct check_context *check, const struct check_row *row)
{
	const struct record_sealed *sealed = row->record;
	struct record_path prefix = record_path_of_text(RECORD_CONTACT, row->key->parts[0].text);
	struct record_contact contact;
	uint64_t came = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &contact, sizeof contact))
		came += contact.direction == CONTACT_IN;
	TRY(walk.error);
	return check_that(
		check, row, sealed->came == came, "D4: a claimant came more or less often than is said");
}

static enum recourse_error look_at_hearing(struct check_context *check, const struct check_row *row)
{
	const struct record_hearing *hearing = row->record;
	uint64_t judged = (uint64_t)hearing->upheld + hearing->varied + hearing->reversed;
	bool open = hearing->appeal_entry != 0 && hearing->appeal_ended == 0;
	return check_that(check, row, hearing->appeals == judged + open,
		"D7: a claim's appeals are not those that were judged and the open one");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_CONTACT, .look = look_at_contact},
	{.table = RECORD_SEALED, .look = look_at_sealed},
	{.table = RECORD_HEARING, .look = look_at_hearing},
	{.table = RECORD_MEASURE, .look = look_at_measure},
	{.look = look_at_sums},
};
const struct check_group measure_check_rows = CHECK_GROUP(rows);
