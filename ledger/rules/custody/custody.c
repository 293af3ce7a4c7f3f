/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/* Of an account that never was: QUERY_NOT_FOUND. */
static enum recourse_error find_balance(struct state_view *view, enum chart_code code, slice custodian,
	slice unit, uint64_t entry, int64_t *steps)
{
	struct record_path path = account_path(code, custodian, slice_text(""), unit);
	struct record_account account;
	*steps = 0;
	TRY(record_get(view, &path, &account, sizeof account));
	return query_perhaps(account_balance_at(view, account.number, entry, steps));
}

/* Who never had cash may be overdrawn all the same: by a fee. */
enum recourse_error custody_ledger_balance(
	struct state_view *view, slice custodian, slice unit, uint64_t entry, int64_t *balance)
{
	int64_t overdrawn;
	enum recourse_error error = find_balance(view, CHART_CASH, custodian, unit, entry, balance);
	return error == RECOURSE_QUERY_NOT_FOUND
		       ? find_balance(view, CHART_OVERDRAWN, custodian, unit, entry, &overdrawn)
		       : error;
}

enum recourse_error custody_expected(
	struct state_view *view, slice custodian, slice unit, uint64_t entry, int64_t later, int64_t *steps)
{
	int64_t overdrawn; /* below zero */
	TRY(custody_ledger_balance(view, custodian, unit, entry, steps));
	TRY(query_perhaps(find_balance(view, CHART_OVERDRAWN, custodian, unit, entry, &overdrawn)));
	TRY(amount_add_steps(*steps, overdrawn, steps));
	TRY(amount_add_steps(*steps, later, steps));
	*steps = amount_most(*steps, 0);
	return RECOURSE_OK;
}

enum recourse_error custody_read(
	struct state_view *view, slice custodian, slice unit, uint64_t now, struct custody_word *word)
{
	struct record_path path = record_path_of_texts(RECORD_CUSTODY, custodian, unit);
	const struct record_custody *record = &word->record;
	*word = (struct custody_word){.standing = CUSTODY_NEVER};
	TRY(record_get_optional(view, &path, &word->record, sizeof word->record, NULL));
	if (record->attested_entry == 0)
		return RECOURSE_OK;
	word->standing = record->stale_entry != 0 || now >= record->due ? CUSTODY_STALE : CUSTODY_FRESH;
	word->counts = word->standing == CUSTODY_FRESH && record->open_break == 0;
	path = record_path_of_number(RECORD_ATTESTATION, record->attested_entry);
	return record_get_named(view, &path, &word->attestation, sizeof word->attestation);
}

/* What a custodian, whom another record names, attested last in a unit. */
static enum recourse_error find_custody(struct decision *decision, uint32_t party, slice unit,
	slice *custodian, struct record_custody *custody)
{
	TRY(party_name(decision->state, decision->arena, party, custodian));
	struct record_path path = record_path_of_texts(RECORD_CUSTODY, *custodian, unit);
	return record_get_named(decision->state, &path, custody, sizeof *custody);
}

/* Whoever goes by what this custodian keeps hears of it. */
static enum recourse_error put_custody(
	struct decision *decision, slice custodian, slice code, const struct record_custody *custody)
{
	struct record_path path = record_path_of_texts(RECORD_CUSTODY, custodian, code);
	struct unit unit;
	TRY(decision_unit(decision, "unit", code, &unit));
	TRY(decision_put(decision, &path, custody, sizeof *custody));
	TRY(area_custody_changed(decision, &unit));
	return decision_about(decision, RECORD_PARTY, custodian);
}

enum recourse_error custody_became_stale(struct decision *decision, slice subject)
{
	struct record_attestation attestation;
	struct record_custody custody;
	slice custodian;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	struct record_path path = record_path_of_number(RECORD_ATTESTATION, entry);
	TRY(decision_find(decision, "subject", &path, &attestation, sizeof attestation));
	slice unit = RECORD_TEXT(attestation.unit);
	TRY(find_custody(decision, attestation.custodian, unit, &custodian, &custody));
	custody.stale_entry = decision->entry;
	decision_fact_text(decision, "custodian", custodian);
	decision_fact_text(decision, "unit", unit);
	decision_fact_text(decision, "standing", slice_text("stale"));
	return put_custody(decision, custodian, unit, &custody);
}

/* ---- breaks ---- */

static enum recourse_error end_break(struct decision *decision, struct record_custody *custody,
	struct record_break *gap, enum custody_ending ending)
{
	struct record_path path = record_path_of_number(RECORD_BREAK, custody->open_break);
	gap->ended_entry = decision->entry;
	gap->ending = ending;
	custody->open_break = 0;
	return decision_put(decision, &path, gap, sizeof *gap);
}

/*
 * A day agrees where bank and ledger have the same, which leaves nothing to explain, and where they differ by just what was
 * explained before: one difference is not a break again each day.
 */
static int64_t explain(const struct decision *decision, struct record_custody *custody,
	struct record_attestation *attestation)
{
	if (attestation->difference == 0) {
		custody->explained = 0;
		custody->explained_day = 0;
		custody->explained_from = decision->entry;
	}
	attestation->explained = custody->explained;
	return attestation->difference - custody->explained;
}

