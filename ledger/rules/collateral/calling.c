/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

#include <assert.h>

/* An instrument is in the pool of its merchant: a call on it is that section's. */

/* instrument.call: whose instruments are asked for how much. */

enum { CALL_INCIDENT, CALL_MERCHANT, CALL_REASON, CALL_EVIDENCE };
static const struct recourse_field call_fields[] = {
	[CALL_INCIDENT] = FIELD(ID, "incident", "whose decided claims the deposit does not meet"),
	[CALL_MERCHANT] = FIELD_OPTIONAL(
		ID, "merchant", "whose instruments; the first whose can give something if absent"),
	[CALL_REASON] = FIELD(ID, "reason", "reason code"),
	[CALL_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the notice to the providers"),
};

/* The merchant's live instruments with what was called from each for the incident, and what each gives now. */
struct plan {
	struct record_incident incident;
	struct record_section section;
	slice reference;
	struct instrument_calls before; /* of the section, whatever became of the instrument */
	size_t count;
	struct instrument_call rows[INSTRUMENT_LIVE_MAX];
	int64_t insured[INSTRUMENT_LIVE_MAX]; /* of all decided claims */
	int64_t given[INSTRUMENT_LIVE_MAX];
	uint64_t claims;
	int64_t need;
	int64_t called;
};

static enum recourse_error find_incident(struct decision *decision, slice id, struct plan *plan)
{
	struct record_incident *incident = &plan->incident;
	TRY(incident_concerned(decision, id, incident));
	/* as long as a round can follow */
	if (incident->state != INCIDENT_ADJUDICATED && incident->state != INCIDENT_RECOVERY &&
		!life_allows(LIFE_INCIDENT, incident->state, INCIDENT_ADJUDICATED))
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
	plan->reference = id;
	return RECOURSE_OK;
}

/*
 * What all decided claims have lost and neither had elsewhere nor of so much of pools, so what was advanced meanwhile is theirs
 * to repay; but for what liable parties have paid the funder, and consumers, of it …
 */
static int64_t lost(const struct record_section *section, int64_t pool)
{
	int64_t paid_out = section->uncovered_served - section->uncovered_collected;
	return amount_beyond(
		section->loss - section->elsewhere, pool + section->recourse_collected + paid_out);
}

/* What later ranks gave before, the issuer's pool too, is the instruments' to repay; but not what an appeal restored of that. */
static int64_t own_pool(const struct record_section *section)
{
	return section_pool(section) - section_pools(section).issuers;
}

/* … less the frozen deposit, less what was called and is not used. */
static enum recourse_error lessen_open(struct decision *decision, const struct plan *plan,
	const struct record_section *section, int64_t *open)
{
	struct instrument_calls calls;
	slice merchant;
	int64_t frozen;
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	TRY(account_balance(decision->state, CHART_DEPOSIT_FROZEN, merchant, plan->reference,
		&plan->incident.unit, &frozen));
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	*open = amount_beyond(*open, frozen);
	for (size_t row = 0; row < calls.count; row++) {
		const struct record_instrument_call *record = &calls.rows[row].record;
		*open = amount_beyond(*open, instrument_call_unpaid(record) + instrument_call_unused(record));
	}
	return RECOURSE_OK;
}

static enum recourse_error find_open(struct decision *decision, const struct plan *plan,
	const struct record_section *section, int64_t *open)
{
	*open = lost(section, section_pool(section));
	return lessen_open(decision, plan, section, open);
}

static bool is_issuers(const struct plan *plan, const struct record_section *section)
{
	return plan->incident.merchant == 0 && section->party == plan->incident.issuer;
}

/* The issuer's pool also meets what the pools of others leave open. */
static enum recourse_error find_need(struct decision *decision, struct plan *plan)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, plan->incident.number);
	int64_t lacking = lost(&plan->section, own_pool(&plan->section));
	struct record_section other;
	if (is_issuers(plan, &plan->section)) {
		SCOPED(record_walk_end)
		struct record_walk walk = record_walk_over(decision->state, &prefix);
		while (record_walk_next(&walk, &other, sizeof other)) {
			int64_t open;
			if (other.party == plan->section.party)
				continue;
			TRY(find_open(decision, plan, &other, &open));
			TRY(amount_add_steps(lacking, open, &lacking));
		}
		TRY(walk.error);
	}
	plan->need = lacking;
	return lessen_open(decision, plan, &plan->section, &plan->need);
}

