/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal.h"

#include "rules/incident/incident.h"

#include <assert.h>

/* What a deduction leads to: its incident, whose policy governs the entry, and its merchant. */
static enum recourse_error governing_deduction(
	struct decision *decision, struct appeal *appeal, struct record_policy *policy)
{
	TRY(incident_load(decision->state, appeal->deduction.incident, &appeal->incident));
	incident_name_policy(decision, &appeal->incident);
	TRY(incident_terms(decision, &appeal->incident, policy));
	TRY(incident_reference(decision, &appeal->incident, &appeal->reference));
	return decision_party_name(decision, appeal->deduction.merchant, &appeal->merchant);
}

enum recourse_error appeal_governing(
	struct decision *decision, const char *field, uint64_t entry, struct appeal *appeal)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	struct record_policy policy;
	appeal->entry = entry;
	TRY(decision_find(decision, field, &path, &appeal->record, sizeof appeal->record));
	path = record_path_of_number(RECORD_DEDUCTION, appeal->record.deduction);
	TRY(record_get_named(decision->state, &path, &appeal->deduction, sizeof appeal->deduction));
	return governing_deduction(decision, appeal, &policy);
}

enum recourse_error appeal_put_about(struct decision *decision, const struct appeal *appeal)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, appeal->entry);
	TRY(decision_put(decision, &path, &appeal->record, sizeof appeal->record));
	TRY(decision_about(decision, RECORD_INCIDENT, appeal->reference));
	return decision_about(decision, RECORD_PARTY, appeal->merchant);
}

/* ---- appeal.lodge ---- */

enum { LODGE_MERCHANT, LODGE_DEDUCTION, LODGE_REASON, LODGE_HASH };
static const struct recourse_field lodge_fields[] = {
	[LODGE_MERCHANT] =
		FIELD(ID, "merchant", "whose deposit was deducted from; its own key, or an operator's"),
	[LODGE_DEDUCTION] = FIELD_INTEGER("deduction", 1, INT64_MAX, "the entry that deducted"),
	[LODGE_REASON] = FIELD(ID, "reason", "reason code"),
	[LODGE_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what the appeal rests on"),
};

/*
 * The window is that of the incident's policy; a deduction is appealed once. Another merchant's, an entry that deducted
 * nothing and one that is not there are answered the same: nobody learns what concerns others.
 */
static enum recourse_error check_lodging(struct decision *decision, const struct value *values,
	const struct record_path *path, struct record_deduction *deduction)
{
	struct record_party merchant;
	slice id = values[LODGE_MERCHANT].text;
	TRY(decision_own(decision, "merchant", id));
	TRY(decision_party(decision, "merchant", id, &merchant));
	TRY(decision_find(decision, "deduction", path, deduction, sizeof *deduction));
	if (deduction->merchant != merchant.number)
		return refuse(decision, RECOURSE_NOT_FOUND, "deduction", NULL);
	if (decision->time > deduction->until) {
		char until[INSTANT_TEXT_SIZE];
		instant_format(deduction->until, until);
		return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "deduction", "until %s", until);
	}
	if (deduction->appeal != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "deduction", deduction->appeal);
	return RECOURSE_OK;
}

static enum recourse_error apply_lodge(struct decision *decision, const struct value *values)
{
	struct record_policy policy;
	struct appeal appeal = {
		.entry = decision->entry,
		.record = {.deduction = (uint64_t)values[LODGE_DEDUCTION].integer,
			.lodger = decision->actor->key,
			.lodged = decision->time},
	};
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, appeal.record.deduction);
	TRY(check_lodging(decision, values, &path, &appeal.deduction));
	TRY(governing_deduction(decision, &appeal, &policy));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, APPEAL_LODGED, "deduction"));

	appeal.deduction.appeal = decision->entry;
	appeal.record.incident = appeal.deduction.incident;
	record_text_set(appeal.record.reason, sizeof appeal.record.reason, values[LODGE_REASON].text);
	decision_fact_text(decision, "incident", appeal.reference);
	decision_fact_amount(decision, "deducted", &appeal.incident.unit, appeal.deduction.amount);
	appeal.record.due = decision->time + (uint64_t)policy.appeal_decision_days * INSTANT_DAY;
	appeal.record.clock = appeal.record.due;
	decision_fact_instant(decision, "due", appeal.record.due);
	TRY(decision_put(decision, &path, &appeal.deduction, sizeof appeal.deduction));
	TRY(decision_about(decision, RECORD_APPEAL, appeal.merchant));
	return appeal_put_about(decision, &appeal);
}

/* ---- appeal.stay ---- */

enum { STAY_APPEAL, STAY_REASON };
static const struct recourse_field stay_fields[] = {
	[STAY_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[STAY_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_stay(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	TRY(appeal_governing(decision, "appeal", (uint64_t)values[STAY_APPEAL].integer, &appeal));
	TRY(decision_not_own(decision, "appeal", appeal.deduction.merchant));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, APPEAL_STAYED, "appeal"));

	appeal.record.stayed_entry = decision->entry;
	appeal.incident.stays++;
	decision_fact_text(decision, "incident", appeal.reference);
	TRY(incident_save(decision, &appeal.incident));
	return appeal_put_about(decision, &appeal);
}

enum recourse_error appeal_check_stays(
	struct decision *decision, const char *field, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_STAY, incident->number);
	if (incident->stays == 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	if (record_walk_next(&walk, NULL, 0))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, walk.key.parts[1].number);
	return walk.error == RECOURSE_OK ? RECOURSE_STORE_CORRUPT : walk.error;
}

enum recourse_error appeal_overdue(struct decision *decision, slice subject)
{
	struct appeal appeal;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	TRY(appeal_governing(decision, "subject", entry, &appeal));
	appeal.record.overdue_entry = decision->entry;
	decision_fact_text(decision, "merchant", appeal.merchant);
	decision_fact_text(decision, "state", slice_text(life_state_name(LIFE_APPEAL, appeal.record.state)));
	return appeal_put_about(decision, &appeal);
}

static const struct command rows[] = {
	COMMAND("appeal.lodge", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, lodge_fields, apply_lodge,
		"a merchant appeals a deduction from its deposit; its number is the entry", RECOURSE_EXISTS,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("appeal.stay", RECOURSE_ROLE_APPROVER, stay_fields, apply_stay,
		"no payout of the incident is ordered until the appeal is decided", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group appeal_commands = COMMAND_GROUP(rows);
