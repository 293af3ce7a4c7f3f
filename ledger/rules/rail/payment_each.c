/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_view.h"

/*
 * Many payments by what they are called: a bank's file is held against the ledger by pages of its ids. What payment.find looks up
 * for one alone, the rails and their batches, is looked up once for all of them.
 */
enum { EACH_PAYMENTS, EACH_DETAIL };
static const struct recourse_field sought_members[] = {
	FIELD_TEXT("payment_id", PAYMENT_ID_MAX, "what it is called towards who pays it"),
};
static const struct recourse_field each_fields[] = {
	[EACH_PAYMENTS] = FIELD_LIST("payments", 1, PAYMENT_EACH_MAX, sought_members, "in any order"),
	[EACH_DETAIL] = FIELD_OPTIONAL_CHOICE("detail", query_details,
		"brief: a row says neither its payment_id nor known, and no state that is instructed; full "
		"if absent"),
};

struct each_rail {
	slice id;
	struct record_rail record;
	uint64_t first; /* the lowest number that is asked for of it; UINT64_MAX: none is */
	struct payment_batch_takers takers;
};

struct sought {
	struct each_rail *rail; /* NULL: such an id is of none */
	uint64_t number;
};

struct each {
	slice origin;
	struct record_ledger ledger;
	struct each_rail *rails;
	size_t rail_count;
	struct sought *sought;
};

struct each_row {
	slice payment_id;  /* empty: it is not said */
	const char *known; /* NULL, the same of the state */
	slice claim;
	uint64_t entry;
	int64_t amount; /* VIEW_NONE: unknown */
	struct unit unit;
	const char *state;
	uint64_t ended_entry;
};

#define EACH_COLUMN(kind, title, member, text) COLUMN(kind, title, struct each_row, member, text)
static const struct recourse_column each_row_columns[] = {
	{EACH_COLUMN(TEXT, "payment_id", payment_id, "as it was asked for"), OPTIONAL},
	{COLUMN_CHOICE("known", query_no_yes, struct each_row, known,
		 "no: payment.find would say that there is none, and nothing else is said"),
		OPTIONAL},
	{EACH_COLUMN(ID, "claim", claim, "that is paid"), OPTIONAL},
	{EACH_COLUMN(ENTRY, "order", entry, "the entry that ordered it"), OPTIONAL},
	{COLUMN_AMOUNT("amount", struct each_row, amount, unit, "how much"), OPTIONAL},
	{EACH_COLUMN(UNIT, "unit", unit, "in which"), OPTIONAL},
	{EACH_COLUMN(TEXT, "state", state, "as payment.find has it"), OPTIONAL},
	{EACH_COLUMN(ENTRY, "ended_entry", ended_entry, "by which it was taken back or ordered anew"),
		OPTIONAL},
};

/* ---- what is asked for ---- */

/* There are few; their names are the arena's, since a walk's are gone behind it. */
static enum recourse_error load_rails(struct query *query, struct each *each)
{
	struct record_path prefix = record_path_of(RECORD_RAIL);
	for (unsigned pass = 0; pass < 2; pass++) {
		SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
		struct record_rail record;
		each->rail_count = 0;
		for (; record_walk_next(&walk, &record, sizeof record); each->rail_count++) {
			struct each_rail *rail = pass > 0 ? &each->rails[each->rail_count] : NULL;
			if (rail == NULL)
				continue;
			*rail = (struct each_rail){.record = record, .first = UINT64_MAX};
			TRY(arena_copy(query->arena, walk.key.parts[0].text, &rail->id));
		}
		TRY(walk.error);
		if (pass == 0)
			each->rails =
				arena_allocate(query->arena, (each->rail_count + 1) * sizeof *each->rails);
		if (each->rails == NULL)
			return RECOURSE_MEMORY;
	}
	return RECOURSE_OK;
}

