/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rule/sealed.h"
#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/holder.h"
#include "rules/claims/listed.h"
#include "rules/claims/withheld.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

/* ---- claim.brief ---- */

enum { BRIEF_CLAIM };
static const struct recourse_field brief_fields[] = {FIELD(ID, "claim", "the claim's id")};

struct claim_row {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	int64_t shares[ROUND_KINDS]; /* VIEW_NONE where no round covers it */
	const char *next_action;
	int64_t clawback;
	uint64_t linked_to; /* 0: it repeats none */
	struct holder holder;
	uint32_t owner; /* 0: no person sees to it */
	slice team;
	uint64_t promise_due;   /* 0: nothing is owed */
	uint64_t waiting_since; /* 0: it waits for nobody */
	struct unit counted;    /* of the lot */
	int64_t said_left;      /* VIEW_NONE: nothing was said */
	struct view_range listed;
	uint64_t contacts;     /* that were recorded */
	uint64_t last_contact; /* 0: none was */
	const char *notes;     /* NULL: nothing was said */
	slice calendar;        /* by whose days it is due; empty: by hours */
	int64_t east;
	struct view_range entries;
};

#define CLAIM_COLUMN(kind, title, member, text) COLUMN(kind, title, struct claim_row, member, text)
#define CLAIM_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct claim_row, member, incident.unit, text)

#define CLAIM_HOLDER                                                                                         \
	{COLUMN_CHOICE("held_by", holder_kinds, struct claim_row, holder.kind,                               \
		"who sees to it; admin: nobody who speaks, it is to be handed over")},                       \
		{COLUMN_KEY("owner", struct claim_row, owner, "the person who does"), OPTIONAL},             \
	{                                                                                                    \
		CLAIM_COLUMN(ID, "team", team, "the team that does, until one of it takes it"), OPTIONAL     \
	}

