/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/lot.h"
#include "rules/claims/use.h"
#include "rules/collateral/collateral.h"
#include "rules/deposit/deposit.h"
#include "rules/recourse/settle_up.h"

/* ---- entitlement.reverse: use of another card, a lot of another price ---- */

/* Use adds up; what is known without any is what was known before the first. */
enum recourse_error entitlement_reverse_keep(struct decision *decision, slice id,
	const struct record_entitlement *before, const struct record_entitlement *after)
{
	struct record_booked record = {.unit = after->unit,
		.amount = after->consumed - before->consumed,
		.kind = BOOKED_USE,
		.before = before->evidence_entry,
		.was = before->evidence,
		.is = after->evidence};
	if (before->evidence == EVIDENCE_CONFIRMED) {
		struct record_booked last;
		bool there;
		TRY(booked_read(decision->state, before->evidence_entry, &last, &there));
		record.was = there ? last.was : EVIDENCE_NONE;
		record.before = there ? last.before : 0;
	}
	record_text_set(record.id, sizeof record.id, id);
	return booked_keep(decision, &record);
}

/* ---- use ---- */

static enum recourse_error move_use(
	struct decision *decision, struct record_entitlement *entitlement, int64_t steps)
{
	int64_t value;
	if (steps > exposure_units(entitlement))
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", &entitlement->unit, steps,
			exposure_units(entitlement));
	TRY(exposure_value(entitlement, &value));
	entitlement->consumed += steps;
	TRY(entitlement_post_units(
		decision, entitlement, CHART_UNITS_CONSUMED, CHART_UNITS_OUTSTANDING, steps));
	return exposure_post(decision, entitlement, value);
}

/* Evidence that came after an answer without any use rests on it. */
static enum recourse_error take_use_back(
	struct decision *decision, struct record_entitlement *entitlement, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	bool last = entitlement->evidence_entry == booked->entry;
	if (record->amount == 0 && !last)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", entitlement->evidence_entry);
	TRY(move_use(decision, entitlement, -record->amount));
	if (entitlement->consumed == 0) {
		entitlement->evidence = record->was;
		entitlement->evidence_entry = record->before;
	} else if (last) {
		entitlement->evidence_entry = decision->entry;
	}
	return RECOURSE_OK;
}

static enum recourse_error book_use_again(
	struct decision *decision, struct record_entitlement *entitlement, const struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	bool adds = record->amount > 0 && entitlement->evidence == EVIDENCE_CONFIRMED;
	if (!adds && entitlement->evidence != record->was)
		return refuse_entry(
			decision, RECOURSE_EVIDENCE_CONFLICT, "entry", entitlement->evidence_entry);
	TRY(move_use(decision, entitlement, record->amount));
	entitlement->evidence = record->is;
	entitlement->evidence_entry = decision->entry;
	return RECOURSE_OK;
}

static enum recourse_error take_back(
	struct decision *decision, struct record_entitlement *entitlement, const struct booked *booked)
{
	struct use_said said;
	bool there;
	TRY(use_said_by(decision, booked->id, booked->entry, &said, &there));
	if (!there) /* no use was said */
		return take_use_back(decision, entitlement, booked);
	entitlement->disputes -= said.record.disputed_entry != 0;
	if (!said.dispute)
		TRY(take_use_back(decision, entitlement, booked));
	return use_take_back(decision, &said);
}

static enum recourse_error book_again(
	struct decision *decision, struct record_entitlement *entitlement, const struct booked *booked)
{
	struct use_said said;
	bool there;
	TRY(use_said_by(decision, booked->id, booked->entry, &said, &there));
	if (!there && booked->record.is == EVIDENCE_CONFIRMED)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
			"a record of use whose number was not said since, and no dispute");
	TRY(book_use_again(decision, entitlement, booked));
	return there ? use_count_again(decision, &said) : RECOURSE_OK;
}

