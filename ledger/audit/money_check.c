/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include "books/account.h"
#include "rules/incident/incident.h"
#include "rules/recourse/liability.h"

/*
 * The invariants of money, by hand and side by side: what I1 to I10 say of the state that came out (README.md). They
 * look into every area, and know no rule: what rules are for is to make them hold.
 */

/* ---- I1, I2, I3, I9: each book adds up to zero; I4: no account is on the wrong side of it ---- */

static enum recourse_error look_at_account(struct check_context *check, const struct account_name *name,
	const struct record_account *account, struct check_units *sums)
{
	const struct chart_row *chart = chart_find(name->code);
	if (chart == NULL)
		return check_wrong(check, "account %u is not in the chart", name->code);
	if (chart->side == CHART_DEBIT ? account->balance < 0 : account->balance > 0)
		return check_wrong(check, "I4: account %u/%.*s/%.*s is on the wrong side of zero", name->code,
			SLICE_ARGUMENTS(name->party), SLICE_ARGUMENTS(name->reference));
	struct record_path sum = account_sum_path(name->code, name->party, name->unit);
	bool summed = true;
	if (account_is_summed(name->code))
		TRY(record_exists(check->state, &sum, &summed));
	if (!summed)
		return check_wrong(check, "A1: deposits of %.*s are in no sum", SLICE_ARGUMENTS(name->party));
	return check_add(check, sums, chart->book, name->unit, account->balance);
}

static enum recourse_error look_at_books(struct check_context *check, const struct check_row *row)
{
	struct record_path accounts = record_path_of(RECORD_ACCOUNT);
	struct check_units sums = {.count = 0};
	struct record_account account;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &accounts);
	(void)row;
	while (record_walk_next(&walk, &account, sizeof account)) {
		struct account_name name = account_name(&walk.key);
		TRY(look_at_account(check, &name, &account, &sums));
	}
	TRY(walk.error);
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return check_wrong(check, "I1 I2 I3 I9: the %s book does not sum up to zero in %s",
				chart_book_name((enum chart_book)sums.rows[index].kind),
				sums.rows[index].unit);
	}
	return RECOURSE_OK;
}

/* ---- A1: what a statement says of a merchant's deposits is the sum of their accounts ---- */

static enum recourse_error look_at_account_sum(struct check_context *check, const struct check_row *row)
{
	const struct table_key *key = row->key;
	__int128 left = ((const struct record_account *)row->record)->balance;
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state,
		.code = (int64_t)key->parts[0].number,
		.one_party = true,
		.party = key->parts[1].text};
	while (account_walk_next(&walk))
		left -= slice_equal(walk.name.unit, key->parts[2].text) ? walk.account.balance : 0;
	TRY(walk.error);
	if (left != 0)
		return check_wrong(check, "A1: the deposits of %.*s do not sum up to what its statement says",
			SLICE_ARGUMENTS(key->parts[1].text));
	return RECOURSE_OK;
}

/* ---- I5: what a claim received is within its loss; I8: a settled payout and a paid claim go together ---- */

static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	TRY(check_that_id(check, row, claim->paid >= 0 && claim->paid <= claim->loss, "I5: claim ",
		" received more than its loss"));
	return check_that_id(check, row, (claim->state == CLAIM_PAID) == (claim->payout == PAYOUT_SETTLED),
		"I8: claim ", " and its payout contradict each other");
}

/* ---- I6: per liable party, nothing above what it owes, and what it owes still is its receivable ---- */

static enum recourse_error look_at_liability(struct check_context *check, const struct check_row *row)
{
	const struct record_liability *liability = row->record;
	slice party = row->key->parts[1].text;
	struct record_incident incident;
	int64_t open;
	TRY(incident_load(check->state, (uint32_t)row->key->parts[0].number, &incident));
	TRY(account_balance(
		check->state, CHART_RECOURSE, party, RECORD_TEXT(incident.id), &incident.unit, &open));
	if (liability->received_recourse > liability->recourse ||
		liability->received_uncovered > liability->uncovered ||
		liability->received_interest > liability->interest ||
		liability->written_off > liability->recourse)
		return check_wrong(check,
			"I6: liable party %.*s paid more than it owes, and the excess is not in 2150",
			SLICE_ARGUMENTS(party));
	if (open != liability->recourse - liability->received_recourse - liability->written_off)
		return check_wrong(check,
			"I6: 1110 of liable party %.*s is not its recourse, less received and written off",
			SLICE_ARGUMENTS(party));
	return RECOURSE_OK;
}

/* ---- I7: no more recourse than settled advances; I10: parts add up to what was shared out ---- */

struct incident_sums {
	const struct record_incident *incident;
	int64_t advances_perfected;
	int64_t paid;
	int64_t parts[ROUND_KINDS]; /* by round kind */
};

