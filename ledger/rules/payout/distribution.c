/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/distribution.h"

#include "books/record_deposit.h"
#include "base/try.h"
#include "rules/payout/deduction.h"
#include "rules/incident/incident.h"
#include "rules/collateral/instrument_call.h"

#include <assert.h>
#include <stdlib.h>

static struct record_path round_path(uint32_t incident, enum round_kind kind, uint32_t number)
{
	struct record_path path = record_path_of_short(RECORD_ROUND, incident);
	record_path_short(&path, (uint32_t)kind);
	record_path_short(&path, number);
	return path;
}

static bool deposit_only(const struct record_decided *decided)
{
	return decided->approved == 0;
}

static int64_t weight_of(const struct record_decided *decided, enum round_kind kind)
{
	switch (kind) {
	case ROUND_DEPOSIT:
		return deposit_only(decided) ? decided->loss : decided->approved;
	case ROUND_UNCOVERED:
		return decided->loss - decided->approved;
	case ROUND_INTEREST:
		return decided->loss;
	case ROUND_KINDS:
		break;
	}
	return 0;
}

/* The weights of a round's claims, in the order of the claims' ids. */
struct weights {
	int64_t *values;
	size_t count;
	size_t capacity;
};

static enum recourse_error add_weight(struct weights *weights, int64_t weight)
{
	if (weights->count == weights->capacity) {
		size_t capacity = weights->capacity == 0 ? 1024 : 2 * weights->capacity;
		int64_t *values = realloc(weights->values, capacity * sizeof *values);
		if (values == NULL)
			return RECOURSE_MEMORY;
		weights->values = values;
		weights->capacity = capacity;
	}
	weights->values[weights->count++] = weight;
	return RECOURSE_OK;
}

/* Whom a walk looks at: the incident's claims that were decided after that entry, and what weighs. */
struct visit {
	struct state_view *view;
	uint32_t incident;
	uint64_t after;
	enum round_kind kind;
};

static enum recourse_error read_decided(const struct state_walk *walk, struct record_decided *decided)
{
	memset(decided, 0, sizeof *decided);
	if (walk->value.size > sizeof *decided)
		return RECOURSE_STORE_CORRUPT;
	if (walk->value.size > 0)
		memcpy(decided, walk->value.data, walk->value.size);
	return RECOURSE_OK;
}

