/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/settle_up.h"

/* Who is liable, for how much, and how: a judgment or an agreement (G2). See README.md. */

static const char *const mode_names[] = {"several", "joint-and-several", NULL};
enum { SHARE_PARTY, SHARE_SHARE, SHARE_MODE, SHARE_CAP, SHARE_MEMBERS };
static const struct recourse_field share_members[] = {
	[SHARE_PARTY] = FIELD(ID, "party", "a liable party"),
	[SHARE_SHARE] =
		FIELD(PERCENT, "share", "of the whole loss; 0.00 of a guarantor who is liable jointly"),
	[SHARE_MODE] = FIELD_OPTIONAL_CHOICE("mode", mode_names, "of this party's liability, if another"),
	[SHARE_CAP] = FIELD_OPTIONAL(AMOUNT, "cap", "the most that is asked of it beside its deposit"),
};
enum { APPORTION_INCIDENT, APPORTION_MODE, APPORTION_BASIS, APPORTION_SHARES, APPORTION_SECTION };
static const struct recourse_field apportion_fields[] = {
	[APPORTION_INCIDENT] = FIELD(ID, "incident", "whose recourse is apportioned"),
	[APPORTION_MODE] = FIELD_CHOICE("mode", mode_names, "of the liability"),
	[APPORTION_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the judgment or agreement"),
	[APPORTION_SHARES] = FIELD_LIST("shares", 1, LIABILITY_PARTIES_MAX, share_members,
		"party and share, and its mode and cap; they sum up to 100.00"),
	[APPORTION_SECTION] = SECTION_FIELD,
};

struct apportionment {
	struct record_incident incident;
	struct record_section section;
	slice reference;
	int64_t mode;
	int64_t shares; /* summed up */
};

static enum recourse_error load(
	struct decision *decision, slice id, const struct value *merchant, struct apportionment *this)
{
	this->reference = id;
	TRY(incident_concerned(decision, id, &this->incident));
	return section_named(decision, "section", merchant, &this->incident, &this->section);
}

static enum recourse_error read_share(
	struct decision *decision, const struct value *member, struct apportionment *this)
{
	struct record_liability record;
	uint32_t number;
	slice party = member[SHARE_PARTY].text;
	TRY(party_concerned(decision, "shares", party, PARTY_LIABLE, &number));
	TRY(liability_row(decision, "shares", &this->section, party, &record));
	if (record.liable)
		return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "each party once");
	record.liable = 1;
	record.share = member[SHARE_SHARE].integer;
	record.joint = (uint32_t)(member[SHARE_MODE].present ? member[SHARE_MODE].integer : this->mode);
	if (member[SHARE_CAP].present)
		TRY(decision_amount(
			decision, "shares", member[SHARE_CAP].text, &this->incident.unit, &record.cap));
	if (record.share == 0 && !record.joint)
		return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "each above zero, or joint");
	this->shares += record.share;
	TRY(decision_step(decision, LIFE_RECOURSE, &record.state, RECOURSE_PERFECTED, "shares"));
	return liability_put(decision, &this->section, party, &record);
}

/* Whose pool pays has a row whether it is liable or not. */
static enum recourse_error read_pool(
	struct decision *decision, const struct apportionment *this, uint32_t number)
{
	struct record_liability record;
	slice party;
	TRY(party_name(decision->state, decision->arena, number, &party));
	TRY(liability_row(decision, "shares", &this->section, party, &record));
	return liability_put(decision, &this->section, party, &record);
}

static enum recourse_error read_shares(
	struct decision *decision, const struct value *list, struct apportionment *this)
{
	for (size_t row = 0; row < list->list.count; row++)
		TRY(read_share(decision, list->list.values + row * SHARE_MEMBERS, this));
	if (this->shares != LIABILITY_WHOLE)
		return refuse(decision, RECOURSE_SHARES_WRONG, "shares", "a sum of 100.00");
	if (this->incident.merchant == 0)
		TRY(read_pool(decision, this, this->incident.issuer));
	return read_pool(decision, this, this->section.party);
}

