/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/said_left.h"
#include "rules/desk/brief.h"

#include "books/record_payee.h"
#include "rule/proposal_view.h"
#include "rules/claims/arithmetic.h"
#include "rules/claims/clawback.h"
#include "rules/claims/found.h"
#include "rules/claims/listed.h"
#include "rules/claims/lot_holder.h"
#include "rules/claims/next.h"
#include "rules/desk/contact.h"
#include "rules/desk/flag.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

/* claim.brief: one claim on one screen, for whoever never saw it. */

enum { BRIEF_CLAIM, BRIEF_RECEIPT, BRIEF_FROM, BRIEF_LIMIT };
static const struct recourse_field brief_fields[] = {
	[BRIEF_CLAIM] = FIELD_OPTIONAL(ID, "claim", "the claim's id"),
	[BRIEF_RECEIPT] = QUERY_OPTIONAL_ENTRY(
		"receipt", "instead: its receipt's number, or that of an entry about it"),
	[BRIEF_FROM] = QUERY_OPTIONAL_ENTRY("from", "first entry of the page, as `next` gave it"),
	[BRIEF_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most entries of a page"),
};

struct brief {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	struct record_policy policy;
	struct record_entitlement lot;
	slice claimant; /* as the lot was issued to */
	slice channel;
	struct holder holder;
	uint32_t owner; /* 0: no person sees to it */
	slice team;
	struct next next;
	int64_t shares[ROUND_KINDS]; /* VIEW_NONE where no round covers it */
	struct arithmetic arithmetic;
	int64_t approved; /* VIEW_NONE: nothing is ruled yet */
	int64_t loss;
	int64_t clawback;
	int64_t said_left; /* VIEW_NONE: nothing was said */
	slice said_basis;
	struct unit counted;
	uint64_t linked_to;     /* 0: it repeats none */
	uint64_t waiting_since; /* 0: it waits for nobody */
	uint64_t since;         /* when a day of it passed; 0: none has */
	int64_t days_left;      /* VIEW_NONE: it is due by no calendar, or by none */
	slice calendar;         /* by whose days it is due; empty: by hours */
	int64_t east;
	struct record_claim_payee order; /* of its payment */
	slice payee;                     /* empty: nobody said to whom it is paid */
	slice account;
	char account_hex[2 * RECORD_MARK_SIZE + 1];
	struct brief_ruling ruling;
	struct view_range listed;
	struct view_range promises;
	struct view_range flags;
	struct view_range proposals;
	uint64_t contacts; /* that were recorded */
	struct record_contact last_contact;
	const char *last_direction; /* NULL: there was none */
	const char *last_channel;
	const char *notes; /* NULL: nothing was said */
	uint64_t history;  /* entries about it, as far as they are counted */
	struct view_range entries;
};

#define BRIEF_COLUMN(kind, title, member, text) COLUMN(kind, title, struct brief, member, text)
#define BRIEF_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct brief, member, incident.unit, text)
#define BRIEF_OPTIONAL(kind, title, member, text)                                                            \
	{                                                                                                    \
		BRIEF_COLUMN(kind, title, member, text), OPTIONAL                                            \
	}

static enum recourse_error list_factors(struct view_rows *rows)
{
	return arithmetic_show(rows, &((const struct brief *)rows->above)->arithmetic);
}

static const struct recourse_column brief_columns[] = {
	VIEW_AS_OF,
	{BRIEF_COLUMN(ID, "claim", id, "its id")},
	{BRIEF_COLUMN(ENTRY, "receipt", record.filed_entry, "that filed it")},
	{BRIEF_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{BRIEF_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	BRIEF_OPTIONAL(
		ID, "holder", claimant, "the reference of the consumer whose that was when it was issued"),
	{COLUMN_PARTY("merchant", struct brief, lot.merchant, "who was to perform")},
	{COLUMN_PARTY("issuer", struct brief, lot.issuer, "who owes the units")},
	BRIEF_OPTIONAL(TEXT, "channel", channel, "by which the consumer came"),
	{COLUMN_KEY("filed_by", struct brief, record.filer, "who took it in")},
	BRIEF_OPTIONAL(ENTRY, "linked_to", linked_to, "that filed what it repeats"),
	{BRIEF_COLUMN(INTEGER, "repeats", holder.desk.repeats, "claims for its lot that were linked to it")},
	/* whose move it is */
	{COLUMN_CHOICE("state", life_claim_states, struct brief, next.state, "where it stands")},
	{COLUMN_CHOICE("payout", life_payout_states, struct brief, record.payout, "where payment does")},
	{BRIEF_COLUMN(TEXT, "next_action", next.action, "what is to be done, first of all")},
	{COLUMN_CHOICE("held_by", holder_kinds, struct brief, holder.kind,
		"who sees to it; admin: nobody who speaks, it is to be handed over")},
	{COLUMN_KEY("owner", struct brief, owner, "the person who does"), OPTIONAL},
	BRIEF_OPTIONAL(ID, "team", team, "the team that does, until one of it takes it"),
	BRIEF_OPTIONAL(ENTRY, "urgent", holder.desk.urgent_entry, "that put it before others"),
	BRIEF_OPTIONAL(TIME, "due", next.due, "by when that is to be done"),
	{COLUMN_UNTIL("due_seconds", struct brief, next.due, "until then"), OPTIONAL},
	BRIEF_OPTIONAL(INTEGER, "days_left", days_left, "working days of the calendar that end until then"),
	BRIEF_OPTIONAL(ID, "calendar", calendar, "by whose working days"),
	BRIEF_OPTIONAL(INTEGER, "offset_minutes", east, "of the place where these days are, east of UTC"),
	BRIEF_OPTIONAL(TIME, "overdue_since", since, "when a day of it passed: its own, or a promise's"),
	{COLUMN_AGE("overdue_hours", struct brief, since, "since then"), OPTIONAL},
	{BRIEF_COLUMN(INTEGER, "overdues", holder.desk.overdues, "days of its own that passed")},
	BRIEF_OPTIONAL(TIME, "waiting_since", waiting_since, "when something was decided of it last"),
	{BRIEF_COLUMN(INTEGER, "hand_overs", holder.desk.hand_overs, "from one to another")},
	{BRIEF_COLUMN(INTEGER, "bounces", holder.desk.bounces, "of which to who had had it before")},
	/* money, side by side */
	{BRIEF_COLUMN(UNIT, "unit", incident.unit, "of the money")},
	{BRIEF_AMOUNT("claimed", arithmetic.claimed, "asked for, or else what the lot shows"), OPTIONAL},
	{BRIEF_AMOUNT("adjusted", arithmetic.adjusted, "by the ruling: above that, or below zero"), OPTIONAL},
	{BRIEF_AMOUNT("loss", loss, "that was provable")},
	{BRIEF_AMOUNT("elsewhere", record.received, "of the loss: had from others")},
	{BRIEF_AMOUNT("approved", approved, "of which the scheme still pays")},
	{BRIEF_AMOUNT("deposit_share", shares[ROUND_DEPOSIT], "of what the deposit gave"), OPTIONAL},
	{BRIEF_AMOUNT("paid", record.paid, "settled")},
	{BRIEF_AMOUNT("clawback", clawback, "of which is asked back")},
	{BRIEF_AMOUNT("recovered_for_uncovered_loss", shares[ROUND_UNCOVERED], "of what was recovered"),
		OPTIONAL},
	{BRIEF_AMOUNT("interest", shares[ROUND_INTEREST], "of what was recovered"), OPTIONAL},
	BRIEF_OPTIONAL(ID, "payee", payee, "to which its payment was ordered last"),
	BRIEF_OPTIONAL(TEXT, "account_hash", account, "HMAC of the account that was"),
	BRIEF_OPTIONAL(ENTRY, "payee_entry", order.entry, "by which"),
	BRIEF_OPTIONAL(ENTRY, "offer_accepted", record.offer, "that accepted an offer of the issuer"),
	/* by what */
	{BRIEF_COLUMN(TEXT, "evidence", arithmetic.evidence, "of use, as it was recorded last")},
	BRIEF_OPTIONAL(UNIT, "counted_in", counted, "of the lot, where something was said of it"),
	{COLUMN_AMOUNT("said_left", struct brief, said_left, counted, "of the lot: what the consumer says"),
		.unit = "counted_in", OPTIONAL},
	BRIEF_OPTIONAL(TEXT, "said_basis", said_basis, "what that figure rests on"),
	BRIEF_OPTIONAL(ENTRY, "said_entry", record.said_entry, "that corrected it last"),
	BRIEF_OPTIONAL(ENTRY, "ruling", ruling.entry, "that decided it last"),
	{COLUMN_KEY("ruled_by", struct brief, ruling.by, "who did"), OPTIONAL},
	BRIEF_OPTIONAL(TEXT, "ruling_reason", ruling.reason, "and why"),
	VIEW_TEXTS("ruling_reason", struct brief, ruling.texts),
	BRIEF_OPTIONAL(TEXT, "ruling_rule", ruling.ground, "by which a loss that is proven is refused"),
	BRIEF_OPTIONAL(TEXT, "ruling_basis", ruling.basis, "SHA-256 of the ruling's text"),
	BRIEF_OPTIONAL(TEXT, "ruling_policy", ruling.policy, "the version that governed it"),
	/* what was said and promised */
	BRIEF_OPTIONAL(INTEGER, "contacts", contacts, "that were recorded"),
	BRIEF_OPTIONAL(TIME, "last_contact", last_contact.time, "when the last one was"),
	BRIEF_OPTIONAL(TEXT, "last_direction", last_direction, "who came to whom"),
	BRIEF_OPTIONAL(TEXT, "last_channel", last_channel, "by which way"),
	BRIEF_OPTIONAL(TEXT, "notes", notes, "what was said: sealed, so that it can be read, or erased"),
	{BRIEF_COLUMN(INTEGER, "promises", holder.desk.promises, "made to the claimant")},
	{BRIEF_COLUMN(INTEGER, "promises_open", holder.desk.promises_open, "of which owed")},
	{BRIEF_COLUMN(INTEGER, "promises_missed", holder.desk.promises_missed, "of which by their day")},
	BRIEF_OPTIONAL(TIME, "promise_due", holder.desk.promise_due, "by when the first that is owed"),
	{COLUMN_WALK("flags", flag_view_columns, struct brief, flags, flag_view_visit,
		 "raised on it, and what became of them"),
		OPTIONAL},
	{COLUMN_ROWS("arithmetic", arithmetic_columns, list_factors, "by what is known now")},
	{COLUMN_WALK("checklist", listed_view_columns, struct brief, listed, listed_view_visit,
		 "its evidence, by kind"),
		OPTIONAL},
	{COLUMN_WALK("owed", brief_promise_columns, struct brief, promises, brief_promise_visit,
		 "what was promised and is owed, the first due first: 50, and all in desk.promises"),
		OPTIONAL},
	{COLUMN_WALK("proposals", proposal_view_columns, struct brief, proposals, proposal_view_visit,
		 "commands about it that wait for other people, the first 50"),
		OPTIONAL},
	BRIEF_OPTIONAL(INTEGER, "history", history, "entries about it; 4096: or more"),
	VIEW_PAGE_OF(ENTRY, next_entry, "entries", entry_view_columns, ENTRY_VIEW_COLUMNS, struct brief,
		entries, entry_view_visit, "the entries about it, the newest first"),
};

static enum recourse_error read_shares(struct query *query, struct brief *row)
{
	struct record_section section;
	TRY(section_load(query->state, row->record.incident, row->record.section, &section));
	for (enum round_kind kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		bool any;
		TRY(round_part(query->state, &section, row->id, kind, &row->shares[kind], &any));
		if (!any)
			row->shares[kind] = VIEW_NONE;
	}
	return RECOURSE_OK;
}

/* An entry tells what no record keeps. */
static enum recourse_error read_parties(struct query *query, struct brief *row)
{
	struct entry entry;
	TRY(lot_holder_of(query, row->lot.issue_entry, &row->claimant));
	TRY(query_entry(query, row->record.filed_entry, &entry));
	if (entry_body_text(&entry, "channel", &row->channel) != RECOURSE_OK)
		TRY(query_perhaps(entry_carried_text(&entry, "channel", &row->channel)));
	return RECOURSE_OK;
}

/* Of the lot, and of its evidence. What lives now: the one that it was linked to may have been refused since. */
static enum recourse_error read_lot(struct query *query, struct brief *row)
{
	struct record_path path =
		record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(row->record.entitlement));
	TRY(record_get_named(query->state, &path, &row->lot, sizeof row->lot));
	TRY(arithmetic_find(&row->record, &row->lot, &row->policy, &row->arithmetic));
	row->said_left = VIEW_NONE;
	if (row->record.listed > 0)
		row->listed.prefix = record_path_of_text(RECORD_LISTED, row->id);
	if (row->record.state == CLAIM_LINKED)
		row->linked_to = row->lot.claim_entry;
	if (row->record.said_left == 0)
		return RECOURSE_OK;
	row->counted = row->lot.unit;
	row->said_left = row->record.said_left;
	row->said_basis = slice_text(said_left_basis(&row->record));
	return RECOURSE_OK;
}

static enum recourse_error read_last_contact(struct query *query, struct brief *row)
{
	struct record_path prefix = record_path_of_text(RECORD_CONTACT, row->id);
	const struct record_path end = {.size = 0};
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &end, STATE_DOWN);
	if (record_walk_next(&walk, &row->last_contact, sizeof row->last_contact)) {
		row->last_direction = contact_direction_names[row->last_contact.direction];
		row->last_channel = contact_channel_names[row->last_contact.channel];
	}
	return walk.error;
}

/* D4. What was said under a key that was erased is gone, and what is said afterwards has another. */
static enum recourse_error read_contacts(struct query *query, struct brief *row)
{
	struct record_sealed sealed;
	struct record_note_key key;
	TRY(sealed_read(query->state, row->id, &sealed));
	row->contacts = sealed.contacts;
	if (sealed.contacts > 0)
		TRY(read_last_contact(query, row));
	if (sealed.key == 0)
		return RECOURSE_OK;
	struct record_path path = sealed_key_path(sealed.key);
	TRY(record_get_named(query->state, &path, &key, sizeof key));
	row->notes = key.erased_entry == 0 ? "sealed" : "erased";
	return RECOURSE_OK;
}

static enum recourse_error read_payee(struct query *query, struct brief *row)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, row->id);
	bool there;
	TRY(record_get_optional(query->state, &path, &row->order, sizeof row->order, &there));
	if (!there)
		return RECOURSE_OK;
	row->payee = RECORD_TEXT(row->order.payee);
	text_to_hex(row->order.account, sizeof row->order.account, row->account_hex);
	row->account = slice_text(row->account_hex);
	return RECOURSE_OK;
}

