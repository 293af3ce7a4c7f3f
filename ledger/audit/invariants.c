/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/invariants.h"

#include "books/record_account.h"
#include "books/record_claim.h"
#include "books/record_custody.h"
#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "books/record_policy.h"
#include "books/record_recourse.h"
#include "base/try.h"
#include "books/account.h"
#include "rule/calendar.h"
#include "rules/custody/custody.h"
#include "books/day.h"
#include "rules/incident/round.h"
#include "rules/deposit/exit.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rules/payout/appeal_check.h"
#include "rules/collateral/instrument_check.h"
#include "rules/recourse/liability.h"
#include "rule/party.h"
#include "decide/separation.h"

enum recourse_error invariants_walk(
	struct replay *replay, enum record_table table, invariants_look *look, void *context)
{
	struct record_path prefix = record_path_of(table);
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = look(replay, walk.key, walk.value, context);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

void invariants_read(slice value, void *record, size_t size)
{
	memset(record, 0, size);
	memcpy(record, value.data, value.size < size ? value.size : size);
}

/* Sums of all balances, by book and unit. */
enum { AUDIT_UNITS_MAX = 1024 };
struct book_sums {
	size_t count;
	struct {
		enum chart_book book;
		char unit[UNIT_CODE_SIZE + 1];
		__int128 sum;
	} rows[AUDIT_UNITS_MAX];
};

static enum recourse_error check_account(struct replay *replay, slice key, slice value, void *context)
{
	struct book_sums *sums = context;
	struct record_account account;
	struct account_name name;
	char unit[UNIT_CODE_SIZE + 1] = "";
	enum recourse_error error = account_name_decode(key, &name);
	if (error != RECOURSE_OK || name.unit.size > UNIT_CODE_SIZE)
		return RECOURSE_STORE_CORRUPT;
	invariants_read(value, &account, sizeof account);
	const struct chart_row *row = chart_find(name.code);
	if (row->side == CHART_DEBIT ? account.balance < 0 : account.balance > 0)
		return replay_wrong(replay, "I4: account %u/%.*s/%.*s is on the wrong side of zero",
			name.code, SLICE_ARGUMENTS(name.party), SLICE_ARGUMENTS(name.reference));
	if (account.debits + account.credits != account.balance)
		return replay_wrong(replay, "K: the turnover of account %u/%.*s/%.*s is not its balance",
			name.code, SLICE_ARGUMENTS(name.party), SLICE_ARGUMENTS(name.reference));
	memcpy(unit, name.unit.data, name.unit.size);
	size_t index = 0;
	while (index < sums->count &&
		(sums->rows[index].book != row->book || strcmp(sums->rows[index].unit, unit) != 0))
		index++;
	if (index == AUDIT_UNITS_MAX)
		return replay_wrong(replay, "more than %d books and units: the audit can not add them up",
			AUDIT_UNITS_MAX);
	if (index == sums->count) {
		sums->rows[index].book = row->book;
		memcpy(sums->rows[index].unit, unit, sizeof unit);
		sums->count++;
	}
	sums->rows[index].sum += account.balance;
	return instrument_check_account(replay, &name);
}

/* The sum of a merchant's accounts of one code and unit, for statements, is that of the accounts. */
static enum recourse_error check_account_sum(struct replay *replay, slice key, slice value, void *context)
{
	struct record_account sum;
	struct record_path prefix = {.size = 0};
	struct state_walk walk;
	int64_t left;
	(void)context;
	struct table_key read;
	TRY(table_form_read_key(tables_at(RECORD_ACCOUNT_SUM), key, &read));
	slice party = read.parts[1].text;
	slice unit = read.parts[2].text;
	record_path_start(&prefix, RECORD_ACCOUNT);
	record_path_short(&prefix, (uint32_t)read.parts[0].number);
	record_path_text(&prefix, party);
	invariants_read(value, &sum, sizeof sum);
	left = sum.balance;
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_account account;
		struct account_name name;
		error = account_name_decode(walk.key, &name);
		invariants_read(walk.value, &account, sizeof account);
		if (error == RECOURSE_OK && slice_equal(name.unit, unit))
			left -= account.balance;
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	if (error == RECOURSE_QUERY_NOT_FOUND && left != 0)
		return replay_wrong(replay,
			"A1: the deposits of %.*s do not sum up to what its statement says",
			SLICE_ARGUMENTS(party));
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_accounts(struct replay *replay)
{
	struct book_sums sums = {0};
	TRY(invariants_walk(replay, RECORD_ACCOUNT, check_account, &sums));
	TRY(invariants_walk(replay, RECORD_ACCOUNT_SUM, check_account_sum, NULL));
	for (size_t index = 0; index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			return replay_wrong(replay, "I1 I2 I3 I9: the %s book does not sum up to zero in %s",
				chart_book_name(sums.rows[index].book), sums.rows[index].unit);
	}
	return RECOURSE_OK;
}

/* I5: what a claim received is within its loss; I8: a settled payout and a paid claim go together. */
static enum recourse_error check_claim(struct replay *replay, slice key, slice value, void *context)
{
	struct record_claim claim;
	(void)context;
	invariants_read(value, &claim, sizeof claim);
	if (claim.paid < 0 || claim.paid > claim.loss)
		return replay_wrong_entry(replay, claim.last_entry,
			"I5: claim %.*s received more than its loss", (int)key.size - 3,
			(const char *)key.data + 2);
	if ((claim.state == CLAIM_PAID) != (claim.payout == PAYOUT_SETTLED))
		return replay_wrong_entry(replay, claim.last_entry,
			"I8: claim %.*s and its payout contradict each other", (int)key.size - 3,
			(const char *)key.data + 2);
	return RECOURSE_OK;
}

/* I6: per liable party, nothing above what it owes. */
static enum recourse_error check_liability(struct replay *replay, slice key, slice value, void *context)
{
	struct record_liability liability;
	(void)context;
	invariants_read(value, &liability, sizeof liability);
	if (liability.received_recourse > liability.recourse ||
		liability.received_uncovered > liability.uncovered ||
		liability.received_interest > liability.interest ||
		liability.written_off > liability.recourse)
		return replay_wrong(replay,
			"I6: liable party %.*s paid more than it owes, and the excess is not in 2150",
			(int)key.size - 7, (const char *)key.data + 6);
	return RECOURSE_OK;
}

/* I7 and I10 for one incident: sums over its decided claims. */
struct incident_sums {
	const struct record_incident *incident;
	int64_t advances_perfected;
	int64_t parts[ROUND_KINDS]; /* by round kind */
};

static enum recourse_error add_claim(struct replay *replay, slice id, struct incident_sums *sums)
{
	struct state_view *view = replay->core.state;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get(view, &path, &claim, sizeof claim));
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t part = 0;
		bool covered;
		TRY(round_part(view, sums->incident, id, &claim, (enum round_kind)kind, &part, &covered));
		sums->parts[kind] += part;
	}
	if (claim.payout == PAYOUT_SETTLED && claim.inchoate != 0)
		return replay_wrong_entry(
			replay, claim.last_entry, "I7: a settled advance did not become recourse");
	if (claim.instalment > 0)
		sums->advances_perfected += claim.advance_part - claim.inchoate;
	return RECOURSE_OK;
}

