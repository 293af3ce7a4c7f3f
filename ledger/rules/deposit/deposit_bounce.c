/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit_bounce.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* ---- what is owed ---- */

static enum recourse_error post_owed(struct decision *decision, slice merchant, const struct unit *unit,
	const struct record_deposit *deposit, int64_t steps)
{
	slice reference;
	TRY(account_reference_make(decision->arena, deposit->bounced_entry, &reference));
	return decision_post(decision, CHART_COMMITMENT, merchant, reference, unit, steps);
}

enum recourse_error deposit_bounce_owe(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct record_deposit deposit;
	uint32_t party;
	TRY(decision_party(decision, "entry", merchant, &party));
	TRY(deposit_record_begin(decision, merchant, unit, party, decision->actor->party_number, &deposit));
	if (deposit.custodian != decision->actor->party_number) /* others keep the deposit by now */
		return refuse(decision, RECOURSE_CUSTODIAN_WRONG, "entry", NULL);
	if (deposit.bounced == 0)
		deposit.bounced_entry = decision->entry;
	TRY(decision_sum(decision, &deposit.bounced, steps));
	TRY(post_owed(decision, merchant, unit, &deposit, steps));
	return deposit_record_put(decision, merchant, unit, &deposit);
}

/* The account goes by another number once all is made good. */
static enum recourse_error owe_less(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "entry", merchant, unit, &deposit));
	TRY(post_owed(decision, merchant, unit, &deposit, -steps));
	deposit.bounced -= steps;
	if (deposit.bounced == 0)
		deposit.bounced_entry = 0;
	return deposit_record_put(decision, merchant, unit, &deposit);
}

enum recourse_error deposit_bounce_owe_less(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "entry", merchant, unit, &deposit));
	int64_t open = amount_least(deposit.bounced, steps);
	if (open > 0)
		TRY(owe_less(decision, merchant, unit, open));
	return steps > open ? deposit_restore(decision, merchant, unit, steps - open) : RECOURSE_OK;
}

/* ---- and made good ---- */

static enum recourse_error take(struct decision *decision, enum chart_code code, slice merchant,
	slice reference, const struct unit *unit, int64_t *left)
{
	int64_t there;
	TRY(decision_balance(decision, code, merchant, reference, unit, &there));
	int64_t part = amount_least(there, *left);
	*left -= part;
	return decision_post(decision, code, merchant, reference, unit, part);
}

/* A hold is lowered by it, the last to be. */
static enum recourse_error take_hold(
	struct decision *decision, slice merchant, slice reference, const struct unit *unit, int64_t *left)
{
	struct record_path path = record_path_of_text(RECORD_HOLD, reference);
	struct record_hold hold;
	bool there;
	int64_t before = *left;
	TRY(record_get_optional(decision->state, &path, &hold, sizeof hold, &there));
	if (!there || !decision_has_room(decision, 2))
		return RECOURSE_OK;
	TRY(take(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, left));
	hold.held -= before - *left;
	if (hold.held == 0)
		hold.expires = 0;
	return before == *left ? RECOURSE_OK : decision_put(decision, &path, &hold, sizeof hold);
}

/* So many by one entry, of those that are not empty: the next that is about the deposit goes on. */
enum { HOLDS_MAX = 32 };

static enum recourse_error take_holds(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t *left)
{
	slice holds[HOLDS_MAX];
	size_t count = 0;
	SCOPED(account_walk_end)
	struct account_walk walk = {
		.view = decision->state, .code = CHART_DEPOSIT_FROZEN, .one_party = true, .party = merchant};
	while (count < HOLDS_MAX && account_walk_next(&walk)) {
		if (walk.account.balance != 0 && slice_equal(walk.name.unit, unit_code(unit)))
			TRY(arena_copy(decision->arena, walk.name.reference, &holds[count++]));
	}
	TRY(walk.error);
	for (size_t index = 0; *left > 0 && index < count; index++)
		TRY(take_hold(decision, merchant, holds[index], unit, left));
	return RECOURSE_OK;
}

/* What is free first, then what an exit holds, what incidents have, what is held. */
static enum recourse_error take_all(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t *left)
{
	TRY(take(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, left));
	if (*left > 0)
		TRY(withdrawal_end(decision, merchant, unit));
	if (*left > 0)
		TRY(take(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, left));
	if (*left > 0)
		TRY(exit_take(decision, deposit->merchant, unit, left));
	if (*left > 0 && deposit->incidents > 0)
		TRY(freeze_take(decision, deposit->merchant, merchant, unit, left));
	return *left > 0 ? take_holds(decision, merchant, unit, left) : RECOURSE_OK;
}

