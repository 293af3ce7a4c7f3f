/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/view.h"
#include "rules/incident/incident.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/liability_view.h"

#include <stdio.h>
#include <string.h>

/*
 * What a party that is liable may know (I3): its own part of each section that it is in, and its receipts. What others owe or
 * paid, what is pursued and what was written off is not in it: a write-off changes no liability.
 */
enum { OWN_PARTY, OWN_FROM, OWN_LIMIT };
enum { CURSOR_SIZE = 2 * TEXT_ID_SIZE + 2 };
static const struct recourse_field own_fields[] = {
	[OWN_PARTY] = FIELD_OPTIONAL(ID, "party", "whose; the key's own if absent"),
	[OWN_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[OWN_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most sections of a page"),
};

/* Also for who sees all: whoever runs the ledger may be liable itself. */
static enum recourse_error find_whose(struct query *query, uint32_t *number)
{
	const struct value *party = &query->values[OWN_PARTY];
	const struct value own = {.present = true, .text = query->actor->party};
	slice id;
	return query_whose(query, "party", party->present ? party : &own, &id, number);
}

/* ---- liability.own ---- */

struct own {
	uint32_t party;
	struct record_path from; /* empty: from its first section on */
};

/* What comes next, in this order: what is to come from it, what it waits for, what comes to it. */
static const char *const asked_names[] = {"pay", "wait", "nothing", NULL};
static const char *const mode_names[] = {"several", "joint", NULL};

#define OWN(kind, title, member, text)  COLUMN(kind, title, struct liability_view, member, text)
#define OWN_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct liability_view, member, unit, text)
const struct recourse_column liability_view_columns[LIABILITY_VIEW_COLUMNS] = {
	{OWN(ID, "incident", incident, "its id")},
	{COLUMN_PARTY("section", struct liability_view, section, "the merchant whose section it is")},
	{OWN(UNIT, "unit", unit, "of the amounts")},
	{COLUMN_CHOICE("liable", query_no_yes, struct liability_view, liable,
		"by a judgment; no: it paid, or caused costs, without one")},
	{OWN(PERCENT, "share", record.share, "of the loss")},
	{COLUMN_CHOICE("mode", mode_names, struct liability_view, mode, "for its part, or for the whole"),
		OPTIONAL},
	{OWN_AMOUNT("cap", cap, "of what is asked of it"), OPTIONAL},
	{OWN_AMOUNT("loss", record.liability, "its part of it")},
	{OWN_AMOUNT("owed", owed, "by now: of the advances, costs and interest")},
	{OWN_AMOUNT("costs", record.costs, "of recovering from it")},
	{OWN_AMOUNT("costs_paid", record.costs_served, "of which it has paid")},
	{OWN_AMOUNT("interest", record.interest, "adjudged on top")},
	{OWN_AMOUNT("interest_paid", record.interest_served, "of which it has paid")},
	{OWN_AMOUNT("received", record.received, "from it, and sent down the waterfall")},
	{OWN_AMOUNT(
		"moved", record.moved, "of which it had paid for other sections; below zero: serves others")},
	{OWN_AMOUNT("waits", record.waits, "for what is not due yet (2140)")},
	{OWN_AMOUNT("own", own, "is its own by name (2150), and can be paid out to it")},
	{OWN_AMOUNT("over_paid", record.over_paid, "of what was ever its own: beyond all that it owed")},
	{OWN_AMOUNT("paid_out", record.paid_out, "to it, of that")},
	{OWN_AMOUNT("owed_back", owed_back, "of what was paid out to it: its money was taken back")},
	{COLUMN_CHOICE("asked", asked_names, struct liability_view, asked, "what is to come of it next")},
};

static void read_row(struct liability_view *row)
{
	const struct record_liability *record = &row->record;
	row->liable = query_no_yes[record->liable != 0];
	row->mode = record->liable ? mode_names[record->joint != 0] : NULL;
	row->cap = record->liable && record->cap >= 0 ? record->cap : VIEW_NONE;
	row->owed = record->open + record->costs - record->costs_served + record->interest -
		    record->interest_served;
	row->owed_back = record->shortfall;
	row->own = record->returned - record->paid_out - record->subrogated;
	bool pays = row->owed > 0 || row->owed_back > 0;
	row->next = pays ? LIABILITY_PAYS : record->waits > 0 ? LIABILITY_WAITS : LIABILITY_DONE;
	row->asked = asked_names[row->next];
}

enum recourse_error liability_view_read(struct query *query, uint32_t party,
	const struct record_incident *incident, uint32_t section, struct liability_view *row)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, incident->number, section);
	slice name;
	*row = (struct liability_view){.section = section, .unit = incident->unit};
	TRY(party_name(query->state, query->arena, party, &name));
	record_path_text(&path, name);
	TRY(record_get_named(query->state, &path, &row->record, sizeof row->record));
	row->incident = RECORD_TEXT(incident->id);
	read_row(row);
	return RECOURSE_OK;
}