static const struct recourse_column claim_columns[] = {
	{CLAIM_COLUMN(ID, "claim", id, "its id")},
	{CLAIM_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{CLAIM_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	CLAIM_HOLDER,
	{COLUMN_CHOICE("state", life_claim_states, struct claim_row, record.state, "where it stands")},
	{COLUMN_CHOICE("payout", life_payout_states, struct claim_row, record.payout, "where payment does")},
	{CLAIM_COLUMN(TEXT, "next_action", next_action, "what is to be done")},
	{CLAIM_COLUMN(UNIT, "unit", incident.unit, "of the money")},
	{CLAIM_COLUMN(UNIT, "counted_in", counted, "of the lot, where something was said of it"), OPTIONAL},
	{CLAIM_AMOUNT("loss", record.loss, "that was provable")},
	{CLAIM_AMOUNT("approved", record.approved, "of which the scheme still pays")},
	{CLAIM_AMOUNT("deposit_share", shares[ROUND_DEPOSIT], "of what the deposit gave"), OPTIONAL},
	{CLAIM_AMOUNT("elsewhere", record.received, "of the loss: had from others")},
	{CLAIM_AMOUNT("paid", record.paid, "settled")},
	{CLAIM_AMOUNT("clawback", clawback, "of which is asked back")},
	{CLAIM_AMOUNT("recovered_for_uncovered_loss", shares[ROUND_UNCOVERED], "of what was recovered"),
		OPTIONAL},
	{CLAIM_AMOUNT("interest", shares[ROUND_INTEREST], "of what was recovered"), OPTIONAL},
	{COLUMN_AMOUNT(
		 "said_left", struct claim_row, said_left, counted, "of the lot: what the consumer says"),
		.unit = "counted_in", OPTIONAL},
	{CLAIM_COLUMN(TIME, "due", record.due, "by when that is to be done"), OPTIONAL},
	{CLAIM_COLUMN(TIME, "waiting_since", waiting_since, "when something was done last"), OPTIONAL},
	{CLAIM_COLUMN(ENTRY, "urgent", holder.desk.urgent_entry, "that put it before others"), OPTIONAL},
	{CLAIM_COLUMN(INTEGER, "repeats", holder.desk.repeats, "claims for its lot that were linked to it")},
	{CLAIM_COLUMN(INTEGER, "promises", holder.desk.promises, "made to the claimant")},
	{CLAIM_COLUMN(INTEGER, "promises_open", holder.desk.promises_open, "of which owed")},
	{CLAIM_COLUMN(INTEGER, "promises_missed", holder.desk.promises_missed, "of which by their day")},
	{CLAIM_COLUMN(TIME, "promise_due", promise_due, "by when the first that is owed"), OPTIONAL},
	{CLAIM_COLUMN(INTEGER, "contacts", contacts, "that were recorded"), OPTIONAL},
	{CLAIM_COLUMN(TIME, "last_contact", last_contact, "when the last one was"), OPTIONAL},
	{CLAIM_COLUMN(TEXT, "notes", notes, "what was said: sealed, so that it can be read, or erased"),
		OPTIONAL},
	{CLAIM_COLUMN(INTEGER, "hand_overs", holder.desk.hand_overs, "from one to another")},
	{CLAIM_COLUMN(INTEGER, "bounces", holder.desk.bounces, "of which to who had had it before")},
	{CLAIM_COLUMN(ID, "calendar", calendar, "by whose working days"), OPTIONAL},
	{CLAIM_COLUMN(INTEGER, "offset_minutes", east, "of the place where these days are, east of UTC"),
		OPTIONAL},
	{CLAIM_COLUMN(ENTRY, "receipt", record.filed_entry, "that filed it")},
	{COLUMN(ENTRY, "linked_to", struct claim_row, linked_to, "that filed what it repeats"), OPTIONAL},
	{CLAIM_COLUMN(ENTRY, "offer_accepted", record.offer, "that accepted an offer of the issuer"),
		OPTIONAL},
	{COLUMN_WALK("checklist", listed_view_columns, struct claim_row, listed, listed_view_visit,
		 "its evidence, by kind"),
		OPTIONAL},
	ENTRY_VIEW_LIST(struct claim_row, entries),
};

/* A claim that was ruled on is approved once a distribution covers it: nobody writes a million records for that. */
static enum recourse_error read_shares(struct query *query, struct claim_row *row)
{
	struct record_section section;
	TRY(section_load(query->state, row->record.incident, row->record.section, &section));
	for (enum round_kind kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		bool any;
		TRY(round_part(query->state, &section, row->id, kind, &row->shares[kind], &any));
		if (!any)
			row->shares[kind] = VIEW_NONE;
	}
	if (row->record.state == CLAIM_RULED && row->shares[ROUND_DEPOSIT] != VIEW_NONE)
		row->record.state = CLAIM_APPROVED;
	return RECOURSE_OK;
}

/* Of the lot, and of its evidence. */
static enum recourse_error read_said(struct query *query, struct claim_row *row)
{
	struct record_path path =
		record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(row->record.entitlement));
	struct record_entitlement lot;
	row->said_left = VIEW_NONE;
	if (row->record.listed > 0)
		row->listed.prefix = record_path_of_text(RECORD_LISTED, row->id);
	if (row->record.said_left == 0)
		return RECOURSE_OK;
	TRY(record_get_named(query->state, &path, &lot, sizeof lot));
	row->counted = lot.unit;
	row->said_left = row->record.said_left;
	return RECOURSE_OK;
}

/* What lives now: the one that it was linked to may have been refused since, and another stepped in. */
static enum recourse_error read_link(struct query *query, struct claim_row *row)
{
	struct record_path path =
		record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(row->record.entitlement));
	struct record_entitlement lot;
	if (row->record.state != CLAIM_LINKED)
		return RECOURSE_OK;
	TRY(record_get_named(query->state, &path, &lot, sizeof lot));
	row->linked_to = lot.claim_entry;
	return RECOURSE_OK;
}

static enum recourse_error read_last_contact(struct query *query, struct claim_row *row)
{
	struct record_path prefix = record_path_of_text(RECORD_CONTACT, row->id);
	const struct record_path end = {.size = 0};
	struct record_contact contact;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &end, STATE_DOWN);
	if (record_walk_next(&walk, &contact, sizeof contact))
		row->last_contact = contact.time;
	return walk.error;
}

/* D4. What was said under a key that was erased is gone, and what is said afterwards has another. */
static enum recourse_error read_contacts(struct query *query, struct claim_row *row)
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

static enum recourse_error read_holder(struct query *query, struct claim_row *row)
{
	TRY(holder_find(query->state, row->id, &row->record, &row->holder));
	row->owner = holder_key(&row->holder);
	row->team = holder_team(&row->holder);
	return RECOURSE_OK;
}

