/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include "base/split.h"
#include "rules/recourse/liability.h"
#include "rules/recourse/owed_back.h"

#include <assert.h>

/* Recoveries (G4), and what recovering costs, which is the funder's advance too: see README.md. */
enum { RECEIVE_RECOVERY, RECEIVE_INCIDENT, RECEIVE_PAYER, RECEIVE_AMOUNT, RECEIVE_BANK };
static const struct recourse_field receive_fields[] = {
	[RECEIVE_RECOVERY] = FIELD(ID, "recovery", "the receipt's id, never used again"),
	[RECEIVE_INCIDENT] = FIELD(ID, "incident", "that it is paid for"),
	[RECEIVE_PAYER] = FIELD(ID, "payer", "the party that paid, or for which was paid"),
	[RECEIVE_AMOUNT] = FIELD(AMOUNT, "amount", "received"),
	[RECEIVE_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_RECOVERY, values[RECEIVE_RECOVERY].text);
	struct record_recovery recovery = {.entry = decision->entry};
	struct record_incident incident;
	struct record_section section;
	slice reference = values[RECEIVE_INCIDENT].text;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_custodian(decision, &incident));
	TRY(section_named(decision, "section", NULL, &incident, &section));
	TRY(decision_absent(decision, "recovery", &path));
	TRY(decision_party(decision, "payer", values[RECEIVE_PAYER].text, &recovery.payer));
	TRY(decision_amount(
		decision, "amount", values[RECEIVE_AMOUNT].text, &incident.unit, &recovery.amount));

	TRY(incident_money_moved(decision, "incident", &incident));
	recovery.incident = section.incident;
	recovery.section = section.party;
	TRY(decision_put(decision, &path, &recovery, sizeof recovery));
	return attest_received(decision, &values[RECEIVE_BANK], &incident.unit, recovery.amount,
		CHART_SUSPENSE, values[RECEIVE_PAYER].text, reference);
}

/* ---- recovery.allocate: the waterfall ---- */

struct waterfall {
	struct record_incident incident;
	struct record_section section;
	struct record_policy policy;
	struct record_recovery recovery;
	struct record_liability liability; /* the payer's; zero where it is not liable */
	slice reference;
	slice payer;
	slice funder;
	int64_t open[WATERFALL_CLAIMS];
	int64_t served[WATERFALL_CLAIMS];
	int64_t left;
};

static enum recourse_error load_waterfall(
	struct decision *decision, const struct record_path *path, struct waterfall *fall)
{
	TRY(decision_find(decision, "recovery", path, &fall->recovery, sizeof fall->recovery));
	TRY(incident_referred(decision, fall->recovery.incident, &fall->incident, &fall->reference));
	TRY(section_load(decision->state, fall->recovery.incident, fall->recovery.section, &fall->section));
	TRY(incident_terms(decision, &fall->incident, &fall->policy));
	TRY(party_name(decision->state, decision->arena, fall->recovery.payer, &fall->payer));
	TRY(party_name(decision->state, decision->arena, fall->incident.funder, &fall->funder));
	fall->left = fall->recovery.amount - fall->recovery.allocated;
	return liability_get(decision->state, &fall->section, fall->payer, &fall->liability);
}

/* What each claim of the waterfall may still take from this payer. A stranger to the liability owes nothing. */
static enum recourse_error read_open(struct decision *decision, struct waterfall *fall)
{
	const struct record_liability *liability = &fall->liability;
	if (fall->liability.share == 0)
		return RECOURSE_OK;
	TRY(account_balance(decision->state, CHART_COSTS, slice_text(""), fall->reference,
		&fall->incident.unit, &fall->open[WATERFALL_COSTS]));
	TRY(account_balance(decision->state, CHART_RECOURSE, fall->payer, fall->reference,
		&fall->incident.unit, &fall->open[WATERFALL_ADVANCES]));
	fall->open[WATERFALL_UNCOVERED] = liability->uncovered - liability->received_uncovered;
	fall->open[WATERFALL_INTEREST] = liability->interest - liability->received_interest;
	return RECOURSE_OK;
}

