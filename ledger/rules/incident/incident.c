/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

enum recourse_error incident_load(struct state_view *view, uint32_t number, struct record_incident *incident)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, number);
	return record_get_named(view, &path, incident, sizeof *incident);
}

enum recourse_error incident_read(struct state_view *view, slice id, struct record_incident *incident)
{
	struct record_path path = record_path_of_text(RECORD_INCIDENT_NAME, id);
	uint32_t number;
	TRY(record_get(view, &path, &number, sizeof number));
	return incident_load(view, number, incident);
}

void incident_name_policy(struct decision *decision, const struct record_incident *incident)
{
	decision_policy(decision, RECORD_TEXT(incident->policy), incident->policy_version);
}

enum recourse_error incident_governing(
	struct decision *decision, const char *field, slice id, struct record_incident *incident)
{
	enum recourse_error error = incident_read(decision->state, id, incident);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, field, NULL));
	incident_name_policy(decision, incident);
	return RECOURSE_OK;
}

enum recourse_error incident_concerned(struct decision *decision, slice id, struct record_incident *incident)
{
	TRY(incident_governing(decision, "incident", id, incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}

enum recourse_error incident_refuse(struct decision *decision, const char *field, uint32_t number)
{
	struct record_incident incident;
	TRY(incident_load(decision->state, number, &incident));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, incident.entry);
}

enum recourse_error incident_none(struct decision *decision, const char *field, slice merchant)
{
	struct record_path prefix = record_path_of_text(RECORD_DEPOSIT, merchant);
	struct record_deposit deposit = {.incident = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (deposit.incident == 0 && record_walk_next(&walk, &deposit, sizeof deposit))
		continue;
	if (walk.error != RECOURSE_OK || deposit.incident == 0)
		return walk.error;
	return incident_refuse(decision, field, deposit.incident);
}

enum recourse_error incident_save(struct decision *decision, const struct record_incident *incident)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, incident->number);
	return decision_put(decision, &path, incident, sizeof *incident);
}

enum recourse_error incident_referred(
	struct decision *decision, uint32_t number, struct record_incident *incident, slice *reference)
{
	TRY(incident_load(decision->state, number, incident));
	return arena_copy(decision->arena, RECORD_TEXT(incident->id), reference);
}

enum recourse_error incident_terms(
	struct decision *decision, const struct record_incident *incident, struct record_policy *policy)
{
	incident_name_policy(decision, incident);
	return terms_policy(decision, RECORD_TEXT(incident->policy), incident->policy_version, policy);
}

enum {
	DECLARE_INCIDENT,
	DECLARE_MERCHANT,
	DECLARE_ISSUER,
	DECLARE_FUNDER,
	DECLARE_CUSTODIAN,
	DECLARE_POLICY,
	DECLARE_VERSION,
	DECLARE_BAR_DATE,
	DECLARE_REASON,
};
static const struct recourse_field declare_fields[] = {
	[DECLARE_INCIDENT] = FIELD(ID, "incident", "the incident's id, never used again"),
	[DECLARE_MERCHANT] = FIELD(ID, "merchant", "merchant of record; its deposit is frozen"),
	[DECLARE_ISSUER] = FIELD(ID, "issuer", "who issued what was sold"),
	[DECLARE_FUNDER] = FIELD(ID, "funder", "who advances what the deposit does not cover"),
	[DECLARE_CUSTODIAN] =
		FIELD_OPTIONAL(ID, "custodian", "who holds the money; the deposit's custodian if absent"),
	[DECLARE_POLICY] = FIELD(ID, "policy", "that decides the claims"),
	[DECLARE_VERSION] = FIELD_INTEGER("version", 1, 1000000, "of the policy, fixed for this incident"),
	[DECLARE_BAR_DATE] = FIELD_OPTIONAL(
		TIME, "bar_date", "last moment to file; the policy's claim_days from now if absent"),
	[DECLARE_REASON] = FIELD(ID, "reason", "reason code, such as liquidation"),
};

static enum recourse_error find_parties(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	TRY(party_concerned(
		decision, "merchant", values[DECLARE_MERCHANT].text, PARTY_MERCHANT, &incident->merchant));
	TRY(party_concerned(
		decision, "issuer", values[DECLARE_ISSUER].text, PARTY_ISSUER, &incident->issuer));
	return party_apart(decision, "funder", values[DECLARE_FUNDER].text, &incident->funder);
}

