/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/brief.h"

#include "rule/checklist.h"
#include "rules/claims/arithmetic.h"
#include "rules/claims/found.h"
#include "rules/claims/listed.h"
#include "rules/claims/lot_holder.h"
#include "rules/claims/next.h"
#include "rules/desk/promise.h"
#include "rules/incident/incident.h"

/*
 * claim.follow: what the consumer may know of a claim, in its words (I3). Who sees to it, what was noted, what others said and
 * by which entries is not in it.
 */

enum { FOLLOW_RECEIPT };
static const struct recourse_field follow_fields[] = {
	[FOLLOW_RECEIPT] = FIELD_INTEGER("receipt", 1, INT64_MAX, "the number of the claim's receipt"),
};

struct follow {
	uint64_t receipt;
	slice id;
	struct record_claim record;
	struct record_incident incident;
	struct record_policy policy;
	struct record_entitlement lot;
	struct holder holder;
	struct next next;
	struct arithmetic arithmetic;
	struct brief_ruling ruling;
	const char *standing;
	uint64_t by;
	uint64_t filed;
	struct view_range asked;
	struct view_range promised;
};

/* ---- what is asked of the consumer ---- */

struct asked_row {
	slice kind;
	struct record_listed record;
	struct record_asked asked;
};

static const struct recourse_column asked_columns[] = {
	{COLUMN(ID, "kind", struct asked_row, kind, "of evidence")},
	{COLUMN(TIME, "due", struct asked_row, asked.due, "by when it is to come")},
};

