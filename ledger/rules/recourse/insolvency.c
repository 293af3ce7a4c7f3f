/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/insolvency.h"
#include "rules/recourse/insolvency_reverse.h"
#include "rules/recourse/liability.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/set_off_plan.h"
#include "rules/recourse/settle_up.h"

/* A party that is insolvent (企业破产法): see README.md. */

/* ---- estate.open, estate.end ---- */

enum { OPEN_PARTY, OPEN_LIQUIDATOR, OPEN_ACCEPTED, OPEN_BASIS };
static const struct recourse_field open_fields[] = {
	[OPEN_PARTY] = FIELD(ID, "party", "that is insolvent"),
	[OPEN_LIQUIDATOR] = FIELD(ID, "liquidator", "who speaks for its estate"),
	[OPEN_ACCEPTED] = FIELD(TIME, "accepted_at",
		"when the court accepted its case, not in the future: what comes from then on waits"),
	[OPEN_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the court's order"),
};

static enum recourse_error apply_open(struct decision *decision, const struct value *values)
{
	slice party = values[OPEN_PARTY].text;
	struct record_path path = record_path_of_text(RECORD_ESTATE, party);
	struct record_estate estate;
	bool there;
	TRY(record_get_optional(decision->state, &path, &estate, sizeof estate, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, "party", estate.entry);
	estate = (struct record_estate){
		.entry = decision->entry, .accepted_at = values[OPEN_ACCEPTED].instant};
	TRY(party_apart(decision, "party", party, &estate.party));
	TRY(party_liquidator(decision, "liquidator", values[OPEN_LIQUIDATOR].text, &estate.liquidator));
	if (values[OPEN_ACCEPTED].instant > decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "accepted_at", "not in the future");
	TRY(decision_put(decision, &path, &estate, sizeof estate));
	return decision_about(decision, RECORD_PARTY, party);
}

enum { END_PARTY, END_REASON };
static const struct recourse_field end_fields[] = {
	[END_PARTY] = FIELD(ID, "party", "whose case has ended, or never was"),
	[END_REASON] = FIELD(ID, "reason", "reason code, such as case-ended"),
};

static enum recourse_error find_estate(struct decision *decision, slice party, struct record_estate *estate)
{
	struct record_path path = record_path_of_text(RECORD_ESTATE, party);
	return decision_find(decision, "party", &path, estate, sizeof *estate);
}

/* One of its sections of an incident in which something of it can be moved, or was; what an end gave stays. */
struct freed {
	uint32_t incident;
	uint32_t section;
	bool goes_on; /* the incident */
};

static enum recourse_error is_freed(struct decision *decision, slice party, struct freed *freed, bool *is)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, freed->incident, freed->section);
	struct record_liability row;
	struct record_incident incident;
	record_path_text(&path, party);
	TRY(incident_load(decision->state, freed->incident, &incident));
	TRY(record_get_named(decision->state, &path, &row, sizeof row));
	const bool ended = incident_has_ended(&incident);
	freed->goes_on = !ended && incident.sweep == INCIDENT_STANDS;
	*is = incident.sections > 1 && (ended ? set_off_plan_own(&row) > 0 : set_off_plan_concerns(&row));
	return RECOURSE_OK;
}

/* Of each incident the first. */
static enum recourse_error list_freed(
	struct decision *decision, slice party, uint32_t number, struct buffer *list)
{
	const struct record_path prefix = record_path_of_short(RECORD_LIABILITY_PARTY, number);
	uint32_t last = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct freed freed = {.incident = (uint32_t)walk.key.parts[1].number,
			.section = (uint32_t)walk.key.parts[2].number};
		bool is = false;
		if (freed.incident != last)
			TRY(is_freed(decision, party, &freed, &is));
		if (!is)
			continue;
		last = freed.incident;
		buffer_append(list, &freed, sizeof freed);
	}
	return buffer_failed(list) ? RECOURSE_MEMORY : walk.error;
}

static enum recourse_error leave_behind(struct decision *decision, const struct freed *freed)
{
	struct record_section section;
	TRY(section_load(decision->state, freed->incident, freed->section, &section));
	TRY(behind_note(decision, &section, SECTION_UNMOVED, true));
	return section_save(decision, &section);
}

