/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"
#include "rules/recourse/written_off.h"

/*
 * Write-offs (G6): out of the receivable and the funder's claim, into the memo. What is received later brings it back by
 * itself (written_off.h, ../claims/clawback.c); recourse.reverse takes one back.
 */
enum recourse_error write_off_owed_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, struct record_liability *liability, int64_t steps)
{
	const struct unit *unit = &incident->unit;
	slice memo = slice_text(CHART_UNAPPORTIONED);
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	liability->shortfall_given_up += steps;
	steps = amount_least(liability->shortfall_given_up, liability->shortfall) - liability->shortfall_off;
	liability->shortfall_off += steps;
	TRY(due_owed_back(decision, unit, party, liability->shortfall_entry, -steps));
	TRY(decision_move(
		decision, unit, steps, CHART_WRITTEN_OFF, memo, CHART_MEMO_CONTRA, memo, reference));
	TRY(due_fall(decision, incident, section, reference, -steps));
	TRY(decision_sum(decision, &section->shortfall, steps));
	return due_set_off(decision, incident, section);
}

enum {
	RECORD_ID,
	RECORD_IN,
	RECORD_FOR,
	RECORD_OF_CLAIM,
	RECORD_AMOUNT,
	RECORD_REASON,
	RECORD_SECTION_OF,
	RECORD_OWED_BACK
};
static const struct recourse_field record_fields[] = {
	[RECORD_ID] = FIELD(ID, "write_off", "the write-off's id, never used again"),
	[RECORD_IN] = FIELD(ID, "incident", "of the liability"),
	[RECORD_FOR] = FIELD_OPTIONAL(ID, "party", "who does not pay; U: what nobody is liable for"),
	[RECORD_OF_CLAIM] = FIELD_OPTIONAL(ID, "claim", "or whose claimant does not give back, in its place"),
	[RECORD_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "given up; all that is open if absent"),
	[RECORD_REASON] = FIELD(ID, "reason", "reason code"),
	[RECORD_SECTION_OF] = SECTION_FIELD,
	[RECORD_OWED_BACK] = FIELD_WITH(INTEGER, "entry",
		"what the party owes back under that entry's number, in place of recourse", .optional = true,
		.minimum = 1, .maximum = INT64_MAX, .preset = -1),
};

struct giving_up {
	struct record_write_off write_off;
	struct record_incident incident;
	struct record_section section;
	slice reference;
	enum chart_code account; /* what it goes out of */
};

/* Of nothing there is nothing to give up, whatever was asked for. */
static enum recourse_error find_amount(struct decision *decision, const struct value *value,
	const struct unit *unit, int64_t open, int64_t *steps)
{
	if (open == 0)
		return refuse_state(decision, "amount", "nothing is open");
	return decision_amount_or_all(decision, "amount", value, unit, open, steps);
}

/* Out of a liable party's receivable. */
static enum recourse_error give_up_party(
	struct decision *decision, const struct value *values, struct giving_up *up)
{
	struct record_liability liability;
	slice party = values[RECORD_FOR].text;
	const struct unit *unit = &up->incident.unit;
	TRY(section_named(decision, "section", &values[RECORD_SECTION_OF], &up->incident, &up->section));
	TRY(liability_find(decision, &up->section, party, &liability));
	TRY(find_amount(decision, &values[RECORD_AMOUNT], unit, liability.open - liability.written_off,
		&up->write_off.amount));
	up->write_off.party = liability.party;
	TRY(written_off_add(decision, &up->incident, &up->section, party, up->write_off.amount));
	return section_save(decision, &up->section);
}

/* Out of what it was paid out, and does not pay back: the cash is not there, so the funder owes it. */
static enum recourse_error give_up_owed_back(
	struct decision *decision, const struct value *values, struct giving_up *up)
{
	struct liabilities list;
	slice party = values[RECORD_FOR].text;
	TRY(section_named(decision, "section", &values[RECORD_SECTION_OF], &up->incident, &up->section));
	TRY(liability_list(decision->state, decision->arena, &up->section, &list));
	struct liability_row *row = liability_among(&list, party);
	if (row == NULL)
		return refuse(decision, RECOURSE_NOT_FOUND, "party", NULL);
	if (row->record.shortfall_entry != (uint64_t)values[RECORD_OWED_BACK].integer)
		return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one under which the party owes back");
	if (row->record.party == up->incident.funder)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "party", "another than the funder");
	TRY(find_amount(decision, &values[RECORD_AMOUNT], &up->incident.unit,
		row->record.shortfall - row->record.shortfall_off, &up->write_off.amount));
	up->write_off.party = row->record.party;
	up->account = CHART_COMMITMENT;
	TRY(write_off_owed_back(
		decision, &up->incident, &up->section, party, &row->record, up->write_off.amount));
	TRY(liability_put(decision, &up->section, party, &row->record));
	return section_save(decision, &up->section);
}

