/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/incident/standing.h"

/* incident.declare (B1): somebody has failed its customers; what follows from that the README says. */
enum {
	DECLARE_INCIDENT,
	DECLARE_MERCHANT,
	DECLARE_ISSUER,
	DECLARE_BATCH,
	DECLARE_FUNDER,
	DECLARE_CUSTODIAN,
	DECLARE_POLICY,
	DECLARE_VERSION,
	DECLARE_BAR_DATE,
	DECLARE_REASON,
};
static const struct recourse_field declare_fields[] = {
	[DECLARE_INCIDENT] = FIELD(ID, "incident", "the incident's id, never used again"),
	[DECLARE_MERCHANT] = FIELD_OPTIONAL(ID, "merchant",
		"merchant of record, whose deposit is frozen; all that sold what the issuer issued if "
		"absent"),
	[DECLARE_ISSUER] = FIELD_OPTIONAL(ID, "issuer", "who issued what was sold; whoever did if absent"),
	[DECLARE_BATCH] =
		FIELD_OPTIONAL(ID, "batch", "of the issuer's, whose lots it is about; any if absent"),
	[DECLARE_FUNDER] = FIELD(ID, "funder", "who advances what the deposit does not cover"),
	[DECLARE_CUSTODIAN] =
		FIELD_OPTIONAL(ID, "custodian", "who holds the money; the deposit's custodian if absent"),
	[DECLARE_POLICY] = FIELD(ID, "policy", "that decides the claims"),
	[DECLARE_VERSION] = FIELD_INTEGER("version", 1, 1000000, "of the policy, fixed for this incident"),
	[DECLARE_BAR_DATE] = FIELD_OPTIONAL(
		TIME, "bar_date", "last moment to file; the policy's claim_days from now if absent"),
	[DECLARE_REASON] = FIELD(ID, "reason", "reason code, such as liquidation"),
};

static enum recourse_error find_batch(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	slice batch = values[DECLARE_BATCH].text;
	struct record_path prefix = record_path_of_texts(RECORD_BATCH, values[DECLARE_ISSUER].text, batch);
	bool any;
	if (batch.size == 0)
		return RECOURSE_OK;
	if (incident->issuer == 0)
		return refuse(decision, RECOURSE_FIELD_MISSING, "issuer", "with a batch, which is one's");
	TRY(record_any(decision->state, &prefix, &any));
	record_text_set(incident->batch, sizeof incident->batch, batch);
	return any ? RECOURSE_OK : refuse(decision, RECOURSE_NOT_FOUND, "batch", NULL);
}

static enum recourse_error find_parties(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	const struct value *merchant = &values[DECLARE_MERCHANT];
	const struct value *issuer = &values[DECLARE_ISSUER];
	if (!merchant->present && !issuer->present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "merchant", "a merchant, an issuer or both");
	if (merchant->present)
		TRY(party_concerned(
			decision, "merchant", merchant->text, PARTY_MERCHANT, &incident->merchant));
	if (issuer->present)
		TRY(party_concerned(decision, "issuer", issuer->text, PARTY_ISSUER, &incident->issuer));
	TRY(find_batch(decision, values, incident));
	TRY(party_apart(decision, "funder", values[DECLARE_FUNDER].text, &incident->funder));
	return values[DECLARE_CUSTODIAN].present
		       ? decision_party(
				 decision, "custodian", values[DECLARE_CUSTODIAN].text, &incident->custodian)
		       : RECOURSE_OK;
}

/* The merchant's deposit is where it is; where there is none, the custodian has to be said. */
static enum recourse_error find_merchants_custodian(
	struct decision *decision, slice merchant, struct record_incident *incident)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&incident->unit));
	struct record_deposit deposit;
	bool lodged;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, &lodged));
	if (lodged && incident->custodian != 0 && incident->custodian != deposit.custodian)
		return refuse_entry(decision, RECOURSE_CUSTODIAN_WRONG, "custodian", deposit.first_entry);
	if (!lodged && incident->custodian == 0)
		return refuse(decision, RECOURSE_FIELD_MISSING, "custodian",
			"given where the merchant has no deposit");
	if (lodged)
		incident->custodian = deposit.custodian;
	return RECOURSE_OK;
}

/* A7: the custodian, who may be given already, is neither the merchant nor the issuer. */
static enum recourse_error find_custodian(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	if (incident->merchant != 0)
		TRY(find_merchants_custodian(decision, values[DECLARE_MERCHANT].text, incident));
	else if (incident->custodian == 0)
		TRY(scope_custodian(decision, values[DECLARE_ISSUER].text, incident));
	if (incident->custodian == incident->merchant || incident->custodian == incident->issuer)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "custodian", "neither the merchant nor the issuer");
	return RECOURSE_OK;
}

static enum recourse_error check_terms(
	struct decision *decision, const struct value *values, struct record_incident *incident)
{
	struct record_policy policy;
	record_text_set(incident->policy, sizeof incident->policy, values[DECLARE_POLICY].text);
	incident->policy_version = (uint32_t)values[DECLARE_VERSION].integer;
	TRY(incident_terms(decision, incident, &policy));
	incident->unit = policy.unit;
	incident->freeze = (uint32_t)policy.freeze;
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
	struct record_incident incident = {.entry = decision->entry, .declared = decision->time};
	struct record_path name = record_path_of_text(RECORD_INCIDENT_NAME, id);
	struct record_path hold = record_path_of_text(RECORD_HOLD, id);
	uint64_t number;
	TRY(decision_absent(decision, "incident", &name));
	TRY(decision_absent(decision, "incident", &hold));
	TRY(find_parties(decision, values, &incident));
	TRY(check_terms(decision, values, &incident));
	TRY(standing_check(decision, &incident));
	TRY(find_custodian(decision, values, &incident));
	TRY(record_count(decision->state, RECORD_INCIDENT, &number));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_DECLARED, "incident"));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_CLAIMS_OPEN, "incident"));

	decision_fact_instant(decision, "closes", incident.bar_date);
	incident.number = (uint32_t)number;
	incident.clock = incident.bar_date;
	incident.close_clock = incident.bar_date;
	record_text_set(incident.id, sizeof incident.id, id);
	TRY(decision_put(decision, &name, &incident.number, sizeof incident.number));
	TRY(scope_open(decision, &incident, values[DECLARE_MERCHANT].text, values[DECLARE_ISSUER].text));
	TRY(incident_save(decision, &incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}

static const struct command rows[] = {
	COMMAND("incident.declare", RECOURSE_ROLE_OPERATOR, declare_fields, apply_declare,
		"declare a merchant's or an issuer's failure: freezes deposits, opens the claim window",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_CUSTODIAN_WRONG, RECOURSE_WINDOW_CLOSED,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group declare_commands = COMMAND_GROUP(rows);