/* In so many incidents that go on by one entry; in the others by the clock of a section that is behind. */
enum { FREED_MAX = 16 };

/* What it paid beyond what it owes in one section serves what it owes in others, as of who never was insolvent. */
static enum recourse_error set_off_freed(struct decision *decision, slice party, uint32_t number)
{
	SCOPED(buffer_free) struct buffer list = {.size = 0};
	struct record_incident incident;
	uint64_t done = 0;
	TRY(list_freed(decision, party, number, &list));
	const struct freed *freed = (const void *)list.data;
	const size_t count = list.size / sizeof *freed;
	for (size_t index = 0; index < count; index++) {
		if (done == FREED_MAX || !freed[index].goes_on) {
			TRY(leave_behind(decision, &freed[index]));
			continue;
		}
		TRY(incident_load(decision->state, freed[index].incident, &incident));
		TRY(set_off_party(decision, &incident, party));
		done++;
	}
	if (count > done)
		decision_fact_integer(decision, "left", count - done);
	return RECOURSE_OK;
}

static enum recourse_error apply_end(struct decision *decision, const struct value *values)
{
	slice party = values[END_PARTY].text;
	struct record_path path = record_path_of_text(RECORD_ESTATE, party);
	struct record_estate estate;
	TRY(find_estate(decision, party, &estate));
	decision_fact_integer(decision, "opened", estate.entry);
	TRY(decision_remove(decision, &path));
	TRY(set_off_freed(decision, party, estate.party));
	return decision_about(decision, RECORD_PARTY, party);
}

/* ---- estate.confirm: the liquidator lets what came be used for what it came for ---- */

enum { CONFIRM_PARTY, CONFIRM_RECOVERY, CONFIRM_DEPOSIT, CONFIRM_EVIDENCE, CONFIRM_CUSTODIAN };
static const struct recourse_field confirm_fields[] = {
	[CONFIRM_PARTY] = FIELD(ID, "party", "whose liquidator it is"),
	[CONFIRM_RECOVERY] = FIELD_OPTIONAL(ID, "recovery", "that it paid since then"),
	[CONFIRM_DEPOSIT] = FIELD_WITH(INTEGER, "deposit", "or the entry of money for its deposit",
		.optional = true, .minimum = 1, .maximum = INT64_MAX, .preset = -1),
	[CONFIRM_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of what the liquidator said"),
	[CONFIRM_CUSTODIAN] = RECOVERY_CUSTODIAN,
};

/* Another party's is as if it were not there. */
static enum recourse_error confirm_recovery(
	struct decision *decision, slice party, slice id, const struct value *custodian)
{
	struct record_path path;
	struct record_estate estate;
	struct record_recovery recovery;
	TRY(find_estate(decision, party, &estate));
	TRY(recovery_id_find(decision, id, custodian, estate.party, &path, &recovery));
	uint64_t done = recovery.bounced_entry != 0     ? recovery.bounced_entry
			: recovery.allocated_entry != 0 ? recovery.allocated_entry
							: recovery.confirmed_entry;
	if (done != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "recovery", done);
	TRY(insolvency_reverse_keep_confirmed(decision, id, &recovery));
	recovery.confirmed_entry = decision->entry;
	return decision_put(decision, &path, &recovery, sizeof recovery);
}

/* Off 2140, where it waited under its entry. */
static enum recourse_error end_top_up(
	struct decision *decision, struct record_top_up *top_up, uint64_t entry, slice merchant)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, entry);
	slice reference;
	top_up->ended_entry = decision->entry;
	TRY(decision_put(decision, &path, top_up, sizeof *top_up));
	TRY(account_reference_make(decision->arena, entry, &reference));
	return decision_post(decision, CHART_SUSPENSE, merchant, reference, &top_up->unit, top_up->amount);
}

static enum recourse_error find_top_up(
	struct decision *decision, uint64_t entry, struct record_top_up *top_up)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, entry);
	return decision_find(decision, "deposit", &path, top_up, sizeof *top_up);
}

static enum recourse_error check_waits(struct decision *decision, const struct record_top_up *top_up)
{
	return top_up->ended_entry == 0
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_STATE_WRONG, "deposit", top_up->ended_entry);
}

