/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/merchant/merchant_view.h"

#include "books/record_account.h"
#include "books/record_appeal.h"
#include "books/record_deposit.h"
#include "books/record_incident.h"
#include "base/try.h"
#include "books/reference.h"
#include "rules/payout/appeal.h"
#include "rules/deposit/exit_view.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rule/party.h"

/*
 * merchant.brief: all that a merchant asks about its deposit, on one screen (A1 to A5). A section is a function that
 * writes its own list, and adds what is to come to the last one. Countdowns are as of the last entry.
 */
enum { BRIEF_MERCHANT, BRIEF_UNIT };
static const struct recourse_field brief_fields[] = {
	[BRIEF_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose deposits; the key's own party if absent"),
	[BRIEF_UNIT] = FIELD_OPTIONAL(UNIT, "unit", "currency of the deposit; all of them if absent"),
};

static void write_due(const struct query_merchant *brief, const char *name, const char *seconds, uint64_t due,
	struct buffer *out)
{
	query_pair_time(out, name, due);
	query_pair_countdown(out, seconds, due, brief->now);
}

bool merchant_view_wants(const struct query_merchant *brief, slice unit)
{
	return !brief->unit->present || slice_equal(brief->unit->text, unit);
}

/* What a walk shows lasts only until its next step. */
enum recourse_error merchant_view_keep(const struct query_merchant *brief, slice from, slice *to)
{
	uint8_t *copy = arena_allocate(brief->query->arena, from.size + 1);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	memcpy(copy, from.data, from.size);
	*to = slice_of(copy, from.size);
	return RECOURSE_OK;
}

static bool earlier(const struct merchant_view_coming *coming, const struct merchant_view_coming *than)
{
	return coming->due != 0 && (than->due == 0 || coming->due < than->due);
}

/* Keeps the order; the latest one falls off the end. `of` and `by` last as long as the brief. */
void merchant_view_expect(struct query_merchant *brief, struct merchant_view_coming coming)
{
	size_t place = brief->coming_count;
	while (place > 0 && earlier(&coming, &brief->coming[place - 1]))
		place--;
	if (place == MERCHANT_VIEW_COMING_MAX)
		return;
	if (brief->coming_count < MERCHANT_VIEW_COMING_MAX)
		brief->coming_count++;
	for (size_t index = brief->coming_count - 1; index > place; index--)
		brief->coming[index] = brief->coming[index - 1];
	brief->coming[place] = coming;
}

/* ---- each deposit of the merchant, in the order of its units ---- */

enum recourse_error merchant_view_each_unit(
	struct query_merchant *brief, enum record_table table, merchant_view_visitor *visit, void *context)
{
	struct record_path prefix = record_path_of_text(table, brief->merchant);
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, brief->query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		if (walk.key.size < prefix.size + 1) {
			error = RECOURSE_STORE_CORRUPT;
			break;
		}
		slice unit = slice_of(walk.key.data + prefix.size, walk.key.size - prefix.size - 1);
		if (merchant_view_wants(brief, unit))
			error = visit(brief, unit, walk.value, context);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error read_deposit(slice value, struct record_deposit *deposit)
{
	if (value.size > sizeof *deposit)
		return RECOURSE_STORE_CORRUPT;
	memset(deposit, 0, sizeof *deposit);
	memcpy(deposit, value.data, value.size);
	return RECOURSE_OK;
}

/* ---- deposits: where each stands ---- */

static enum recourse_error write_deposit(
	struct query_merchant *brief, slice unit_code, slice value, void *context)
{
	static const struct {
		enum chart_code code;
		const char *name;
	} parts[] = {
		{CHART_DEPOSIT, "available"},
		{CHART_DEPOSIT_FROZEN, "frozen"},
		{CHART_DEPOSIT_EXIT, "exit_hold"},
	};
	struct query_list *list = context;
	struct record_deposit deposit;
	struct unit unit;
	slice custodian;
	enum recourse_error error = read_deposit(value, &deposit);
	if (error == RECOURSE_OK)
		error = query_unit(brief->query, "unit", unit_code, &unit);
	if (error == RECOURSE_OK)
		error = party_name(brief->query->state, brief->query->arena, deposit.custodian, &custodian);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(&list->items);
	item_write_pair_text(&list->items, "unit", unit_code);
	item_write_pair_text(&list->items, "state", slice_text(life_state_name(LIFE_DEPOSIT, deposit.state)));
	item_write_pair_text(&list->items, "custodian", custodian);
	for (size_t part = 0; error == RECOURSE_OK && part < sizeof parts / sizeof parts[0]; part++) {
		struct record_account account;
		error = query_deposit_part(
			brief->query, parts[part].code, brief->merchant, unit_code, &account);
		query_pair_amount(
			&list->items, parts[part].name, &unit, error == RECOURSE_OK ? -account.balance : 0);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			error = RECOURSE_OK;
	}
	item_map_close(map, &list->items);
	list->count++;
	return error;
}

static enum recourse_error write_deposits(struct query_merchant *brief)
{
	struct query_list list = {0};
	enum recourse_error error = merchant_view_each_unit(brief, RECORD_DEPOSIT, write_deposit, &list);
	query_list_close(brief->query, "deposits", &list);
	return error;
}

/* ---- what is frozen: holds, incidents and appeals share the references of 2020 ---- */

struct frozen {
	struct query_merchant *brief;
	struct query_list holds;
	struct query_list incidents;
	struct query_list restored;
	uint64_t left_out;
};

/* Why, as the entry says that froze it. */
static enum recourse_error write_origin(struct query *query, uint64_t number, struct buffer *out)
{
	struct entry entry;
	TRY(query_entry(query, number, &entry));
	item_write_pair_integer(out, "entry", (int64_t)number);
	item_write_pair_text(out, "reason", query_reason(&entry));
	return RECOURSE_OK;
}

static enum recourse_error write_hold(struct frozen *frozen, const struct account_name *name,
	const struct record_hold *hold, const struct unit *unit)
{
	struct buffer *out = &frozen->holds.items;
	struct merchant_view_coming coming = {
		.what = "hold expires", .by = slice_text("clock"), .due = hold->expires};
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "hold", name->reference);
	item_write_pair_text(out, "unit", name->unit);
	query_pair_amount(out, "frozen", unit, hold->held);
	enum recourse_error error = write_origin(frozen->brief->query, hold->entry, out);
	if (hold->expires != 0)
		write_due(frozen->brief, "expires", "expires_seconds", hold->expires, out);
	item_map_close(map, out);
	frozen->holds.count++;
	if (error == RECOURSE_OK && hold->expires != 0)
		error = merchant_view_keep(frozen->brief, name->reference, &coming.of);
	if (error == RECOURSE_OK && hold->expires != 0)
		merchant_view_expect(frozen->brief, coming);
	return error;
}

static enum recourse_error write_incident(
	struct frozen *frozen, const struct record_incident *incident, int64_t steps)
{
	struct buffer *out = &frozen->incidents.items;
	struct merchant_view_coming coming = {
		.what = "claim window closes", .by = slice_text("clock"), .due = incident->bar_date};
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "incident", RECORD_TEXT(incident->id));
	item_write_pair_text(out, "unit", unit_code(&incident->unit));
	item_write_pair_text(out, "state", slice_text(life_state_name(LIFE_INCIDENT, incident->state)));
	query_pair_amount(out, "frozen", &incident->unit, steps);
	enum recourse_error error = write_origin(frozen->brief->query, incident->entry, out);
	write_due(frozen->brief, "bar_date", "bar_date_seconds", incident->bar_date, out);
	item_map_close(map, out);
	frozen->incidents.count++;
	if (error == RECOURSE_OK)
		error = merchant_view_keep(frozen->brief, RECORD_TEXT(incident->id), &coming.of);
	if (error == RECOURSE_OK && incident->bar_date > frozen->brief->now)
		merchant_view_expect(frozen->brief, coming);
	return error;
}