static enum recourse_error serve_rank(const struct record_policy *policy, uint8_t rank,
	const int64_t open[static WATERFALL_CLAIMS], int64_t served[static WATERFALL_CLAIMS], int64_t *left)
{
	int64_t weights[WATERFALL_CLAIMS];
	int64_t parts[WATERFALL_CLAIMS];
	int64_t sum = 0;
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++) {
		weights[claim] = policy->rank[claim] == rank ? open[claim] : 0;
		TRY(amount_add_steps(sum, weights[claim], &sum));
	}
	int64_t amount = sum < *left ? sum : *left;
	TRY(split_all(amount, weights, WATERFALL_CLAIMS, parts));
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++)
		served[claim] += parts[claim];
	*left -= amount;
	return RECOURSE_OK;
}

enum recourse_error recovery_serve(const struct record_policy *policy,
	const int64_t open[static WATERFALL_CLAIMS], int64_t served[static WATERFALL_CLAIMS], int64_t *left)
{
	for (uint8_t rank = 1; rank <= 9; rank++)
		TRY(serve_rank(policy, rank, open, served, left));
	return RECOURSE_OK;
}

static enum recourse_error post_waterfall(struct decision *decision, struct waterfall *fall)
{
	const struct unit *unit = &fall->incident.unit;
	const int64_t *served = fall->served;
	int64_t consumers = served[WATERFALL_UNCOVERED] + served[WATERFALL_INTEREST];
	int64_t funder = served[WATERFALL_COSTS] + served[WATERFALL_ADVANCES];
	const struct {
		enum chart_code code;
		slice party;
		int64_t steps;
	} postings[] = {
		{CHART_SUSPENSE, fall->payer, fall->recovery.amount - fall->recovery.allocated},
		{CHART_COSTS, slice_text(""), -served[WATERFALL_COSTS]},
		{CHART_COST_ADVANCES, fall->funder, served[WATERFALL_COSTS]},
		{CHART_RECOURSE, fall->payer, -served[WATERFALL_ADVANCES]},
		{CHART_ADVANCES, fall->funder, served[WATERFALL_ADVANCES]},
	};
	for (size_t index = 0; index < sizeof postings / sizeof postings[0]; index++)
		TRY(decision_post(decision, postings[index].code, postings[index].party, fall->reference,
			unit, postings[index].steps));
	TRY(owed_back_credit(decision, &fall->incident, &fall->section, fall->reference, funder));
	TRY(decision_post(decision, CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS), fall->reference, unit,
		-consumers));
	return decision_post(decision, CHART_OVER_RECOVERY, fall->payer, fall->reference, unit, -fall->left);
}

static enum recourse_error record_served(struct decision *decision, struct waterfall *fall)
{
	struct record_liability *liability = &fall->liability;
	struct record_section *section = &fall->section;
	section->uncovered_collected += fall->served[WATERFALL_UNCOVERED];
	section->interest_collected += fall->served[WATERFALL_INTEREST];
	if (fall->liability.share == 0)
		return RECOURSE_OK;
	liability->received_costs += fall->served[WATERFALL_COSTS];
	liability->received_recourse += fall->served[WATERFALL_ADVANCES];
	liability->received_uncovered += fall->served[WATERFALL_UNCOVERED];
	liability->received_interest += fall->served[WATERFALL_INTEREST];
	liability->over_paid += fall->left;
	bool satisfied = fall->open[WATERFALL_ADVANCES] == fall->served[WATERFALL_ADVANCES] &&
			 fall->open[WATERFALL_UNCOVERED] == fall->served[WATERFALL_UNCOVERED] &&
			 fall->open[WATERFALL_INTEREST] == fall->served[WATERFALL_INTEREST];
	uint32_t next = satisfied ? RECOURSE_SATISFIED : RECOURSE_PARTIAL;
	if (next != liability->state)
		TRY(decision_step(decision, LIFE_RECOURSE, &liability->state, next, "recovery"));
	return liability_put(decision, section, fall->payer, liability);
}

enum { ALLOCATE_RECOVERY };
static const struct recourse_field allocate_fields[] = {
	[ALLOCATE_RECOVERY] = FIELD(ID, "recovery", "the receipt's id"),
};

static void show_waterfall(struct decision *decision, const struct waterfall *fall)
{
	const struct unit *unit = &fall->incident.unit;
	decision_fact_text(decision, "payer", fall->payer);
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++)
		decision_fact_amount(decision, terms_waterfall_names[claim], unit, fall->served[claim]);
	decision_fact_amount(decision, "over_payment", unit, fall->left);
}