static enum recourse_error confirm_deposit(struct decision *decision, slice party, uint64_t entry)
{
	struct record_top_up top_up;
	uint32_t merchant;
	TRY(decision_party(decision, "party", party, &merchant));
	TRY(find_top_up(decision, entry, &top_up));
	if (top_up.merchant != merchant)
		return refuse(decision, RECOURSE_NOT_FOUND, "deposit", NULL);
	TRY(check_waits(decision, &top_up));
	TRY(end_top_up(decision, &top_up, entry, party));
	TRY(deposit_top_up(decision, "deposit", party, &top_up.unit, top_up.custodian, top_up.amount));
	return deposit_reverse_keep_confirmed(decision, entry, party, &top_up.unit, top_up.amount);
}

static enum recourse_error apply_confirm(struct decision *decision, const struct value *values)
{
	const struct value *recovery = &values[CONFIRM_RECOVERY];
	const struct value *deposit = &values[CONFIRM_DEPOSIT];
	slice party = values[CONFIRM_PARTY].text;
	if (recovery->present == deposit->present)
		return refuse(decision, recovery->present ? RECOURSE_FIELD_LIMIT : RECOURSE_FIELD_MISSING,
			"recovery", "recovery or deposit");
	TRY(recovery->present ? confirm_recovery(decision, party, recovery->text, &values[CONFIRM_CUSTODIAN])
			      : confirm_deposit(decision, party, (uint64_t)deposit->integer));
	return decision_about(decision, RECORD_PARTY, party);
}

/* ---- estate.give_back: the liquidator does not; what was for a recovery goes back by recovery.bounce ---- */

