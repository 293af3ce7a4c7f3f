/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/distribution_reverse.h"

#include "rule/trial.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/given_back.h"
#include "rules/payout/replaced.h"
#include "rules/payout/unshare.h"
#include "rules/payout/waiting_kept.h"

#include <stdlib.h>

/* ---- distribution.reverse: what was shared out too soon, before anything was ordered by it ---- */

struct reverse {
	struct booked booked;
	struct record_incident incident;
	slice funder;
	size_t count;
	struct unshare *rows; /* the sections that it concerned, in the order in which it went through them */
	int64_t committed;    /* it took off what the funder was to pay in, and is there again */
	int64_t from_issuer;  /* less what it had again by it, */
	int64_t lodged;       /* of which its deposit had so much */
};

static struct record_path approved_path(uint64_t entry, uint32_t party)
{
	struct record_path path = record_path_of_number(RECORD_APPROVED, entry);
	record_path_short(&path, party);
	return path;
}

static enum recourse_error read_deposit(struct decision *decision, const struct record_incident *incident,
	uint32_t party, slice *merchant, struct record_deposit *deposit, bool *there)
{
	TRY(party_name(decision->state, decision->arena, party, merchant));
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, *merchant, unit_code(&incident->unit));
	return record_get_optional(decision->state, &path, deposit, sizeof *deposit, there);
}

enum recourse_error distribution_reverse_keep(struct decision *decision,
	const struct record_incident *incident, const struct record_section *section, bool shared)
{
	struct record_path path = approved_path(decision->entry, section->party);
	struct record_approved approved = {.before = section->last_round_entry,
		.shared = shared,
		.recourse_state = section->recourse_state};
	struct record_deposit deposit;
	slice merchant;
	bool there;
	TRY(record_exists(decision->state, &path, &there));
	if (there && !shared) /* the issuer has claims of its own */
		return RECOURSE_OK;
	TRY(read_deposit(decision, incident, section->party, &merchant, &deposit, &there));
	if (there)
		approved.deposit_state = deposit.state;
	return decision_put(decision, &path, &approved, sizeof approved);
}

/* ---- what it did ---- */

/* Those from which the issuer's pool had something again came first. */
static int compare_rows(const void *left, const void *right)
{
	const struct unshare *one = left;
	const struct unshare *other = right;
	bool before = replaced_issuers(&one->round) > 0;
	bool behind = replaced_issuers(&other->round) > 0;
	return before != behind ? behind - before : slice_compare(one->merchant, other->merchant);
}

static enum recourse_error find_rows(struct decision *decision, struct reverse *reverse)
{
	struct record_path prefix = record_path_of_number(RECORD_APPROVED, reverse->booked.entry);
	struct record_approved approved;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	reverse->rows =
		arena_allocate(decision->arena, (reverse->incident.sections + 1) * sizeof *reverse->rows);
	if (reverse->rows == NULL)
		return RECOURSE_MEMORY;
	while (record_walk_next(&walk, &approved, sizeof approved)) {
		struct unshare *row = &reverse->rows[reverse->count++];
		*row = (struct unshare){.entry = reverse->booked.entry,
			.before = approved.before,
			.party = (uint32_t)walk.key.parts[1].number,
			.shared = approved.shared != 0,
			.deposit_state = approved.deposit_state,
			.recourse_state = approved.recourse_state};
		TRY(party_name(decision->state, decision->arena, row->party, &row->merchant));
	}
	qsort(reverse->rows, reverse->count, sizeof *reverse->rows, compare_rows);
	return walk.error;
}

static enum recourse_error forget_deduction(
	struct decision *decision, const struct reverse *reverse, const struct unshare *row)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, reverse->booked.entry);
	struct record_deduction deduction;
	bool there;
	record_path_short(&path, row->party);
	TRY(record_get_optional(decision->state, &path, &deduction, sizeof deduction, &there));
	if (!there)
		return RECOURSE_OK;
	if (deduction.appeal != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", deduction.appeal);
	TRY(decision_remove(decision, &path));
	/* and it is listed as the merchant's no more */
	path = decision_about_path(RECORD_DEDUCTION, row->merchant);
	record_path_number(&path, reverse->booked.entry);
	return decision_remove(decision, &path);
}