/* An id does not say of which rail it is; its check does. */
static struct sought read_id(const struct each *each, slice id)
{
	struct sought sought = {.rail = NULL};
	for (size_t index = 0; index < each->rail_count; index++) {
		struct each_rail *rail = &each->rails[index];
		enum recourse_error error = payment_id_read(each->origin, rail->id,
			(enum payment_id_alphabet)rail->record.id_alphabet, rail->record.id_length, id,
			&sought.number);
		if (error != RECOURSE_OK)
			continue;
		sought.rail = rail;
		if (sought.number < rail->first)
			rail->first = sought.number;
		break;
	}
	return sought;
}

static enum recourse_error find_each(struct query *query, void *found)
{
	struct each *each = found;
	const struct value *asked = &query->values[EACH_PAYMENTS];
	struct record_path path = record_path_of(RECORD_LEDGER);
	TRY(record_get_named(query->state, &path, &each->ledger, sizeof each->ledger));
	each->origin = RECORD_TEXT(each->ledger.origin);
	TRY(load_rails(query, each));
	each->sought = arena_allocate(query->arena, asked->list.count * sizeof *each->sought);
	if (each->sought == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < asked->list.count; index++)
		each->sought[index] = read_id(each, asked->list.values[index].text);
	for (size_t index = 0; index < each->rail_count; index++) {
		struct each_rail *rail = &each->rails[index];
		if (rail->first != UINT64_MAX)
			TRY(payment_batch_takers(query->state, query->arena, rail->id, rail->first,
				UINT64_MAX, &rail->takers));
	}
	return RECOURSE_OK;
}

/* ---- what is said of each ---- */

static bool is_brief(const struct query *query)
{
	return query->values[EACH_DETAIL].integer != 0;
}

static enum recourse_error add_known(
	struct view_rows *rows, const struct sought *sought, struct each_row *row)
{
	struct query *query = rows->query;
	const struct each_rail *rail = sought->rail;
	struct record_path path = rail_order_path(rail->id, sought->number);
	struct record_rail_order order;
	uint32_t state;
	bool there;
	bool under_way;
	TRY(record_get_optional(query->state, &path, &order, sizeof order, &there));
	const struct payment_batch_taker *batch =
		there ? payment_batch_holder(&rail->takers, &order, sought->number) : NULL;
	if (!there || !payment_view_sees(query, &rail->record, batch != NULL && batch->checked))
		return view_add(rows, row);
	if (!is_brief(query))
		row->known = query_no_yes[true];
	row->claim = RECORD_TEXT(order.claim);
	row->entry = sought->number;
	row->amount = order.amount;
	row->unit = rail->record.unit;
	row->ended_entry = order.ended_entry;
	TRY(payment_view_became(query, &order, &state, &under_way));
	state = under_way ? payment_batch_holder_state(batch) : state;
	if (!is_brief(query) || state != PAYOUT_INSTRUCTED)
		row->state = life_state_name(LIFE_PAYOUT, state);
	return view_add(rows, row);
}

static enum recourse_error list_each(struct view_rows *rows)
{
	const struct each *each = rows->above;
	const struct value *asked = &rows->query->values[EACH_PAYMENTS];
	for (size_t index = 0; index < asked->list.count; index++) {
		struct each_row row = {.amount = VIEW_NONE};
		if (!is_brief(rows->query)) {
			row.payment_id = asked->list.values[index].text;
			row.known = query_no_yes[false];
		}
		TRY(each->sought[index].rail == NULL ? view_add(rows, &row)
						     : add_known(rows, &each->sought[index], &row));
	}
	return RECOURSE_OK;
}

static const struct recourse_column each_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("payments", each_row_columns, list_each, "as they were asked for")},
};

static const struct query_row rows[] = {
	VIEW("payment.find_each", PAYMENT_READERS, each_fields, each_columns, struct each, find_each,
		"many payments on rails, each by what it is called towards who pays it"),
};
const struct query_group payment_each_group = {rows, sizeof rows / sizeof rows[0]};