enum { GIVE_DEPOSIT, GIVE_LINE };
static const struct recourse_field give_fields[] = {
	[GIVE_DEPOSIT] = FIELD_INTEGER("deposit", 1, INT64_MAX, "the entry of money for a deposit"),
	[GIVE_LINE] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_give_back(struct decision *decision, const struct value *values)
{
	uint64_t entry = (uint64_t)values[GIVE_DEPOSIT].integer;
	struct record_top_up top_up;
	slice merchant;
	TRY(find_top_up(decision, entry, &top_up));
	if (top_up.custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "deposit", NULL);
	TRY(check_waits(decision, &top_up));
	TRY(party_name(decision->state, decision->arena, top_up.merchant, &merchant));
	TRY(end_top_up(decision, &top_up, entry, merchant));
	TRY(estate_payee(decision, merchant));
	TRY(attest_cash(decision, &values[GIVE_LINE], &top_up.unit, -top_up.amount));
	TRY(insolvency_reverse_keep_given(decision, entry, merchant, values[GIVE_LINE].text, &top_up));
	return decision_about(decision, RECORD_PARTY, merchant);
}

/* ---- estate.accept: what the estate owes in a section; a joint debt whole ---- */

enum { ACCEPT_PARTY, ACCEPT_INCIDENT, ACCEPT_AMOUNT, ACCEPT_EVIDENCE, ACCEPT_SECTION };
static const struct recourse_field accept_fields[] = {
	[ACCEPT_PARTY] = FIELD(ID, "party", "that is insolvent"),
	[ACCEPT_INCIDENT] = FIELD(ID, "incident", "that it is liable for"),
	[ACCEPT_AMOUNT] = FIELD(AMOUNT, "amount", "that its estate accepted, all told; a joint debt whole"),
	[ACCEPT_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the list of accepted proofs"),
	[ACCEPT_SECTION] = SECTION_FIELD,
};

static struct record_path proof_path(const struct record_section *section, slice party)
{
	struct record_path path = record_path_of_text(RECORD_PROOF, party);
	record_path_short(&path, section->incident);
	record_path_short(&path, section->party);
	return path;
}

/*
 * Who is liable for the whole owes it in each estate; who is not, its own part, which is rounded up for creditors. Its costs
 * and interest beside.
 */
static enum recourse_error find_most(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct record_liability *liability, int64_t *most)
{
	struct liabilities list;
	struct reckon told;
	int64_t part = section->loss;
	if (!liability->joint) {
		TRY(liability_list(decision->state, decision->arena, section, &list));
		TRY(settle_up_tell(decision, incident, section, &list, &told));
		TRY(amount_scale(told.loss, liability->share, LIABILITY_WHOLE, AMOUNT_ROUND_UP, &part));
	}
	*most = part + liability->costs + liability->interest;
	return RECOURSE_OK;
}

static enum recourse_error apply_accept(struct decision *decision, const struct value *values)
{
	slice party = values[ACCEPT_PARTY].text;
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	struct record_estate estate;
	struct record_proof proof;
	int64_t steps;
	int64_t most;
	TRY(incident_concerned(decision, values[ACCEPT_INCIDENT].text, &incident));
	TRY(section_named(decision, "section", &values[ACCEPT_SECTION], &incident, &section));
	TRY(find_estate(decision, party, &estate));
	TRY(liability_find(decision, &section, party, &liability));
	TRY(decision_amount(decision, "amount", values[ACCEPT_AMOUNT].text, &incident.unit, &steps));
	TRY(find_most(decision, &incident, &section, &liability, &most));
	if (steps > most)
		return refuse_amount(decision, RECOURSE_EXCEEDS_LOSS, "amount", &incident.unit, steps, most);
	struct record_path path = proof_path(&section, party);
	TRY(record_get_optional(decision->state, &path, &proof, sizeof proof, NULL));
	if (steps < proof.dividends)
		return refuse_amount(
			decision, RECOURSE_INSUFFICIENT, "amount", &incident.unit, proof.dividends, steps);
	proof.accepted = steps;
	proof.entry = decision->entry;
	TRY(decision_put(decision, &path, &proof, sizeof proof));
	return decision_about(decision, RECORD_PARTY, party);
}

enum recourse_error insolvency_dividend(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice party, int64_t steps)
{
	struct record_path path = proof_path(section, party);
	struct record_proof proof;
	TRY(decision_find(decision, "dividend", &path, &proof, sizeof proof));
	int64_t left = proof.accepted - proof.dividends;
	if (steps > left)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "dividend", unit, steps, left);
	proof.dividends += steps;
	decision_fact_amount(decision, "accepted", unit, proof.accepted);
	decision_fact_amount(decision, "dividends", unit, proof.dividends);
	return decision_put(decision, &path, &proof, sizeof proof);
}

/* ---- what of others' commands waits ---- */

enum recourse_error insolvency_free(
	struct decision *decision, const struct record_recovery *recovery, slice payer)
{
	uint64_t entry;
	if (recovery->confirmed_entry != 0)
		return RECOURSE_OK;
	TRY(estate_holds(decision->state, payer, recovery->received, &entry));
	return entry == 0 ? RECOURSE_OK : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "recovery", entry);
}

static const struct command rows[] = {
	COMMAND("estate.open", RECOURSE_ROLE_OPERATOR, open_fields, apply_open,
		"a court accepted a party's insolvency: what comes from it waits for its liquidator",
		RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED),
	COMMAND_CHECKED("estate.end", RECOURSE_ROLE_OPERATOR, 1, end_fields, apply_end,
		"that case is no more; another person approves", RECOURSE_OK),
	COMMAND("estate.confirm", RECOURSE_ROLE_OPERATOR, confirm_fields, apply_confirm,
		"the liquidator lets what came be used for what it came for", RECOURSE_FIELD_MISSING,
		RECOURSE_FIELD_LIMIT, RECOURSE_STATE_WRONG, RECOURSE_CUSTODIAN_WRONG, RECOURSE_OVERFLOW),
	COMMAND("estate.give_back", RECOURSE_ROLE_CUSTODIAN, give_fields, apply_give_back,
		"the custodian attests that money for a deposit went back to the estate",
		RECOURSE_STATE_WRONG, ATTEST_REFUSES),
	COMMAND("estate.accept", RECOURSE_ROLE_OPERATOR, accept_fields, apply_accept,
		"what an estate accepted of a party's debt, of which dividends come", RECOURSE_EXCEEDS_LOSS,
		RECOURSE_INSUFFICIENT, RECOURSE_FIELD_MISSING),
};
const struct command_group insolvency_commands = COMMAND_GROUP(rows);