static enum recourse_error apply_allocate(struct decision *decision, const struct value *values)
{
	struct waterfall fall = {0};
	struct record_path path = record_path_of_text(RECORD_RECOVERY, values[ALLOCATE_RECOVERY].text);
	TRY(load_waterfall(decision, &path, &fall));
	if (fall.left == 0)
		return refuse_entry(
			decision, RECOURSE_STATE_WRONG, "recovery", fall.recovery.allocated_entry);
	if (fall.section.advanced + fall.section.restored > 0 && fall.section.apportioned_entry == 0)
		return refuse_state(
			decision, "recovery", life_state_name(LIFE_INCIDENT, fall.incident.state));
	TRY(read_open(decision, &fall));
	TRY(recovery_serve(&fall.policy, fall.open, fall.served, &fall.left));
	TRY(record_served(decision, &fall));
	TRY(post_waterfall(decision, &fall));
	TRY(section_save(decision, &fall.section));

	show_waterfall(decision, &fall);
	fall.recovery.allocated = fall.recovery.amount;
	fall.recovery.allocated_entry = decision->entry;
	TRY(decision_put(decision, &path, &fall.recovery, sizeof fall.recovery));
	return decision_about(decision, RECORD_INCIDENT, fall.reference);
}

/* ---- recovery.remit: the funder gets its money ---- */

enum { REMIT_INCIDENT, REMIT_AMOUNT, REMIT_BANK };
static const struct recourse_field remit_fields[] = {
	[REMIT_INCIDENT] = FIELD(ID, "incident", "whose recoveries are due to the funder"),
	[REMIT_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "paid out; all that is due if absent"),
	[REMIT_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_remit(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	slice reference = values[REMIT_INCIDENT].text;
	slice funder;
	int64_t due;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_custodian(decision, &incident));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	TRY(account_balance(decision->state, CHART_DUE_TO_FUNDER, funder, reference, &incident.unit, &due));
	TRY(decision_amount_or_all(decision, "amount", &values[REMIT_AMOUNT], &incident.unit, due, &steps));
	return attest_paid(
		decision, &values[REMIT_BANK], &incident.unit, steps, CHART_DUE_TO_FUNDER, funder, reference);
}

/* ---- cost.record ---- */

enum { COST_INCIDENT, COST_AMOUNT, COST_REASON, COST_EVIDENCE };
static const struct recourse_field cost_fields[] = {
	[COST_INCIDENT] = FIELD(ID, "incident", "whose recovery it serves"),
	[COST_AMOUNT] = FIELD(AMOUNT, "amount", "borne by the funder, outside the custodian's account"),
	[COST_REASON] = FIELD(ID, "reason", "reason code, such as court-fee"),
	[COST_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the bill"),
};

static enum recourse_error apply_cost(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	slice reference = values[COST_INCIDENT].text;
	slice funder;
	int64_t steps;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_open(decision, "incident", &incident));
	TRY(decision_amount(decision, "amount", values[COST_AMOUNT].text, &incident.unit, &steps));
	TRY(party_name(decision->state, decision->arena, incident.funder, &funder));
	return decision_move(decision, &incident.unit, steps, CHART_COSTS, slice_text(""),
		CHART_COST_ADVANCES, funder, reference);
}

static const struct command rows[] = {
	COMMAND("recovery.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests money from a liable party; an incident that was closed is reopened by "
		"it",
		ATTEST_REFUSES, RECOURSE_STATE_WRONG),
	COMMAND("recovery.allocate", RECOURSE_ROLE_OPERATOR, allocate_fields, apply_allocate,
		"send a receipt down the waterfall", RECOURSE_OVERFLOW, RECOURSE_STATE_WRONG),
	COMMAND("recovery.remit", RECOURSE_ROLE_CUSTODIAN, remit_fields, apply_remit,
		"the custodian attests what the funder was paid", ATTEST_REFUSES),
	COMMAND("cost.record", RECOURSE_ROLE_OPERATOR, cost_fields, apply_cost,
		"record a cost of recovery that the funder bears", RECOURSE_STATE_WRONG),
};
const struct command_group recovery_commands = COMMAND_GROUP(rows);
