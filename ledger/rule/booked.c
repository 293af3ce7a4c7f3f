/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"

#include "rule/area.h"
#include "rule/command.h"
#include "rule/query.h"

const char *const booked_kind_names[] = {
	[BOOKED_DEPOSIT] = "deposit.receive",
	[BOOKED_HOLD] = "deposit.hold",
	[BOOKED_WITHDRAWAL] = "withdrawal.pay",
	[BOOKED_INSTRUMENT] = "instrument.register",
	[BOOKED_INSTRUMENT_PAID] = "instrument.pay",
	[BOOKED_LOT] = "entitlement.issue",
	[BOOKED_USE] = "entitlement.consume",
	[BOOKED_EXIT] = "exit.refund",
	[BOOKED_FEE] = "bank.fee",
	[BOOKED_FEE_REPAID] = "bank.fee_repaid",
	[BOOKED_INTEREST] = "bank.interest",
	[BOOKED_INTEREST_PAID] = "bank.interest_paid",
	[BOOKED_LINE] = "bank.line",
	[BOOKED_RETURNED] = "receipt.returned",
	[BOOKED_RECOVERY] = "recovery.receive",
	[BOOKED_REMITTANCE] = "recovery.remit",
	[BOOKED_COST] = "cost.record",
	[BOOKED_ADJUDGED] = "interest.adjudge",
	[BOOKED_WRITE_OFF] = "write_off.record",
	[BOOKED_RELEASE] = "liability.release",
	[BOOKED_FUNDING] = "funding.receive",
	[BOOKED_ELSEWHERE] = "elsewhere.record",
	[BOOKED_APPORTIONMENT] = "liability.apportion",
	[BOOKED_SURPLUS] = "surplus.pay",
	[BOOKED_BOUNCE] = "recovery.bounce",
	[BOOKED_SETTLEMENT] = "payout.settle",
	[BOOKED_RESTORED] = "appeal.fund",
	[BOOKED_GIVEN_BACK] = "clawback.receive",
	[BOOKED_DISTRIBUTION] = "distribution.approve",
	[BOOKED_REPAYMENT] = "repayment.receive",
	[BOOKED_CALL] = "instrument.call",
	[BOOKED_REFUSED] = "instrument.refuse",
	[BOOKED_UNNEEDED] = "instrument.return",
	[BOOKED_CANCELLED] = "instrument.cancel",
	[BOOKED_RENEWED] = "instrument.renew",
	[BOOKED_CONFIRMED] = "estate.confirm",
	[BOOKED_TO_ESTATE] = "estate.give_back",
	[BOOKED_CAME_BACK] = "payout.return",
	[BOOKED_DECIDED] = "appeal.decide",
	[BOOKED_EXIT_REQUEST] = "exit.request",
	[BOOKED_REPORT] = "payout.report",
	[BOOKED_SET_OFF] = "recovery.set_off",
	NULL,
};

const struct recourse_field booked_fields[BOOKED_FIELDS] = {
	[BOOKED_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX, "that booked it, or took it back"),
	[BOOKED_REASON] = FIELD(ID, "reason", "reason code, such as slip"),
};

enum recourse_error booked_keep(struct decision *decision, const struct record_booked *record)
{
	struct record_path path = record_path_of_number(RECORD_BOOKED, decision->entry);
	struct record_booked kept = *record;
	kept.instant = decision->time;
	return decision_add(decision, &path, &kept, sizeof kept);
}

enum recourse_error booked_read(
	struct state_view *view, uint64_t entry, struct record_booked *record, bool *there)
{
	struct record_path path = record_path_of_number(RECORD_BOOKED, entry);
	return record_get_optional(view, &path, record, sizeof *record, there);
}

/* To whoever may not know of it as well. */
static enum recourse_error refuse_unfound(struct decision *decision)
{
	return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one that this command takes back");
}

/* What a custodian attested only that custodian takes back; what an operator said, an operator. */
static enum recourse_error check_speaker(struct decision *decision, const struct record_booked *record)
{
	uint32_t role = record->custodian != 0 ? RECOURSE_ROLE_CUSTODIAN : RECOURSE_ROLE_OPERATOR;
	if ((decision->actor->roles & role) == 0)
		return refuse(decision, RECOURSE_ROLE_MISSING, "command",
			record->custodian != 0 ? "what a custodian attested needs its role"
					       : "what an operator said needs that role");
	if (record->custodian != 0 && record->custodian != decision->actor->party_number)
		return refuse_unfound(decision);
	return RECOURSE_OK;
}