/* What an appeal restored waits under the appeal's own reference until the funder has paid it in. */
static enum recourse_error write_restored(
	struct frozen *frozen, const struct account_name *name, const struct unit *unit, int64_t steps)
{
	struct query *query = frozen->brief->query;
	struct buffer *out = &frozen->restored.items;
	struct merchant_view_coming coming = {.what = "funder pays in what an appeal restored"};
	struct record_deduction deduction;
	struct record_incident incident;
	struct record_appeal appeal;
	uint64_t entry;
	if (!reference_read(name->reference, &entry))
		return RECOURSE_STORE_CORRUPT;
	struct record_path path = appeal_path(entry);
	enum recourse_error error = record_get(query->state, &path, &appeal, sizeof appeal);
	if (error == RECOURSE_OK) {
		path = deduction_path(appeal.deduction);
		error = record_get(query->state, &path, &deduction, sizeof deduction);
	}
	if (error == RECOURSE_OK)
		error = incident_load(query->state, deduction.incident, &incident);
	if (error == RECOURSE_OK)
		error = party_name(query->state, query->arena, incident.funder, &coming.by);
	if (error == RECOURSE_OK)
		error = merchant_view_keep(frozen->brief, name->reference, &coming.of);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "appeal", (int64_t)entry);
	item_write_pair_text(out, "incident", RECORD_TEXT(incident.id));
	item_write_pair_text(out, "unit", name->unit);
	query_pair_amount(out, "waiting", unit, steps);
	item_map_close(map, out);
	frozen->restored.count++;
	merchant_view_expect(frozen->brief, coming);
	return RECOURSE_OK;
}