/* A day that differs begins a break or goes on with the open one; a day that agrees ends it. */
static enum recourse_error follow_break(struct decision *decision, struct record_custody *custody,
	struct record_attestation *attestation, const struct unit *unit)
{
	int64_t difference = explain(decision, custody, attestation);
	bool open = custody->open_break != 0;
	struct record_path path =
		record_path_of_number(RECORD_BREAK, open ? custody->open_break : decision->entry);
	struct record_break gap = {.first_day = attestation->day, .custodian = attestation->custodian};
	if (difference == 0 && !open)
		return RECOURSE_OK;
	memcpy(gap.unit, attestation->unit, sizeof gap.unit);
	if (open)
		TRY(record_get_named(decision->state, &path, &gap, sizeof gap));
	if (difference == 0) {
		decision_fact_integer(decision, "ended_break", custody->open_break);
		return end_break(decision, custody, &gap, CUSTODY_AGREED);
	}
	if (!open)
		custody->open_break = decision->entry;
	attestation->gap = custody->open_break;
	gap.last_day = attestation->day;
	gap.last_entry = decision->entry;
	gap.difference = difference;
	bool short_of = gap.difference < 0;
	decision_fact_integer(decision, "break", custody->open_break);
	decision_fact_amount(decision, "difference", unit, short_of ? -gap.difference : gap.difference);
	decision_fact_text(decision, "side", slice_text(short_of ? "short" : "over"));
	return decision_put(decision, &path, &gap, sizeof gap);
}

/* ---- custody.attest ---- */

enum { ATTEST_DAY, ATTEST_UNIT, ATTEST_BALANCE, ATTEST_HASH };
static const struct recourse_field attest_fields[] = {
	[ATTEST_DAY] = FIELD_DAY("day", "that has ended, at the custodian's place: 2016-05-04"),
	[ATTEST_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[ATTEST_BALANCE] = FIELD(
		AMOUNT, "balance", "what the account held when the day ended; 0.00 if it was overdrawn"),
	[ATTEST_HASH] = FIELD(HASH, "statement_hash", "SHA-256 of the bank's statement"),
};

/* The day has ended, and comes after the one that was attested last. */
static enum recourse_error read_day(struct decision *decision, slice text,
	const struct record_custody *custody, struct record_attestation *attestation)
{
	struct record_place place;
	uint64_t *day = &attestation->day;
	enum recourse_error error = day_parse(text, day);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "day", "a day such as 2016-05-04");
	TRY(place_read(decision->state, decision->actor->party, &place));
	attestation->east = place_east(&place, *day);
	if (day_end(*day, attestation->east) > decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "day", "a day that has ended");
	if (custody->attested_entry == 0 || *day > custody->day)
		return RECOURSE_OK;
	return refuse_entry(decision, *day == custody->day ? RECOURSE_EXISTS : RECOURSE_WINDOW_CLOSED, "day",
		custody->attested_entry);
}

/* Against what the ledger said when the day ended, with its last entry. */
static enum recourse_error compare(
	struct decision *decision, const struct unit *unit, struct record_attestation *attestation)
{
	int64_t balance;
	enum recourse_error error = day_last_entry(
		decision->state, attestation->east, attestation->day, decision->entry, &attestation->as_of);
	TRY(refuse_absent(
		decision, error, RECOURSE_WINDOW_CLOSED, "day", "not before the ledger's first entry"));
	error = custody_ledger_balance(
		decision->state, decision->actor->party, unit_code(unit), attestation->as_of, &balance);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, "unit",
		"one in which this custodian holds or held money"));
	TRY(attest_later(decision->state, decision->actor->party, unit_code(unit), attestation->day,
		&attestation->later));
	TRY(custody_expected(decision->state, decision->actor->party, unit_code(unit), attestation->as_of,
		attestation->later, &attestation->difference));
	attestation->difference = attestation->balance - attestation->difference; /* both are at least zero */
	if (attestation->later != 0)
		decision_fact_amount(decision, attestation->later < 0 ? "paid_later" : "received_later", unit,
			attestation->later < 0 ? -attestation->later : attestation->later);
	decision_fact_amount(decision, "ledger_balance", unit, balance);
	decision_fact_integer(decision, "as_of_entry", attestation->as_of);
	return RECOURSE_OK;
}

/* An attestation of a day long past is stale as soon as it comes. */
static enum recourse_error keep(struct decision *decision, struct record_custody *custody,
	const struct record_attestation *attestation)
{
	struct record_path path = record_path_of_number(RECORD_ATTESTATION, decision->entry);
	struct record_control control;
	TRY(authority_read(decision->state, &control));
	uint64_t due = day_end(attestation->day, attestation->east) + control.custody_hours * INSTANT_HOUR;
	bool stale = due <= decision->time;
	*custody = (struct record_custody){
		.attested_entry = decision->entry,
		.day = attestation->day,
		.due = due,
		.clock = stale ? 0 : due,
		.stale_entry = stale ? decision->entry : 0,
		.open_break = custody->open_break,
		.explained = custody->explained,
		.explained_day = custody->explained_day,
		.explained_from = custody->explained_from,
	};
	decision_fact_text(decision, "standing", slice_text(stale ? "stale" : "fresh"));
	TRY(decision_put(decision, &path, attestation, sizeof *attestation));
	return put_custody(decision, decision->actor->party, RECORD_TEXT(attestation->unit), custody);
}

