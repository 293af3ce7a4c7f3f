/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/liability.h"

/* Write-offs (G6): out of the receivable and the funder's claim, into the memo. Negative steps bring it back. */
static enum recourse_error post_write_off(struct decision *decision, const struct record_incident *incident,
	enum chart_code receivable, slice party, slice reference, int64_t steps)
{
	slice funder;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(decision_move(
		decision, &incident->unit, steps, CHART_ADVANCES, funder, receivable, party, reference));
	return decision_move(decision, &incident->unit, steps, CHART_WRITTEN_OFF, party, CHART_MEMO_CONTRA,
		party, reference);
}

enum { RECORD_ID, RECORD_IN, RECORD_FOR, RECORD_OF_CLAIM, RECORD_AMOUNT, RECORD_REASON };
static const struct recourse_field record_fields[] = {
	[RECORD_ID] = FIELD(ID, "write_off", "the write-off's id, never used again"),
	[RECORD_IN] = FIELD(ID, "incident", "of the liability"),
	[RECORD_FOR] = FIELD_OPTIONAL(ID, "party", "who does not pay"),
	[RECORD_OF_CLAIM] = FIELD_OPTIONAL(ID, "claim", "or whose claimant does not give back, in its place"),
	[RECORD_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "given up; all that is open if absent"),
	[RECORD_REASON] = FIELD(ID, "reason", "reason code"),
};

struct giving_up {
	struct record_write_off write_off;
	struct record_incident incident;
	struct record_section section;
	slice reference;
};

/* Out of a liable party's receivable. */
static enum recourse_error give_up_party(
	struct decision *decision, const struct value *values, struct giving_up *up)
{
	struct record_liability liability;
	slice party = values[RECORD_FOR].text;
	const struct unit *unit = &up->incident.unit;
	int64_t open;
	TRY(section_named(decision, "section", NULL, &up->incident, &up->section));
	TRY(liability_get(decision->state, &up->section, party, &liability));
	if (liability.share == 0)
		return refuse(decision, RECOURSE_NOT_FOUND, "party", "a liable party of the incident");
	TRY(account_balance(decision->state, CHART_RECOURSE, party, up->reference, unit, &open));
	TRY(decision_amount_or_all(
		decision, "amount", &values[RECORD_AMOUNT], unit, open, &up->write_off.amount));
	up->write_off.party = liability.party;
	liability.written_off += up->write_off.amount;
	TRY(liability_put(decision, &up->section, party, &liability));
	return post_write_off(
		decision, &up->incident, CHART_RECOURSE, party, up->reference, up->write_off.amount);
}

/* Out of what a claimant was paid too much, of the advance. */
static enum recourse_error give_up_claim(
	struct decision *decision, const struct value *values, struct giving_up *up)
{
	slice id = values[RECORD_OF_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(decision_find(decision, "claim", &path, &claim, sizeof claim));
	if (claim.incident != up->incident.number)
		return refuse(decision, RECOURSE_NOT_FOUND, "claim", "a claim of the incident");
	TRY(section_load(decision->state, claim.incident, claim.section, &up->section));
	TRY(decision_amount_or_all(decision, "amount", &values[RECORD_AMOUNT], &up->incident.unit,
		claim.clawed - claim.clawed_off, &up->write_off.amount));
	int64_t open = claim.clawed - claim.clawed_off;
	section_count_clawback(&up->section, open, open - up->write_off.amount);
	claim.clawed_off += up->write_off.amount;
	claim.last_entry = decision->entry;
	TRY(section_save(decision, &up->section));
	TRY(decision_put(decision, &path, &claim, sizeof claim));
	TRY(decision_about(decision, RECORD_CLAIM, id));
	return post_write_off(
		decision, &up->incident, CHART_CLAWBACK, id, up->reference, up->write_off.amount);
}

static enum recourse_error apply_record(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_WRITE_OFF, values[RECORD_ID].text);
	struct giving_up up = {.write_off.entry = decision->entry, .reference = values[RECORD_IN].text};
	bool both = values[RECORD_FOR].present && values[RECORD_OF_CLAIM].present;
	TRY(decision_absent(decision, "write_off", &path));
	TRY(incident_concerned(decision, up.reference, &up.incident));
	if (both || (!values[RECORD_FOR].present && !values[RECORD_OF_CLAIM].present))
		return refuse(decision, both ? RECOURSE_FIELD_DUPLICATE : RECOURSE_FIELD_MISSING, "party",
			"party or claim, one of them");
	TRY((values[RECORD_FOR].present ? give_up_party : give_up_claim)(decision, values, &up));
	/* proposed and approved are what a checked command is: see proposal.c */
	for (uint32_t state = WRITE_OFF_PROPOSED; state <= WRITE_OFF_WRITTEN_OFF; state++)
		TRY(decision_step(decision, LIFE_WRITE_OFF, &up.write_off.state, state, "write_off"));