static enum recourse_error reverse_use(struct decision *decision, slice id,
	struct record_entitlement *entitlement, const struct value *entry)
{
	struct booked booked;
	int64_t was;
	uint32_t incident;
	TRY(booked_find(decision, entry, BOOKED_KIND(BOOKED_USE), &booked));
	if (!slice_equal(booked.id, id))
		return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one about the lot");
	if (entitlement->extinguished > 0) /* what it is worth was ruled on */
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", entitlement->claim_entry);
	TRY(exposure_value(entitlement, &was));
	TRY(booked.record.takes_back != 0 ? book_again(decision, entitlement, &booked)
					  : take_back(decision, entitlement, &booked));
	TRY(booked_correct(decision, &booked));
	TRY(lot_follow(decision, entitlement, was, &incident));
	TRY(settle_up_lots(decision, entitlement->merchant, &entitlement->currency, incident));
	TRY(freeze_follow(decision, entitlement->merchant, &entitlement->currency));
	return entitlement_save(decision, id, entitlement);
}

/* ---- a lot ---- */

/* The row that its issue did not keep, as there are millions of them. */
static enum recourse_error keep_issue(
	struct decision *decision, slice id, const struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_number(RECORD_BOOKED, entitlement->issue_entry);
	struct booked booked = {.entry = entitlement->issue_entry,
		.record = {.unit = entitlement->currency,
			.amount = entitlement->cost,
			.instant = entitlement->recorded,
			.kind = BOOKED_LOT}};
	record_text_set(booked.record.id, sizeof booked.record.id, id);
	TRY(decision_put(decision, &path, &booked.record, sizeof booked.record));
	return booked_correct(decision, &booked);
}

/* Nor a claim that was refused or given up: it can be ruled on anew, and of what it was filed for. */
static enum recourse_error check_unclaimed(
	struct decision *decision, const struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(entitlement->claim));
	struct record_claim claim;
	if (entitlement->claim[0] == '\0')
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim.filed_entry);
}

/* It was never sold: the card's id is free for what was. Nobody ever claimed it, and no use was recorded since. */
static enum recourse_error reverse_lot(
	struct decision *decision, slice id, struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	int64_t consumed = entitlement->consumed;
	int64_t value;
	TRY(check_unclaimed(decision, entitlement));
	if (entitlement->evidence_entry > entitlement->issue_entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", entitlement->evidence_entry);
	if (entitlement->disputes > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", entitlement->disputed_entry);
	if (entitlement->withheld_entry > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", entitlement->withheld_entry);
	TRY(keep_issue(decision, id, entitlement));
	TRY(exposure_value(entitlement, &value));
	TRY(entitlement_post_units(
		decision, entitlement, CHART_UNITS_OUTSTANDING, CHART_UNITS_CONSUMED, consumed));
	TRY(entitlement_post_units(
		decision, entitlement, CHART_UNITS_ISSUED, CHART_UNITS_OUTSTANDING, entitlement->quantity));
	entitlement->consumed = entitlement->quantity; /* nothing of it is exposed */
	TRY(exposure_post(decision, entitlement, value));
	TRY(batch_add(decision, entitlement, UINT64_MAX, 0));
	TRY(use_forget(decision, id));
	TRY(decision_remove(decision, &path));
	TRY(settle_up_lots(decision, entitlement->merchant, &entitlement->currency, 0));
	return freeze_follow(decision, entitlement->merchant, &entitlement->currency);
}

enum { REVERSE_ENTITLEMENT, REVERSE_ENTRY, REVERSE_REASON };
static const struct recourse_field reverse_fields[] = {
	[REVERSE_ENTITLEMENT] = FIELD_FOREIGN("entitlement", "card hash or order"),
	[REVERSE_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX, "that issued it, or recorded use"),
	[REVERSE_REASON] = FIELD(ID, "reason", "reason code, such as wrong-card"),
};

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	slice id = values[REVERSE_ENTITLEMENT].text;
	struct record_entitlement entitlement;
	TRY(entitlement_find(decision, "entitlement", id, &entitlement));
	return (uint64_t)values[REVERSE_ENTRY].integer == entitlement.issue_entry
		       ? reverse_lot(decision, id, &entitlement)
		       : reverse_use(decision, id, &entitlement, &values[REVERSE_ENTRY]);
}

static const struct command rows[] = {
	COMMAND_CHECKED("entitlement.reverse", RECOURSE_ROLE_OPERATOR, 1, reverse_fields, apply_reverse,
		"take back a lot or a record of use that was a slip; another person approves", BOOKED_REFUSES,
		RECOURSE_INSUFFICIENT, RECOURSE_EVIDENCE_CONFLICT),
};
const struct command_group entitlement_reverse_commands = COMMAND_GROUP(rows);
