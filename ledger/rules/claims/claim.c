/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/listed.h"
#include "rules/claims/lot.h"
#include "rules/claims/measure.h"
#include "rules/claims/origin.h"
#include "rules/claims/said_left.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/scope.h"
#include "rules/incident/standing.h"
#include "rules/recourse/settle_up.h"

#include <assert.h>

enum recourse_error claim_find(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	return decision_find(decision, "claim", &path, claim, sizeof *claim);
}

/* What is to be done again of one that was closed opens it by itself. */
enum recourse_error claim_open_again(struct decision *decision, slice id, struct record_claim *claim)
{
	return claim->hearing == HEARING_CLOSED && record_claim_waits(claim)
		       ? hearing_undo_closing(decision, id, claim)
		       : RECOURSE_OK;
}

enum recourse_error claim_put_about(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	int64_t left = amount_beyond(claim->loss, claim->received);
	assert(claim->paid <= left + claim->clawed + claim->clawed_pool); /* I5 */
	assert(!record_claim_waits(claim) || claim->due != 0);            /* D2 */
	claim->last_entry = decision->entry;
	TRY(claim_open_again(decision, id, claim));
	TRY(area_claim_put(decision, id, claim));
	TRY(decision_put(decision, &path, claim, sizeof *claim));
	return decision_about(decision, RECORD_CLAIM, id);
}

enum recourse_error claim_separate(struct decision *decision, uint32_t first_key, uint32_t second_key)
{
	const uint32_t keys[] = {first_key, second_key};
	return person_differs(decision, keys, 2, "claim", "nobody intakes, decides and pays the same claim");
}

bool claim_undecided(const struct record_claim *claim)
{
	return claim->state <= CLAIM_PROPOSED || claim->state == CLAIM_REOPENED ||
	       claim->state == CLAIM_APPEALED;
}

enum recourse_error claim_waits(
	struct state_view *view, slice id, const struct record_claim *claim, bool *waits)
{
	struct record_section section;
	int64_t part;
	bool covered;
	*waits = record_claim_waits(claim);
	if (*waits || claim->state != CLAIM_PAID)
		return RECOURSE_OK;
	TRY(section_load(view, claim->incident, claim->section, &section));
	TRY(round_part(view, &section, id, ROUND_DEPOSIT, &part, &covered));
	*waits = covered && part > claim->paid;
	return RECOURSE_OK;
}

const char *const claim_channel_names[] = {"app", "phone", "mail", "counter", "mediator", "import", NULL};

enum {
	FILE_CLAIM,
	FILE_INCIDENT,
	FILE_ENTITLEMENT,
	FILE_CHANNEL,
	FILE_EVIDENCE,
	FILE_AMOUNT,
	FILE_EXCUSE,
	FILE_REMAINING,
	FILE_ORIGIN
};
static const struct recourse_field file_fields[] = {
	[FILE_CLAIM] = FIELD_OPAQUE("claim", "the claim's id, never used again"),
	[FILE_INCIDENT] = FIELD_OPTIONAL(ID, "incident",
		"that caused the loss; if absent the one declared that has the lot, or the merchant's that "
		"stands"),
	[FILE_ENTITLEMENT] = FIELD_FOREIGN("entitlement", "what can no longer be used"),
	[FILE_CHANNEL] = FIELD_CHOICE("channel", claim_channel_names, "how the consumer came"),
	[FILE_EVIDENCE] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what the consumer handed in"),
	[FILE_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "that the consumer asks for; what is left of the lot is worth if absent"),
	[FILE_EXCUSE] = FIELD_OPTIONAL(ID, "excuse",
		"after the bar date: reason code, with its evidence; the claim waits to be admitted"),
	[FILE_REMAINING] = FIELD_OPTIONAL(AMOUNT, "remaining",
		"units that the consumer says are left, with evidence_hash where that shows it; counts where "
		"whoever has the records is silent"),
	[FILE_ORIGIN] = FIELD_OPTIONAL(HASH, "origin_hash",
		"salted SHA-256 of what the claim came from: a device, an address, a counter"),
};

static enum recourse_error refuse_barred(struct decision *decision, const struct record_incident *incident)
{
	char bar_date[INSTANT_TEXT_SIZE];
	instant_format(incident->bar_date, bar_date);
	return refuse_limit(
		decision, RECOURSE_WINDOW_CLOSED, "incident", "before the bar date, %s", bar_date);
}

/* Its lot was claimed there in time, by whom a ruling gave what was not theirs: who is right had no place by then. */
static enum recourse_error find_barred_by(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *lot, bool *barred)
{
	struct record_claim former;
	*barred = false;
	if (lot->claim[0] == '\0' || lot->claim_entry != 0)
		return RECOURSE_OK;
	TRY(claim_find(decision, RECORD_TEXT(lot->claim), &former));
	*barred = former.voided != 0 && former.incident == incident->number && former.late != CLAIM_LATE;
	return RECOURSE_OK;
}

/* Too late is barred, unless there was an excuse (claim.admit): whatever the incident has come to by then. */
static enum recourse_error check_time(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *lot, const struct value *values, struct record_claim *claim)
{
	bool barred = false;
	if (decision->time > incident->bar_date)
		TRY(find_barred_by(decision, incident, lot, &barred));
	claim->late = decision->time > incident->bar_date && !barred ? CLAIM_LATE : CLAIM_IN_TIME;
	if (claim->late == CLAIM_LATE && !values[FILE_EXCUSE].present)
		return refuse_barred(decision, incident);
	if (claim->late == CLAIM_IN_TIME && values[FILE_EXCUSE].present)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "excuse", "after the bar date");
	if (claim->late == CLAIM_LATE && !values[FILE_EVIDENCE].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash", "of what excuses it");
	return RECOURSE_OK;
}

