/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/entries.h"

#include "books/record_claim.h"
#include "books/record_payee.h"
#include "rule/booked.h"
#include "rules/incident/incident.h"

/*
 * I8: what entries say, added up by their postings and words alone, against what is kept of orders that were given up. Of these there are
 * few, so that the entries of each are read once more.
 */

/* So much more of payments is on its way, or is back. */
static amount_sum unpaid(const struct entry *entry)
{
	return -entries_posted(entry, CHART_TRANSIT) - entries_posted(entry, CHART_RETURNED) -
	       entries_posted(entry, CHART_UNCLAIMED);
}

/* Of one that was taken back it was ordered by that entry; and of one that has more by then the rest is not. */
static amount_sum paid_by(const struct entry *entry)
{
	return entries_posted(entry, CHART_CLAIMS) - unpaid(entry);
}

/* ---- what a former order was of, and was made by ---- */

static bool was_made(const struct record_former_order *former)
{
	return former->became == PAYOUT_SETTLED || former->became == PAYOUT_RETURNED;
}

/* All that was ordered by it was on its way; what of it was made is what its line paid. What is back of it is looked at below. */
static enum recourse_error look_at_order(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	const slice id = row->key->parts[0].text;
	const amount_sum parts = (amount_sum)former->deposit_part + former->advance_part;
	const bool alone = former->became == PAYOUT_SETTLED && former->settled_entry == 0;
	struct entry entry;
	bool about;
	bool same;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(entries_read_about(check, RECORD_CLAIM, id, row->key->parts[1].number, &entry, &about));
	same = about && (entries_is(&entry, "payout.instruct") || entries_is(&entry, "payout.reissue")) &&
	       entry.time == former->to.time;
	bool whole = alone || (former->became != LIFE_NONE && !was_made(former));
	TRY(check_that_id(check, row, same && (!whole || -entries_posted(&entry, CHART_TRANSIT) == parts),
		"I8: by its entry another sum was ordered, or none, of claim ", ""));
	if (former->settled_entry == 0)
		return RECOURSE_OK;
	TRY(entries_read_about(check, RECORD_CLAIM, id, former->settled_entry, &entry, &about));
	return check_that_id(check, row,
		about && entries_is(&entry, "payout.settle") &&
			(former->became == PAYOUT_RETURNED || paid_by(&entry) == parts),
		"I8: by its entry another sum was paid by a former order of claim ", "");
}

/* ---- how much of that is a pool's, and how much is advanced ---- */

/* An entry that names no parts says what they come to. */
static bool says_parts(
	const struct record_former_order *former, const struct entry *entry, const struct unit *unit)
{
	int64_t deposit;
	int64_t advance;
	if (!entries_amount(entry, "deposit_part", unit, &deposit) ||
		!entries_amount(entry, "advance_part", unit, &advance))
		return paid_by(entry) == (amount_sum)former->deposit_part + former->advance_part;
	return deposit == former->deposit_part && advance == former->advance_part;
}

static bool is_by_order(const struct record_former_order *former, bool by_order, bool by_line)
{
	const bool back = former->back_entry != 0 && former->deposit_part == former->back_deposit &&
			  former->advance_part == former->back_advance;
	if (former->became == PAYOUT_SETTLED && former->settled_entry != 0)
		return by_line;
	if (former->became == LIFE_NONE || (former->became == PAYOUT_RETURNED && former->settled_entry != 0))
		return by_order || by_line || back;
	return by_order;
}

/* As its order said; as its line did, of one that was made; of one that is back as it came back, as well. */
static enum recourse_error look_at_split(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	const struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_incident incident;
	struct record_claim claim;
	struct entry entry;
	uint64_t instalment;
	if (check->log == NULL)
		return RECOURSE_OK;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	TRY(incident_load(check->state, claim.incident, &incident));
	TRY(entries_read(check, row->key->parts[1].number, &entry));
	const bool by_order = says_parts(former, &entry, &incident.unit);
	/* one that was its claim's last once more is of the instalment of then */
	const bool again = former->became == LIFE_NONE || former->settled_entry != 0;
	const bool same = entries_integer(&entry, "instalment", &instalment) &&
			  (instalment == former->instalment || (again && instalment < former->instalment));
	const uint64_t made = former->became == LIFE_NONE ? claim.settled_entry : former->settled_entry;
	if (made != 0)
		TRY(entries_read(check, made, &entry));
	const bool by_line = made != 0 && says_parts(former, &entry, &incident.unit);
	return check_that_id(check, row, same && is_by_order(former, by_order, by_line),
		"I8: by its entry other parts were ordered, or paid, of claim ", "");
}

/* ---- what was paid twice by it ---- */

/* So much of it came back by entries that nobody took back. */
static enum recourse_error add_twice_back(
	struct check_context *check, slice claim, uint64_t order, uint64_t since, amount_sum *steps)
{
	const struct record_path prefix = decision_about_path(RECORD_CLAIM, claim);
	struct record_path from = prefix;
	record_path_number(&from, since + 1);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(check->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, NULL, 0)) {
		const uint64_t number = walk.key.parts[2].number;
		struct record_booked booked;
		struct entry entry;
		bool there;
		TRY(booked_read(check->state, number, &booked, &there));
		if (!there || booked.kind != BOOKED_CAME_BACK || booked.is != BOOKED_PAID_TWICE ||
			booked.before != order || booked.corrected_by != 0 ||
			booked.takes_back != BOOKED_BOOKS)
			continue;
		TRY(entries_read(check, number, &entry));
		*steps -= entries_posted(&entry, CHART_OWED_BY_PLATFORM);
	}
	return walk.error;
}