/* By names: numbers are given to others too, and would tell how many there are. */
static enum recourse_error end_page(
	struct query *query, const struct record_incident *incident, uint32_t section)
{
	char cursor[CURSOR_SIZE];
	slice merchant;
	TRY(party_name(query->state, query->arena, section, &merchant));
	slice id = RECORD_TEXT(incident->id);
	int size = snprintf(cursor, sizeof cursor, "%.*s %.*s", (int)id.size, (const char *)id.data,
		(int)merchant.size, (const char *)merchant.data);
	return arena_copy(query->arena, slice_of(cursor, (size_t)size), &query->next);
}

static enum recourse_error list_own(struct view_rows *rows)
{
	struct query *query = rows->query;
	const struct own *own = rows->above;
	const struct record_path prefix = record_path_of_short(RECORD_LIABILITY_PARTY, own->party);
	SCOPED(record_walk_end)
	struct record_walk walk =
		record_walk_from(query->state, &prefix, own->from.size > 0 ? &own->from : &prefix, STATE_UP);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_incident incident;
		const uint32_t section = (uint32_t)walk.key.parts[2].number;
		TRY(incident_load(query->state, (uint32_t)walk.key.parts[1].number, &incident));
		if (rows->count == (uint64_t)query->values[OWN_LIMIT].integer)
			return end_page(query, &incident, section);
		struct liability_view row;
		TRY(liability_view_read(query, own->party, &incident, section, &row));
		TRY(view_add(rows, &row));
	}
	return walk.error;
}

static const struct recourse_column own_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("sections", liability_view_columns, list_own, "in the order of their incidents")},
	VIEW_NEXT(TEXT, next),
};

/* A section that the party is in: of any other one it is not told whether it is there. */
static enum recourse_error find_from(struct query *query, slice from, struct own *own)
{
	const uint8_t *gap = memchr(from.data, ' ', from.size);
	struct record_incident incident;
	struct record_party merchant;
	bool any = false;
	if (gap == NULL)
		return query_absent(query, "from");
	size_t size = (size_t)(gap - from.data);
	slice id = slice_of(from.data, size);
	slice section = slice_of(gap + 1, from.size - size - 1);
	if (!text_is_id(id) || !text_is_id(section))
		return query_absent(query, "from");
	TRY(query_found(query, incident_read(query->state, id, &incident), "from"));
	struct record_path path = record_path_of_text(RECORD_PARTY, section);
	TRY(query_record(query, "from", &path, &merchant, sizeof merchant));
	own->from = record_path_of_shorts(RECORD_LIABILITY_PARTY, own->party, incident.number);
	record_path_short(&own->from, merchant.number);
	TRY(record_any(query->state, &own->from, &any));
	return any ? RECOURSE_OK : query_absent(query, "from");
}

static enum recourse_error find_own(struct query *query, void *row)
{
	const struct value *from = &query->values[OWN_FROM];
	struct own *own = row;
	TRY(find_whose(query, &own->party));
	return from->present ? find_from(query, from->text, own) : RECOURSE_OK;
}

/* ---- liability.receipts ---- */

