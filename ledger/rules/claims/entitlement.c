/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/late_use.h"
#include "rules/claims/lot.h"
#include "rules/claims/lot_holder.h"
#include "rules/claims/use.h"

#include "rules/collateral/collateral.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/scope.h"
#include "rules/recourse/settle_up.h"

#include <assert.h>

const char *const entitlement_evidence_names[] = {"none", "confirmed", "absent", "unavailable", NULL};

enum recourse_error entitlement_find(
	struct decision *decision, const char *field, slice id, struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	return decision_find(decision, field, &path, entitlement, sizeof *entitlement);
}

enum recourse_error entitlement_save(
	struct decision *decision, slice id, const struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	assert(exposure_units(entitlement) >= 0); /* I9 */
	return decision_put(decision, &path, entitlement, sizeof *entitlement);
}

/* Unit accounts are kept per issuer. */
enum recourse_error entitlement_post_units(struct decision *decision,
	const struct record_entitlement *entitlement, enum chart_code debit, enum chart_code credit,
	int64_t steps)
{
	slice issuer;
	TRY(party_name(decision->state, decision->arena, entitlement->issuer, &issuer));
	return decision_move(
		decision, &entitlement->unit, steps, debit, issuer, credit, issuer, slice_text(""));
}

enum recourse_error entitlement_extinguish(
	struct decision *decision, slice id, struct record_entitlement *entitlement)
{
	int64_t remaining = exposure_units(entitlement);
	int64_t value;
	TRY(exposure_value(entitlement, &value));
	TRY(entitlement_post_units(
		decision, entitlement, CHART_UNITS_EXTINGUISHED, CHART_UNITS_OUTSTANDING, remaining));
	entitlement->extinguished += remaining;
	TRY(exposure_post(decision, entitlement, value));
	return entitlement_save(decision, id, entitlement);
}

enum recourse_error entitlement_revive(
	struct decision *decision, slice id, struct record_entitlement *entitlement)
{
	int64_t value;
	TRY(exposure_value(entitlement, &value));
	TRY(entitlement_post_units(decision, entitlement, CHART_UNITS_OUTSTANDING, CHART_UNITS_EXTINGUISHED,
		entitlement->extinguished));
	entitlement->extinguished = 0;
	TRY(exposure_post(decision, entitlement, value));
	return entitlement_save(decision, id, entitlement);
}

/* ---- evidence: the same fields in both commands, as a group of values ---- */

enum {
	EVIDENCE_STATE,
	EVIDENCE_QUANTITY,
	EVIDENCE_REFERENCE,
	EVIDENCE_SOURCE,
	EVIDENCE_HASH,
	EVIDENCE_FIELDS
};
#define EVIDENCE_MEMBERS(first)                                                                              \
	[(first) + EVIDENCE_QUANTITY] =                                                                      \
		FIELD_OPTIONAL(AMOUNT, "consumed", "confirmed: units used; absent otherwise"),               \
		   [(first) + EVIDENCE_REFERENCE] = FIELD_OPTIONAL_FOREIGN(                                  \
			   "reference", "confirmed: the record's own number at its source; counts once"),    \
		   [(first) + EVIDENCE_SOURCE] =                                                             \
			   FIELD_OPTIONAL(ID, "source", "who was asked; the issuer if absent"),              \
		   [(first) + EVIDENCE_HASH] = FIELD_OPTIONAL(                                               \
			   HASH, "evidence_hash", "SHA-256 of the record or of the complete answer")

static enum recourse_error check_evidence(struct decision *decision,
	const struct record_entitlement *entitlement, const struct value *evidence, enum evidence_state state)
{
	bool confirmed = state == EVIDENCE_CONFIRMED;
	if (evidence[EVIDENCE_QUANTITY].present != confirmed)
		return refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "consumed",
			"with evidence confirmed, and only there");
	if (state != EVIDENCE_UNAVAILABLE && !evidence[EVIDENCE_HASH].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash",
			"with evidence confirmed or absent");
	if (confirmed && !evidence[EVIDENCE_REFERENCE].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "reference", "with evidence confirmed");
	/* a complete source that had nothing can not be contradicted, nor can use be unsaid */
	if (entitlement->evidence == EVIDENCE_ABSENT ||
		(entitlement->evidence == EVIDENCE_CONFIRMED && !confirmed))
		return refuse_entry(
			decision, RECOURSE_EVIDENCE_CONFLICT, "evidence", entitlement->evidence_entry);
	return RECOURSE_OK;
}

/* What was used by that record; zero and a dispute more where another quantity was said of it before. */
static enum recourse_error take_use(struct decision *decision, slice lot,
	struct record_entitlement *entitlement, const struct value *evidence, int64_t *steps)
{
	struct use use = {.source = evidence[EVIDENCE_SOURCE].text,
		.reference = evidence[EVIDENCE_REFERENCE].text,
		.lot = lot};
	uint64_t disputed;
	TRY(decision_amount(
		decision, "consumed", evidence[EVIDENCE_QUANTITY].text, &entitlement->unit, &use.steps));
	if (!evidence[EVIDENCE_SOURCE].present)
		TRY(party_name(decision->state, decision->arena, entitlement->issuer, &use.source));
	TRY(use_count(decision, &use, &disputed));
	*steps = disputed == 0 ? use.steps : 0;
	if (disputed == 0)
		return RECOURSE_OK;
	entitlement->disputes++;
	entitlement->disputed_entry = disputed;
	return RECOURSE_OK;
}