static enum recourse_error read_next(struct query *query, struct brief *row)
{
	TRY(holder_find(query->state, row->id, &row->record, &row->holder));
	TRY(next_find(query->state, row->id, &row->record, &row->incident, &row->holder, &row->next));
	row->owner = holder_key(&row->holder);
	row->team = holder_team(&row->holder);
	row->since = desk_since(&row->holder.desk);
	if (row->holder.desk.flags > 0)
		row->flags.prefix = record_path_of_text(RECORD_FLAG, row->id);
	if (row->holder.desk.promises_open > 0)
		row->promises =
			(struct view_range){.prefix = record_path_of_text(RECORD_PROMISE_OWED, row->id),
				.limit = BRIEF_PROMISES_MAX};
	return row->next.waits ? query_entry_time(query, row->record.last_entry, &row->waiting_since)
			       : RECOURSE_OK;
}

/* E3: what is due by working days says whose, where the days are, and how many are left. */
static enum recourse_error read_calendar(struct query *query, struct brief *row)
{
	struct record_calendar calendar;
	slice id = RECORD_TEXT(row->policy.calendar);
	row->east = row->days_left = VIEW_NONE;
	if (id.size == 0 || (row->record.decided_entry == 0 && row->policy.decision_days == 0))
		return RECOURSE_OK;
	row->calendar = id;
	TRY(calendar_any(query->state, id, &calendar));
	row->east = calendar.offset_minutes;
	if (row->next.due == 0)
		return RECOURSE_OK;
	row->days_left = 0;
	return row->next.due <= query->now
		       ? RECOURSE_OK
		       : calendar_worked(query->state, id, query->now, row->next.due, &row->days_left);
}