/* All of it is looked at before any of it is changed. */
static enum recourse_error look(struct decision *decision, struct reverse *reverse)
{
	int64_t advance = reverse->booked.record.amount;
	int64_t moved;
	for (size_t index = 0; index < reverse->count; index++) {
		struct unshare *row = &reverse->rows[index];
		if (!row->shared)
			continue;
		TRY(unshare_find(decision, &reverse->incident, row));
		advance -= row->round.amount;
		reverse->from_issuer += row->round.from_issuer - replaced_issuers(&row->round);
		reverse->lodged += replaced_lodged(&row->round);
	}
	/* as it went through them */
	qsort(reverse->rows, reverse->count, sizeof *reverse->rows, compare_rows);
	TRY(booked_moved(decision, reverse->booked.entry, CHART_COMMITMENT, reverse->funder,
		reverse->booked.reference, &reverse->incident.unit, &moved));
	reverse->committed = advance - moved;
	return RECOURSE_OK;
}

/* ---- the way back ---- */

/* What the issuer's pool gave for its own claims, which goes back by the same entry. */
struct issuers_own {
	int64_t drawn; /* of its instruments, for others too */
	int64_t instruments;
	int64_t deposit;
};

/* It gives again what it had again, if that is there. */
static enum recourse_error check_issuers(
	struct decision *decision, const struct reverse *reverse, slice party, int64_t steps)
{
	const struct unit *unit = &reverse->incident.unit;
	int64_t frozen;
	TRY(account_balance(
		decision->state, CHART_DEPOSIT_FROZEN, party, reverse->booked.reference, unit, &frozen));
	return frozen + steps >= 0 ? RECOURSE_OK
				   : booked_went_on(decision, CHART_DEPOSIT_FROZEN, party,
					     reverse->booked.reference, unit, BOOKED_DEBIT);
}

/* An instrument of the issuer's paid what its deposit did not give. */
static enum recourse_error give_back_issuers(
	struct decision *decision, const struct reverse *reverse, const struct issuers_own *own)
{
	const struct record_incident *incident = &reverse->incident;
	struct record_section issuer;
	slice party;
	int64_t secured = own->drawn - own->instruments;
	int64_t lodged = reverse->from_issuer - secured;
	TRY(waiting_kept_forget(decision, reverse->booked.entry));
	if (reverse->from_issuer == 0 && secured == 0 && reverse->lodged == 0)
		return RECOURSE_OK;
	TRY(section_load(decision->state, incident->number, incident->issuer, &issuer));
	TRY(party_name(decision->state, decision->arena, issuer.party, &party));
	issuer.given -= reverse->from_issuer;
	issuer.given_instruments -= secured;
	issuer.given_back -= reverse->lodged;
	TRY(check_issuers(decision, reverse, party, own->deposit + lodged));
	TRY(decision_move(decision, &incident->unit, lodged, CHART_CLAIMS, slice_text(""),
		CHART_DEPOSIT_FROZEN, party, reverse->booked.reference));
	TRY(unshare_check_pool(decision, incident, &issuer));
	return section_save(decision, &issuer);
}

/* It was not used up by it. */
static enum recourse_error restore_deposit(
	struct decision *decision, const struct reverse *reverse, const struct unshare *row)
{
	const struct unit *unit = &reverse->incident.unit;
	struct record_deposit deposit;
	slice merchant;
	bool there;
	TRY(read_deposit(decision, &reverse->incident, row->party, &merchant, &deposit, &there));
	if (!there)
		return RECOURSE_OK;
	if (deposit.state == DEPOSIT_APPLIED)
		deposit.state = row->deposit_state;
	TRY(deposit_record_put(decision, merchant, unit, &deposit));
	return decision_about(decision, RECORD_PARTY, merchant);
}