static enum recourse_error take_evidence(struct decision *decision, slice lot,
	struct record_entitlement *entitlement, const struct value *evidence)
{
	enum evidence_state state =
		(enum evidence_state)(EVIDENCE_CONFIRMED + evidence[EVIDENCE_STATE].integer);
	int64_t steps = 0;
	TRY(check_evidence(decision, entitlement, evidence, state));
	if (state == EVIDENCE_CONFIRMED) {
		TRY(take_use(decision, lot, entitlement, evidence, &steps));
		if (steps == 0)
			return RECOURSE_OK; /* in dispute: the evidence stays what it was */
	}
	if (steps > exposure_units(entitlement))
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "consumed", &entitlement->unit, steps,
			exposure_units(entitlement));
	int64_t value;
	TRY(exposure_value(entitlement, &value));
	entitlement->evidence = state;
	entitlement->evidence_entry = decision->entry;
	entitlement->consumed += steps;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(entitlement_post_units(
		decision, entitlement, CHART_UNITS_CONSUMED, CHART_UNITS_OUTSTANDING, steps));
	return exposure_post(decision, entitlement, value);
}

enum {
	ISSUE_ENTITLEMENT,
	ISSUE_HOLDER,
	ISSUE_ISSUER,
	ISSUE_MERCHANT,
	ISSUE_CHANNEL,
	ISSUE_UNIT,
	ISSUE_QUANTITY,
	ISSUE_COST,
	ISSUE_CURRENCY,
	ISSUE_ISSUED,
	ISSUE_BATCH,
	ISSUE_EVIDENCE,
};
static const struct recourse_field issue_fields[] = {
	[ISSUE_ENTITLEMENT] = FIELD_FOREIGN("entitlement", "card hash or order; the same on every channel"),
	[ISSUE_HOLDER] = FIELD_OPAQUE("holder", "opaque reference of the consumer"),
	[ISSUE_ISSUER] = FIELD(ID, "issuer", "who owes the units"),
	[ISSUE_MERCHANT] = FIELD(ID, "merchant", "merchant of record"),
	[ISSUE_CHANNEL] = FIELD(ID, "channel", "where it was sold"),
	[ISSUE_UNIT] = FIELD(UNIT, "unit", "what is counted"),
	[ISSUE_QUANTITY] = FIELD(AMOUNT, "quantity", "units bought"),
	[ISSUE_COST] = FIELD(AMOUNT, "cost", "what was paid for the lot"),
	[ISSUE_CURRENCY] = FIELD(UNIT, "currency", "of the cost"),
	[ISSUE_ISSUED] = FIELD_OPTIONAL(TIME, "issued", "when it was bought"),
	[ISSUE_BATCH] = FIELD_OPTIONAL(ID, "batch", "of the issuer's, that it is of"),
	[ISSUE_EVIDENCE + EVIDENCE_STATE] =
		FIELD_OPTIONAL_CHOICE("evidence", entitlement_evidence_names + EVIDENCE_CONFIRMED,
			"state of the evidence of consumption, where it is known at once"),
	EVIDENCE_MEMBERS(ISSUE_EVIDENCE),
};

static enum recourse_error read_lot(
	struct decision *decision, const struct value *values, struct record_entitlement *entitlement)
{
	TRY(party_concerned(
		decision, "issuer", values[ISSUE_ISSUER].text, PARTY_ISSUER, &entitlement->issuer));
	TRY(party_concerned(
		decision, "merchant", values[ISSUE_MERCHANT].text, PARTY_MERCHANT, &entitlement->merchant));
	TRY(decision_unit(decision, "unit", values[ISSUE_UNIT].text, &entitlement->unit));
	TRY(decision_unit(decision, "currency", values[ISSUE_CURRENCY].text, &entitlement->currency));
	TRY(decision_amount(decision, "quantity", values[ISSUE_QUANTITY].text, &entitlement->unit,
		&entitlement->quantity));
	TRY(decision_amount(
		decision, "cost", values[ISSUE_COST].text, &entitlement->currency, &entitlement->cost));
	if (values[ISSUE_ISSUED].present && values[ISSUE_ISSUED].instant > decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "issued", "not in the future");
	entitlement->issued = values[ISSUE_ISSUED].instant;
	return duty_may_sell(decision, "merchant", values[ISSUE_MERCHANT].text, &entitlement->currency);
}