/* What still is, or once was, receivable in 1110 of this incident: what went in less what was un-perfected. */
static enum recourse_error perfected(
	struct replay *replay, const struct record_incident *incident, int64_t *steps)
{
	struct state_view *view = replay->core.state;
	struct liability_row rows[LIABILITY_PARTIES_MAX];
	struct record_account account;
	size_t count;
	*steps = 0;
	enum recourse_error error = liability_list(view, &replay->arena, incident->number, rows, &count);
	for (size_t row = 0; error == RECOURSE_OK && row < count; row++)
		*steps += rows[row].record.recourse;
	if (error == RECOURSE_OK)
		error = account_get(view, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
			RECORD_TEXT(incident->id), unit_code(&incident->unit), &account);
	if (error == RECOURSE_OK)
		*steps += account.balance;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* I10: what the claims get of all rounds of a kind is what was shared out. */
static enum recourse_error check_rounds(struct replay *replay, const struct incident_sums *sums)
{
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t total;
		TRY(round_total(replay->core.state, sums->incident, (enum round_kind)kind, &total));
		if (total != sums->parts[kind])
			return replay_wrong_entry(replay, sums->incident->last_round_entry,
				"I10: the parts of a distribution do not sum up to what was shared out");
	}
	return RECOURSE_OK;
}

