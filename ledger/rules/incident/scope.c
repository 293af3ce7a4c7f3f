/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/scope.h"

#include "rules/incident/incident.h"

/*
 * So many merchants come in by one entry: each is up to four postings, from what is available, held by an exit and set
 * apart for a withdrawal to what is frozen. A lot's own entry has room for a few incidents.
 */
enum { SCOPE_STEP = 12, SCOPE_POSTINGS = 4, SCOPE_SOLD_MAX = 8 };
_Static_assert((SCOPE_STEP + 1) * SCOPE_POSTINGS <= ENTRY_POSTINGS_MAX, "with the issuer's own");
_Static_assert((SCOPE_SOLD_MAX + 2) * SCOPE_POSTINGS <= ENTRY_POSTINGS_MAX, "with the lot's");

bool scope_has(const struct record_incident *incident, const struct record_entitlement *lot)
{
	return (incident->merchant == 0 || incident->merchant == lot->merchant) &&
	       (incident->issuer == 0 || incident->issuer == lot->issuer) &&
	       (incident->batch[0] == '\0' || memcmp(incident->batch, lot->batch, sizeof lot->batch) == 0);
}

/* Who sold what it is about: keys whose last part is the merchant, of the issuer or of the batch, in its currency. */
static struct record_path sellers_path(const struct record_incident *incident, slice issuer)
{
	struct record_path path;
	if (incident->batch[0] == '\0')
		return record_path_of_texts(RECORD_SHARE, issuer, unit_code(&incident->unit));
	path = record_path_of_texts(RECORD_BATCH, issuer, RECORD_TEXT(incident->batch));
	record_path_text(&path, unit_code(&incident->unit));
	return path;
}

enum recourse_error scope_leaves_out(
	struct state_view *view, const struct record_incident *incident, uint32_t merchant, bool *left_out)
{
	SCOPED(arena_free) struct arena arena = {.newest = NULL};
	struct record_path path;
	struct record_deposit deposit;
	slice name;
	bool lodged;
	TRY(party_name(view, &arena, merchant, &name));
	path = record_path_of_texts(RECORD_DEPOSIT, name, unit_code(&incident->unit));
	TRY(record_get_optional(view, &path, &deposit, sizeof deposit, &lodged));
	*left_out = lodged && deposit.custodian != incident->custodian;
	return RECOURSE_OK;
}

enum recourse_error scope_each_seller(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, scope_seller *visit, void *context)
{
	const size_t last_part = incident->batch[0] == '\0' ? 2 : 3;
	struct record_path prefix;
	slice issuer;
	bool more = incident->merchant == 0;
	TRY(party_name(view, arena, incident->issuer, &issuer));
	prefix = sellers_path(incident, issuer);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (more && record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_text(RECORD_PARTY, walk.key.parts[last_part].text);
		struct record_party party;
		TRY(record_get_named(view, &path, &party, sizeof party));
		TRY(visit(context, party.number, &more));
	}
	return walk.error;
}

/* ---- one comes in ---- */

/* Why a merchant does not: 0 where it may. */
struct obstacle {
	enum recourse_error error;
	uint64_t entry;
};

/* An incident is kept by one custodian: whose deposit another keeps takes one of its own. */
static enum recourse_error find_obstacle(struct decision *decision, const struct record_incident *incident,
	slice merchant, uint32_t party, struct obstacle *obstacle)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&incident->unit));
	struct record_deposit deposit;
	bool lodged;
	bool room;
	TRY(section_room(decision->state, incident, party, &room));
	room = room && incident->sections < INCIDENT_SECTIONS_MAX;
	*obstacle = (struct obstacle){room ? RECOURSE_OK : RECOURSE_FIELD_LIMIT, 0};
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, &lodged));
	if (lodged && deposit.custodian != incident->custodian)
		*obstacle = (struct obstacle){RECOURSE_CUSTODIAN_WRONG, deposit.first_entry};
	return RECOURSE_OK;
}

static enum recourse_error enter(struct decision *decision, const char *field,
	struct record_incident *incident, slice merchant, uint32_t party)
{
	struct obstacle obstacle;
	TRY(find_obstacle(decision, incident, merchant, party, &obstacle));
	if (obstacle.error == RECOURSE_FIELD_LIMIT)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, field,
			"%d open incidents of a merchant, %d merchants of an incident", INCIDENT_POOLS_MAX,
			INCIDENT_SECTIONS_MAX);
	if (obstacle.error != RECOURSE_OK)
		return refuse_entry(decision, obstacle.error, field, obstacle.entry);
	return section_open(decision, incident, merchant, party);
}

