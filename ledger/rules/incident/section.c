/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/section.h"

#include <stdlib.h>

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

int64_t section_from_deposit(const struct record_section *section)
{
	int64_t own = section->pool_taken - section->from_instruments - section->from_issuer;
	return own + section->given - section->given_instruments;
}

int64_t section_restored_pool(const struct record_section *section)
{
	return section->restored - section->restored_back;
}

int64_t section_restored_there(const struct record_section *section)
{
	return amount_least(section_restored_pool(section), section->restored_recourse);
}

int64_t section_restored_own(const struct record_section *section)
{
	return section_restored_pool(section) - section->restored_given + section->back_given;
}

int64_t section_restored_issuers(const struct record_section *section)
{
	return section->issuer_restored - section->issuer_restored_back;
}

int64_t section_issuers_part(const struct record_section *section)
{
	return section->from_issuer - section_restored_issuers(section);
}

int64_t section_restored(const struct record_section *section)
{
	return section_restored_own(section) + section_restored_issuers(section);
}

int64_t section_restored_recourse(const struct record_section *section)
{
	int64_t own = section->restored_recourse - section->recourse_given - section->restored_back +
		      section->back_given;
	int64_t issuers = section->issuer_recourse - section->issuer_restored_back;
	return (own > 0 ? own : 0) + (issuers > 0 ? issuers : 0);
}

int64_t section_pool(const struct record_section *section)
{
	return section->pool_taken - section->pool_beyond;
}

int64_t section_has(const struct record_section *section)
{
	return section_pool(section) + section->advanced - section->repaid - section->clawed;
}

struct section_pools section_pools(const struct record_section *section)
{
	int64_t issuers = amount_least(section->pool_beyond, section->from_issuer);
	int64_t own = section->pool_beyond - issuers;
	int64_t instruments = amount_least(own, section->from_instruments);
	int64_t deposit = section->pool_taken - section->from_issuer - section->from_instruments;
	return (struct section_pools){
		.deposit = amount_beyond(deposit - section_restored_own(section), own - instruments),
		.instruments = section->from_instruments - instruments,
		.issuers = amount_beyond(section_issuers_part(section), issuers),
	};
}

/* ---- which one ---- */

/* The issuer's pool is none that somebody has a claim in, unless the issuer sold some of its units itself. */
static bool has_claims(const struct record_incident *incident, const struct record_section *section)
{
	return section->party != incident->issuer || incident->merchant != 0 || section->claims_filed > 0;
}

static enum recourse_error count_some(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, size_t *count)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section next;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*count = 0;
	while (*count < 2 && record_walk_next(&walk, &next, sizeof next)) {
		if (!has_claims(incident, &next))
			continue;
		*section = next;
		++*count;
	}
	return walk.error;
}

static enum recourse_error find_only(struct decision *decision, const char *field,
	const struct record_incident *incident, struct record_section *section)
{
	size_t count;
	TRY(count_some(decision, incident, section, &count));
	if (count == 1)
		return RECOURSE_OK;
	return count == 0 ? refuse(decision, RECOURSE_NOT_FOUND, field, NULL)
			  : refuse(decision, RECOURSE_FIELD_MISSING, field,
				    "the merchant, where the incident has several");
}

enum recourse_error section_named(struct decision *decision, const char *field, const struct value *merchant,
	const struct record_incident *incident, struct record_section *section)
{
	uint32_t party = incident->merchant;
	if (merchant != NULL && merchant->present)
		TRY(decision_party(decision, field, merchant->text, &party));
	else if (party == 0)
		return find_only(decision, field, incident, section);
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, party);
	return decision_find(decision, field, &path, section, sizeof *section);
}

/* ---- opening and closing ---- */

static struct record_path pool_path(
	const struct record_section *section, const struct record_incident *incident)
{
	struct record_path path =
		record_path_of_short_text(RECORD_POOL, section->party, unit_code(&incident->unit));
	record_path_short(&path, section->incident);
	return path;
}

enum recourse_error section_frozen_pool(struct state_view *view, const struct record_incident *incident,
	const struct record_section *section, struct record_pool *pool)
{
	struct record_path path = pool_path(section, incident);
	return record_get(view, &path, pool, sizeof *pool);
}

uint64_t section_freeze(const struct record_incident *incident, uint32_t party)
{
	bool issuers = incident->merchant == 0 && party == incident->issuer;
	return issuers ? POLICY_FREEZE_ALL : incident->freeze;
}

enum recourse_error section_any_freezes_all(struct state_view *view, uint32_t party, bool *all)
{
	struct record_path prefix = record_path_of_short(RECORD_POOL, party);
	struct record_pool pool;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*all = false;
	while (!*all && record_walk_next(&walk, &pool, sizeof pool))
		*all = pool.freeze == POLICY_FREEZE_ALL;
	return walk.error;
}

enum recourse_error section_room(
	struct state_view *view, const struct record_incident *incident, uint32_t party, bool *room)
{
	struct record_path prefix = record_path_of_short_text(RECORD_POOL, party, unit_code(&incident->unit));
	size_t count = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		count++;
	*room = count < INCIDENT_POOLS_MAX;
	return walk.error;
}

enum recourse_error section_check_room(
	struct decision *decision, const struct record_incident *incident, uint32_t party)
{
	bool room;
	TRY(section_room(decision->state, incident, party, &room));
	return room ? RECOURSE_OK
		    : refuse_limit(decision, RECOURSE_FIELD_LIMIT, "incident",
			      "%d open incidents of a merchant", INCIDENT_POOLS_MAX);
}