static enum recourse_error make_good(struct decision *decision, slice merchant, const struct unit *unit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	struct record_deposit deposit;
	bool there;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, &there));
	if (!there || deposit.bounced == 0)
		return RECOURSE_OK;
	int64_t left = deposit.bounced;
	TRY(take_all(decision, &deposit, merchant, unit, &left));
	if (left == deposit.bounced)
		return RECOURSE_OK;
	decision_fact_amount(decision, "made_good", unit, deposit.bounced - left);
	decision_fact_amount(decision, "owed", unit, left);
	return owe_less(decision, merchant, unit, deposit.bounced - left);
}

enum recourse_error deposit_bounce_made_good(
	struct decision *decision, uint64_t entry, slice merchant, const struct unit *unit, int64_t *steps)
{
	*steps = 0;
	SCOPED(account_walk_end)
	struct account_walk walk = {
		.view = decision->state, .code = CHART_COMMITMENT, .one_party = true, .party = merchant};
	while (account_walk_next(&walk)) {
		int64_t moved;
		uint64_t first;
		struct record_booked booked;
		if (!account_reference_read(walk.name.reference, &first) ||
			!slice_equal(walk.name.unit, unit_code(unit)))
			continue;
		TRY(booked_read(decision->state, first, &booked, NULL));
		if (booked.kind != BOOKED_DEPOSIT)
			continue;
		TRY(booked_moved(
			decision, entry, CHART_COMMITMENT, merchant, walk.name.reference, unit, &moved));
		*steps -= moved;
	}
	return walk.error;
}

static bool is_credit(const struct account_posting *posting)
{
	return posting->steps < 0 && (posting->code == CHART_DEPOSIT || account_is_summed(posting->code));
}

enum recourse_error deposit_bounce_follow(struct decision *decision)
{
	size_t count = decision->posting_count;
	for (size_t index = 0; index < count; index++) {
		const struct account_posting posting = decision->postings[index];
		if (is_credit(&posting) || (posting.code == CHART_COMMITMENT && posting.steps > 0))
			TRY(make_good(decision, posting.party, &posting.unit));
	}
	return RECOURSE_OK;
}

/* ---- what it is in the way of ---- */

enum recourse_error deposit_bounce_none(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	struct record_deposit deposit;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, NULL));
	return deposit.bounced == 0
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, deposit.bounced_entry);
}

static enum recourse_error take_section(struct blockers *list, uint32_t party)
{
	struct record_deposit deposit;
	slice merchant;
	TRY(party_name(list->view, list->arena, party, &merchant));
	struct record_path path =
		record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&list->incident->unit));
	TRY(record_get_optional(list->view, &path, &deposit, sizeof deposit, NULL));
	struct blocker blocker = {"a deposit that was returned unpaid is not made good", merchant,
		deposit.bounced_entry, deposit.bounced, "lodge as much anew", "merchant", 0};
	return deposit.bounced == 0 ? RECOURSE_OK : blocker_add(list, &blocker);
}

enum recourse_error deposit_bounce_blockers(struct blockers *list)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, list->incident->number);
	if (list->section != 0)
		return take_section(list, list->section);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		TRY(take_section(list, (uint32_t)walk.key.parts[1].number));
	return walk.error;
}

/* ---- deposit.bounce ---- */

enum { BOUNCE_ENTRY, BOUNCE_REASON, BOUNCE_BANK };
static const struct recourse_field bounce_fields[] = {
	[BOUNCE_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX, "that received what the bank returned"),
	[BOUNCE_REASON] = FIELD(ID, "reason", "ISO 20022 return reason, such as AM04"),
	[BOUNCE_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_bounce(struct decision *decision, const struct value *values)
{
	struct booked booked;
	TRY(booked_find(decision, &values[BOUNCE_ENTRY], BOOKED_KIND(BOOKED_DEPOSIT), &booked));
	if (booked.record.takes_back != BOOKED_BOOKS)
		return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one that received money");
	decision_fact_text(decision, "merchant", booked.id);
	decision_fact_amount(decision, "amount", &booked.record.unit, booked.record.amount);
	TRY(attest_taken(decision, &values[BOUNCE_BANK], &booked.record.unit, booked.record.amount));
	TRY(deposit_reverse_unpaid(decision, &booked));
	record_text_set(booked.record.line, sizeof booked.record.line, values[BOUNCE_BANK].text);
	booked.record.was = BOOKED_BOUNCED;
	TRY(decision_about(decision, RECORD_PARTY, booked.id));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND("deposit.bounce", RECOURSE_ROLE_CUSTODIAN, bounce_fields, apply_bounce,
		"the custodian attests that the bank returned a merchant's deposit unpaid", RECOURSE_OVERFLOW,
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_ROLE_MISSING, RECOURSE_CUSTODIAN_WRONG,
		ATTEST_REFUSES),
};
const struct command_group deposit_bounce_commands = COMMAND_GROUP(rows);