enum recourse_error booked_find(
	struct decision *decision, const struct value *entry, uint64_t kinds, struct booked *booked)
{
	struct record_booked *record = &booked->record;
	bool there;
	booked->entry = (uint64_t)entry->integer;
	TRY(booked_read(decision->state, booked->entry, record, &there));
	if (!there || (kinds & BOOKED_KIND(record->kind)) == 0)
		return refuse_unfound(decision);
	TRY(check_speaker(decision, record));
	if (record->corrected_by != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", record->corrected_by);
	record->amount -= record->back;
	TRY(arena_copy(decision->arena, RECORD_TEXT(record->id), &booked->id));
	TRY(arena_copy(decision->arena, RECORD_TEXT(record->reference), &booked->reference));
	return arena_copy(decision->arena, RECORD_TEXT(record->line), &booked->line);
}

bool booked_is_replaced(const struct record_booked *record)
{
	return record->kind == BOOKED_APPORTIONMENT || record->kind == BOOKED_DECIDED;
}

/* Another judgment replaces all of one, whatever it comes to. */
static void take_part_back(
	struct decision *decision, const struct record_booked *correction, struct record_booked *original)
{
	original->back =
		booked_is_replaced(original) ? original->amount : original->back + correction->amount;
	if (original->back >= original->amount)
		original->corrected_by = decision->entry;
	else
		decision_fact_amount(decision, "left", &original->unit, original->amount - original->back);
}

enum recourse_error booked_correct(struct decision *decision, const struct booked *booked)
{
	struct record_path path = record_path_of_number(RECORD_BOOKED, booked->entry);
	struct record_booked correction = booked->record;
	struct record_booked original;
	TRY(record_get_named(decision->state, &path, &original, sizeof original));
	take_part_back(decision, &correction, &original);
	TRY(decision_put(decision, &path, &original, sizeof original));
	correction.back = 0;
	correction.corrects = booked->entry;
	correction.takes_back = original.takes_back == BOOKED_BOOKS ? BOOKED_TAKES_BACK : BOOKED_BOOKS;
	if (booked_is_replaced(&correction))
		correction.takes_back = BOOKED_REPLACES;
	decision_fact_integer(decision, "corrects", booked->entry);
	decision_fact_text(decision, "of", slice_text(booked_kind_names[correction.kind]));
	TRY(area_corrected(decision, &correction, original.instant));
	return booked_keep(decision, &correction);
}

enum recourse_error booked_correct_unkept(
	struct decision *decision, uint64_t entry, const struct record_booked *record)
{
	struct record_path path = record_path_of_number(RECORD_BOOKED, entry);
	const struct booked booked = {.entry = entry, .record = *record};
	TRY(decision_put(decision, &path, record, sizeof *record));
	return booked_correct(decision, &booked);
}

enum recourse_error booked_not_bounced(struct decision *decision, struct booked *booked)
{
	struct record_booked received;
	TRY(booked_read(decision->state, booked->record.corrects, &received, NULL));
	record_text_set(booked->record.line, sizeof booked->record.line, RECORD_TEXT(received.line));
	booked->record.was = BOOKED_SLIP;
	return RECOURSE_OK;
}

/* The first entry since that left less; the last one of all, where they are too many to look at. */
static enum recourse_error find_taking(struct state_view *view, const struct record_account *account,
	uint64_t entry, int64_t steps, uint64_t *taking)
{
	enum { LOOKS_MAX = 4096 };
	size_t looks = 0;
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(view, account->number, entry, STATE_UP);
	*taking = account->last_entry;
	while (looks++ < LOOKS_MAX && history_walk_next(&walk)) {
		int64_t left = walk.at.balance < 0 ? -walk.at.balance : walk.at.balance;
		if (left >= steps)
			continue;
		*taking = walk.at.entry;
		break;
	}
	return walk.error;
}

enum recourse_error booked_moved(struct decision *decision, uint64_t entry, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps)
{
	struct record_path path = account_path(code, party, reference, unit_code(unit));
	struct record_account account;
	int64_t before = 0;
	int64_t after = 0;
	bool there;
	*steps = 0;
	TRY(record_get_optional(decision->state, &path, &account, sizeof account, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(query_perhaps(account_balance_at(decision->state, account.number, entry - 1, &before)));
	TRY(query_perhaps(account_balance_at(decision->state, account.number, entry, &after)));
	*steps = after - before;
	return RECOURSE_OK;
}

enum recourse_error booked_rests(struct decision *decision, uint64_t entry, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t steps)
{
	struct record_path path = account_path(code, party, reference, unit_code(unit));
	struct record_account account;
	uint64_t taking;
	TRY(record_get_named(decision->state, &path, &account, sizeof account));
	if (account_shown(code, account.balance) >= steps)
		return RECOURSE_OK;
	TRY(find_taking(decision->state, &account, entry, steps, &taking));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", taking);
}

/* The last entry that moved the account that way; the first of all, where none did. */
static enum recourse_error find_mover(
	struct state_view *view, uint32_t account, enum booked_side side, uint64_t *mover)
{
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(view, account, UINT64_MAX, STATE_DOWN);
	*mover = 0;
	while (history_walk_next(&walk)) {
		*mover = walk.at.entry;
		if (side == BOOKED_DEBIT ? walk.moved > 0 : walk.moved < 0)
			break;
	}
	return walk.error;
}

enum recourse_error booked_went_on_of(struct decision *decision, const char *field, enum chart_code code,
	slice party, slice reference, const struct unit *unit, enum booked_side side)
{
	struct record_path path = account_path(code, party, reference, unit_code(unit));
	struct record_account account;
	bool there;
	uint64_t mover;
	TRY(record_get_optional(decision->state, &path, &account, sizeof account, &there));
	if (!there)
		return refuse(decision, RECOURSE_NOT_PERMITTED, field, "one that nothing rests on");
	TRY(find_mover(decision->state, account.number, side, &mover));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, mover);
}

enum recourse_error booked_went_on(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, enum booked_side side)
{
	return booked_went_on_of(decision, "entry", code, party, reference, unit, side);
}