/* All of it is owed by who runs the ledger, or is back: alone, or with the payment that it was beyond. */
static enum recourse_error look_at_twice(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	const slice id = row->key->parts[0].text;
	amount_sum steps = (amount_sum)former->twice + former->back_twice;
	struct entry entry;
	bool about = true;
	if (check->log == NULL)
		return RECOURSE_OK;
	if (former->twice_entry != 0) {
		TRY(entries_read_about(check, RECORD_CLAIM, id, former->twice_entry, &entry, &about));
		TRY(add_twice_back(check, id, row->key->parts[1].number, former->twice_entry, &steps));
		about = about && entries_is(&entry, "payout.settle");
		steps -= about ? entries_posted(&entry, CHART_OWED_BY_PLATFORM) : 0;
	}
	return check_that_id(check, row,
		about && steps == 0 && (former->back_entry == 0 || former->twice == 0),
		"I8: by its entries another sum was paid twice by a former order of claim ", "");
}

/* ---- what a line of a former order took back ---- */

/* All of a payment that is on its way, or is back, of that claim, by the entries about it. */
static enum recourse_error add_claim(struct check_context *check, slice claim, amount_sum *steps)
{
	const struct record_path prefix = decision_about_path(RECORD_CLAIM, claim);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct entry entry;
		TRY(entries_read(check, walk.key.parts[2].number, &entry));
		*steps += unpaid(&entry);
	}
	return walk.error;
}

/* One row of a claim stands for all of them: its entries are added up once, not once an order. */
static enum recourse_error is_first(struct check_context *check, const struct check_row *row, bool *first)
{
	const struct record_path prefix = record_path_of_text(RECORD_FORMER_ORDER, row->key->parts[0].text);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*first = record_walk_next(&walk, NULL, 0) && walk.key.parts[1].number == row->key->parts[1].number;
	return walk.error;
}

static enum recourse_error look_at_parts(struct check_context *check, const struct check_row *row)
{
	const slice id = row->key->parts[0].text;
	const struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	amount_sum steps = 0;
	bool first;
	TRY(is_first(check, row, &first));
	if (check->log == NULL || !first)
		return RECOURSE_OK;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	TRY(add_claim(check, id, &steps));
	bool ordered = record_claim_money(&claim) != CLAIM_MONEY_NONE;
	amount_sum parts = (amount_sum)claim.back_deposit + claim.back_advance;
	parts += ordered ? (amount_sum)claim.deposit_part + claim.advance_part : 0;
	return check_that_id(
		check, row, steps == parts, "I8: entries left another sum on its way or back of claim ", "");
}

static enum recourse_error look_at_back(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	const slice id = row->key->parts[0].text;
	struct entry entry;
	bool about;
	if (check->log == NULL || former->back_entry == 0)
		return RECOURSE_OK;
	TRY(check_is_about(check, RECORD_CLAIM, id, former->back_entry, &about));
	TRY(check_that_id(
		check, row, about, "I8: a former order came back by an entry that is not about claim ", ""));
	TRY(entries_read(check, former->back_entry, &entry));
	amount_sum back = (amount_sum)former->back_deposit + former->back_advance;
	bool alone = former->settled_entry == 0; /* all of it was paid twice */
	return check_that_id(check, row,
		entries_is(&entry, "payout.return") && unpaid(&entry) == back &&
			(alone || entries_posted(&entry, CHART_OWED_BY_PLATFORM) >=
					  -(amount_sum)former->back_twice),
		"I8: by its entry another sum came back of a former order of claim ", "");
}

/* ---- what was said of one that never left ---- */

static enum recourse_error look_at_said(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	const slice id = row->key->parts[0].text;
	struct entry entry;
	slice claim;
	slice code = slice_text("");
	bool about;
	if (check->log == NULL || former->said_entry == 0)
		return RECOURSE_OK;
	TRY(check_is_about(check, RECORD_CLAIM, id, former->said_entry, &about));
	TRY(entries_read(check, former->said_entry, &entry));
	bool reported = entries_is(&entry, "payout.report");
	bool said = about && (reported || entries_is(&entry, "payout.return")) &&
		    entries_text(&entry, "claim", &claim) && slice_equal(claim, id);
	if (said)
		(void)entries_text(&entry, reported ? "code" : "reason", &code);
	/* what came back beside it said nothing of this one */
	bool none = !reported && former->said_code[0] == '\0';
	uint32_t before = none ? LIFE_NONE : PAYOUT_SETTLED;
	if (reported)
		TRY(entries_payment_was(check, id, former->to.entry, former->said_entry, &before));
	return check_that_id(check, row,
		said && before == former->said_before &&
			(none || slice_equal(code, RECORD_TEXT(former->said_code))),
		"I8: nobody said so of a former order of claim ", "");
}

#define OF_ORDER .table = RECORD_FORMER_ORDER, .entry = offsetof(struct record_former_order, to.entry)
static const struct check rows[] = {
	{OF_ORDER, .look = look_at_order},
	{OF_ORDER, .look = look_at_split},
	{OF_ORDER, .look = look_at_twice},
	{OF_ORDER, .look = look_at_parts},
	{OF_ORDER, .look = look_at_back},
	{OF_ORDER, .look = look_at_said},
};
const struct check_group order_entries_check_rows = CHECK_GROUP(rows);