static enum recourse_error add_claim(struct check_context *check, slice id, struct incident_sums *sums)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t part = 0;
		bool covered;
		TRY(round_part(check->state, sums->incident, id, (enum round_kind)kind, &part, &covered));
		sums->parts[kind] += part;
	}
	sums->paid += claim.paid;
	if (claim.payout == PAYOUT_SETTLED && claim.inchoate != 0)
		return check_wrong_entry(
			check, claim.last_entry, "I7: a settled advance did not become recourse");
	if (claim.instalment > 0)
		sums->advances_perfected += claim.advance_part - claim.inchoate;
	return RECOURSE_OK;
}

/* What still is, or once was, receivable in 1110 of this incident: what went in less what was un-perfected. */
static enum recourse_error perfected(
	struct check_context *check, const struct record_incident *incident, int64_t *steps)
{
	struct liabilities list;
	TRY(account_balance(check->state, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
		RECORD_TEXT(incident->id), &incident->unit, steps));
	TRY(liability_list(check->state, check->arena, incident->number, &list));
	for (size_t row = 0; row < list.count; row++)
		*steps += list.rows[row].record.recourse;
	return RECOURSE_OK;
}

static enum recourse_error compare_rounds(struct check_context *check, const struct incident_sums *sums)
{
	const struct record_incident *incident = sums->incident;
	int64_t secured = incident->from_instruments;
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t left = sums->parts[kind];
		for (uint32_t number = 1; number <= incident->rounds[kind]; number++) {
			struct record_round round;
			TRY(round_read(check->state, incident, (enum round_kind)kind, number, &round));
			left -= round.split.amount;
			secured -= round.from_instruments;
		}
		if (left != 0)
			return check_wrong_entry(check, incident->last_round_entry,
				"I10: the parts of a distribution do not sum up to what was shared out");
	}
	if (sums->parts[ROUND_DEPOSIT] != incident->shared_out)
		return check_wrong_entry(check, incident->last_round_entry,
			"I10: the parts of the deposit do not sum up to what was taken from it");
	if (secured != 0)
		return check_wrong(check, "A6: what instruments gave for incident %.*s does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	return RECOURSE_OK;
}

/* I8: consumers are owed what was shared out and advanced for them, less what their claims received, once. */
static enum recourse_error compare_paid(struct check_context *check, const struct incident_sums *sums)
{
	static const enum chart_code codes[] = {CHART_CLAIMS, CHART_TRANSIT, CHART_RETURNED};
	const struct record_incident *incident = sums->incident;
	int64_t left = incident->shared_out + incident->advanced - sums->paid;
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		int64_t owed;
		TRY(account_balance(check->state, codes[index], slice_text(""), RECORD_TEXT(incident->id),
			&incident->unit, &owed));
		left -= owed;
	}
	if (left != 0 || sums->paid != incident->paid)
		return check_wrong(check,
			"I8: what was paid for incident %.*s is not what its claims received",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	return RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct incident_sums sums = {.incident = incident};
	struct record_path decided = record_path_of_short(RECORD_DECIDED, incident->number);
	int64_t recourse;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &decided);
	while (record_walk_next(&walk, NULL, 0))
		TRY(add_claim(check, walk.key.parts[1].text, &sums));
	TRY(walk.error);
	TRY(compare_rounds(check, &sums));
	TRY(compare_paid(check, &sums));
	TRY(perfected(check, incident, &recourse));
	if (recourse > sums.advances_perfected + incident->restored_recourse)
		return check_wrong(check, "I7: incident %.*s has more recourse than settled advances",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	return RECOURSE_OK;
}

/* ---- G4: what was received and is not allocated is in suspense ---- */

static enum recourse_error add_recoveries(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_RECOVERY);
	struct record_recovery recovery;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		struct record_incident incident;
		TRY(incident_load(check->state, recovery.incident, &incident));
		TRY(check_add(
			check, sums, 0, unit_code(&incident.unit), recovery.amount - recovery.allocated));
	}
	return walk.error;
}

static enum recourse_error look_at_suspense(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	SCOPED(account_walk_end) struct account_walk walk = {.view = check->state, .code = CHART_SUSPENSE};
	(void)row;
	while (account_walk_next(&walk))
		TRY(check_add(check, &sums, 0, walk.name.unit, walk.account.balance));
	TRY(walk.error);
	TRY(add_recoveries(check, &sums));
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return check_wrong(check, "G4: 2140 in %s is not what was received less allocated",
				sums.rows[index].unit);
	}
	return RECOURSE_OK;
}

static const struct check rows[] = {
	{.look = look_at_books},
	{.table = RECORD_ACCOUNT_SUM, .look = look_at_account_sum},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_LIABILITY, .look = look_at_liability},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
	{.look = look_at_suspense},
};
const struct check_group money_check_rows = CHECK_GROUP(rows);
