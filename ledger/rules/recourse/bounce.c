/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/insolvency.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/*
 * The bank takes a receipt back (a direct debit, a cheque): it was never received, and what was paid out
 * of it somebody owes. See README.md.
 */

enum { BOUNCE_RECOVERY, BOUNCE_REASON, BOUNCE_BANK };
static const struct recourse_field bounce_fields[] = {
	[BOUNCE_RECOVERY] = FIELD(ID, "recovery", "the receipt that the bank took back"),
	[BOUNCE_REASON] = FIELD(ID, "reason", "ISO 20022 return reason, such as AM04"),
	[BOUNCE_BANK] = ATTEST_LINE(FIELD),
};

struct bounce {
	struct record_incident incident;
	struct record_section section;
	struct record_recovery recovery;
	slice reference;
	slice payer;
};

static enum recourse_error load(
	struct decision *decision, const struct record_path *path, struct bounce *bounce)
{
	struct record_recovery *recovery = &bounce->recovery;
	TRY(decision_find(decision, "recovery", path, recovery, sizeof *recovery));
	TRY(incident_referred(decision, recovery->incident, &bounce->incident, &bounce->reference));
	bounce->section = (struct record_section){.custodian = bounce->incident.custodian};
	if (recovery->section != 0)
		TRY(section_load(decision->state, recovery->incident, recovery->section, &bounce->section));
	TRY(section_custodian(decision, "recovery", &bounce->section));
	incident_name_policy(decision, &bounce->incident);
	return party_name(decision->state, decision->arena, recovery->payer, &bounce->payer);
}

static enum recourse_error apply_bounce(struct decision *decision, const struct value *values)
{
	struct record_path path =
		recovery_id_path(values[BOUNCE_RECOVERY].text, decision->actor->party_number);
	struct bounce bounce;
	TRY(load(decision, &path, &bounce));
	if (bounce.recovery.bounced_entry != 0)
		return refuse_entry(
			decision, RECOURSE_STATE_WRONG, "recovery", bounce.recovery.bounced_entry);
	TRY(recovery_reverse_check_parts(decision, "recovery", &bounce.recovery, BOOKED_BOUNCE));
	TRY(incident_money_moved(decision, "recovery", &bounce.incident));
	int64_t steps = bounce.recovery.amount;
	if (bounce.recovery.allocated_entry != 0)
		TRY(set_off_less(decision, &bounce.incident, &bounce.section, bounce.payer, &steps));
	TRY(decision_post(
		decision, CHART_SUSPENSE, bounce.payer, bounce.reference, &bounce.incident.unit, steps));
	TRY(attest_taken(decision, &values[BOUNCE_BANK], &bounce.incident.unit, steps));
	TRY(estate_payee(decision, bounce.payer));
	if (bounce.recovery.dividend)
		TRY(insolvency_dividend(
			decision, &bounce.section, &bounce.incident.unit, bounce.payer, -steps));
	if (bounce.recovery.allocated_entry != 0)
		TRY(settle_up_less(decision, &bounce.incident, &bounce.section, bounce.payer,
			bounce.recovery.anywhere != 0, steps));

	TRY(recourse_reverse_keep(decision, &(struct recourse_booking){.incident = &bounce.incident,
						    .section = &bounce.section,
						    .kind = BOOKED_BOUNCE,
						    .id = values[BOUNCE_RECOVERY].text,
						    .line = values[BOUNCE_BANK].text,
						    .steps = steps}));
	decision_fact_text(decision, "payer", bounce.payer);
	decision_fact_amount(decision, "amount", &bounce.incident.unit, steps);
	recovery_reverse_less(decision, &bounce.recovery, steps);
	if (bounce.recovery.bounced_entry == 0)
		decision_fact_amount(decision, "left", &bounce.incident.unit, bounce.recovery.amount);
	decision_fact_amount(decision, "owed_back", &bounce.incident.unit, bounce.section.owed_back);
	TRY(decision_put(decision, &path, &bounce.recovery, sizeof bounce.recovery));
	return decision_about(decision, RECORD_INCIDENT, bounce.reference);
}

static const struct command rows[] = {
	COMMAND("recovery.bounce", RECOURSE_ROLE_CUSTODIAN, bounce_fields, apply_bounce,
		"the custodian attests that a receipt was taken back by the bank", RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT, ATTEST_REFUSES),
};
const struct command_group bounce_commands = COMMAND_GROUP(rows);