enum recourse_error section_open(
	struct decision *decision, struct record_incident *incident, slice merchant, uint32_t party)
{
	struct record_section section = {
		.incident = incident->number, .party = party, .custodian = incident->custodian};
	incident->sections++;
	return section_begin(decision, incident, &section, merchant);
}

enum recourse_error section_begin(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant)
{
	struct record_path path = pool_path(section, incident);
	const struct record_pool pool = {
		.entry = decision->entry, .freeze = section_freeze(incident, section->party)};
	slice id;
	TRY(section_check_room(decision, incident, section->party));
	section->closed_entry = 0;
	section->stands = pool.freeze == POLICY_FREEZE_CLAIMED;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &id));
	TRY(section_save(decision, section));
	TRY(decision_put(decision, &path, &pool, sizeof pool));
	TRY(area_section_opened(decision, incident, section, id, merchant));
	return decision_about(decision, RECORD_PARTY, merchant);
}

enum recourse_error section_close(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct record_path pool = pool_path(section, incident);
	section->closed_entry = decision->entry;
	TRY(decision_remove(decision, &pool));
	return section_save(decision, section);
}

void section_count_clawback(struct record_section *section, int64_t before, int64_t after)
{
	section->clawbacks += after > 0;
	section->clawbacks -= before > 0;
}

/* ---- adding up ---- */

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
	SUMMED(awaited),
	SUMMED(awaited_promise),
	SUMMED(appealed),
	SUMMED(appealed_promise),
	SUMMED(contested),
	SUMMED(late),
	SUMMED(late_promise),
	SUMMED(shared_loss),
	SUMMED(pool_taken),
	SUMMED(from_instruments),
	SUMMED(from_issuer),
	SUMMED(issuer_secured),
	SUMMED(given),
	SUMMED(given_instruments),
	SUMMED(advanced),
	SUMMED(repaid),
	SUMMED(repaid_settled),
	SUMMED(paid),
	SUMMED(settled_advance),
	SUMMED(unclaimed),
	SUMMED(unclaimed_advance),
	SUMMED(claims_unclaimed),
	SUMMED(perfected),
	SUMMED(pool_back),
	SUMMED(interest),
	SUMMED(uncovered_collected),
	SUMMED(interest_collected),
	SUMMED(restored),
	SUMMED(restored_recourse),
	SUMMED(restored_back),
	SUMMED(restored_given),
	SUMMED(recourse_given),
	SUMMED(back_given),
	SUMMED(issuer_restored),
	SUMMED(issuer_recourse),
	SUMMED(issuer_restored_back),
	SUMMED(elsewhere),
	SUMMED(clawed),
	SUMMED(owed_back),
	SUMMED(shortfall),
	SUMMED(nobodys_off),
	SUMMED(nobodys_memo),
	SUMMED(recourse_collected),
	SUMMED(uncovered_served),
	SUMMED(remitted),
	SUMMED(own_borne),
	SUMMED(freed),
	SUMMED(written_off),
	SUMMED(waiting),
	SUMMED(answered.claims[0]),
	SUMMED(answered.claims[1]),
	SUMMED(answered.claims[2]),
	SUMMED(answered.claims[3]),
	SUMMED(answered.claims[4]),
	SUMMED(settled.claims[0]),
	SUMMED(settled.claims[1]),
	SUMMED(settled.claims[2]),
	SUMMED(settled.claims[3]),
	SUMMED(settled.claims[4]),
	SUMMED(answered.seconds),
	SUMMED(settled.seconds),
	SUMMED(restarts),
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

struct named_section {
	slice merchant;
	uint32_t party;
};

static int compare_named(const void *left, const void *right)
{
	return slice_compare(((const struct named_section *)left)->merchant,
		((const struct named_section *)right)->merchant);
}

enum recourse_error section_sort(struct decision *decision, uint32_t *parties, size_t count)
{
	struct named_section *named = arena_allocate(decision->arena, (count + 1) * sizeof *named);
	if (named == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < count; index++) {
		named[index].party = parties[index];
		TRY(party_name(decision->state, decision->arena, parties[index], &named[index].merchant));
	}
	qsort(named, count, sizeof *named, compare_named);
	for (size_t index = 0; index < count; index++)
		parties[index] = named[index].party;
	return RECOURSE_OK;
}

enum recourse_error section_list(
	struct decision *decision, const struct record_incident *incident, struct section_list *list)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	*list = (struct section_list){
		.parties = arena_allocate(decision->arena, (incident->sections + 1) * sizeof *list->parties)};
	if (list->parties == NULL)
		return RECOURSE_MEMORY;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (list->count < incident->sections && record_walk_next(&walk, NULL, 0))
		list->parties[list->count++] = (uint32_t)walk.key.parts[1].number;
	TRY(walk.error);
	return section_sort(decision, list->parties, list->count);
}

int64_t section_recourse(const struct record_section *section)
{
	int64_t recourse = section->settled_advance - section->clawed - section->repaid_settled;
	return recourse > 0 ? recourse : 0;
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
	if (record_incident_window(incident, decision->time))
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "incident", "after the bar date");
	if (section->claims_filed != section->claims_decided + section->claims_rejected)
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
	return RECOURSE_OK;
}