/* Keys alone are looked at. */
static enum recourse_error count_history(struct query *query, struct brief *row)
{
	row->entries =
		(struct view_range){.prefix = decision_about_path(RECORD_CLAIM, row->id), .latest = true};
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(query->state, &row->entries.prefix);
	while (row->history < VIEW_LOOKS_MAX && record_walk_next(&walk, NULL, 0))
		row->history++;
	return walk.error;
}

static enum recourse_error find_id(struct query *query, struct brief *row)
{
	const struct value *claim = &query->values[BRIEF_CLAIM];
	const struct value *receipt = &query->values[BRIEF_RECEIPT];
	if (claim->present && receipt->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "receipt", "a claim or a receipt");
	if (!claim->present && !receipt->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_MISSING, "claim", "a claim or a receipt");
	row->id = claim->text;
	if (receipt->present)
		TRY(found_by_entry(query, "receipt", (uint64_t)receipt->integer, &row->id));
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->id);
	return query_record(
		query, claim->present ? "claim" : "receipt", &path, &row->record, sizeof row->record);
}

static enum recourse_error find_brief(struct query *query, void *found)
{
	struct brief *row = found;
	TRY(find_id(query, row));
	TRY(incident_load(query->state, row->record.incident, &row->incident));
	TRY(incident_policy(query->state, &row->incident, &row->policy));
	TRY(read_shares(query, row));
	TRY(read_lot(query, row));
	TRY(read_parties(query, row));
	TRY(read_next(query, row));
	TRY(read_calendar(query, row));
	TRY(read_contacts(query, row));
	TRY(read_payee(query, row));
	TRY(brief_ruling(query, row->record.decided_entry, row->record.decider, &row->ruling));
	row->loss = row->record.loss;
	row->approved = row->record.approved;
	row->clawback = clawback_left(&row->record) + row->record.clawed_recovered;
	row->proposals = (struct view_range){
		.prefix = record_path_of_text(RECORD_PROPOSAL_CLAIM, row->id), .limit = PROPOSAL_VIEW_MAX};
	return count_history(query, row);
}

static const struct query_row rows[] = {
	VIEW_REFUSED("claim.brief", QUERY_READ_ALL, brief_fields, brief_columns, struct brief, find_brief,
		"one claim on one screen: whose move it is, money and how it comes, what was said, its "
		"history",
		RECOURSE_FIELD_LIMIT, RECOURSE_FIELD_MISSING),
};
const struct query_group brief_view_group = {rows, sizeof rows / sizeof rows[0]};