static enum recourse_error give_back(struct decision *decision, struct reverse *reverse)
{
	struct issuers_own own = {0};
	for (size_t index = 0; index < reverse->count; index++) {
		const struct unshare *row = &reverse->rows[index];
		struct record_path path = approved_path(reverse->booked.entry, row->party);
		int64_t drawn;
		TRY(unshare_draws(decision, &reverse->incident, row, &drawn));
		TRY(unshare_pool(decision, &reverse->incident, row));
		TRY(forget_deduction(decision, reverse, row));
		TRY(restore_deposit(decision, reverse, row));
		TRY(decision_remove(decision, &path));
		if (row->party == reverse->incident.issuer) {
			own.drawn = drawn;
			own.instruments = row->round.from_instruments - row->round.replaced_instruments;
			own.deposit = given_back_lodged(&row->round, ROUND_OWN);
		}
	}
	return give_back_issuers(decision, reverse, &own);
}

static enum recourse_error check_paid_on(struct decision *decision, const struct reverse *reverse)
{
	for (size_t index = 0; index < reverse->count; index++)
		TRY(unshare_check_paid_on(
			decision, &reverse->incident, &reverse->rows[index], reverse->funder));
	return RECOURSE_OK;
}

/* What it comes to is looked at as if there were an entry for each. */
static enum recourse_error try_settling(struct decision *decision, const struct reverse *reverse)
{
	enum recourse_error error = RECOURSE_OK;
	struct trial trial;
	trial_begin(decision, &trial);
	for (size_t index = 0; index < reverse->count && error == RECOURSE_OK; index++) {
		decision->posting_count = 0;
		error = unshare_settle(decision, &reverse->incident, &reverse->rows[index]);
	}
	if (error == RECOURSE_OK)
		error = check_paid_on(decision, reverse);
	trial_undo(decision, &trial);
	return error;
}

static enum recourse_error leave_all(struct decision *decision, const struct reverse *reverse)
{
	TRY(try_settling(decision, reverse));
	for (size_t index = 0; index < reverse->count; index++)
		TRY(unshare_leave(decision, &reverse->incident, &reverse->rows[index]));
	return RECOURSE_OK;
}

/* All that it took off what the funder was to pay in is committed again before what is advanced no more is taken off that. */
static enum recourse_error undo_advances(struct decision *decision, struct reverse *reverse, bool later)
{
	struct record_incident *incident = &reverse->incident;
	int64_t left = reverse->committed;
	for (size_t index = 0; index < reverse->count; index++)
		TRY(unshare_repaid(decision, incident, &reverse->rows[index], reverse->funder, &left));
	int64_t committed = reverse->committed - left;
	for (size_t index = 0; index < reverse->count; index++) {
		const struct unshare *row = &reverse->rows[index];
		TRY(unshare_advanced(decision, incident, row, reverse->funder, &committed));
		if (!later)
			TRY(unshare_settle(decision, incident, row));
	}
	return later ? leave_all(decision, reverse) : check_paid_on(decision, reverse);
}

/* Where it was the first one, claims are ruled on still. */
static enum recourse_error restore_incident(struct decision *decision, struct reverse *reverse)
{
	struct record_incident *incident = &reverse->incident;
	const struct record_booked *record = &reverse->booked.record;
	struct section_list list;
	if (incident->state != record->is)
		return RECOURSE_OK;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++) {
		struct record_section section;
		TRY(section_load(decision->state, incident->number, list.parties[index], &section));
		if (section.last_round_entry != 0)
			return RECOURSE_OK;
	}
	bool barred = record->was == INCIDENT_CLAIMS_OPEN && decision->time > incident->bar_date;
	incident->state = barred ? INCIDENT_BAR_DATE : record->was;
	return RECOURSE_OK;
}

