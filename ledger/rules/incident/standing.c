/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/standing.h"

#include "rules/incident/scope.h"

bool standing_takes_claims(const struct record_incident *incident)
{
	return incident->state == INCIDENT_CLAIMS_OPEN || incident->state == INCIDENT_BAR_DATE ||
	       incident->state == INCIDENT_ADJUDICATED || incident->state == INCIDENT_RECOVERY;
}

static const uint32_t NO_INCIDENT = UINT32_MAX;

/*
 * Those that may decide about a lot: how many were declared, the first of them, and the one that stands. Of those whose bar date is
 * past, who was filed before they were declared is in time there still; what was not filed by then is too late.
 */
struct found {
	struct state_view *view;
	uint64_t time;  /* as of which; */
	bool timeless;  /* or by whether the claim window was shut */
	uint32_t but;   /* is none of them */
	uint64_t filed; /* the claim's entry; 0: it is filed now */
	uint64_t gone;  /* the entry that declared one that is cancelled; 0: none is */
	size_t declared;
	struct record_incident first;
	size_t barred;
	struct record_incident first_barred;
	bool stands;
	struct record_incident standing;
};

static struct found found_now(const struct decision *decision)
{
	return (struct found){.view = decision->state, .time = decision->time, .but = NO_INCIDENT};
}

/* What it could have been told of. One that was ended was for nobody any more; one that stands has again what came out of it. */
static bool still_decides(const struct found *found, const struct record_incident *incident,
	const struct record_entitlement *lot)
{
	if (record_incident_stands(incident))
		return found->filed < found->gone;
	return incident->ends == 0 && lot->recorded <= incident->bar_date &&
	       (found->filed == 0 || found->filed < incident->entry);
}

static void note(struct found *found, const struct record_incident *incident, bool barred)
{
	if (record_incident_stands(incident)) {
		if (!barred || !found->stands)
			found->standing = *incident;
		found->stands = true;
	} else if (barred) {
		if (found->barred++ == 0)
			found->first_barred = *incident;
	} else if (found->declared++ == 0) {
		found->first = *incident;
	}
}

static enum recourse_error look_at(
	struct found *found, uint32_t number, const struct record_entitlement *lot, bool scoped)
{
	struct record_incident incident;
	bool left_out = false;
	TRY(incident_load(found->view, number, &incident));
	if (number == found->but || scoped != (incident.merchant == 0) || !scope_has(&incident, lot) ||
		!standing_takes_claims(&incident))
		return RECOURSE_OK;
	bool barred =
		found->timeless ? incident.state != INCIDENT_CLAIMS_OPEN : found->time > incident.bar_date;
	if (barred && !still_decides(found, &incident, lot))
		return RECOURSE_OK;
	if (scoped)
		TRY(scope_leaves_out(found->view, &incident, lot->merchant, &left_out));
	if (!left_out)
		note(found, &incident, barred);
	return RECOURSE_OK;
}

/* Both lists end in the number of an incident: those that have a merchant's pool, and those of all who sold what an issuer issued. */
static enum recourse_error look_over(
	struct found *found, enum record_table table, uint32_t party, const struct record_entitlement *lot)
{
	struct record_path prefix = record_path_of_short_text(table, party, unit_code(&lot->currency));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(found->view, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		TRY(look_at(found, (uint32_t)walk.key.parts[2].number, lot, table == RECORD_SCOPE));
	return walk.error;
}

static enum recourse_error find(struct found *found, const struct record_entitlement *lot)
{
	TRY(look_over(found, RECORD_POOL, lot->merchant, lot));
	return look_over(found, RECORD_SCOPE, lot->issuer, lot);
}

enum recourse_error standing_check(struct decision *decision, const struct record_incident *incident)
{
	const struct record_entitlement any = {
		.merchant = incident->merchant, .issuer = incident->issuer, .currency = incident->unit};
	struct found found = found_now(decision);
	if (!record_incident_stands(incident))
		return RECOURSE_OK;
	if (incident->merchant == 0)
		return refuse(decision, RECOURSE_FIELD_MISSING, "merchant",
			"with a policy that freezes what is claimed");
	if (incident->issuer != 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "issuer",
			"absent with a policy that freezes what is claimed");
	TRY(look_over(&found, RECORD_POOL, incident->merchant, &any));
	return found.stands ? refuse_entry(decision, RECOURSE_NOT_PERMITTED, "policy", found.standing.entry)
			    : RECOURSE_OK;
}

enum recourse_error standing_find(struct decision *decision, const struct record_entitlement *lot,
	uint64_t filed, struct record_incident *incident)
{
	struct found found = found_now(decision);
	found.filed = filed;
	TRY(find(&found, lot));
	size_t count = found.declared > 0 ? found.declared : found.barred;
	if (count > 1)
		return refuse(decision, RECOURSE_FIELD_MISSING, "incident", "where several have the lot");
	if (count == 0 && !found.stands)
		return refuse(decision, RECOURSE_NOT_FOUND, "incident", NULL);
	*incident = found.declared == 1 ? found.first : count == 1 ? found.first_barred : found.standing;
	incident_name_policy(decision, incident);
	return RECOURSE_OK;
}

enum recourse_error standing_other(struct decision *decision, const struct record_entitlement *lot,
	uint64_t filed, const struct record_incident *cancelled, struct record_incident *incident,
	bool *there)
{
	struct found found = found_now(decision);
	found.but = cancelled->number;
	found.filed = filed;
	found.gone = cancelled->entry;
	TRY(find(&found, lot));
	*there = found.stands;
	*incident = found.standing;
	return RECOURSE_OK;
}

enum recourse_error standing_failed(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *lot, uint64_t filed, struct record_incident *declared, bool *failed)
{
	struct found found = found_now(decision);
	*failed = false;
	if (!record_incident_stands(incident))
		return RECOURSE_OK;
	found.filed = filed;
	TRY(find(&found, lot));
	*failed = found.declared + found.barred > 0;
	*declared = found.declared > 0 ? found.first : found.first_barred;
	return RECOURSE_OK;
}

enum recourse_error standing_gives_way(struct decision *decision, const char *field,
	const struct record_incident *incident, const struct record_entitlement *lot, uint64_t filed)
{
	struct record_incident declared;
	bool failed;
	TRY(standing_failed(decision, incident, lot, filed, &declared, &failed));
	return failed ? refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, declared.entry) : RECOURSE_OK;
}

/* As a ruling asks, on no day of its own: whose window is not shut yet, or what was declared after the claim was filed. */
enum recourse_error standing_unmoved(struct state_view *view, const struct record_incident *incident,
	const struct record_entitlement *lot, uint64_t filed, bool *unmoved)
{
	struct found found = {.view = view, .timeless = true, .but = NO_INCIDENT, .filed = filed};
	*unmoved = false;
	if (!record_incident_stands(incident))
		return RECOURSE_OK;
	TRY(find(&found, lot));
	*unmoved = found.declared + found.barred > 0;
	return RECOURSE_OK;
}