static void show(struct decision *decision, const struct apportionment *this, int64_t recourse)
{
	const struct record_section *section = &this->section;
	const struct unit *unit = &this->incident.unit;
	const struct section_pools pools = section_pools(section);
	decision_fact_amount(decision, "loss", unit, section->loss);
	/* what appeals gave back to the deposit it does not bear: the funder does */
	decision_fact_amount(decision, "deposit_credited", unit, pools.deposit);
	decision_fact_amount(decision, "instruments_credited", unit, pools.instruments);
	decision_fact_amount(decision, "recourse", unit, recourse);
}

/* It stands until another judgment: see liability.reapportion. */
static enum recourse_error keep_booked(struct decision *decision, const struct apportionment *this)
{
	slice merchant;
	TRY(party_name(decision->state, decision->arena, this->section.party, &merchant));
	return recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &this->incident,
						       .section = &this->section,
						       .kind = BOOKED_APPORTIONMENT,
						       .id = merchant});
}

/* No round need come before it: where no pool has anything, none ever does. Another section may have begun it. */
static enum recourse_error begin_recovery(struct decision *decision, struct record_incident *incident)
{
	uint32_t *state = &incident->state;
	if (*state != INCIDENT_ADJUDICATED && *state != INCIDENT_RECOVERY)
		TRY(decision_step(decision, LIFE_INCIDENT, state, INCIDENT_ADJUDICATED, "incident"));
	return *state == INCIDENT_RECOVERY
		       ? RECOURSE_OK
		       : decision_step(decision, LIFE_INCIDENT, state, INCIDENT_RECOVERY, "incident");
}

static enum recourse_error apply_apportion(struct decision *decision, const struct value *values)
{
	struct apportionment this = {.mode = values[APPORTION_MODE].integer};
	struct record_section *section = &this.section;
	struct settled settled;
	TRY(load(decision, values[APPORTION_INCIDENT].text, &values[APPORTION_SECTION], &this));
	if (section->apportioned_entry != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "incident", section->apportioned_entry);
	if (section->loss == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "incident", &this.incident.unit, 1, 0);
	section->apportioned_entry = decision->entry;
	TRY(read_shares(decision, &values[APPORTION_SHARES], &this));
	TRY(begin_recovery(decision, &this.incident));
	TRY(keep_booked(decision, &this));
	show(decision, &this, settle_up_open(section));
	TRY(settle_up(decision, &this.incident, section, &settled));
	TRY(settle_up_save(decision, &this.incident, section));
	return incident_save(decision, &this.incident);
}

/* ---- liability.reapportion: another judgment in its place, by two people ---- */