static enum recourse_error section_there(
	struct state_view *view, const struct record_incident *incident, uint32_t party, bool *there)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, party);
	return record_exists(view, &path, there);
}

enum recourse_error scope_section(struct decision *decision, const char *field,
	struct record_incident *incident, uint32_t merchant, struct record_section *section)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, merchant);
	bool there;
	slice id;
	TRY(record_get_optional(decision->state, &path, section, sizeof *section, &there));
	if (there)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, merchant, &id));
	TRY(enter(decision, field, incident, id, merchant));
	TRY(incident_save(decision, incident));
	return section_load(decision->state, incident->number, merchant, section);
}

/* Unless it is in already, or can not be. */
static enum recourse_error bring(struct decision *decision, struct record_incident *incident, slice merchant,
	uint32_t party, uint64_t *left_out)
{
	struct obstacle obstacle;
	bool there;
	TRY(section_there(decision->state, incident, party, &there));
	if (there)
		return RECOURSE_OK;
	TRY(find_obstacle(decision, incident, merchant, party, &obstacle));
	if (obstacle.error == RECOURSE_OK)
		return section_open(decision, incident, merchant, party);
	++*left_out;
	return RECOURSE_OK;
}

/* ---- many come in ---- */

/* Those who sold, in the order of their ids: one more than a step has room for says that there are more. */
struct sellers {
	size_t count;
	slice merchants[SCOPE_STEP + 1];
};

/* Behind the one that came in last; nothing may be put while they are walked. */
static enum recourse_error take_sellers(struct decision *decision, const struct record_incident *incident,
	slice issuer, struct sellers *sellers)
{
	struct record_path prefix = sellers_path(incident, issuer);
	struct record_path from = prefix;
	size_t last_part = incident->batch[0] == '\0' ? 2 : 3;
	slice last = slice_text("");
	if (incident->reached != 0)
		TRY(party_name(decision->state, decision->arena, incident->reached, &last));
	if (last.size > 0)
		record_path_text(&from, last);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	sellers->count = 0;
	while (sellers->count <= SCOPE_STEP && record_walk_next(&walk, NULL, 0)) {
		slice merchant = walk.key.parts[last_part].text;
		if (!slice_equal(merchant, last))
			TRY(arena_copy(decision->arena, merchant, &sellers->merchants[sellers->count++]));
	}
	return walk.error;
}

static enum recourse_error widen(struct decision *decision, struct record_incident *incident, slice issuer)
{
	struct sellers sellers;
	uint64_t left_out = 0;
	TRY(take_sellers(decision, incident, issuer, &sellers));
	bool more = sellers.count > SCOPE_STEP;
	for (size_t row = 0; row < sellers.count - more; row++) {
		slice merchant = sellers.merchants[row];
		TRY(decision_party(decision, "issuer", merchant, &incident->reached));
		TRY(bring(decision, incident, merchant, incident->reached, &left_out));
	}
	incident->widening = more ? decision->time : 0;
	decision_fact_integer(decision, "sections", incident->sections);
	if (left_out > 0)
		decision_fact_integer(decision, "left_out", left_out);
	return RECOURSE_OK;
}

/* The issuer's own pool comes first, also where nobody sold anything: who has a deposit stands as a merchant does. */
enum recourse_error scope_open(
	struct decision *decision, struct record_incident *incident, slice merchant, slice issuer)
{
	uint64_t left_out = 0;
	if (incident->merchant != 0)
		return enter(decision, "merchant", incident, merchant, incident->merchant);
	TRY(party_concerned(decision, "issuer", issuer, PARTY_MERCHANT, &incident->issuer));
	TRY(bring(decision, incident, issuer, incident->issuer, &left_out));
	TRY(widen(decision, incident, issuer));
	return decision_about(decision, RECORD_PARTY, issuer);
}