static enum recourse_error write_frozen_account(struct query *query, const struct account_name *name,
	const struct record_account *account, void *context)
{
	struct frozen *frozen = context;
	struct record_path path = record_path_of_text(RECORD_HOLD, name->reference);
	struct record_incident incident;
	struct record_hold hold;
	if (!merchant_view_wants(frozen->brief, name->unit) || account->balance == 0)
		return RECOURSE_OK;
	if (frozen->holds.count + frozen->incidents.count + frozen->restored.count ==
		MERCHANT_VIEW_ROWS_MAX) {
		frozen->left_out++;
		return RECOURSE_OK;
	}
	struct unit unit = account_unit(account, name->unit);
	if (reference_waits(name->reference))
		return write_restored(frozen, name, &unit, -account->balance);
	enum recourse_error error = record_get(query->state, &path, &hold, sizeof hold);
	if (error == RECOURSE_OK)
		return write_hold(frozen, name, &hold, &unit);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		error = incident_read(query->state, name->reference, &incident);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	return write_incident(frozen, &incident, -account->balance);
}

/* An incident also has a deposit of which there is nothing, or nothing left: it freezes what comes. */
static enum recourse_error write_emptied(
	struct query_merchant *brief, slice unit_code, slice value, void *context)
{
	struct frozen *frozen = context;
	struct record_incident incident;
	struct record_account account = {0};
	struct record_deposit deposit;
	enum recourse_error error = read_deposit(value, &deposit);
	if (error != RECOURSE_OK || deposit.incident == 0)
		return error;
	error = incident_load(brief->query->state, deposit.incident, &incident);
	if (error == RECOURSE_OK)
		error = account_get(brief->query->state, CHART_DEPOSIT_FROZEN, brief->merchant,
			RECORD_TEXT(incident.id), unit_code, &account);
	if (error == RECOURSE_QUERY_NOT_FOUND || (error == RECOURSE_OK && account.balance == 0))
		return write_incident(frozen, &incident, 0);
	return error;
}

static enum recourse_error write_frozen(struct query_merchant *brief)
{
	struct frozen frozen = {.brief = brief};
	enum recourse_error error = query_accounts(
		brief->query, CHART_DEPOSIT_FROZEN, brief->merchant, write_frozen_account, &frozen);
	if (error == RECOURSE_OK)
		error = merchant_view_each_unit(brief, RECORD_DEPOSIT, write_emptied, &frozen);
	query_list_close(brief->query, "holds", &frozen.holds);
	query_list_close(brief->query, "incidents", &frozen.incidents);
	query_list_close(brief->query, "restored", &frozen.restored);
	if (frozen.left_out > 0)
		query_integer(brief->query, "left_out", frozen.left_out);
	return error;
}

/* ---- the exits under way: one for a deposit ---- */

struct leaving {
	struct query_list exits;
	struct query_list items;
};

/* Clocks end notice and tail, unless claims come first; then the custodian pays. */
static enum recourse_error expect_exit(
	struct query_merchant *brief, const struct exit_view *exit, const struct record_deposit *deposit)
{
	uint64_t due = exit->next_due;
	struct merchant_view_coming coming = {.of = exit->id, .by = slice_text("clock"), .due = due};
	if (exit->record.blocks > 0) {
		coming = (struct merchant_view_coming){.what = "exit resumes when claims are served",
			.of = exit->id,
			.by = slice_text("operator")};
	} else if (exit->record.state == EXIT_NOTICE) {
		coming.what = "notice ends";
	} else if (exit->record.state == EXIT_TAIL) {
		coming.what = "tail ends";
	} else if (due != 0) {
		coming.what = "refund is due";
		TRY(party_name(brief->query->state, brief->query->arena, deposit->custodian, &coming.by));
	} else {
		return RECOURSE_OK;
	}
	merchant_view_expect(brief, coming);
	return RECOURSE_OK;
}

/* Into a list of its own: the other lists of the brief are still written by hand. */
static enum recourse_error add_exit(
	struct query_merchant *brief, const struct exit_view *exit, struct leaving *leaving)
{
	struct buffer *out = brief->query->out;
	struct view_rows rows = {.query = brief->query,
		.columns = exit_view_columns + EXIT_VIEW_STANDING,
		.column_count = EXIT_VIEW_TERMS - EXIT_VIEW_STANDING};
	struct view_rows items = {.query = brief->query,
		.columns = exit_view_item_columns,
		.column_count = EXIT_VIEW_ITEM_COLUMNS,
		.above = exit};
	brief->query->out = &leaving->exits.items;
	enum recourse_error error = view_add(&rows, exit);
	brief->query->out = &leaving->items.items;
	if (error == RECOURSE_OK)
		error = view_walk(&items, &exit->items, exit_view_item);
	brief->query->out = out;
	leaving->exits.count += rows.count;
	leaving->items.count += items.count;
	return error;
}