enum { ANEW_ENTRY, ANEW_REASON, ANEW_MODE, ANEW_BASIS, ANEW_SHARES };
static const struct recourse_field anew_fields[] = {
	[ANEW_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX, "the apportionment that it replaces"),
	[ANEW_REASON] = FIELD(ID, "reason", "reason code, such as appeal"),
	[ANEW_MODE] = FIELD_CHOICE("mode", mode_names, "of the liability"),
	[ANEW_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the new judgment or agreement"),
	[ANEW_SHARES] = FIELD_LIST("shares", 1, LIABILITY_PARTIES_MAX, share_members,
		"party and share, and its mode and cap, of all who are liable; they sum up to 100.00"),
};

/* Who was released, or is given up, was so of what the old one said: that is taken back first. */
static enum recourse_error check_row(
	struct decision *decision, const struct apportionment *this, const struct liability_row *row)
{
	return row->record.released || row->record.given_up
		       ? booked_went_on(decision, CHART_RECOURSE, row->party, this->reference,
				 &this->incident.unit, BOOKED_CREDIT)
		       : RECOURSE_OK;
}

/* It leaves its row: what it owed is nobody's until somebody is liable for it. */
static enum recourse_error drop_row(
	struct decision *decision, const struct apportionment *this, const struct liability_row *row)
{
	TRY(decision_move(decision, &this->incident.unit, row->record.open, CHART_RECOURSE,
		slice_text(CHART_UNAPPORTIONED), CHART_RECOURSE, row->party, this->reference));
	return liability_remove(decision, &this->section, row->party);
}

/* Nobody is liable any more; what was paid, costs and interest stay whose they are. */
static enum recourse_error drop_shares(struct decision *decision, const struct apportionment *this)
{
	struct liabilities list;
	TRY(liability_list(decision->state, decision->arena, &this->section, &list));
	for (size_t index = 0; index < list.count; index++) {
		struct record_liability *record = &list.rows[index].record;
		TRY(check_row(decision, this, &list.rows[index]));
		if (liability_is_bare(record)) {
			TRY(drop_row(decision, this, &list.rows[index]));
			continue;
		}
		if (!record->liable)
			continue;
		record->liable = record->joint = record->state = 0;
		record->share = 0;
		record->cap = RECKON_NO_CAP;
		TRY(liability_put(decision, &this->section, list.rows[index].party, record));
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_anew(struct decision *decision, const struct value *values)
{
	struct apportionment this = {.mode = values[ANEW_MODE].integer};
	struct record_section *section = &this.section;
	struct booked booked;
	struct settled settled;
	TRY(booked_find(decision, &values[ANEW_ENTRY], BOOKED_KIND(BOOKED_APPORTIONMENT), &booked));
	this.reference = booked.reference;
	TRY(incident_concerned(decision, booked.reference, &this.incident));
	TRY(incident_money_moved(decision, "entry", &this.incident));
	TRY(section_load(decision->state, this.incident.number, (uint32_t)booked.record.before, section));
	TRY(drop_shares(decision, &this));
	TRY(read_shares(decision, &values[ANEW_SHARES], &this));

	section->apportioned_entry = decision->entry;
	show(decision, &this, settle_up_open(section));
	TRY(settle_up(decision, &this.incident, section, &settled));
	TRY(settle_up_save(decision, &this.incident, section));
	return booked_correct(decision, &booked);
}

/* ---- liability.extend: what has perfected since, by the same shares ---- */

enum { EXTEND_INCIDENT, EXTEND_SECTION };
static const struct recourse_field extend_fields[] = {
	[EXTEND_INCIDENT] = FIELD(ID, "incident", "whose recourse has grown since it was apportioned"),
	[EXTEND_SECTION] = SECTION_FIELD,
};

/* Of what is open, no party has it yet, or others than are to have it; or a part of the loss that nobody covers is new. */
static enum recourse_error check_new(
	struct decision *decision, const struct apportionment *this, const struct liabilities *before)
{
	struct liabilities after;
	bool changed = decision->consequence_count > 0; /* it serves, or is served by, other sections */
	TRY(liability_list(decision->state, decision->arena, &this->section, &after));
	for (size_t row = 0; row < after.count; row++)
		changed = changed || memcmp(&before->rows[row].record, &after.rows[row].record,
					     sizeof after.rows[row].record) != 0;
	return changed ? RECOURSE_OK
		       : refuse_amount(
				 decision, RECOURSE_INSUFFICIENT, "incident", &this->incident.unit, 1, 0);
}

static enum recourse_error apply_extend(struct decision *decision, const struct value *values)
{
	struct apportionment this;
	struct liabilities before;
	struct settled settled;
	TRY(load(decision, values[EXTEND_INCIDENT].text, &values[EXTEND_SECTION], &this));
	if (this.section.apportioned_entry == 0)
		return refuse_state(
			decision, "incident", life_state_name(LIFE_INCIDENT, this.incident.state));
	TRY(liability_list(decision->state, decision->arena, &this.section, &before));
	TRY(settle_up(decision, &this.incident, &this.section, &settled));
	TRY(check_new(decision, &this, &before));
	return settle_up_save(decision, &this.incident, &this.section);
}

static const struct command rows[] = {
	COMMAND("liability.apportion", RECOURSE_ROLE_OPERATOR, apportion_fields, apply_apportion,
		"apportion the recourse to the liable parties", RECOURSE_AMOUNT_DIGITS, RECOURSE_AMOUNT_RANGE,
		RECOURSE_OVERFLOW, RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT,
		RECOURSE_SHARES_WRONG, RECOURSE_FIELD_LIMIT),
	COMMAND_CHECKED("liability.reapportion", RECOURSE_ROLE_OPERATOR, 1, anew_fields, apply_anew,
		"apportion anew, by a judgment that replaces another; another person approves",
		BOOKED_REFUSES, RECOURSE_AMOUNT_DIGITS, RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW,
		RECOURSE_SHARES_WRONG, RECOURSE_FIELD_LIMIT),
	COMMAND("liability.extend", RECOURSE_ROLE_OPERATOR, extend_fields, apply_extend,
		"apportion what has perfected since, by the same shares", RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
};
const struct command_group apportion_commands = COMMAND_GROUP(rows);