static enum recourse_error visit_asked(struct view_rows *rows, const struct record_walk *walk)
{
	struct asked_row row = {.kind = walk->key.parts[1].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	if (row.record.outcome != ASKED_OPEN || row.record.from != EVIDENCE_FROM_CONSUMER)
		return RECOURSE_OK;
	struct record_path path = record_path_of_number(RECORD_ASKED, row.record.asked_entry);
	TRY(record_get_named(rows->query->state, &path, &row.asked, sizeof row.asked));
	return view_add(rows, &row);
}

/* ---- what the consumer was promised ---- */

struct promised_row {
	struct record_promise record;
	const char *missed;
};

static const struct recourse_column promised_columns[] = {
	{COLUMN_CHOICE("kind", promise_kinds, struct promised_row, record.kind, "what")},
	{COLUMN(TIME, "due", struct promised_row, record.due, "by when")},
	{COLUMN_AMOUNT("amount", struct promised_row, record.amount, record.unit, "of a payment"), OPTIONAL},
	{COLUMN(UNIT, "unit", struct promised_row, record.unit, "of the amount")},
	{COLUMN_CHOICE("missed", query_no_yes, struct promised_row, missed, "that day has passed")},
};

static enum recourse_error visit_promised(struct view_rows *rows, const struct record_walk *walk)
{
	struct promised_row row;
	struct record_path path = record_path_of_number(RECORD_PROMISE, view_last_number(walk));
	TRY(record_get(rows->query->state, &path, &row.record, sizeof row.record));
	row.missed = query_no_yes[row.record.missed_entry != 0];
	row.record.amount = row.record.amount == 0 ? VIEW_NONE : row.record.amount;
	return view_add(rows, &row);
}

/* ---- the claim ---- */

#define FOLLOW(kind, title, member, text)  COLUMN(kind, title, struct follow, member, text)
#define FOLLOW_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct follow, member, incident.unit, text)
static const struct recourse_column follow_columns[] = {
	VIEW_AS_OF,
	{FOLLOW(ENTRY, "receipt", receipt, "its number")},
	{FOLLOW(ID, "claim", id, "its id")},
	{FOLLOW(ID, "entitlement", record.entitlement, "card or order that it is about")},
	{FOLLOW(TIME, "filed", filed, "when it was taken")},
	{COLUMN_CHOICE("state", life_claim_states, struct follow, next.state, "where it stands")},
	{FOLLOW(TEXT, "standing", standing, "in words: who does what next")},
	{FOLLOW(TIME, "by", by, "by when"), OPTIONAL},
	{COLUMN_UNTIL("by_seconds", struct follow, by, "until then"), OPTIONAL},
	{FOLLOW(UNIT, "unit", incident.unit, "of the money")},
	{FOLLOW_AMOUNT("claimed", arithmetic.claimed, "asked for, or else what the lot shows"), OPTIONAL},
	{FOLLOW_AMOUNT("adjusted", arithmetic.adjusted, "by the ruling: above that, or below zero"),
		OPTIONAL},
	{FOLLOW_AMOUNT("loss", record.loss, "that was found")},
	{FOLLOW_AMOUNT("elsewhere", record.received, "of the loss: had from others")},
	{FOLLOW_AMOUNT("approved", record.approved, "of which the scheme pays")},
	{FOLLOW_AMOUNT("paid", record.paid, "settled")},
	{FOLLOW(TEXT, "reason", ruling.reason, "of the ruling"), OPTIONAL},
	VIEW_TEXTS("reason", struct follow, ruling.texts),
	{FOLLOW(TEXT, "basis", ruling.basis, "SHA-256 of the ruling's text"), OPTIONAL},
	{COLUMN_WALK("asked", asked_columns, struct follow, asked, visit_asked, "of the consumer, and open"),
		OPTIONAL},
	{COLUMN_WALK("promised", promised_columns, struct follow, promised, visit_promised,
		 "to the consumer, and owed: the first 50 due"),
		OPTIONAL},
};

static const char *undecided(const struct record_claim *claim)
{
	return claim->late == CLAIM_LATE ? "it came after the bar date: whether it is heard is decided"
					 : "it is decided";
}

static const char *words_of_payment(const struct record_claim *claim)
{
	switch (claim->payout) {
	case PAYOUT_RETURNED:
		return "its payment came back: it is sent again";
	case PAYOUT_REJECTED:
	case PAYOUT_EXPIRED:
	case PAYOUT_STOPPED:
		return "its payment was not made: it is sent again";
	case PAYOUT_AWAITING:
		return "its payment waits for the consumer to confirm it";
	case PAYOUT_UNCLAIMED:
		return "its payment could not be made: it is kept until the consumer says where to";
	default:
		return "its payment is on the way";
	}
}

/* What is true of the whole of a state, and no more: who does it is none of the consumer's business. */
static const char *words(const struct record_claim *claim, const struct next *next)
{
	switch (next->state) {
	case CLAIM_RECEIVED:
	case CLAIM_EVIDENCE:
	case CLAIM_MERCHANT_RESPONSE:
	case CLAIM_PROPOSED:
	case CLAIM_REOPENED:
	case CLAIM_APPEALED:
		return undecided(claim);
	case CLAIM_AGREED:
	case CLAIM_RULED:
	case CLAIM_APPROVED:
		return "it was decided: its payment is prepared";
	case CLAIM_PAYING:
		return words_of_payment(claim);
	case CLAIM_PAID:
	case CLAIM_CLOSED:
		return next->waits ? "it was paid: what remains is settled" : "it was paid";
	case CLAIM_REJECTED:
		return "it was refused: see the reason";
	case CLAIM_LINKED:
		return "what it is about was claimed before: that claim is decided";
	case CLAIM_WITHDRAWN:
		return "it was given up";
	}
	return "";
}

/* I3: what is another's is not there. The lot says whose it is; who runs the ledger sees all. */
static enum recourse_error may_see(struct query *query, struct follow *row)
{
	slice holder;
	if (query_sees_all(query))
		return RECOURSE_OK;
	TRY(lot_holder_of(query, row->lot.issue_entry, &holder));
	return slice_equal(query->actor->party, holder) ? RECOURSE_OK : query_absent(query, "receipt");
}

static enum recourse_error read_standing(struct query *query, struct follow *row)
{
	TRY(holder_find(query->state, row->id, &row->record, &row->holder));
	row->holder.desk.flag_due = 0; /* none of the consumer's business */
	TRY(next_find(query->state, row->id, &row->record, &row->incident, &row->holder, &row->next));
	row->standing = words(&row->record, &row->next);
	row->by = record_claim_waits(&row->record) ? row->record.due : 0;
	if (row->record.listed > 0)
		row->asked.prefix = record_path_of_text(RECORD_LISTED, row->id);
	if (row->holder.desk.promises_open > 0)
		row->promised =
			(struct view_range){.prefix = record_path_of_text(RECORD_PROMISE_OWED, row->id),
				.limit = BRIEF_PROMISES_MAX};
	return query_entry_time(query, row->receipt, &row->filed);
}

static enum recourse_error find_follow(struct query *query, void *found)
{
	struct follow *row = found;
	row->receipt = (uint64_t)query->values[FOLLOW_RECEIPT].integer;
	TRY(found_by_receipt(query, "receipt", row->receipt, &row->id, &row->record));
	struct record_path path =
		record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(row->record.entitlement));
	TRY(record_get_named(query->state, &path, &row->lot, sizeof row->lot));
	TRY(may_see(query, row));
	TRY(incident_load(query->state, row->record.incident, &row->incident));
	TRY(incident_policy(query->state, &row->incident, &row->policy));
	TRY(arithmetic_find(&row->record, &row->lot, &row->policy, &row->arithmetic));
	TRY(brief_ruling(query, row->record.decided_entry, 0, &row->ruling));
	return read_standing(query, row);
}

