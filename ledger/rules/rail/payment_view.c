/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_view.h"

#include "rules/incident/incident.h"

#define PAYMENT_COLUMN(kind, title, member, text) COLUMN(kind, title, struct payment_row, member, text)
/* What is written to files, and more where one is looked for. */
#define PAYMENT_SHOWN                                                                                        \
	{PAYMENT_COLUMN(ID, "claim", record.claim, "that is paid")},                                         \
		{PAYMENT_COLUMN(ENTRY, "order", entry, "the entry that ordered it")},                        \
		{PAYMENT_COLUMN(TEXT, "payment_id", id, "what it is called towards who pays it")},           \
		{PAYMENT_COLUMN(ID, "payee", record.payee, "to which it goes")},                             \
		{PAYMENT_COLUMN(TEXT, "account_hash", account, "HMAC of the account that it goes to")},      \
		{COLUMN_AMOUNT("amount", struct payment_row, record.amount, unit, "how much")},              \
		{PAYMENT_COLUMN(UNIT, "unit", unit, "in which")},                                            \
		{PAYMENT_COLUMN(INTEGER, "instalment", record.instalment, "of the claim")},                  \
		{PAYMENT_COLUMN(ID, "incident", incident, "of the claim")},                                  \
	{                                                                                                    \
		PAYMENT_COLUMN(TEXT, "state", state,                                                         \
			"draft: in no batch that was checked; checked; instructed: its batch went out; "     \
			"then what became of it")                                                            \
	}
const struct recourse_column payment_view_columns[PAYMENT_VIEW_COLUMNS] = {PAYMENT_SHOWN};

bool payment_view_sees(const struct query *query, const struct record_rail *rail, bool checked)
{
	bool custodian = (query->actor->roles & RECOURSE_ROLE_CUSTODIAN) != 0;
	return custodian ? checked && rail->custodian == query->actor->party_number : query_sees_all(query);
}

enum recourse_error payment_view_became(
	struct query *query, const struct record_rail_order *order, uint32_t *state, bool *under_way)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(order->claim));
	struct record_claim claim;
	*state = order->ended;
	if (order->ended_entry == 0) {
		TRY(record_get_named(query->state, &path, &claim, sizeof claim));
		*state = claim.payout;
	}
	*under_way = *state == PAYOUT_INSTRUCTED || *state == PAYOUT_REISSUED;
	return RECOURSE_OK;
}

static enum recourse_error read_state(struct query *query, struct payment_row *row)
{
	const struct rail_order order = {row->rail, RECORD_TEXT(row->record.claim), row->entry, row->record};
	uint32_t state;
	bool under_way;
	TRY(payment_view_became(query, &row->record, &state, &under_way));
	if (under_way)
		TRY(payment_batch_state(query->state, &order, &state));
	row->state = life_state_name(LIFE_PAYOUT, state);
	return RECOURSE_OK;
}

enum recourse_error payment_view_fill(
	struct query *query, const struct record_rail *rail, struct payment_row *row)
{
	struct record_incident incident;
	char account[2 * RECORD_MARK_SIZE + 1];
	text_to_hex(row->record.account, RECORD_MARK_SIZE, account);
	memcpy(row->account, account, sizeof row->account);
	row->unit = rail->unit;
	TRY(incident_load(query->state, row->record.incident, &incident));
	memcpy(row->incident, incident.id, sizeof row->incident);
	TRY(rail_payment_id(query->state, row->rail, rail, row->entry, row->id));
	return read_state(query, row);
}

/* ---- payment.find ---- */

enum { FIND_ID, FIND_ORDER };
static const struct recourse_field find_fields[] = {
	[FIND_ID] =
		FIELD_OPTIONAL_TEXT("payment_id", PAYMENT_ID_MAX, "what it is called towards who pays it"),
	[FIND_ORDER] = QUERY_OPTIONAL_ENTRY("order", "instead: the entry that ordered it"),
};

static const struct recourse_column find_columns[] = {
	{PAYMENT_COLUMN(ID, "rail", rail, "by which it goes")},
	{PAYMENT_COLUMN(ID, "batch", batch, "that has it"), OPTIONAL},
	{PAYMENT_COLUMN(TIME, "ordered", record.time, "when it was")},
	{PAYMENT_COLUMN(
		 ENTRY, "ended_entry", record.ended_entry, "by which it was taken back or ordered anew"),
		OPTIONAL},
	PAYMENT_SHOWN,
};

/* The number that is asked for, where it is one of that rail; 0: it is not. */
static enum recourse_error number_of(
	struct query *query, slice rail, const struct record_rail *record, uint64_t *number)
{
	const struct value *id = &query->values[FIND_ID];
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger;
	*number = (uint64_t)query->values[FIND_ORDER].integer;
	if (!id->present)
		return RECOURSE_OK;
	TRY(record_get_named(query->state, &path, &ledger, sizeof ledger));
	enum recourse_error error = payment_id_read(RECORD_TEXT(ledger.origin), rail,
		(enum payment_id_alphabet)record->id_alphabet, record->id_length, id->text, number);
	if (error != RECOURSE_OK)
		*number = 0;
	return RECOURSE_OK;
}

static enum recourse_error look_for(
	struct query *query, struct payment_row *row, const struct record_rail *rail, bool *found)
{
	struct payment_batch batch;
	bool any;
	*found = false;
	TRY(number_of(query, row->rail, rail, &row->entry));
	struct record_path path = rail_order_path(row->rail, row->entry);
	TRY(record_get_optional(query->state, &path, &row->record, sizeof row->record, found));
	if (!*found)
		return RECOURSE_OK;
	const struct rail_order order = {row->rail, RECORD_TEXT(row->record.claim), row->entry, row->record};
	TRY(payment_batch_of(query->state, &order, &batch, &any));
	*found = payment_view_sees(query, rail, any && batch.record.checked_entry != 0);
	if (any) {
		memcpy(row->batch_id, batch.id, sizeof row->batch_id);
		row->batch = RECORD_TEXT(row->batch_id);
	}
	return RECOURSE_OK;
}

/* There are few rails, and an id does not say which. */
static enum recourse_error find_payment(struct query *query, void *shown)
{
	struct payment_row *row = shown;
	const char *field = query->values[FIND_ID].present ? "payment_id" : "order";
	struct record_path prefix = record_path_of(RECORD_RAIL);
	struct record_rail rail;
	bool found = false;
	if (query->values[FIND_ID].present == query->values[FIND_ORDER].present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "payment_id", "an id or an order");
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
	while (!found && record_walk_next(&walk, &rail, sizeof rail)) {
		row->rail = walk.key.parts[0].text;
		TRY(look_for(query, row, &rail, &found));
	}
	TRY(walk.error);
	if (!found)
		return query_absent(query, field);
	TRY(arena_copy(query->arena, row->rail, &row->rail));
	return payment_view_fill(query, &rail, row);
}

static const struct query_row rows[] = {
	VIEW_REFUSED("payment.find", PAYMENT_READERS, find_fields, find_columns, struct payment_row,
		find_payment,
		"a payment on a rail: by what it is called towards who pays it, or by its order",
		RECOURSE_FIELD_LIMIT),
};
const struct query_group payment_view_group = {rows, sizeof rows / sizeof rows[0]};