/* Out of what nobody is liable for: several parties, of whom one has a cap. */
static enum recourse_error give_up_nobodys(
	struct decision *decision, const struct value *values, struct giving_up *up)
{
	const struct unit *unit = &up->incident.unit;
	int64_t open;
	TRY(section_named(decision, "section", &values[RECORD_SECTION_OF], &up->incident, &up->section));
	if (up->section.apportioned_entry == 0)
		return refuse_state(decision, "party", life_state_name(LIFE_INCIDENT, up->incident.state));
	TRY(settle_up_nobodys(decision, &up->section, &open));
	TRY(find_amount(decision, &values[RECORD_AMOUNT], unit, open, &up->write_off.amount));
	up->section.nobodys_off += up->write_off.amount;
	up->section.nobodys_memo += up->write_off.amount;
	TRY(section_save(decision, &up->section));
	return written_off_post(decision, &up->incident, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
		up->reference, up->write_off.amount);
}

/* Out of what a claimant was paid too much: of the advance, then of what pools and recoveries gave, which no account has. */
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
	TRY(find_amount(decision, &values[RECORD_AMOUNT], &up->incident.unit, record_claim_asked(&claim),
		&up->write_off.amount));
	int64_t open = claim.clawed - claim.clawed_off;
	int64_t advance = up->write_off.amount < open ? up->write_off.amount : open;
	int64_t rest = up->write_off.amount - advance;
	int64_t before = record_claim_asked(&claim);
	claim.clawed_off += advance;
	claim.clawed_off_rest += rest;
	section_count_clawback(&up->section, before, record_claim_asked(&claim));
	claim.last_entry = decision->entry;
	TRY(section_save(decision, &up->section));
	TRY(area_claim_put(decision, id, &claim));
	TRY(decision_put(decision, &path, &claim, sizeof claim));
	TRY(decision_about(decision, RECORD_CLAIM, id));
	up->account = CHART_CLAWBACK;
	TRY(decision_move(decision, &up->incident.unit, rest, CHART_WRITTEN_OFF, id, CHART_MEMO_CONTRA, id,
		up->reference));
	return written_off_post(decision, &up->incident, CHART_CLAWBACK, id, up->reference, advance);
}

typedef enum recourse_error giver(
	struct decision *decision, const struct value *values, struct giving_up *up);

static giver *kind_of(const struct value *values)
{
	if (values[RECORD_OF_CLAIM].present)
		return give_up_claim;
	if (values[RECORD_OWED_BACK].present)
		return give_up_owed_back;
	return slice_is(values[RECORD_FOR].text, CHART_UNAPPORTIONED) ? give_up_nobodys : give_up_party;
}

static enum recourse_error apply_record(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_WRITE_OFF, values[RECORD_ID].text);
	struct giving_up up = {.write_off.entry = decision->entry,
		.reference = values[RECORD_IN].text,
		.account = CHART_RECOURSE};
	bool both = values[RECORD_OF_CLAIM].present &&
		    (values[RECORD_FOR].present || values[RECORD_OWED_BACK].present);
	TRY(decision_absent(decision, "write_off", &path));
	TRY(incident_concerned(decision, up.reference, &up.incident));
	if (both || (!values[RECORD_FOR].present && !values[RECORD_OF_CLAIM].present))
		return refuse(decision, both ? RECOURSE_FIELD_DUPLICATE : RECOURSE_FIELD_MISSING, "party",
			"party or claim, one of them");
	TRY(kind_of(values)(decision, values, &up));
	/* proposed and approved are what a checked command is: see proposal.c */
	for (uint32_t state = WRITE_OFF_PROPOSED; state <= WRITE_OFF_WRITTEN_OFF; state++)
		TRY(decision_step(decision, LIFE_WRITE_OFF, &up.write_off.state, state, "write_off"));

	bool party = values[RECORD_FOR].present;
	TRY(recourse_reverse_keep(
		decision, &(struct recourse_booking){.incident = &up.incident,
				  .section = &up.section,
				  .kind = BOOKED_WRITE_OFF,
				  .id = party ? values[RECORD_FOR].text : values[RECORD_OF_CLAIM].text,
				  .steps = up.write_off.amount,
				  .account = up.account}));
	up.write_off.incident = up.section.incident;
	up.write_off.section = up.section.party;
	decision_fact_amount(decision, "written_off", &up.incident.unit, up.write_off.amount);
	return decision_put(decision, &path, &up.write_off, sizeof up.write_off);
}

static const struct command rows[] = {
	COMMAND_CHECKED("write_off.record", RECOURSE_ROLE_OPERATOR, 1, record_fields, apply_record,
		"give up what a liable party does not pay, or who was paid out does not pay back; another "
		"person approves",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, RECOURSE_FIELD_MISSING,
		RECOURSE_FIELD_DUPLICATE, RECOURSE_NOT_PERMITTED),
};
const struct command_group write_off_commands = COMMAND_GROUP(rows);
