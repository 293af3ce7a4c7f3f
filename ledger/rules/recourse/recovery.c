/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/insolvency.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* Recoveries (G4): see README.md. */
enum {
	RECEIVE_RECOVERY,
	RECEIVE_INCIDENT,
	RECEIVE_PAYER,
	RECEIVE_AMOUNT,
	RECEIVE_BANK,
	RECEIVE_SECTION,
	RECEIVE_DIVIDEND
};
static const struct recourse_field receive_fields[] = {
	[RECEIVE_RECOVERY] = FIELD(ID, "recovery", "the receipt's id, which this custodian has not used"),
	[RECEIVE_INCIDENT] = FIELD(ID, "incident", "that it is paid for"),
	[RECEIVE_PAYER] = FIELD(ID, "payer", "the party that paid, or for which was paid"),
	[RECEIVE_AMOUNT] = FIELD(AMOUNT, "amount", "received"),
	[RECEIVE_BANK] = ATTEST_LINE(FIELD),
	[RECEIVE_SECTION] = FIELD_OPTIONAL(ID, "section",
		"the merchant, where the incident can have several: where most is open to the payer if "
		"absent"),
	[RECEIVE_DIVIDEND] = FIELD_OPTIONAL_CHOICE(
		"dividend", query_no_yes, "yes: of what the payer's estate accepted; no if absent"),
};

/* A liquidator pays dividends himself. */
static enum recourse_error take_dividend(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice payer, struct record_recovery *recovery)
{
	recovery->dividend = 1;
	recovery->confirmed_entry = decision->entry;
	return insolvency_dividend(decision, section, unit, payer, recovery->amount);
}

/*
 * Where its payer does not say for which section, that is found when it is sent down, and anew whenever another one may have it:
 * there may be more of them than there are by now.
 */
static enum recourse_error find_section(struct decision *decision, const struct value *values,
	const struct record_incident *incident, struct record_section *section,
	struct record_recovery *recovery)
{
	recovery->anywhere = incident->merchant == 0 && !values[RECEIVE_SECTION].present &&
			     values[RECEIVE_DIVIDEND].integer != 1;
	*section = (struct record_section){.incident = incident->number};
	return recovery->anywhere
		       ? RECOURSE_OK
		       : section_named(decision, "section", &values[RECEIVE_SECTION], incident, section);
}

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	struct record_path path =
		recovery_id_path(values[RECEIVE_RECOVERY].text, decision->actor->party_number);
	struct record_recovery recovery = {.entry = decision->entry, .received = decision->time};
	struct record_incident incident;
	struct record_section section;
	slice reference = values[RECEIVE_INCIDENT].text;
	TRY(incident_concerned(decision, reference, &incident));
	TRY(incident_custodian(decision, &incident));
	TRY(find_section(decision, values, &incident, &section, &recovery));
	TRY(decision_absent(decision, "recovery", &path));
	TRY(decision_party(decision, "payer", values[RECEIVE_PAYER].text, &recovery.payer));
	TRY(decision_amount(
		decision, "amount", values[RECEIVE_AMOUNT].text, &incident.unit, &recovery.amount));

	TRY(incident_money_moved(decision, "incident", &incident));
	recovery.incident = section.incident;
	recovery.section = section.party;
	if (values[RECEIVE_DIVIDEND].integer == 1)
		TRY(take_dividend(decision, &section, &incident.unit, values[RECEIVE_PAYER].text, &recovery));
	TRY(decision_put(decision, &path, &recovery, sizeof recovery));
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .section = &section,
						    .kind = BOOKED_RECOVERY,
						    .id = values[RECEIVE_RECOVERY].text,
						    .line = values[RECEIVE_BANK].text,
						    .steps = recovery.amount}));
	return attest_received(decision, &values[RECEIVE_BANK], &incident.unit, recovery.amount,
		CHART_SUSPENSE, values[RECEIVE_PAYER].text, reference);
}

/* ---- recovery.allocate: down the waterfall, with all that was received ---- */

enum { ALLOCATE_RECOVERY, ALLOCATE_CUSTODIAN };
static const struct recourse_field allocate_fields[] = {
	[ALLOCATE_RECOVERY] = FIELD(ID, "recovery", "the receipt's id"),
	[ALLOCATE_CUSTODIAN] = RECOVERY_CUSTODIAN,
};

struct receipt {
	struct record_incident incident;
	struct record_section section;
	struct record_recovery recovery;
	struct settled settled;
	slice reference;
	slice payer;
};