/* ---- claim.own: whoever lost the number of a receipt ---- */

enum { OWN_FROM, OWN_LIMIT };
static const struct recourse_field own_fields[] = {
	[OWN_FROM] = QUERY_OPTIONAL_ENTRY("from", "where the page begins, as `next` gave it"),
	[OWN_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most cards or orders of a page"),
};

struct own {
	uint64_t from;
};

struct own_row {
	slice lot;
	struct record_claim record; /* of the claim that lives, or fell last */
	const char *state;
};

static const struct recourse_column own_row_columns[] = {
	{COLUMN(ID, "entitlement", struct own_row, lot, "card or order")},
	{COLUMN(ENTRY, "receipt", struct own_row, record.filed_entry, "of its claim; absent: none was filed"),
		OPTIONAL},
	{COLUMN_CHOICE("state", life_claim_states, struct own_row, state, "where that claim stands"),
		OPTIONAL},
};

static enum recourse_error add_own(struct view_rows *rows, slice id)
{
	struct state_view *view = rows->query->state;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	struct own_row row = {.lot = id};
	struct record_entitlement lot;
	struct record_incident incident;
	struct holder holder;
	struct next next;
	TRY(record_get_named(view, &path, &lot, sizeof lot));
	slice claim = RECORD_TEXT(lot.claim);
	path = record_path_of_text(RECORD_CLAIM, claim);
	if (claim.size == 0)
		return view_add(rows, &row);
	TRY(record_get_named(view, &path, &row.record, sizeof row.record));
	TRY(holder_find(view, claim, &row.record, &holder));
	TRY(incident_load(view, row.record.incident, &incident));
	TRY(next_find(view, claim, &row.record, &incident, &holder, &next));
	row.state = life_state_name(LIFE_CLAIM, next.state);
	return view_add(rows, &row);
}

/* None is an answer: whose key it is, is there. */
static enum recourse_error list_own(struct view_rows *rows)
{
	struct query *query = rows->query;
	uint64_t from = ((const struct own *)rows->above)->from;
	uint64_t looks = VIEW_LOOKS_MAX;
	for (int64_t lots = 0;; lots++) {
		slice id;
		TRY(lot_holder_search(query, query->actor->party, &from, &looks, &id));
		if (from == 0)
			return RECOURSE_OK;
		if (id.size == 0 || lots == query->values[OWN_LIMIT].integer) {
			query->next_entry = from;
			return RECOURSE_OK;
		}
		TRY(add_own(rows, id));
		from++;
	}
}

static const struct recourse_column own_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("lots", own_row_columns, list_own, "in the order in which they were issued")},
	VIEW_NEXT(ENTRY, next_entry),
};

static enum recourse_error find_own(struct query *query, void *row)
{
	const struct value *from = &query->values[OWN_FROM];
	((struct own *)row)->from = from->present ? (uint64_t)from->integer : 1;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("claim.own", RECOURSE_ROLE_CONSUMER, own_fields, own_columns, struct own, find_own,
		"the consumer's own cards and orders, and the receipts of what was claimed for them"),
	VIEW("claim.follow", QUERY_READ_ALL | RECOURSE_ROLE_CONSUMER, follow_fields, follow_columns,
		struct follow, find_follow,
		"what the consumer may know of a claim by its receipt's number, in plain words"),
};
const struct query_group follow_view_group = {rows, sizeof rows / sizeof rows[0]};