static enum recourse_error take_issue_evidence(struct decision *decision, slice lot,
	struct record_entitlement *entitlement, const struct value *evidence)
{
	if (evidence[EVIDENCE_STATE].present)
		return take_evidence(decision, lot, entitlement, evidence);
	for (size_t index = EVIDENCE_QUANTITY; index < EVIDENCE_FIELDS; index++) {
		if (evidence[index].present)
			return refuse(
				decision, RECOURSE_FIELD_MISSING, "evidence", "with what it is evidence of");
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_issue(struct decision *decision, const struct value *values)
{
	slice id = values[ISSUE_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	struct record_entitlement entitlement = {.issue_entry = decision->entry, .recorded = decision->time};
	struct record_entitlement known;
	bool there;
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, "entitlement", known.issue_entry);
	TRY(read_lot(decision, values, &entitlement));
	record_text_set(entitlement.batch, sizeof entitlement.batch, values[ISSUE_BATCH].text);
	TRY(batch_add(decision, &entitlement, 1, 0));
	TRY(entitlement_post_units(
		decision, &entitlement, CHART_UNITS_OUTSTANDING, CHART_UNITS_ISSUED, entitlement.quantity));
	TRY(exposure_post(decision, &entitlement, 0));
	TRY(take_issue_evidence(decision, id, &entitlement, values + ISSUE_EVIDENCE));
	TRY(scope_sold(decision, &entitlement));
	TRY(settle_up_lots(decision, entitlement.merchant, &entitlement.currency, 0));
	TRY(freeze_follow(decision, entitlement.merchant, &entitlement.currency));
	TRY(lot_holder_issue(decision, values[ISSUE_HOLDER].text));
	return entitlement_save(decision, id, &entitlement);
}

enum { CONSUME_ENTITLEMENT, CONSUME_EVIDENCE };
static const struct recourse_field consume_fields[] = {
	[CONSUME_ENTITLEMENT] = FIELD_FOREIGN("entitlement", "card hash or order"),
	[CONSUME_EVIDENCE + EVIDENCE_STATE] = FIELD_CHOICE(
		"evidence", entitlement_evidence_names + EVIDENCE_CONFIRMED, "state of the evidence"),
	EVIDENCE_MEMBERS(CONSUME_EVIDENCE),
};

/* What was a claim's loss was used: units, and what was paid for them. */
static enum recourse_error take_late_use(struct decision *decision, slice lot,
	struct record_entitlement *entitlement, const struct value *evidence)
{
	int64_t steps;
	TRY(check_evidence(decision, entitlement, evidence, EVIDENCE_CONFIRMED));
	TRY(take_use(decision, lot, entitlement, evidence, &steps));
	if (steps > entitlement->extinguished)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "consumed", &entitlement->unit, steps,
			entitlement->extinguished);
	if (steps == 0)
		return RECOURSE_OK;
	TRY(late_use_lower(decision, entitlement, entitlement->extinguished - steps));
	entitlement->evidence = EVIDENCE_CONFIRMED;
	entitlement->evidence_entry = decision->entry;
	entitlement->consumed += steps;
	entitlement->extinguished -= steps;
	return entitlement_post_units(
		decision, entitlement, CHART_UNITS_CONSUMED, CHART_UNITS_EXTINGUISHED, steps);
}

static enum recourse_error apply_consume(struct decision *decision, const struct value *values)
{
	slice id = values[CONSUME_ENTITLEMENT].text;
	const struct value *evidence = values + CONSUME_EVIDENCE;
	struct record_entitlement entitlement;
	bool late;
	TRY(entitlement_find(decision, "entitlement", id, &entitlement));
	TRY(late_use_is(decision, &entitlement, &late));
	if (late && evidence[EVIDENCE_STATE].integer + EVIDENCE_CONFIRMED == EVIDENCE_CONFIRMED) {
		const struct record_entitlement known = entitlement;
		TRY(take_late_use(decision, id, &entitlement, evidence));
		TRY(entitlement_reverse_keep(decision, id, &known, &entitlement));
		return entitlement_save(decision, id, &entitlement);
	}
	if (exposure_units(&entitlement) == 0 && entitlement.extinguished > 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entitlement", entitlement.claim_entry);
	struct record_entitlement before = entitlement;
	int64_t was;
	uint32_t incident;
	TRY(exposure_value(&before, &was));
	TRY(take_evidence(decision, id, &entitlement, evidence));
	TRY(entitlement_reverse_keep(decision, id, &before, &entitlement));
	TRY(lot_follow(decision, &entitlement, was, &incident));
	TRY(settle_up_lots(decision, entitlement.merchant, &entitlement.currency, incident));
	TRY(freeze_follow(decision, entitlement.merchant, &entitlement.currency));
	return entitlement_save(decision, id, &entitlement);
}

static const struct command rows[] = {
	COMMAND("entitlement.issue", RECOURSE_ROLE_OPERATOR, issue_fields, apply_issue,
		"record prepaid units that were sold", RECOURSE_EXISTS, RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_EVIDENCE_MISSING, RECOURSE_EVIDENCE_CONFLICT,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("entitlement.consume", RECOURSE_ROLE_OPERATOR, consume_fields, apply_consume,
		"record consumption, or the lack of any, with its evidence", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_EVIDENCE_MISSING, RECOURSE_EVIDENCE_CONFLICT, RECOURSE_EXISTS,
		RECOURSE_EXCEEDS_LOSS, RECOURSE_NOT_PERMITTED),
};
const struct command_group entitlement_commands = COMMAND_GROUP(rows);