/* A7: the custodian, who may be given already, is neither the merchant nor the issuer. */
static enum recourse_error find_custodian(struct decision *decision, const struct record_incident *incident,
	slice merchant, uint32_t *custodian)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&incident->unit));
	struct record_deposit deposit;
	bool lodged;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, &lodged));
	if (lodged && *custodian != 0 && *custodian != deposit.custodian)
		return refuse_entry(decision, RECOURSE_CUSTODIAN_WRONG, "custodian", deposit.first_entry);
	if (!lodged && *custodian == 0)
		return refuse(decision, RECOURSE_FIELD_MISSING, "custodian",
			"given where the merchant has no deposit");
	if (lodged)
		*custodian = deposit.custodian;
	if (*custodian == incident->merchant || *custodian == incident->issuer)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "custodian", "neither the merchant nor the issuer");
	return RECOURSE_OK;
}

/* The pool of one merchant: what is lodged with its custodian secures its claims from here on. */
static enum recourse_error open_section(struct decision *decision, const struct record_incident *incident,
	slice id, slice merchant, uint32_t custodian)
{
	struct record_section section = {
		.incident = incident->number, .party = incident->merchant, .custodian = custodian};
	TRY(section_save(decision, &section));
	return area_section_opened(decision, &section, &incident->unit, id, merchant);
}

static enum recourse_error check_terms(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	struct record_policy policy;
	record_text_set(incident->policy, sizeof incident->policy, values[DECLARE_POLICY].text);
	incident->policy_version = (uint32_t)values[DECLARE_VERSION].integer;
	TRY(incident_terms(decision, incident, &policy));
	incident->unit = policy.unit;
	incident->bar_date = values[DECLARE_BAR_DATE].present
				     ? values[DECLARE_BAR_DATE].instant
				     : decision->time + (uint64_t)policy.claim_days * INSTANT_DAY;
	if (incident->bar_date <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "bar_date", "in the future");
	return RECOURSE_OK;
}

static enum recourse_error apply_declare(struct decision *decision, const struct value *values)
{
	slice id = values[DECLARE_INCIDENT].text;
	slice merchant = values[DECLARE_MERCHANT].text;
	struct record_incident incident = {.entry = decision->entry};
	struct record_path name = record_path_of_text(RECORD_INCIDENT_NAME, id);
	struct record_path hold = record_path_of_text(RECORD_HOLD, id);
	uint32_t custodian = 0;
	uint64_t number;
	TRY(decision_absent(decision, "incident", &name));
	TRY(decision_absent(decision, "incident", &hold));
	TRY(find_parties(decision, values, &incident));
	if (values[DECLARE_CUSTODIAN].present)
		TRY(decision_party(decision, "custodian", values[DECLARE_CUSTODIAN].text, &custodian));
	TRY(check_terms(decision, values, &incident));
	TRY(find_custodian(decision, &incident, merchant, &custodian));
	TRY(record_count(decision->state, RECORD_INCIDENT, &number));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_DECLARED, "incident"));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_CLAIMS_OPEN, "incident"));

	decision_fact_instant(decision, "closes", incident.bar_date);
	incident.number = (uint32_t)number;
	incident.clock = incident.bar_date;
	record_text_set(incident.id, sizeof incident.id, id);
	TRY(decision_put(decision, &name, &incident.number, sizeof incident.number));
	TRY(open_section(decision, &incident, id, merchant, custodian));
	TRY(incident_save(decision, &incident));
	TRY(decision_about(decision, RECORD_PARTY, merchant));
	return decision_about(decision, RECORD_INCIDENT, id);
}

enum recourse_error incident_bar_date_passed(struct decision *decision, slice id)
{
	struct record_incident incident;
	TRY(incident_governing(decision, "subject", id, &incident));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_BAR_DATE, "subject"));
	TRY(incident_save(decision, &incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}

static const struct command rows[] = {
	COMMAND("incident.declare", RECOURSE_ROLE_OPERATOR, declare_fields, apply_declare,
		"declare a merchant's failure: freezes its deposit, opens the claim window", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_CUSTODIAN_WRONG, RECOURSE_WINDOW_CLOSED,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group incident_commands = COMMAND_GROUP(rows);