static enum recourse_error load_receipt(struct decision *decision, const struct value *values,
	struct record_path *path, struct receipt *receipt)
{
	const struct record_recovery *recovery = &receipt->recovery;
	TRY(recovery_id_find(decision, values[ALLOCATE_RECOVERY].text, &values[ALLOCATE_CUSTODIAN], 0, path,
		&receipt->recovery));
	TRY(incident_referred(decision, recovery->incident, &receipt->incident, &receipt->reference));
	incident_name_policy(decision, &receipt->incident);
	return party_name(decision->state, decision->arena, recovery->payer, &receipt->payer);
}

static enum recourse_error check_receipt(struct decision *decision, const struct receipt *receipt)
{
	const struct record_recovery *recovery = &receipt->recovery;
	if (recovery->bounced_entry != 0 || recovery->allocated_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "recovery",
			recovery->bounced_entry != 0 ? recovery->bounced_entry : recovery->allocated_entry);
	return insolvency_free(decision, recovery, receipt->payer);
}

static enum recourse_error find_place(struct decision *decision, struct receipt *receipt)
{
	struct record_recovery *recovery = &receipt->recovery;
	struct record_section *section = &receipt->section;
	TRY((recovery->anywhere
			? set_off_find(
				  decision, &receipt->incident, receipt->payer, recovery->amount, section)
			: section_load(decision->state, recovery->incident, recovery->section, section)));
	recovery->section = section->party;
	return set_off_too_early(section) ? refuse_state(decision, "recovery",
						    life_state_name(LIFE_INCIDENT, receipt->incident.state))
					  : RECOURSE_OK;
}

/* What this receipt made due, with what waited for it. */
static void show_receipt(struct decision *decision, const struct receipt *receipt)
{
	const struct unit *unit = &receipt->incident.unit;
	decision_fact_text(decision, "payer", receipt->payer);
	settle_up_show(decision, unit, &receipt->section, &receipt->settled);
}

/* Whenever something is owed from then on, it may be for that. */
static enum recourse_error place_rest(struct decision *decision, struct receipt *receipt)
{
	if (!receipt->recovery.anywhere)
		return RECOURSE_OK;
	if (!receipt->incident.anywhere) {
		receipt->incident.anywhere = 1;
		TRY(incident_save(decision, &receipt->incident));
	}
	return set_off_rest(
		decision, &receipt->incident, &receipt->section, receipt->payer, receipt->recovery.amount);
}

static enum recourse_error apply_allocate(struct decision *decision, const struct value *values)
{
	struct receipt receipt;
	struct record_path path;
	TRY(load_receipt(decision, values, &path, &receipt));
	TRY(check_receipt(decision, &receipt));
	TRY(find_place(decision, &receipt));
	TRY(settle_up_received(decision, "recovery", &receipt.incident, &receipt.section, receipt.payer,
		receipt.recovery.amount, &receipt.settled));
	TRY(place_rest(decision, &receipt));

	show_receipt(decision, &receipt);
	receipt.recovery.allocated_entry = decision->entry;
	TRY(settle_up_save(decision, &receipt.incident, &receipt.section));
	TRY(decision_put(decision, &path, &receipt.recovery, sizeof receipt.recovery));
	return decision_about(decision, RECORD_INCIDENT, receipt.reference);
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
	/* what the funder paid in and its bank returned comes first: recovery.set_off */
	due = amount_beyond(due, amount_beyond(incident.instructed, incident.funded));
	TRY(decision_amount_or_all(decision, "amount", &values[REMIT_AMOUNT], &incident.unit, due, &steps));
	TRY(due_remit(decision, &incident, steps));
	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &incident,
						    .kind = BOOKED_REMITTANCE,
						    .id = funder,
						    .line = values[REMIT_BANK].text,
						    .steps = steps}));
	TRY(attest_paid(decision, &values[REMIT_BANK], &incident.unit, steps, CHART_DUE_TO_FUNDER, funder,
		reference));
	return set_off_final(decision, &incident);
}

static const struct command rows[] = {
	COMMAND("recovery.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests money from a liable party; an incident that was closed is reopened by "
		"it",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, ATTEST_REFUSES),
	COMMAND("recovery.allocate", RECOURSE_ROLE_OPERATOR, allocate_fields, apply_allocate,
		"send a receipt down the waterfall", RECOURSE_FIELD_MISSING, RECOURSE_NOT_FOUND,
		RECOURSE_OVERFLOW, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_FIELD_LIMIT),
	COMMAND("recovery.remit", RECOURSE_ROLE_CUSTODIAN, remit_fields, apply_remit,
		"the custodian attests what the funder was paid", ATTEST_REFUSES),
};
const struct command_group recovery_commands = COMMAND_GROUP(rows);
