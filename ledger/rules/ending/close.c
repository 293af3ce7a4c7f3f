/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

#include "rule/estate.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/owed_end.h"

enum { CLOSE_INCIDENT, CLOSE_REASON };
static const struct recourse_field close_fields[] = {
	[CLOSE_INCIDENT] = FIELD(ID, "incident", "in which nothing is left to be done"),
	[CLOSE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error check_closing(struct decision *decision, struct record_incident *incident)
{
	struct blocker first;
	bool any;
	char bar_date[INSTANT_TEXT_SIZE];
	TRY(incident_open(decision, "incident", incident));
	instant_format(incident->bar_date, bar_date);
	if (record_incident_window(incident, decision->time))
		return refuse_limit(
			decision, RECOURSE_WINDOW_CLOSED, "incident", "after the bar date, %s", bar_date);
	TRY(blocker_first(decision->state, decision->arena, incident, decision->time, false, &first, &any));
	if (any)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "incident", first.entry);
	/* one that stands has no window that has to close, and nobody need have been right to claim */
	if (record_incident_stands(incident) && incident->state == INCIDENT_CLAIMS_OPEN)
		TRY(decision_step(decision, LIFE_INCIDENT, &incident->state, INCIDENT_BAR_DATE, "incident"));
	return decision_step(decision, LIFE_INCIDENT, &incident->state, INCIDENT_CLOSED, "incident");
}

/*
 * What stays: what was written off and is still enforceable, and what costs nobody paid. Both come back with a receipt. The
 * entry of a section's end is its merchant's to read: of several each says its own, and the costs, which are of all, none.
 */
static enum recourse_error show_remainders(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section)
{
	struct record_path prefix = record_path_of_shorts(RECORD_LIABILITY, incident->number, section->party);
	struct record_liability liability;
	int64_t costs;
	int64_t written_off = section->nobodys_memo;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		written_off +=
			liability.written_off + liability.shortfall_off; /* within advances and receipts */
	TRY(walk.error);
	decision_fact_amount(decision, "written_off", &incident->unit, written_off);
	if (incident->merchant == 0)
		return RECOURSE_OK;
	TRY(account_balance(decision->state, CHART_COSTS, slice_text(""), RECORD_TEXT(incident->id),
		&incident->unit, &costs));
	decision_fact_amount(decision, "costs_open", &incident->unit, costs);
	return RECOURSE_OK;
}

static enum recourse_error apply_close(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	struct record_section section;
	TRY(incident_concerned(decision, values[CLOSE_INCIDENT].text, &incident));
	TRY(check_closing(decision, &incident));

	if (incident.merchant != 0) {
		TRY(section_load(decision->state, incident.number, incident.merchant, &section));
		TRY(show_remainders(decision, &incident, &section));
	}
	incident.ends++;
	incident.closer = decision->actor->key;
	incident.close_clock = 0;
	incident.sweep = INCIDENT_ENDS;
	return ending_go_on(decision, &incident);
}

/* ---- a section's end ---- */

/* A4: only an approver takes a party's money, for decided claims, and the party can appeal it. */
static enum recourse_error deduct(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, uint32_t party, slice id, int64_t steps)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, decision->entry);
	struct record_policy policy;
	record_path_short(&path, party);
	TRY(incident_terms(decision, incident, &policy));
	struct record_deduction deduction = {
		.amount = steps,
		.claims = section->claims_decided,
		.time = decision->time,
		.until = decision->time + (uint64_t)policy.appeal_days * INSTANT_DAY,
		.incident = section->incident,
		.merchant = party,
		.approver = incident->closer,
		.closing = section->party,
	};
	TRY(decision_put(decision, &path, &deduction, sizeof deduction));
	return decision_about(decision, RECORD_DEDUCTION, id);
}

static enum recourse_error tell_paid(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct settled *settled, int64_t taken)
{
	struct record_policy policy;
	TRY(incident_terms(decision, incident, &policy));
	settle_up_show(decision, &incident->unit, section, settled);
	decision_fact_amount(decision, "deducted", &incident->unit, taken);
	decision_fact_instant(
		decision, "appealable_until", decision->time + (uint64_t)policy.appeal_days * INSTANT_DAY);
	return RECOURSE_OK;
}

static void tell_issuers(struct decision *decision, const struct record_incident *incident, slice issuer,
	const struct settled *settled, int64_t taken)
{
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text("issuer's pool pays"));
	item_write_pair_text(out, "issuer", issuer);
	item_write_pair_amount(out, "deducted", &incident->unit, taken);
	item_write_pair_amount(out, "reinstated", &incident->unit, settled->reinstated);
	item_map_close(map, out);
}

static enum recourse_error refuse_sums(struct decision *decision, enum recourse_error error)
{
	return error == RECOURSE_OVERFLOW ? refuse(decision, error, "incident", "sums within 64 bits")
					  : error;
}

static enum recourse_error take(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, uint32_t number, slice party, int64_t frozen, int64_t *taken)
{
	struct owed owed;
	TRY(owed_begin(decision->state, decision->arena, incident, section, &owed));
	enum recourse_error error =
		owed_take(decision->state, decision->arena, incident, section, number, party, frozen, &owed);
	*taken = owed.taken;
	return refuse_sums(decision, error);
}

/* Behind each section's own pool stands the issuer's with a part of it; the issuer's own section ends last. */
static enum recourse_error find_issuers(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t *part)
{
	struct owed_parts parts;
	*part = 0;
	if (!owed_by_issuer(incident, section))
		return RECOURSE_OK;
	TRY(refuse_sums(decision, owed_parts_find(decision->state, decision->arena, incident, &parts)));
	*part = owed_parts_of(&parts, section->party);
	return RECOURSE_OK;
}