enum recourse_error calling_need(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, int64_t *steps)
{
	struct plan plan = {.incident = *incident, .section = *section, .reference = reference};
	TRY(find_need(decision, &plan));
	*steps = plan.need;
	return RECOURSE_OK;
}

/* One that was not called for the incident yet has a call of nothing. */
static enum recourse_error read_instruments(struct decision *decision, struct plan *plan)
{
	struct instruments live;
	TRY(instrument_list(decision->state, decision->arena, plan->section.party,
		unit_code(&plan->incident.unit), &live));
	plan->count = live.count;
	for (size_t row = 0; row < plan->count; row++) {
		struct instrument_call *call = &plan->rows[row];
		call->instrument = live.rows[row];
		call->record = (struct record_instrument_call){0};
		enum recourse_error error = instrument_call_read(
			decision->state, plan->section.incident, &call->instrument, &call->record);
		if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
			return error;
	}
	return RECOURSE_OK;
}

/* What each instrument insures of one claim: above the deductible, up to the limit for a claim. */
static enum recourse_error insure(void *context, int64_t loss)
{
	struct plan *plan = context;
	plan->claims++;
	for (size_t row = 0; row < plan->count; row++) {
		const struct record_instrument *record = &plan->rows[row].instrument.record;
		int64_t part = amount_beyond(loss, record->deductible);
		if (record->claim_limit != 0 && part > record->claim_limit)
			part = record->claim_limit;
		TRY(amount_add_steps(plan->insured[row], part, &plan->insured[row]));
	}
	return RECOURSE_OK;
}

/* The claims that they insure: of the section; those of all are the issuer's pool's. */
static enum recourse_error insure_all(struct decision *decision, struct plan *plan)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, plan->incident.number);
	struct record_section section;
	if (!is_issuers(plan, &plan->section))
		return round_losses(decision->state, &plan->section, insure, plan);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(round_losses(decision->state, &section, insure, plan));
	return walk.error;
}

/* Whoever refused for this incident is not asked again: the next in the order is. */
static void share_need(struct decision *decision, struct plan *plan)
{
	int64_t open = plan->need;
	for (size_t row = 0; row < plan->count; row++) {
		const struct record_instrument *record = &plan->rows[row].instrument.record;
		const struct record_instrument_call *call = &plan->rows[row].record;
		int64_t most = amount_beyond(plan->insured[row], call->called - call->returned);
		if (plan->rows[row].record.refused > 0 || record->expires <= decision->time)
			continue;
		plan->given[row] = amount_least(amount_least(most, record->left), open);
		open -= plan->given[row];
	}
	plan->called = plan->need - open;
}

/* Of that section: what is needed, and what its instruments give of it. */
static enum recourse_error plan_section(struct decision *decision, uint32_t party, struct plan *plan)
{
	TRY(section_load(decision->state, plan->incident.number, party, &plan->section));
	TRY(instrument_call_list(decision->state, decision->arena, &plan->section, &plan->before));
	TRY(find_need(decision, plan));
	if (plan->need == 0)
		return RECOURSE_OK;
	memset(plan->insured, 0, sizeof plan->insured);
	memset(plan->given, 0, sizeof plan->given);
	plan->claims = 0;
	TRY(read_instruments(decision, plan));
	TRY(insure_all(decision, plan));
	share_need(decision, plan);
	return RECOURSE_OK;
}

/* Own pools come before the issuer's: that one is looked at last. */
static enum recourse_error plan_first(struct decision *decision, struct plan *plan)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, plan->incident.number);
	uint32_t issuers = 0;
	int64_t needed = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (plan->called == 0 && record_walk_next(&walk, NULL, 0)) {
		uint32_t party = (uint32_t)walk.key.parts[1].number;
		if (party == plan->incident.issuer) {
			issuers = party;
			continue;
		}
		TRY(plan_section(decision, party, plan));
		needed = amount_most(needed, plan->need);
	}
	TRY(walk.error);
	if (plan->called == 0 && issuers != 0)
		TRY(plan_section(decision, issuers, plan));
	if (plan->called == 0 && plan->need < needed)
		plan->need = needed;
	return RECOURSE_OK;
}