/* Since somebody decided something of it. One that is done with waits for what was promised. */
static enum recourse_error read_waiting(struct query *query, struct claim_row *row)
{
	uint64_t promise;
	bool waits;
	TRY(claim_waits(query->state, row->id, &row->record, &waits));
	TRY(holder_promise(query->state, row->id, &row->promise_due, &promise));
	if (!waits)
		row->record.due = row->promise_due;
	if (!waits && promise != 0)
		row->next_action = "keep what was promised";
	return waits || promise != 0 ? query_entry_time(query, row->record.last_entry, &row->waiting_since)
				     : RECOURSE_OK;
}

/* E3: what is due by working days says whose, and where the days are. */
static enum recourse_error read_calendar(struct query *query, struct claim_row *row)
{
	struct record_policy policy;
	struct record_calendar calendar;
	row->east = VIEW_NONE;
	TRY(incident_policy(query->state, &row->incident, &policy));
	slice id = RECORD_TEXT(policy.calendar);
	if (id.size == 0 || (row->record.decided_entry == 0 && policy.decision_days == 0))
		return RECOURSE_OK;
	TRY(arena_copy(query->arena, id, &row->calendar));
	TRY(calendar_any(query->state, id, &calendar));
	row->east = calendar.offset_minutes;
	return RECOURSE_OK;
}

static enum recourse_error find_claim(struct query *query, void *found)
{
	struct claim_row *row = found;
	row->id = query->values[BRIEF_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->id);
	TRY(query_record(query, "claim", &path, &row->record, sizeof row->record));
	TRY(incident_load(query->state, row->record.incident, &row->incident));
	TRY(read_shares(query, row));
	TRY(read_link(query, row));
	TRY(read_said(query, row));
	TRY(read_calendar(query, row));
	TRY(read_holder(query, row));
	TRY(read_contacts(query, row));
	row->clawback = clawback_left(&row->record) + row->record.clawed_recovered;
	row->next_action = claim_next_action(&row->record, row->shares[ROUND_DEPOSIT]);
	TRY(read_waiting(query, row));
	row->entries = entry_view_range(RECORD_CLAIM, row->id, 100);
	return RECOURSE_OK;
}

/* ---- claim.list ---- */

