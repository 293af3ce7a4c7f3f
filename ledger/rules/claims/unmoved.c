/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/unmoved.h"

#include "rules/claims/claim.h"
#include "rules/incident/scope.h"
#include "rules/incident/section.h"

/* It was filed before that was declared. One that was ended was for nobody any more. */
static bool precedes(const struct record_claim *claim, const struct record_incident *declared)
{
	return claim_undecided(claim) && claim->late != CLAIM_LATE && declared->ends == 0 &&
	       claim->filed_entry <= declared->entry;
}

struct look {
	struct state_view *view;
	struct arena *arena;
	const struct record_incident *declared;
	struct unmoved *unmoved;
};

static enum recourse_error look_at(const struct look *look, slice id)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_entitlement lot;
	struct record_claim claim;
	TRY(record_get_named(look->view, &path, &claim, sizeof claim));
	if (!precedes(&claim, look->declared))
		return RECOURSE_OK;
	path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim.entitlement));
	TRY(record_get_named(look->view, &path, &lot, sizeof lot));
	if (!scope_has(look->declared, &lot))
		return RECOURSE_OK;
	look->unmoved->entry = claim.last_entry;
	return arena_copy(look->arena, id, &look->unmoved->id);
}

static enum recourse_error look_over_claims(const struct look *look, uint32_t number, uint32_t party)
{
	struct record_path prefix = record_path_of_short(RECORD_CLAIM_OPEN, number);
	struct record_incident incident;
	struct record_section section;
	TRY(incident_load(look->view, number, &incident));
	if (!record_incident_stands(&incident))
		return RECOURSE_OK;
	TRY(section_load(look->view, number, party, &section));
	if (section.claims_filed == section.claims_decided + section.claims_rejected)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(look->view, &prefix);
	while (look->unmoved->id.size == 0 && record_walk_next(&walk, NULL, 0))
		TRY(look_at(look, walk.key.parts[2].text));
	return walk.error;
}

static enum recourse_error look_over_pools(const struct look *look, uint32_t party)
{
	struct record_path prefix =
		record_path_of_short_text(RECORD_POOL, party, unit_code(&look->declared->unit));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(look->view, &prefix);
	while (look->unmoved->id.size == 0 && record_walk_next(&walk, NULL, 0))
		TRY(look_over_claims(look, (uint32_t)walk.key.parts[2].number, party));
	return walk.error;
}

/* Who is in it, or may still come in, if only with its claim. */
static enum recourse_error look_at_seller(void *context, uint32_t party, bool *more)
{
	const struct look *look = context;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, look->declared->number, party);
	bool out = false;
	bool there;
	TRY(record_exists(look->view, &path, &there));
	if (!there)
		TRY(scope_leaves_out(look->view, look->declared, party, &out));
	if (!there && look->declared->sections >= INCIDENT_SECTIONS_MAX)
		out = true;
	if (!out)
		TRY(look_over_pools(look, party));
	*more = look->unmoved->id.size == 0;
	return RECOURSE_OK;
}

enum recourse_error unmoved_find(struct state_view *view, struct arena *arena,
	const struct record_incident *declared, uint32_t section, struct unmoved *unmoved)
{
	struct look look = {view, arena, declared, unmoved};
	*unmoved = (struct unmoved){.id = slice_text("")};
	if (record_incident_stands(declared) || declared->ends > 0)
		return RECOURSE_OK;
	if (section != 0 || declared->merchant != 0)
		return look_over_pools(&look, section != 0 ? section : declared->merchant);
	return scope_each_seller(view, arena, declared, look_at_seller, &look);
}