static enum recourse_error make_plan(
	struct decision *decision, const struct value *merchant, struct plan *plan)
{
	struct record_section section;
	if (merchant->present || plan->incident.merchant != 0) {
		TRY(section_named(decision, "merchant", merchant, &plan->incident, &section));
		TRY(plan_section(decision, section.party, plan));
	} else {
		TRY(plan_first(decision, plan));
	}
	if (plan->need == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "incident",
			"decided claims that the deposit and earlier calls do not meet");
	if (plan->called == 0)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "incident", &plan->incident.unit, plan->need, 0);
	return RECOURSE_OK;
}

static enum recourse_error check_room(struct decision *decision, const struct plan *plan)
{
	size_t called = plan->before.count;
	for (size_t row = 0; row < plan->count; row++) {
		if (plan->given[row] == 0 || plan->rows[row].record.called > 0)
			continue;
		if (plan->rows[row].instrument.record.incidents == INSTRUMENT_INCIDENTS_MAX)
			return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "incident",
				"%d incidents for an instrument", INSTRUMENT_INCIDENTS_MAX);
		called++;
	}
	if (called > INSTRUMENT_CALLS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "incident",
			"%d instruments called for an incident", INSTRUMENT_CALLS_MAX);
	return RECOURSE_OK;
}

static enum recourse_error call_one(struct decision *decision, struct plan *plan, size_t row)
{
	struct instrument_call *call = &plan->rows[row];
	struct record_instrument_call *record = &call->record;
	const struct unit *unit = &plan->incident.unit;
	slice provider = call->instrument.provider;
	int64_t steps = plan->given[row];
	slice receivable;
	call->instrument.record.incidents += record->called == 0;
	if (instrument_call_unpaid(record) == 0) {
		record->entry = decision->entry;
		record->since = decision->time;
	}
	/* with what is left, within the debits of 9010: those are counted in 64 bits */
	record->called += steps;
	call->instrument.record.called += steps;
	TRY(account_reference_make(decision->arena, record->entry, &receivable));
	/* what is called comes first: the limits of an incident go by the first reference */
	TRY(decision_post(decision, CHART_CALLED, provider, plan->reference, unit, -steps));
	TRY(decision_post(decision, CHART_COMMITMENT, provider, receivable, unit, steps));
	TRY(instrument_call_save(decision, plan->section.incident, call));
	return instrument_change(decision, &call->instrument, -steps);
}

static enum recourse_error apply_call(struct decision *decision, const struct value *values)
{
	struct plan plan = {0};
	TRY(find_incident(decision, values[CALL_INCIDENT].text, &plan));
	TRY(make_plan(decision, &values[CALL_MERCHANT], &plan));
	TRY(check_room(decision, &plan));

	const struct unit *unit = &plan.incident.unit;
	slice merchant;
	TRY(party_name(decision->state, decision->arena, plan.section.party, &merchant));
	TRY(instrument_reverse_keep(
		decision, BOOKED_CALL, merchant, plan.reference, slice_text(""), unit, plan.called));
	decision_fact_integer(decision, "claims", plan.claims);
	decision_fact_amount(decision, "need", unit, plan.need);
	decision_fact_amount(decision, "called", unit, plan.called);
	decision_fact_amount(decision, "unmet", unit, plan.need - plan.called);
	for (size_t row = 0; row < plan.count; row++) {
		if (plan.given[row] > 0)
			TRY(call_one(decision, &plan, row));
	}
	return RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("instrument.call", RECOURSE_ROLE_OPERATOR, call_fields, apply_call,
		"call a merchant's instruments, in their order, for what an incident's claims need",
		RECOURSE_AMOUNT_RANGE, RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
};
const struct command_group calling_commands = COMMAND_GROUP(rows);