/* The desk (D2). A page looks at so many claims at most, so it may be short and have a `next`. */
enum { LIST_STATE, LIST_OWNER, LIST_INCIDENT, LIST_DUE, LIST_FROM, LIST_LIMIT };
static const struct recourse_field list_fields[] = {
	[LIST_STATE] = FIELD_OPTIONAL_CHOICE("state", life_claim_states, "as it is recorded; any if absent"),
	[LIST_OWNER] =
		FIELD_OPTIONAL(HANDLE, "owner", "the key whose person sees to it; anybody's if absent"),
	[LIST_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "to which it belongs; any if absent"),
	[LIST_DUE] = FIELD_OPTIONAL(TIME, "due", "something is to be done by then; any time if absent"),
	[LIST_FROM] = FIELD_OPTIONAL(ID, "from", "first claim of the page, as `next` gave it"),
	[LIST_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most claims of a page"),
};

struct list {
	struct view_range range;
	uint32_t incident; /* 0: any */
	uint32_t person;   /* the owner's; 0: anybody */
};

static const struct recourse_column row_columns[] = {
	{CLAIM_COLUMN(ID, "claim", id, "its id")},
	{CLAIM_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{CLAIM_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	CLAIM_HOLDER,
	{COLUMN_CHOICE("state", life_claim_states, struct claim_row, record.state, "as it is recorded")},
	{CLAIM_COLUMN(TEXT, "next_action", next_action, "what is to be done")},
	{CLAIM_COLUMN(TIME, "due", record.due, "by when that is to be done"), OPTIONAL},
};

/* Of one that was paid later rounds say whether that is all. */
static enum recourse_error read_next(struct query *query, struct claim_row *row)
{
	row->shares[ROUND_DEPOSIT] = VIEW_NONE;
	if (row->record.state == CLAIM_PAID)
		TRY(read_shares(query, row));
	row->next_action = claim_next_action(&row->record, row->shares[ROUND_DEPOSIT]);
	if (!record_claim_waits(&row->record) && row->shares[ROUND_DEPOSIT] <= row->record.paid)
		row->record.due = 0;
	return RECOURSE_OK;
}

static enum recourse_error visit_claim(struct view_rows *rows, const struct record_walk *walk)
{
	const struct list *list = rows->above;
	const struct value *values = rows->query->values;
	struct claim_row row = {.id = walk->key.parts[0].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	if ((values[LIST_STATE].present && row.record.state != values[LIST_STATE].integer) ||
		(list->incident != 0 && row.record.incident != list->incident))
		return RECOURSE_OK;
	TRY(read_holder(rows->query, &row));
	if (list->person != 0 && row.holder.key.person != list->person)
		return RECOURSE_OK;
	TRY(read_next(rows->query, &row));
	if (values[LIST_DUE].present && (row.record.due == 0 || row.record.due > values[LIST_DUE].instant))
		return RECOURSE_OK;
	TRY(incident_load(rows->query->state, row.record.incident, &row.incident));
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ID, next, "claims", row_columns, struct list, range, visit_claim, "by id"),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	struct list *list = row;
	const struct value *values = query->values;
	struct record_incident incident = {.number = 0};
	struct record_key owner = {.person = 0};
	slice id = values[LIST_INCIDENT].text;
	if (values[LIST_INCIDENT].present)
		TRY(query_found(query, incident_read(query->state, id, &incident), "incident"));
	struct record_path path = record_path_of_text(RECORD_KEY, values[LIST_OWNER].text);
	if (values[LIST_OWNER].present)
		TRY(query_record(query, "owner", &path, &owner, sizeof owner));
	list->incident = incident.number;
	list->person = owner.person;
	list->range.prefix = record_path_of(RECORD_CLAIM);
	return RECOURSE_OK;
}

/* ---- entitlement.get ---- */

enum { GET_ENTITLEMENT };
static const struct recourse_field entitlement_fields[] = {FIELD(ID, "entitlement", "card hash or order")};

struct lot {
	slice id;
	struct record_entitlement record;
	int64_t remaining;
	const char *evidence;
};

#define ENTITLEMENT_QUANTITY(title, member, text) COLUMN_AMOUNT(title, struct lot, member, record.unit, text)
static const struct recourse_column entitlement_columns[] = {
	{COLUMN(ID, "entitlement", struct lot, id, "card hash or order")},
	{COLUMN_PARTY("issuer", struct lot, record.issuer, "who owes the units")},
	{COLUMN_PARTY("merchant", struct lot, record.merchant, "who is to perform")},
	{COLUMN(ID, "batch", struct lot, record.batch, "of the issuer's, that it is of"), OPTIONAL},
	{COLUMN(UNIT, "unit", struct lot, record.unit, "of what was bought")},
	{COLUMN(UNIT, "currency", struct lot, record.currency, "of what was paid")},
	{COLUMN(TEXT, "evidence", struct lot, evidence, "of consumption, as it was recorded last")},
	{ENTITLEMENT_QUANTITY("quantity", record.quantity, "the lot: issued")},
	{ENTITLEMENT_QUANTITY("consumed", record.consumed, "of which was used")},
	{ENTITLEMENT_QUANTITY("extinguished", record.extinguished, "of which a payment ended")},
	{ENTITLEMENT_QUANTITY("remaining", remaining, "of the lot")},
	{COLUMN_AMOUNT("cost", struct lot, record.cost, record.currency, "paid for it"), .unit = "currency"},
	{COLUMN(ENTRY, "issue_entry", struct lot, record.issue_entry, "that issued it")},
	{COLUMN(ENTRY, "claim_entry", struct lot, record.claim_entry, "that claimed it"), OPTIONAL},
	{COLUMN(ENTRY, "withheld_entry", struct lot, record.withheld_entry,
		 "by which who has its records was silent"),
		OPTIONAL},
};

static enum recourse_error find_entitlement(struct query *query, void *found)
{
	struct lot *row = found;
	row->id = query->values[GET_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, row->id);
	TRY(query_record(query, "entitlement", &path, &row->record, sizeof row->record));
	row->remaining = exposure_units(&row->record);
	row->evidence = row->record.disputes > 0 ? "disputed" : withheld_evidence(&row->record);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("claim.brief", QUERY_READ_ALL, brief_fields, claim_columns, struct claim_row, find_claim,
		"one claim on one screen: state, money, next action, history"),
	VIEW("entitlement.get", QUERY_READ_ALL, entitlement_fields, entitlement_columns, struct lot,
		find_entitlement, "one lot: issued, consumed, what remains"),
	VIEW("claim.list", QUERY_READ_ALL, list_fields, list_columns, struct list, find_list,
		"claims by state, owner, incident and due time"),
};
const struct query_group claim_view_group = {rows, sizeof rows / sizeof rows[0]};