static enum recourse_error pay_issuers(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t part)
{
	struct settled settled;
	slice issuer;
	int64_t taken;
	TRY(party_name(decision->state, decision->arena, incident->issuer, &issuer));
	TRY(take(decision, incident, section, incident->issuer, issuer, part, &taken));
	if (taken == 0)
		return RECOURSE_OK;
	section->issuer_ended += taken;
	TRY(owed_pay(decision, incident, section, issuer, taken, &settled));
	tell_issuers(decision, incident, issuer, &settled, taken);
	return deduct(decision, incident, section, incident->issuer, issuer, taken);
}

/* ---- what its merchant owes in others' sections ---- */

/* The next of them, by the ids of their merchants: an entry is a deduction of one party for one section. */
static enum recourse_error find_elsewhere(struct decision *decision, const struct record_incident *incident,
	uint32_t merchant, struct owed_elsewhere *found)
{
	struct owed_end end;
	*found = (struct owed_elsewhere){.steps = 0};
	TRY(refuse_sums(decision, owed_end_of(decision->state, decision->arena, incident, merchant, &end)));
	for (size_t row = 0; row < end.count; row++) {
		const struct owed_elsewhere *one = &end.rows[row];
		if (one->steps > 0 && (found->steps == 0 || slice_compare(one->name, found->name) < 0))
			*found = *one;
	}
	return RECOURSE_OK;
}

/* So much of what is frozen of a merchant came to a section that is not its own: the next part is split by it. */
static enum recourse_error keep_ended(
	struct decision *decision, const struct record_section *section, slice merchant, int64_t taken)
{
	struct record_liability liability;
	TRY(liability_row(decision, "incident", section, merchant, &liability));
	liability.ended += taken;
	return liability_put(decision, section, merchant, &liability);
}

static enum recourse_error pay_elsewhere(struct decision *decision, const struct record_incident *incident,
	const struct record_section *own, bool *paid)
{
	struct owed_elsewhere row;
	struct record_section section;
	struct settled settled;
	int64_t taken;
	*paid = false;
	TRY(find_elsewhere(decision, incident, own->party, &row));
	if (row.steps == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, row.section, &section));
	TRY(take(decision, incident, &section, row.party, row.merchant, row.steps, &taken));
	if (taken == 0)
		return RECOURSE_OK;
	*paid = true;
	decision_fact_text(decision, "section", row.name);
	TRY(keep_ended(decision, &section, row.merchant, taken));
	TRY(owed_pay(decision, incident, &section, row.merchant, taken, &settled));
	TRY(tell_paid(decision, incident, &section, &settled, taken));
	TRY(section_save(decision, &section));
	return deduct(decision, incident, &section, row.party, row.merchant, taken);
}

/* Once by each end: when it has waited, it has paid there what it owes. */
static enum recourse_error is_to_wait(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t left, bool *wait)
{
	*wait = false;
	if (left == 0 || section->end_paid == incident->ends)
		return RECOURSE_OK;
	return owed_end_may_owe(decision->state, decision->arena, incident, section->party, wait);
}

/* ---- what is left ---- */

/* Who has it again owes nothing: see let_go_check.c. An insolvent one may, elsewhere, what is proved in its estate. */
static enum recourse_error note_let_go(
	struct decision *decision, struct record_section *section, slice merchant, int64_t left)
{
	struct record_estate estate;
	TRY(estate_of(decision->state, merchant, &estate));
	section->let_go = estate.entry == 0 ? left : 0;
	return RECOURSE_OK;
}

/* What is left is the merchant's; by the next entry, where this one has no room for those that lack it. */
static enum recourse_error let_go(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant, int64_t left)
{
	const bool had = section->closed_entry == 0;
	bool fits;
	bool wait;
	TRY(is_to_wait(decision, incident, section, left, &wait));
	if (wait)
		section->end_paid = incident->ends;
	TRY(unfreeze_fits(decision, incident, section, &fits));
	if (wait || (left > 0 && decision->posting_count > 0 && !fits))
		return section_save(decision, section);
	section->end_paid = incident->ends;
	section->ended = incident->ends;
	TRY(note_let_go(decision, section, merchant, left));
	TRY(section_close(decision, incident, section));
	return unfreeze_section(decision, incident, section, merchant, had, left);
}

static enum recourse_error pay_own(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct settled settled;
	slice merchant;
	int64_t frozen;
	int64_t taken;
	int64_t issuers;
	if (incident->merchant == 0)
		TRY(show_remainders(decision, incident, section));
	TRY(ending_frozen(decision, incident, section, &merchant, &frozen));
	TRY(find_issuers(decision, incident, section, &issuers));
	TRY(take(decision, incident, section, section->party, merchant, frozen, &taken));
	if (taken > 0) {
		TRY(owed_pay(decision, incident, section, merchant, taken, &settled));
		TRY(tell_paid(decision, incident, section, &settled, taken));
		TRY(deduct(decision, incident, section, section->party, merchant, taken));
	}
	if (issuers > 0)
		TRY(pay_issuers(decision, incident, section, issuers));
	TRY(settle_up_ending(decision, incident, section));
	return let_go(decision, incident, section, merchant, frozen - taken);
}

enum recourse_error close_section(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	bool paid = false;
	if (section->end_paid == incident->ends)
		TRY(pay_elsewhere(decision, incident, section, &paid));
	return paid ? RECOURSE_OK : pay_own(decision, incident, section);
}

static const struct command rows[] = {
	COMMAND("incident.close", RECOURSE_ROLE_APPROVER, close_fields, apply_close,
		"an incident in which nothing is left to be done ends; what is frozen pays what its merchant "
		"owes, "
		"and is the merchant's again",
		RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED),
};
const struct command_group close_commands = COMMAND_GROUP(rows);