static enum recourse_error check_incident(struct replay *replay, slice key, slice value, void *context)
{
	struct record_incident incident;
	struct incident_sums sums = {.incident = &incident};
	struct record_path prefix;
	struct state_walk walk;
	int64_t recourse;
	(void)key;
	(void)context;
	invariants_read(value, &incident, sizeof incident);
	prefix = record_path_of_short(RECORD_DECIDED, incident.number);
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = add_claim(replay,
			slice_of(walk.key.data + prefix.size, walk.key.size - prefix.size - 1), &sums);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	error = perfected(replay, &incident, &recourse);
	if (error == RECOURSE_OK)
		error = check_rounds(replay, &sums);
	if (error == RECOURSE_OK && sums.parts[ROUND_DEPOSIT] != incident.pooled)
		error = replay_wrong_entry(replay, incident.last_round_entry,
			"I10: the parts of the deposit do not sum up to what was taken from it");
	if (error == RECOURSE_OK)
		error = appeal_check_sums(replay, &incident);
	if (error == RECOURSE_OK && recourse > sums.advances_perfected + incident.restored_recourse)
		error = replay_wrong(replay, "I7: incident %.*s has more recourse than settled advances",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	return error;
}

/* A5: what of an exit is kept back is the sum of its items, and each of its blocks is an incident's. */
struct exit_sums {
	int64_t retained;
	uint32_t blocks;
};

static enum recourse_error add_exit_row(
	struct replay *replay, const struct record_path *prefix, struct exit_sums *sums)
{
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, replay->core.state, record_path_slice(prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_exit_item item;
		invariants_read(walk.value, &item, sizeof item);
		if (record_path_table(record_path_slice(prefix)) == RECORD_EXIT_BLOCK)
			sums->blocks++;
		else if (item.released_entry == 0)
			sums->retained += item.amount;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* All units together: sums that make each other good are as unlikely as they are wrong. */
struct overdue_sum {
	int64_t exits;
	__int128 steps;
};

/* What the index of overdue exits says is what the exit says, and what can be paid of it. */
static enum recourse_error check_overdue(struct replay *replay, slice id, const struct record_exit *record)
{
	struct state_view *view = replay->core.state;
	struct record_account account;
	slice merchant;
	int64_t listed = 0;
	enum recourse_error error = party_name(view, &replay->arena, record->merchant, &merchant);
	if (error != RECOURSE_OK)
		return error;
	struct record_path path = exit_overdue_path(merchant, id);
	error = record_get(view, &path, &listed, sizeof listed);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	error = account_get(view, CHART_DEPOSIT_EXIT, merchant, id, unit_code(&record->unit), &account);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	int64_t held = error == RECOURSE_OK ? -account.balance : 0;
	int64_t overdue = record->overdue_entry == 0 ? 0 : exit_refundable(record, held);
	if (listed != overdue || record->overdue != overdue)
		return replay_wrong_entry(replay, record->entry,
			"A5: exit %.*s is overdue with another amount than is listed", SLICE_ARGUMENTS(id));
	return RECOURSE_OK;
}

static enum recourse_error check_exit(struct replay *replay, slice key, slice value, void *context)
{
	struct record_exit record;
	struct exit_sums sums = {0};
	slice id = slice_of(key.data + 2, key.size - 3);
	struct record_path items = record_path_of_text(RECORD_EXIT_ITEM, id);
	struct record_path blocks = record_path_of_text(RECORD_EXIT_BLOCK, id);
	(void)context;
	invariants_read(value, &record, sizeof record);
	TRY(add_exit_row(replay, &items, &sums));
	TRY(add_exit_row(replay, &blocks, &sums));
	if (sums.retained != record.retained || sums.blocks != record.blocks)
		return replay_wrong_entry(replay, record.entry,
			"A5: exit %.*s does not sum up: its items, or the incidents that block it",
			SLICE_ARGUMENTS(id));
	return check_overdue(replay, id, &record);
}

/* What is overdue in a unit is the sum over its exits. */
static enum recourse_error add_overdue(struct replay *replay, slice key, slice value, void *context)
{
	struct overdue_sum *sum = context;
	int64_t steps;
	(void)replay;
	(void)key;
	invariants_read(value, &steps, sizeof steps);
	sum->exits++;
	sum->steps += steps;
	return RECOURSE_OK;
}

static enum recourse_error subtract_overdue(struct replay *replay, slice key, slice value, void *context)
{
	struct overdue_sum *sum = context;
	struct record_exit_overdue all;
	(void)replay;
	(void)key;
	invariants_read(value, &all, sizeof all);
	sum->exits -= (int64_t)all.exits;
	sum->steps -= all.steps;
	return RECOURSE_OK;
}

static enum recourse_error check_overdue_sums(struct replay *replay)
{
	struct overdue_sum sum = {0};
	TRY(invariants_walk(replay, RECORD_EXIT_OVERDUE, add_overdue, &sum));
	TRY(invariants_walk(replay, RECORD_EXIT_OVERDUE_SUM, subtract_overdue, &sum));
	if (sum.exits != 0 || sum.steps != 0)
		return replay_wrong(replay, "A5: the overdue exits are not as many, or as much, as is said");
	return RECOURSE_OK;
}

/* ---- I13: each attested day is equal, or has a listed break ---- */

static enum recourse_error custody_wrong(
	struct replay *replay, enum recourse_error error, uint64_t entry, const char *what)
{
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	return replay_wrong_entry(replay, entry, "I13: %s", what);
}

static enum recourse_error check_attestation(struct replay *replay, slice key, slice value, void *context)
{
	struct state_view *view = replay->core.state;
	struct record_attestation attestation;
	uint64_t entry = record_path_last_number(key);
	slice custodian = slice_text("");
	uint64_t as_of = 0;
	int64_t balance = 0;
	(void)context;
	invariants_read(value, &attestation, sizeof attestation);
	enum recourse_error error = party_name(view, &replay->arena, attestation.custodian, &custodian);
	if (error == RECOURSE_OK)
		error = day_last_entry(view, attestation.day, replay->group.head.entries, &as_of);
	if (error != RECOURSE_OK || as_of != attestation.as_of)
		return custody_wrong(
			replay, error, entry, "the attested day did not end with the entry that is named");
	error = custody_ledger_balance(view, custodian, RECORD_TEXT(attestation.unit), as_of, &balance);
	if (error != RECOURSE_OK || attestation.balance - balance != attestation.difference)
		return custody_wrong(replay, error, entry,
			"what was attested is not held against what the ledger said when the day ended");
	if ((attestation.difference != 0) != (attestation.gap != 0))
		return custody_wrong(
			replay, error, entry, "an attested difference and its break do not go together");
	struct record_path path = custody_break_path(attestation.gap);
	struct record_break gap;
	if (attestation.gap != 0)
		error = record_get(view, &path, &gap, sizeof gap);
	if (error != RECOURSE_OK)
		return custody_wrong(replay, error, entry, "an attested difference has no listed break");
	return RECOURSE_OK;
}

static enum recourse_error read_custody(
	struct replay *replay, const struct record_break *gap, struct record_custody *custody)
{
	slice custodian;
	TRY(party_name(replay->core.state, &replay->arena, gap->custodian, &custodian));
	struct record_path path = custody_path(custodian, RECORD_TEXT(gap->unit));
	return record_get(replay->core.state, &path, custody, sizeof *custody);
}

/* A break is the custodian's open one until it has ended, and its difference is that of its last day. */
static enum recourse_error check_break(struct replay *replay, slice key, slice value, void *context)
{
	uint64_t entry = record_path_last_number(key);
	struct record_attestation last;
	struct record_custody custody;
	struct record_break gap;
	(void)context;
	invariants_read(value, &gap, sizeof gap);
	enum recourse_error error = read_custody(replay, &gap, &custody);
	bool open = gap.ended_entry == 0;
	if (error != RECOURSE_OK || open != (custody.open_break == entry) ||
		open != (gap.ending == CUSTODY_OPEN))
		return custody_wrong(replay, error, entry, "a break and its custodian contradict each other");
	struct record_path path = custody_attestation_path(gap.last_entry);
	error = record_get(replay->core.state, &path, &last, sizeof last);
	if (error != RECOURSE_OK || last.gap != entry || last.difference != gap.difference ||
		last.day != gap.last_day)
		return custody_wrong(replay, error, entry, "a break and its last day contradict each other");
	return RECOURSE_OK;
}

/* E3: each year of a calendar is one that can have been published, and its days are those of the same place. */
static enum recourse_error check_calendar(struct replay *replay, slice key, slice value, void *context)
{
	struct record_calendar record;
	struct record_calendar other;
	enum { YEAR_SIZE = 8 };
	slice id = slice_of(key.data + 2, key.size - 3 - YEAR_SIZE);
	uint64_t year = record_path_last_number(key);
	(void)context;
	invariants_read(value, &record, sizeof record);
	TRY(calendar_any(replay->core.state, id, &other));
	if (year < INSTANT_YEAR_FIRST || year > INSTANT_YEAR_LAST ||
		!calendar_sound(&record, (uint32_t)year) || record.offset_minutes != other.offset_minutes)
		return replay_wrong_entry(replay, record.entry,
			"E3: year %llu of calendar %.*s can not have been published so",
			(unsigned long long)year, SLICE_ARGUMENTS(id));
	return RECOURSE_OK;
}

enum recourse_error invariants_check(struct replay *replay)
{
	TRY(check_accounts(replay));
	TRY(invariants_walk(replay, RECORD_CLAIM, check_claim, NULL));
	TRY(invariants_walk(replay, RECORD_LIABILITY, check_liability, NULL));
	TRY(invariants_walk(replay, RECORD_INCIDENT, check_incident, NULL));
	TRY(invariants_walk(replay, RECORD_ATTESTATION, check_attestation, NULL));
	TRY(invariants_walk(replay, RECORD_BREAK, check_break, NULL));
	TRY(invariants_walk(replay, RECORD_EXIT, check_exit, NULL));
	TRY(check_overdue_sums(replay));
	TRY(invariants_walk(replay, RECORD_CALENDAR, check_calendar, NULL));
	TRY(separation_check(replay));
	TRY(invariants_walk(replay, RECORD_DEDUCTION, appeal_check_deduction, NULL));
	TRY(invariants_walk(replay, RECORD_APPEAL, appeal_check, NULL));
	TRY(invariants_walk(replay, RECORD_INSTRUMENT, instrument_check, NULL));
	TRY(invariants_walk(replay, RECORD_INCIDENT, instrument_check_incident, NULL));
	return collateral_check(replay);
}