/* `later`: what parties owe without it, and what is theirs, is booked section by section, by the clocks of these. */
static enum recourse_error take_back(struct decision *decision, const struct value *values, bool later)
{
	struct reverse reverse = {.count = 0};
	struct booked *booked = &reverse.booked;
	struct record_incident *incident = &reverse.incident;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_DISTRIBUTION), booked));
	if (booked->record.takes_back != 0) /* another round is approved */
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked->entry);
	TRY(incident_concerned(decision, booked->reference, incident));
	TRY(incident_open(decision, "entry", incident));
	TRY(party_name(decision->state, decision->arena, incident->funder, &reverse.funder));
	TRY(find_rows(decision, &reverse));
	TRY(look(decision, &reverse));
	TRY(give_back(decision, &reverse));
	TRY(undo_advances(decision, &reverse, later));
	TRY(restore_incident(decision, &reverse));
	decision_fact_amount(decision, "amount", &incident->unit, booked->record.amount);
	TRY(booked_correct(decision, booked));
	return incident_save(decision, incident);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct trial trial;
	trial_begin(decision, &trial);
	enum recourse_error error = take_back(decision, values, false);
	if (!trial_is_too_large(decision, error))
		return error;
	trial_undo(decision, &trial);
	return take_back(decision, values, true);
}

/* ---- what an instrument's payment repaid: no claim came in with that, nor was a deposit taken ---- */

/* What it took the place of the issuer's pool has given again. */
static enum recourse_error undo_payment(
	struct decision *decision, struct reverse *reverse, struct unshare *row)
{
	const struct record_incident *incident = &reverse->incident;
	struct unshare issuer = {.entry = row->entry, .party = incident->issuer};
	struct issuers_own own = {0};
	int64_t drawn;
	TRY(unshare_find(decision, incident, row));
	reverse->from_issuer = row->round.from_issuer - replaced_issuers(&row->round);
	reverse->lodged = replaced_lodged(&row->round);
	TRY(unshare_draws(decision, incident, row, &drawn));
	if (row->party != incident->issuer && reverse->from_issuer != 0)
		TRY(unshare_draws(decision, incident, &issuer, &own.drawn));
	TRY(unshare_pool(decision, incident, row));
	return give_back_issuers(decision, reverse, &own);
}

enum recourse_error distribution_reverse_instrument_paid(struct decision *decision, uint64_t entry,
	const struct record_incident *incident, const struct record_section *section)
{
	struct reverse reverse = {.incident = *incident, .booked = {.entry = entry}};
	struct unshare row = {.entry = entry,
		.before = entry,
		.party = section->party,
		.recourse_state = section->recourse_state};
	slice *reference = &reverse.booked.reference;
	slice funder;
	int64_t moved;
	TRY(party_name(decision->state, decision->arena, section->party, &row.merchant));
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), reference));
	TRY(booked_moved(decision, entry, CHART_COMMITMENT, funder, *reference, &incident->unit, &moved));
	TRY(undo_payment(decision, &reverse, &row));
	int64_t committed = -moved;
	TRY(unshare_repaid(decision, &reverse.incident, &row, funder, &committed));
	committed = -moved - committed;
	TRY(unshare_advanced(decision, &reverse.incident, &row, funder, &committed));
	TRY(unshare_settle(decision, &reverse.incident, &row));
	TRY(unshare_check_paid_on(decision, &reverse.incident, &row, funder));
	return incident_save(decision, &reverse.incident);
}

static const struct command rows[] = {
	COMMAND_CHECKED("distribution.reverse", RECOURSE_ROLE_OPERATOR, 1, booked_fields, apply_reverse,
		"take back a distribution of which nothing was ordered; another person approves",
		BOOKED_REFUSES),
};
const struct command_group distribution_reverse_commands = COMMAND_GROUP(rows);