static enum recourse_error apply_attest(struct decision *decision, const struct value *values)
{
	struct record_attestation attestation = {.custodian = decision->actor->party_number};
	struct record_custody custody;
	struct unit unit;
	TRY(decision_unit(decision, "unit", values[ATTEST_UNIT].text, &unit));
	TRY(decision_amount_or_zero(
		decision, "balance", values[ATTEST_BALANCE].text, &unit, &attestation.balance));
	struct record_path path =
		record_path_of_texts(RECORD_CUSTODY, decision->actor->party, unit_code(&unit));
	TRY(record_get_optional(decision->state, &path, &custody, sizeof custody, NULL));
	TRY(read_day(decision, values[ATTEST_DAY].text, &custody, &attestation));
	TRY(compare(decision, &unit, &attestation));

	memcpy(attestation.unit, unit.code, sizeof attestation.unit);
	TRY(follow_break(decision, &custody, &attestation, &unit));
	return keep(decision, &custody, &attestation);
}

/* ---- custody.resolve ---- */

enum { RESOLVE_BREAK, RESOLVE_REASON, RESOLVE_HASH };
static const struct recourse_field resolve_fields[] = {
	[RESOLVE_BREAK] = FIELD_INTEGER("break", 1, INT64_MAX, "the entry that began it"),
	[RESOLVE_REASON] = FIELD(ID, "reason", "reason code, such as bank-charge"),
	[RESOLVE_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of what explains it"),
};

static enum recourse_error apply_resolve(struct decision *decision, const struct value *values)
{
	uint64_t entry = (uint64_t)values[RESOLVE_BREAK].integer;
	struct record_path path = record_path_of_number(RECORD_BREAK, entry);
	struct record_custody custody;
	struct record_break gap;
	slice custodian;
	TRY(decision_find(decision, "break", &path, &gap, sizeof gap));
	if (gap.ended_entry != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "break", gap.ended_entry);
	TRY(decision_not_own(decision, "break", gap.custodian));
	TRY(find_custody(decision, gap.custodian, RECORD_TEXT(gap.unit), &custodian, &custody));
	gap.explained = gap.difference;
	if (custody.explained == 0)
		custody.explained_day = gap.first_day;
	TRY(amount_add_steps(custody.explained, gap.difference, &custody.explained));
	TRY(end_break(decision, &custody, &gap, CUSTODY_RESOLVED));
	return put_custody(decision, custodian, RECORD_TEXT(gap.unit), &custody);
}

enum recourse_error custody_booked(
	struct decision *decision, uint64_t resolved, const struct unit *unit, int64_t steps)
{
	struct record_path path = record_path_of_number(RECORD_BREAK, resolved);
	struct record_custody custody;
	struct record_break gap;
	slice custodian;
	TRY(decision_find(decision, "break", &path, &gap, sizeof gap));
	/* I3: another custodian's is as if it were not there */
	if (gap.custodian != decision->actor->party_number)
		return refuse(decision, RECOURSE_NOT_FOUND, "break", NULL);
	if (!slice_equal(RECORD_TEXT(gap.unit), unit_code(unit)))
		return refuse_limit(decision, RECOURSE_UNIT_MISMATCH, "break", "one in %s", gap.unit);
	TRY(find_custody(decision, gap.custodian, RECORD_TEXT(gap.unit), &custodian, &custody));
	int64_t explains = gap.ended_entry > custody.explained_from && gap.explained < 0 ? -gap.explained : 0;
	if (steps < 0 && gap.ended_entry <= custody.explained_from)
		return RECOURSE_OK;
	if (steps > explains)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "break", unit, steps, explains);
	gap.explained += steps;
	custody.explained += steps;
	custody.explained_day = custody.explained == 0       ? 0
				: custody.explained_day != 0 ? custody.explained_day
							     : gap.first_day;
	TRY(decision_put(decision, &path, &gap, sizeof gap));
	return put_custody(decision, custodian, RECORD_TEXT(gap.unit), &custody);
}

static const struct command rows[] = {
	COMMAND("custody.attest", RECOURSE_ROLE_CUSTODIAN, attest_fields, apply_attest,
		"the custodian attests what its account held when a day ended", RECOURSE_EXISTS,
		RECOURSE_NOT_FOUND, RECOURSE_WINDOW_CLOSED),
	COMMAND("custody.resolve", RECOURSE_ROLE_APPROVER, resolve_fields, apply_resolve,
		"say why a custodian's balance differs from the ledger's", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
};
const struct command_group custody_commands = COMMAND_GROUP(rows);