static const struct recourse_field receipts_fields[] = {
	[OWN_PARTY] = FIELD_OPTIONAL(ID, "party", "whose; the key's own if absent"),
	[OWN_FROM] = FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),
	[OWN_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most receipts of a page"),
};

enum receipt_state { RECEIPT_WAITS, RECEIPT_SENT_DOWN, RECEIPT_BACK };
static const char *const receipt_states[] = {"waits", "sent-down", "back", NULL};

struct receipt_row {
	slice id;
	uint32_t custodian;
	struct record_recovery record;
	slice incident;
	uint32_t section;
	struct unit unit;
	slice line;
	int64_t amount;
	int64_t back;
	const char *state;
};

#define RECEIPT(kind, title, member, text) COLUMN(kind, title, struct receipt_row, member, text)
static const struct recourse_column receipt_columns[] = {
	{RECEIPT(ID, "recovery", id, "its id")},
	{COLUMN_PARTY("custodian", struct receipt_row, custodian, "that got it, and gave it that id")},
	{RECEIPT(ID, "incident", incident, "that it was paid for")},
	{COLUMN_PARTY("section", struct receipt_row, section,
		 "and which section; absent: for none by name, and not sent down yet"),
		OPTIONAL},
	{RECEIPT(UNIT, "unit", unit, "of the amounts")},
	{COLUMN_AMOUNT("amount", struct receipt_row, amount, unit, "received")},
	{COLUMN_AMOUNT(
		"back", struct receipt_row, back, unit, "of which went back, or was booked by a slip")},
	{RECEIPT(ID, "line", line, "of the bank's statement"), OPTIONAL},
	{RECEIPT(TIME, "received", record.received, "when it was attested")},
	{RECEIPT(ENTRY, "entry", record.entry, "that did so")},
	{COLUMN_CHOICE("state", receipt_states, struct receipt_row, state, "where it is")},
};

static enum recourse_error visit_receipt(struct view_rows *rows, const struct record_walk *walk)
{
	struct receipt_row row = {
		.id = walk->key.parts[1].text, .custodian = (uint32_t)walk->key.parts[2].number};
	struct state_view *view = rows->query->state;
	struct record_path path = recovery_id_path(row.id, row.custodian);
	struct record_incident incident;
	struct record_booked booked;
	TRY(record_get_named(view, &path, &row.record, sizeof row.record));
	TRY(incident_load(view, row.record.incident, &incident));
	TRY(booked_read(view, row.record.entry, &booked, NULL));
	row.incident = RECORD_TEXT(incident.id);
	row.section = row.record.section;
	row.unit = incident.unit;
	row.line = RECORD_TEXT(booked.line);
	row.amount = row.record.amount + row.record.back;
	row.back = row.record.bounced_entry != 0 ? row.amount : row.record.back;
	row.state = receipt_states[row.record.bounced_entry != 0     ? RECEIPT_BACK
				   : row.record.allocated_entry != 0 ? RECEIPT_SENT_DOWN
								     : RECEIPT_WAITS];
	return view_add(rows, &row);
}

static const struct recourse_column receipts_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "receipts", receipt_columns, struct view_list, range, visit_receipt,
		"in the order of their ids"),
};

static enum recourse_error find_receipts(struct query *query, void *row)
{
	struct view_list *list = row;
	uint32_t party;
	TRY(find_whose(query, &party));
	list->range.prefix = record_path_of_short(RECORD_RECOVERY_PAYER, party);
	return RECOURSE_OK;
}

#define WHO (QUERY_READ_ALL | RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_LIABLE_PARTY)
static const struct query_row rows[] = {
	VIEW("liability.own", WHO, own_fields, own_columns, struct own, find_own,
		"what a party owes, has paid and is asked next, in each section that it is in"),
	VIEW("liability.receipts", WHO, receipts_fields, receipts_columns, struct view_list, find_receipts,
		"what came from a party: each receipt, its line of the bank, and where it is"),
};
const struct query_group liability_view_group = {rows, sizeof rows / sizeof rows[0]};