enum recourse_error scope_widened(struct decision *decision, slice id)
{
	struct record_incident incident;
	slice issuer;
	TRY(incident_governing(decision, "subject", id, &incident));
	TRY(party_name(decision->state, decision->arena, incident.issuer, &issuer));
	/* who can not be claimed from any more stays out */
	if (decision->time <= incident.bar_date)
		TRY(widen(decision, &incident, issuer));
	TRY(incident_save(decision, &incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}

enum recourse_error scope_custodian(struct decision *decision, slice issuer, struct record_incident *incident)
{
	slice unit = unit_code(&incident->unit);
	struct record_path own = record_path_of_texts(RECORD_DEPOSIT, issuer, unit);
	struct record_path prefix = record_path_of_texts(RECORD_ISSUER_CASH, issuer, unit);
	struct record_deposit deposit;
	int64_t cash;
	size_t count = 0;
	TRY(record_get_optional(decision->state, &own, &deposit, sizeof deposit, NULL));
	incident->custodian = deposit.custodian;
	if (incident->custodian != 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (count < 2 && record_walk_next(&walk, &cash, sizeof cash)) {
		count += cash != 0;
		if (cash != 0)
			incident->custodian = (uint32_t)walk.key.parts[2].number;
	}
	TRY(walk.error);
	return count == 1 ? RECOURSE_OK
			  : refuse(decision, RECOURSE_FIELD_MISSING, "custodian",
				    "given where not one alone keeps the deposits");
}

/* ---- what is sold, and what is stopped, meanwhile ---- */

/* Incidents of its issuer in its currency: few, and no more than the entry has room for. */
static enum recourse_error list_open(struct decision *decision, const struct record_entitlement *lot,
	uint32_t numbers[static SCOPE_SOLD_MAX], size_t *count)
{
	struct record_path prefix =
		record_path_of_short_text(RECORD_SCOPE, lot->issuer, unit_code(&lot->currency));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*count = 0;
	while (*count < SCOPE_SOLD_MAX && record_walk_next(&walk, NULL, 0))
		numbers[(*count)++] = (uint32_t)walk.key.parts[2].number;
	return walk.error;
}

enum recourse_error scope_sold(struct decision *decision, const struct record_entitlement *lot)
{
	uint32_t numbers[SCOPE_SOLD_MAX];
	size_t count;
	TRY(list_open(decision, lot, numbers, &count));
	for (size_t index = 0; index < count; index++) {
		struct record_incident incident;
		uint64_t left_out = 0;
		slice merchant;
		TRY(incident_load(decision->state, numbers[index], &incident));
		uint32_t sections = incident.sections;
		if (decision->time > incident.bar_date || !scope_has(&incident, lot))
			continue;
		TRY(party_name(decision->state, decision->arena, lot->merchant, &merchant));
		TRY(bring(decision, &incident, merchant, lot->merchant, &left_out));
		if (incident.sections != sections)
			TRY(incident_save(decision, &incident));
	}
	return RECOURSE_OK;
}

/* Whether the merchant is about to come into it. */
static enum recourse_error is_awaited(struct decision *decision, const struct record_incident *incident,
	slice issuer, slice merchant, uint32_t party, bool *awaited)
{
	struct record_path path = sellers_path(incident, issuer);
	bool there;
	*awaited = false;
	if (incident->widening == 0)
		return RECOURSE_OK;
	record_path_text(&path, merchant);
	TRY(record_exists(decision->state, &path, awaited));
	TRY(section_there(decision->state, incident, party, &there));
	*awaited = *awaited && !there;
	return RECOURSE_OK;
}

static enum recourse_error await_none(
	struct decision *decision, const char *field, slice issuer, slice merchant, uint32_t party)
{
	struct record_path prefix;
	struct record_incident incident;
	uint32_t number;
	bool awaited;
	TRY(decision_party(decision, field, issuer, &number));
	prefix = record_path_of_short(RECORD_SCOPE, number);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		TRY(incident_load(decision->state, (uint32_t)walk.key.parts[2].number, &incident));
		TRY(is_awaited(decision, &incident, issuer, merchant, party, &awaited));
		if (awaited)
			return incident_refuse(decision, field, incident.number);
	}
	return walk.error;
}

enum recourse_error scope_awaits_none(struct decision *decision, const char *field, slice merchant)
{
	uint32_t number;
	TRY(decision_party(decision, field, merchant, &number));
	SCOPED(account_walk_end)
	struct account_walk walk = {
		.view = decision->state, .code = CHART_EXPOSURE, .one_party = true, .party = merchant};
	while (account_walk_next(&walk))
		TRY(await_none(decision, field, walk.name.reference, merchant, number));
	return walk.error;
}

enum recourse_error scope_none(struct decision *decision, const char *field, slice merchant)
{
	uint32_t number;
	TRY(decision_party(decision, field, merchant, &number));
	struct record_path prefix = record_path_of_short(RECORD_POOL, number);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	if (record_walk_next(&walk, NULL, 0))
		return incident_refuse(decision, field, (uint32_t)walk.key.parts[2].number);
	TRY(walk.error);
	return scope_awaits_none(decision, field, merchant);
}