static enum recourse_error check_filing(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *entitlement, const struct value *values, struct record_claim *claim)
{
	if (!standing_takes_claims(incident))
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
	TRY(check_time(decision, incident, entitlement, values, claim));
	if (!scope_has(incident, entitlement))
		return refuse_entry(
			decision, RECOURSE_NOT_PERMITTED, "entitlement", entitlement->issue_entry);
	if (!unit_same(&entitlement->currency, &incident->unit))
		return refuse_limit(
			decision, RECOURSE_UNIT_MISMATCH, "entitlement", "bought in %s", incident->unit.code);
	return standing_gives_way(decision, "incident", incident, entitlement, 0);
}

/* D8: a second claim while one lives or was paid is linked, never silently dropped. */
static enum recourse_error link_or_receive(struct decision *decision, slice id,
	struct record_section *section, const struct record_policy *policy,
	struct record_entitlement *entitlement, struct record_claim *claim, slice *fallen)
{
	*fallen = slice_text("");
	if (entitlement->claim_entry == 0) {
		section->claims_filed++;
		TRY(lot_reserve(decision, section, policy, id, claim, entitlement));
		TRY(lot_take(decision, entitlement, id, claim, fallen));
		TRY(measure_restart(decision, *fallen, section, claim));
		TRY(entitlement_save(decision, RECORD_TEXT(claim->entitlement), entitlement));
		return decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_RECEIVED, "claim");
	}
	section->claims_linked++;
	decision_fact_integer(decision, COMMAND_LINKED_TO, entitlement->claim_entry);
	TRY(area_claim_repeated(decision, RECORD_TEXT(entitlement->claim)));
	return decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_LINKED, "claim");
}

/* What the consumer says is lost, in money and in units. */
static enum recourse_error take_said(struct decision *decision, const struct value *values,
	const struct record_entitlement *lot, struct record_claim *claim)
{
	if (values[FILE_AMOUNT].present)
		TRY(decision_amount(
			decision, "amount", values[FILE_AMOUNT].text, &lot->currency, &claim->asked));
	TRY(said_left_take(decision, &values[FILE_REMAINING], lot, claim));
	claim->said_shown = claim->said_left > 0 && values[FILE_EVIDENCE].present;
	return RECOURSE_OK;
}

/* D11: nobody has to know of one. */
static enum recourse_error find_incident(struct decision *decision, const struct value *values,
	const struct record_entitlement *lot, struct record_incident *incident)
{
	return values[FILE_INCIDENT].present
		       ? incident_governing(decision, "incident", values[FILE_INCIDENT].text, incident)
		       : standing_find(decision, lot, 0, incident);
}

static enum recourse_error apply_file(struct decision *decision, const struct value *values)
{
	slice id = values[FILE_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim = {.filed_entry = decision->entry};
	struct record_incident incident;
	struct record_section section;
	struct record_entitlement entitlement;
	struct record_policy policy;
	slice fallen;
	uint32_t shown;
	TRY(decision_absent(decision, "claim", &path));
	TRY(entitlement_find(decision, "entitlement", values[FILE_ENTITLEMENT].text, &entitlement));
	TRY(find_incident(decision, values, &entitlement, &incident));
	TRY(check_filing(decision, &incident, &entitlement, values, &claim));
	TRY(take_said(decision, values, &entitlement, &claim));
	TRY(incident_terms(decision, &incident, &policy));
	measure_filed(decision, &claim);
	record_text_set(claim.entitlement, sizeof claim.entitlement, values[FILE_ENTITLEMENT].text);
	TRY(scope_section(decision, "entitlement", &incident, entitlement.merchant, &section));
	TRY(listed_begin(decision, id, &incident, &policy, values[FILE_EVIDENCE].text, &claim));
	TRY(link_or_receive(decision, id, &section, &policy, &entitlement, &claim, &fallen));

	claim.incident = section.incident;
	claim.section = section.party;
	claim.intake = section.incident;
	claim.filer = decision->actor->key;
	claim.owner = decision->actor->key;
	TRY(terms_decision_due(decision, &policy, &claim.due));
	decision_fact_integer(decision, "receipt", decision->entry);
	if (claim.state == CLAIM_RECEIVED && claim.late == CLAIM_IN_TIME)
		TRY(hearing_begin(decision, id, &policy, &claim));
	TRY(settle_up_loss(decision, &incident, &section));
	TRY(section_save(decision, &section));
	if (decision->time > incident.bar_date) /* its lot did not count any more */
		TRY(freeze_follow(decision, section.party, &incident.unit));
	else if (incident.merchant == 0)
		TRY(freeze_follow_leaver(decision, section.party, &incident.unit));
	else
		TRY(freeze_follow_claims(decision, &incident, section.party));
	TRY(claim_put_about(decision, id, &claim));
	TRY(origin_take(decision, &values[FILE_ORIGIN], id, &shown));
	TRY(area_claim_placed(decision, id, &claim, &entitlement, &incident, shown));
	return lot_taken(decision, fallen, id);
}

static const struct command rows[] = {
	COMMAND(COMMAND_FILE, RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, file_fields, apply_file,
		"take a consumer's claim; its receipt number is the entry", RECOURSE_UNIT_MISMATCH,
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED,
		RECOURSE_CUSTODIAN_WRONG, RECOURSE_EVIDENCE_MISSING, RECOURSE_INSUFFICIENT),
};
const struct command_group claim_commands = COMMAND_GROUP(rows);