	up.write_off.incident = up.section.incident;
	up.write_off.section = up.section.party;
	decision_fact_amount(decision, "written_off", &up.incident.unit, up.write_off.amount);
	return decision_put(decision, &path, &up.write_off, sizeof up.write_off);
}

enum { REINSTATE_WRITE_OFF, REINSTATE_RECOVERY };
static const struct recourse_field reinstate_fields[] = {
	[REINSTATE_WRITE_OFF] = FIELD(ID, "write_off", "what was given up"),
	[REINSTATE_RECOVERY] = FIELD(ID, "recovery", "the late receipt, not yet allocated"),
};

struct reinstatement {
	struct record_write_off write_off;
	struct record_recovery recovery;
	struct record_incident incident;
	struct record_section section;
	struct record_liability liability;
	slice reference;
	slice party;
};

static enum recourse_error load_reinstatement(struct decision *decision, const struct record_path *path,
	const struct record_path *receipt, struct reinstatement *load)
{
	TRY(decision_find(decision, "write_off", path, &load->write_off, sizeof load->write_off));
	TRY(decision_find(decision, "recovery", receipt, &load->recovery, sizeof load->recovery));
	if (load->recovery.incident != load->write_off.incident ||
		load->recovery.payer != load->write_off.party)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "recovery", load->recovery.entry);
	TRY(incident_referred(decision, load->write_off.incident, &load->incident, &load->reference));
	TRY(section_load(decision->state, load->write_off.incident, load->write_off.section, &load->section));
	TRY(party_name(decision->state, decision->arena, load->write_off.party, &load->party));
	return liability_get(decision->state, &load->section, load->party, &load->liability);
}

static enum recourse_error apply_reinstate(struct decision *decision, const struct value *values)
{
	struct reinstatement load;
	struct record_path path = record_path_of_text(RECORD_WRITE_OFF, values[REINSTATE_WRITE_OFF].text);
	struct record_path receipt = record_path_of_text(RECORD_RECOVERY, values[REINSTATE_RECOVERY].text);
	TRY(load_reinstatement(decision, &path, &receipt, &load));
	/* a receipt brings back what it pays for, once */
	int64_t open = load.recovery.amount - load.recovery.allocated;
	int64_t available = load.recovery.reinstated < open ? open - load.recovery.reinstated : 0;
	int64_t written_off = load.write_off.amount - load.write_off.reinstated;
	int64_t steps = written_off < available ? written_off : available;
	if (steps == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "recovery", &load.incident.unit,
			written_off, available);
	TRY(decision_step(
		decision, LIFE_WRITE_OFF, &load.write_off.state, WRITE_OFF_REINSTATED, "write_off"));

	load.write_off.reinstated += steps;
	load.recovery.reinstated += steps;
	load.liability.written_off -= steps;
	decision_fact_amount(decision, "reinstated", &load.incident.unit, steps);
	TRY(decision_put(decision, &path, &load.write_off, sizeof load.write_off));
	TRY(decision_put(decision, &receipt, &load.recovery, sizeof load.recovery));
	TRY(liability_put(decision, &load.section, load.party, &load.liability));
	TRY(post_write_off(decision, &load.incident, CHART_RECOURSE, load.party, load.reference, -steps));
	return decision_about(decision, RECORD_INCIDENT, load.reference);
}

static const struct command rows[] = {
	COMMAND_CHECKED("write_off.record", RECOURSE_ROLE_OPERATOR, 1, record_fields, apply_record,
		"give up what a liable party does not pay; another person approves", RECOURSE_EXISTS,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_FIELD_MISSING,
		RECOURSE_FIELD_DUPLICATE),
	COMMAND("write_off.reinstate", RECOURSE_ROLE_OPERATOR, reinstate_fields, apply_reinstate,
		"bring back what was written off, for a late receipt", RECOURSE_INSUFFICIENT,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group write_off_commands = COMMAND_GROUP(rows);