static enum recourse_error write_exit(
	struct query_merchant *brief, slice unit_code, slice value, void *context)
{
	struct record_path path = record_path_of_text(RECORD_EXIT_OPEN, brief->merchant);
	struct leaving *leaving = context;
	struct record_deposit deposit;
	struct exit_view exit;
	char open[TEXT_ID_SIZE];
	slice id;
	record_path_text(&path, unit_code);
	enum recourse_error error = record_get(brief->query->state, &path, open, sizeof open);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	error = read_deposit(value, &deposit);
	if (error == RECOURSE_OK)
		error = merchant_view_keep(brief, RECORD_TEXT(open), &id);
	if (error == RECOURSE_OK)
		error = exit_view_read(brief->query, brief->merchant, id, &exit);
	if (error != RECOURSE_OK)
		return error;
	error = add_exit(brief, &exit, leaving);
	return error == RECOURSE_OK ? expect_exit(brief, &exit, &deposit) : error;
}

static enum recourse_error write_exits(struct query_merchant *brief)
{
	struct leaving leaving = {0};
	enum recourse_error error = merchant_view_each_unit(brief, RECORD_DEPOSIT, write_exit, &leaving);
	query_list_close(brief->query, "exits", &leaving.exits);
	query_list_close(brief->query, "retentions", &leaving.items);
	return error;
}

/* ---- what is to come, the earliest first ---- */

static enum recourse_error write_coming(struct query_merchant *brief)
{
	struct query_list list = {0};
	for (size_t index = 0; index < brief->coming_count; index++) {
		const struct merchant_view_coming *coming = &brief->coming[index];
		struct item_map map = item_map_open(&list.items);
		item_write_pair_text(&list.items, "what", slice_text(coming->what));
		item_write_pair_text(&list.items, "of", coming->of);
		item_write_pair_text(&list.items, "by", coming->by);
		if (coming->due != 0)
			write_due(brief, "due", "seconds", coming->due, &list.items);
		item_map_close(map, &list.items);
		list.count++;
	}
	query_list_close(brief->query, "coming", &list);
	return RECOURSE_OK;
}

/* In this order; what is to come is known when all others have said it. */
static enum recourse_error (*const sections[])(struct query_merchant *brief) = {
	write_deposits,
	merchant_collateral_view_requirements,
	write_frozen,
	write_exits,
	merchant_collateral_view_deductions,
	merchant_collateral_view_appeals,
	write_coming,
};

static enum recourse_error look_for(struct query_merchant *brief, enum record_table table)
{
	struct record_path prefix = record_path_of_text(table, brief->merchant);
	struct state_walk walk;
	if (brief->unit->present)
		record_path_text(&prefix, brief->unit->text);
	enum recourse_error error = state_walk_first(
		&walk, brief->query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	state_walk_end(&walk);
	return error;
}

/* Nothing is answered silently empty: a merchant of which nothing is lodged and nothing required is not there. */
static enum recourse_error check_merchant(struct query_merchant *brief)
{
	if (!query_sees(brief->query, brief->merchant))
		return query_absent(brief->query, "merchant");
	enum recourse_error error = look_for(brief, RECORD_DEPOSIT);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		error = look_for(brief, RECORD_COLLATERAL);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(brief->query, "merchant") : error;
}

static enum recourse_error run_brief(struct query *query)
{
	const struct value *merchant = &query->values[BRIEF_MERCHANT];
	struct query_merchant brief = {
		.query = query,
		.merchant = merchant->present ? merchant->text : query->actor->party,
		.unit = &query->values[BRIEF_UNIT],
	};
	enum recourse_error error = check_merchant(&brief);
	if (error == RECOURSE_OK)
		error = query_entry_time(query, query->entries - 1, &brief.now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "merchant", brief.merchant);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", brief.now);
	for (size_t index = 0; error == RECOURSE_OK && index < sizeof sections / sizeof sections[0]; index++)
		error = sections[index](&brief);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("merchant.brief", QUERY_READ_OWN, brief_fields, run_brief,
		"a merchant on one screen: deposits, what is required, holds, exit, deductions, what comes "
		"next"),
};
const struct query_group merchant_view_group = {rows, sizeof rows / sizeof rows[0]};