/* Each covered claim, in the order of the ids. A function that answers QUERY_NOT_FOUND has seen enough. */
static enum recourse_error walk_decided(const struct visit *visit, distribution_each *each, void *context)
{
	struct record_path prefix = record_path_of_short(RECORD_DECIDED, visit->incident);
	struct state_walk walk;
	enum recourse_error error =
		state_walk_first(&walk, visit->view, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_decided decided;
		slice id = slice_of(walk.key.data + prefix.size, walk.key.size - prefix.size - 1);
		error = read_decided(&walk, &decided);
		if (error == RECOURSE_OK && decided.entry > visit->after)
			error = each(context, id, weight_of(&decided, visit->kind));
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error add_weight_of(void *context, slice claim, int64_t weight)
{
	(void)claim;
	return add_weight(context, weight);
}

/* The id of the covered claim with that index: the last one that a tie favours. */
struct search {
	uint64_t index;
	uint64_t seen;
	char *id;
};

static enum recourse_error look_at(void *context, slice claim, int64_t weight)
{
	struct search *search = context;
	(void)weight;
	if (search->seen++ != search->index)
		return RECOURSE_OK;
	record_text_set(search->id, TEXT_ID_SIZE, claim);
	return RECOURSE_QUERY_NOT_FOUND;
}

static enum recourse_error find_claim(const struct visit *visit, uint64_t index, char id[static TEXT_ID_SIZE])
{
	struct search search = {.index = index, .id = id};
	enum recourse_error error = walk_decided(visit, look_at, &search);
	return error == RECOURSE_OK && search.seen <= index ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error distribution_undistributed(struct state_view *view,
	const struct record_incident *incident, distribution_each *each, void *context)
{
	const struct visit visit = {
		.view = view,
		.incident = incident->number,
		.after = incident->last_round_entry,
		.kind = ROUND_DEPOSIT,
	};
	return walk_decided(&visit, each, context);
}

int64_t distribution_promised(const struct record_policy *policy, const struct record_incident *incident)
{
	return policy->scheme == POLICY_DEPOSIT_ONLY
		       ? incident->loss - incident->shared_loss
		       : incident->approved - incident->pooled - incident->advanced;
}

static enum recourse_error make_split(struct decision *decision, const struct visit *visit,
	const struct weights *weights, int64_t amount, struct record_round *round)
{
	int64_t *scratch = malloc((weights->count + 1) * sizeof *scratch);
	if (scratch == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error =
		split_make(amount, weights->values, weights->count, scratch, &round->split);
	free(scratch);
	if (error != RECOURSE_OK && error != RECOURSE_MEMORY)
		return refusal_field(decision->refusal, error, "incident", "claims with something to share");
	if (error == RECOURSE_OK && round->split.ties > 0)
		error = find_claim(visit, round->split.last_tie, round->last_tie);
	return error;
}

enum recourse_error distribution_round(struct decision *decision, struct record_incident *incident,
	enum round_kind kind, int64_t amount, struct record_round *round)
{
	struct visit visit = {
		.view = decision->state,
		.incident = incident->number,
		.after = kind == ROUND_DEPOSIT ? incident->last_round_entry : 0,
		.kind = kind,
	};
	struct weights weights = {0};
	*round = (struct record_round){.entry = decision->entry, .after = visit.after};
	enum recourse_error error = walk_decided(&visit, add_weight_of, &weights);
	round->claims = weights.count;
	if (error == RECOURSE_OK && weights.count == 0)
		error = refusal_field(decision->refusal, RECOURSE_AMOUNT_RANGE, "incident",
			"claims decided and not yet shared out");
	if (error == RECOURSE_OK)
		error = make_split(decision, &visit, &weights, amount, round);
	free(weights.values);
	if (error != RECOURSE_OK)
		return error;
	struct record_path path = round_path(incident->number, kind, ++incident->rounds[kind]);
	return decision_put(decision, &path, round, sizeof *round);
}

static int64_t part_in_round(const struct record_round *round, slice claim_id, int64_t weight)
{
	slice last_tie = RECORD_TEXT(round->last_tie);
	bool tie = round->split.ties > 0 && split_remainder(&round->split, weight) == round->split.cut &&
		   slice_compare(claim_id, last_tie) <= 0;
	return split_part(&round->split, weight, tie);
}

enum recourse_error distribution_read_round(struct state_view *view, const struct record_incident *incident,
	enum round_kind kind, uint32_t number, struct record_round *round)
{
	struct record_path path = round_path(incident->number, kind, number);
	enum recourse_error error = record_get(view, &path, round, sizeof *round);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

/*
 * The first round after that entry; one beyond the last when there is none. Rounds stand in the order of their
 * entries, and an incident may have thousands: claims that come in day by day are shared out day by day.
 */
static enum recourse_error first_round_after(struct state_view *view, const struct record_incident *incident,
	enum round_kind kind, uint64_t entry, uint32_t *number)
{
	uint32_t low = 1;
	uint32_t high = incident->rounds[kind] + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct record_round round;
		TRY(distribution_read_round(view, incident, kind, middle, &round));
		if (round.entry > entry)
			high = middle;
		else
			low = middle + 1;
	}
	*number = low;
	return RECOURSE_OK;
}

enum recourse_error distribution_part(struct state_view *view, const struct record_incident *incident,
	slice claim_id, const struct record_claim *claim, enum round_kind kind, int64_t *part, bool *covered)
{
	struct record_path path = record_path_of_short(RECORD_DECIDED, incident->number);
	struct record_decided decided;
	uint32_t first;
	*part = 0;
	*covered = false;
	record_path_text(&path, claim_id);
	enum recourse_error error = record_get(view, &path, &decided, sizeof decided);
	if (error == RECOURSE_QUERY_NOT_FOUND || claim->decided_entry == 0)
		return RECOURSE_OK;
	if (error == RECOURSE_OK)
		error = first_round_after(view, incident, kind, decided.entry, &first);
	if (error != RECOURSE_OK)
		return error;
	/* the deposit is shared out once for a claim, in the first round that knows it */
	uint32_t last = kind == ROUND_DEPOSIT ? first : incident->rounds[kind];
	for (uint32_t number = first; number <= last && number <= incident->rounds[kind]; number++) {
		struct record_round round;
		error = distribution_read_round(view, incident, kind, number, &round);
		if (error != RECOURSE_OK)
			return error;
		*part += part_in_round(&round, claim_id, weight_of(&decided, kind));
		*covered = true;
	}
	return RECOURSE_OK;
}

enum recourse_error distribution_total(
	struct state_view *view, const struct record_incident *incident, enum round_kind kind, int64_t *total)
{
	*total = 0;
	for (uint32_t number = 1; number <= incident->rounds[kind]; number++) {
		struct record_round round;
		TRY(distribution_read_round(view, incident, kind, number, &round));
		*total += round.split.amount;
	}
	return RECOURSE_OK;
}

/* ---- distribution.approve: the funding plan: deposit, instruments, and the funder advances the rest (F1) ---- */

enum { APPROVE_INCIDENT };
static const struct recourse_field approve_fields[] = {
	[APPROVE_INCIDENT] = FIELD(ID, "incident", "whose decided claims get their share"),
};

struct plan {
	slice reference;
	slice merchant;
	slice funder;
	int64_t frozen;
	int64_t deposit;     /* of which is shared out */
	int64_t instruments; /* of what their providers paid: shared out */
	int64_t pool;        /* both */
	int64_t advance;
	struct instrument_calls calls;
};

/* Nothing of a deposit-only scheme is advanced; else what deposit and instruments do not cover is. */
static enum recourse_error make_plan(struct decision *decision, const struct record_policy *policy,
	const struct record_incident *incident, struct plan *plan)
{
	int64_t promised = distribution_promised(policy, incident);
	TRY(incident_reference(decision, incident, &plan->reference));
	TRY(decision_party_name(decision, incident->merchant, &plan->merchant));
	TRY(decision_party_name(decision, incident->funder, &plan->funder));
	TRY(decision_balance(decision, CHART_DEPOSIT_FROZEN, plan->merchant, plan->reference, &incident->unit,
		&plan->frozen));
	int64_t cash;
	TRY(instrument_call_list(decision->state, decision->arena, incident->number, &plan->calls));
	TRY(instrument_call_cash(&plan->calls, &cash));
	plan->deposit = plan->frozen < promised ? plan->frozen : promised;
	plan->instruments = cash < promised - plan->deposit ? cash : promised - plan->deposit;
	plan->pool = plan->deposit + plan->instruments;
	plan->advance = policy->scheme == POLICY_DEPOSIT_ONLY ? 0 : promised - plan->pool;
	if (plan->pool + plan->advance == 0)
		return refusal_field(decision->refusal, RECOURSE_AMOUNT_RANGE, "incident",
			"decided claims with money to share");
	return RECOURSE_OK;
}

static enum recourse_error post_plan(
	struct decision *decision, const struct record_incident *incident, struct plan *plan)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	TRY(decision_move(decision, unit, plan->deposit, CHART_DEPOSIT_FROZEN, plan->merchant, CHART_CLAIMS,
		none, plan->reference));
	TRY(instrument_call_draw(decision, plan->reference, &plan->calls, plan->instruments));
	TRY(decision_move(
		decision, unit, plan->advance, CHART_INCHOATE, none, CHART_CLAIMS, none, plan->reference));
	return decision_move(decision, unit, plan->advance, CHART_COMMITMENT, plan->funder, CHART_ADVANCES,
		plan->funder, plan->reference);
}

/* A deposit that is used up has been applied; what is left of one stays frozen. */
static enum recourse_error note_applied(
	struct decision *decision, const struct record_incident *incident, const struct plan *plan)
{
	struct record_path path = record_path_of_text(RECORD_DEPOSIT, plan->merchant);
	struct record_deposit deposit;
	record_path_text(&path, unit_code(&incident->unit));
	enum recourse_error error = record_get(decision->state, &path, &deposit, sizeof deposit);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	deposit.last_entry = decision->entry;
	if (plan->deposit == plan->frozen && life_allows(LIFE_DEPOSIT, deposit.state, DEPOSIT_APPLIED))
		deposit.state = DEPOSIT_APPLIED;
	TRY(decision_put(decision, &path, &deposit, sizeof deposit));
	return decision_subject(decision, RECORD_PARTY, plan->merchant);
}

static enum recourse_error apply_approve(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_policy policy;
	struct record_round round;
	struct plan plan;
	TRY(incident_find(decision, "incident", values[APPROVE_INCIDENT].text, &incident));
	TRY(incident_policy(decision, &incident, &policy));
	TRY(make_plan(decision, &policy, &incident, &plan));
	if (incident.state != INCIDENT_ADJUDICATED && incident.state != INCIDENT_RECOVERY)
		TRY(decision_step(
			decision, LIFE_INCIDENT, &incident.state, INCIDENT_ADJUDICATED, "incident"));
	TRY(distribution_round(decision, &incident, ROUND_DEPOSIT, plan.pool, &round));

	round.secured = plan.instruments;
	struct record_path kept = round_path(incident.number, ROUND_DEPOSIT, incident.rounds[ROUND_DEPOSIT]);
	TRY(decision_put(decision, &kept, &round, sizeof round));
	incident.last_round_entry = decision->entry;
	incident.pooled += plan.pool;
	incident.secured += plan.instruments;
	incident.advanced += plan.advance;
	incident.shared_loss = incident.loss;
	if (policy.scheme == POLICY_DEPOSIT_ONLY)
		incident.approved += plan.pool;
	else if (plan.advance > 0 && life_allows(LIFE_RECOURSE, incident.recourse_state, RECOURSE_INCHOATE))
		incident.recourse_state = RECOURSE_INCHOATE;
	decision_fact_integer(decision, "claims", round.claims);
	decision_fact_amount(decision, "deposit", &incident.unit, plan.deposit);
	decision_fact_amount(decision, "instruments", &incident.unit, plan.instruments);
	decision_fact_amount(decision, "advance", &incident.unit, plan.advance);
	decision_fact_text(decision, "funder", plan.funder);
	decision_fact_amount(decision, "weights", &incident.unit, round.split.total);
	TRY(post_plan(decision, &incident, &plan));
	TRY(incident_save(decision, &incident));
	TRY(decision_subject(decision, RECORD_INCIDENT, plan.reference));
	if (plan.deposit > 0)
		TRY(note_applied(decision, &incident, &plan));
	if (plan.deposit > 0)
		TRY(deduction_make(decision, &incident, &policy, plan.merchant, plan.deposit, round.claims));
	return RECOURSE_OK;
}

/* ---- funding.receive: the funder pays in what it committed ---- */

enum { FUND_INCIDENT, FUND_AMOUNT, FUND_BANK };
static const struct recourse_field fund_fields[] = {
	[FUND_INCIDENT] = FIELD(ID, "incident", "that the funder advances"),
	[FUND_AMOUNT] = FIELD(AMOUNT, "amount", "received, at most what is committed"),
	[FUND_BANK] = FIELD(ID, "bank_reference", "the custodian's statement line; counts once"),
};

static enum recourse_error apply_fund(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	slice reference;
	slice funder;
	int64_t steps = 0;
	TRY(incident_find(decision, "incident", values[FUND_INCIDENT].text, &incident));
	TRY(incident_custodian(decision, "incident", &incident));
	TRY(decision_amount(decision, "amount", values[FUND_AMOUNT].text, &incident.unit, &steps));
	TRY(decision_bank_line(decision, values[FUND_BANK].text));
	TRY(incident_reference(decision, &incident, &reference));
	TRY(decision_party_name(decision, incident.funder, &funder));
	TRY(decision_post(
		decision, CHART_CASH, decision->actor->party, slice_text(""), &incident.unit, steps));
	TRY(decision_post(decision, CHART_COMMITMENT, funder, reference, &incident.unit, -steps));
	if (amount_add_steps(incident.funded, steps, &incident.funded) != RECOURSE_OK)
		return refusal_field(decision->refusal, RECOURSE_OVERFLOW, "amount", "64 bits");
	TRY(incident_save(decision, &incident));
	return decision_subject(decision, RECORD_INCIDENT, reference);
}

static const struct command rows[] = {
	COMMAND("distribution.approve", RECOURSE_ROLE_APPROVER, approve_fields, apply_approve,
		"share deposit and instruments out among the decided claims, commit the funder to the rest"),
	COMMAND("funding.receive", RECOURSE_ROLE_CUSTODIAN, fund_fields, apply_fund,
		"the custodian attests the funder's money"),
};
const struct command_group distribution_commands = COMMAND_GROUP(rows);
