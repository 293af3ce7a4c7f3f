/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/calendar.h"

#include "base/instant.h"
#include "books/account.h"
#include "books/record_cover.h"
#include "rule/check.h"
#include "rule/party.h"
#include "rule/person.h"

/* H1: whom decisions are about has no key that decides, but the party that runs the ledger. */
static enum recourse_error look_at_power(struct check_context *check, const struct check_row *row)
{
	const struct record_key *key = row->record;
	struct record_party party;
	if (key->revoked != 0 || !party_decides(key->roles) || party_runs_ledger(key->party))
		return RECOURSE_OK;
	TRY(party_by_number(check->state, check->arena, key->party, &party));
	TRY(check_that(check, row, party.deciders > 0, "H1: a party's keys that decide are not counted"));
	return check_that(check, row, !party_is_concerned(&party),
		"H1: a merchant, an issuer, a liable party or a custodian has a key that decides");
}

/* Whoever stands in such a record was noted as one of those. */
struct concerned {
	size_t member; /* a uint32_t: the party's number */
	enum party_concern concern;
	bool optional; /* 0: nobody */
};
static enum recourse_error look_at_concerned(struct check_context *check, const struct check_row *row)
{
	const struct concerned *concerned = row->of;
	struct record_party party;
	uint32_t number;
	memcpy(&number, (const uint8_t *)row->record + concerned->member, sizeof number);
	if (number == 0 && concerned->optional)
		return RECOURSE_OK;
	TRY(party_by_number(check->state, check->arena, number, &party));
	return check_that(check, row, (party.concerned & concerned->concern) != 0,
		"H1: a merchant, an issuer or a liable party is not noted as one");
}

/* H1: a person's keys follow one another: one that was rotated ended where the next began, of the same person. */
static enum recourse_error look_at_key(struct check_context *check, const struct check_row *row)
{
	const struct record_key *key = row->record;
	struct record_key next;
	struct record_key first;
	TRY(person_key(check->state, key->person, &first));
	TRY(look_at_power(check, row));
	if (key->rotated_to == 0)
		return check_that(check, row, first.current == key->number,
			"H1: a person has two keys that were not rotated");
	TRY(person_key(check->state, key->rotated_to, &next));
	bool follows = key->revoked != 0 && next.entry == key->revoked_entry && next.person == key->person &&
		       next.party == key->party && next.roles == key->roles;
	return check_that(check, row, follows,
		"H1: a key that was rotated and the one in its place contradict each other");
}

/* E3: each year of a calendar is one that can have been published, and its days are those of the same place. */
static enum recourse_error look_at_year(struct check_context *check, const struct check_row *row)
{
	const struct record_calendar *record = row->record;
	slice id = row->key->parts[0].text;
	uint64_t year = row->key->parts[1].number;
	struct record_calendar other;
	TRY(calendar_any(check->state, id, &other));
	if (year < INSTANT_YEAR_FIRST || year > INSTANT_YEAR_LAST ||
		!calendar_sound(record, (uint32_t)year) || record->offset_minutes != other.offset_minutes)
		return check_wrong_entry(check, row->entry,
			"E3: year %llu of calendar %.*s can not have been published so",
			(unsigned long long)year, SLICE_ARGUMENTS(id));
	return RECOURSE_OK;
}

/* K: an account's turnover is the one that its history says; its balance is held against all there is. */
static enum recourse_error look_at_turnover(struct check_context *check, const struct check_row *row)
{
	const struct record_account *account = row->record;
	struct history_point point;
	TRY(check_found(check, row, history_at(check->state, account->number, account->last_entry, &point),
		"K: an account has no history"));
	return check_that(check, row, point.debits == account->debits,
		"K: the turnover of an account is not what its history says");
}

#define CONCERNED(name, record, party, ...)                                                                  \
	{                                                                                                    \
		.table = name, .look = look_at_concerned,                                                    \
		.of = &(const struct concerned){offsetof(struct record, party), __VA_ARGS__},                \
	}
static const struct check rows[] = {
	{.table = RECORD_ACCOUNT,
		.entry = offsetof(struct record_account, last_entry),
		.look = look_at_turnover},
	CONCERNED(RECORD_DEPOSIT, record_deposit, merchant, PARTY_MERCHANT, false),
	CONCERNED(RECORD_INCIDENT, record_incident, issuer, PARTY_ISSUER, true),
	CONCERNED(RECORD_ISSUER, record_issuer, issuer, PARTY_ISSUER, false),
	CONCERNED(RECORD_SECTION, record_section, party, PARTY_MERCHANT, false),
	{.table = RECORD_CALENDAR, .entry = offsetof(struct record_calendar, entry), .look = look_at_year},
	{.table = RECORD_KEY, .entry = offsetof(struct record_key, entry), .look = look_at_key},
};
const struct check_group rule_check_rows = CHECK_GROUP(rows);
