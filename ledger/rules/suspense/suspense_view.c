/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/suspense/suspense.h"

#include "base/crypto.h"
#include "rules/incident/incident.h"

/*
 * What waits (I14): receipts of nobody known (2160), money of liable parties (2140), what the platform owes the trust
 * (1160), what the bank took that was not there (2180), and what was paid in, used and returned unpaid (1100); how much, since
 * when, who is to see to it, and why it waits. A page is bounded by what it looks at, too.
 */
enum { TOKEN_SIZE = 256, LOOKS_MAX = 4096 };

static const char *const what_names[] = {"receipts", "recoveries", "fees", "overdrafts", "returned", NULL};
static const enum chart_code what_codes[] = {
	CHART_UNIDENTIFIED, CHART_SUSPENSE, CHART_OWED_BY_PLATFORM, CHART_OVERDRAWN, CHART_COMMITMENT};
enum { WHAT_RECEIPTS, WHAT_KINDS = sizeof what_codes / sizeof what_codes[0] };

enum { SUSPENSE_WHAT, SUSPENSE_FROM, SUSPENSE_LIMIT };
static const struct recourse_field suspense_fields[] = {
	[SUSPENSE_WHAT] = FIELD_OPTIONAL_CHOICE("what", what_names,
		"of 2160, of 2140, of 1160, of 2180, or of 1100 only; all in this order if absent"),
	[SUSPENSE_FROM] = FIELD_OPTIONAL_TEXT("from", TOKEN_SIZE, "where the page begins, as `next` gave it"),
	[SUSPENSE_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most rows of a page; fewer where few have any"),
};

enum waits_why {
	WAITS_UNIDENTIFIED,
	WAITS_SENT_BACK,
	WAITS_ALLOCATION,
	WAITS_NOT_DUE,
	WAITS_LIQUIDATOR,
	WAITS_FEES,
	WAITS_OVERDRAWN,
	WAITS_RETURNED,
};
static const char *const why_names[] = {"unidentified", "to-be-sent-back", "to-be-allocated", "not-due",
	"liquidator", "fees-to-be-repaid", "overdraft-to-be-covered", "to-be-paid-anew", NULL};

struct suspense_row {
	uint16_t code;
	enum waits_why why;
	uint64_t entry; /* the oldest of it */
	uint64_t since;
	uint64_t escalated;
	uint32_t owner;
	uint32_t custodian;
	slice party;
	slice reference;
	slice line;
	struct unit unit;
	int64_t amount;
};

static const struct recourse_column suspense_columns[] = {
	{COLUMN(INTEGER, "code", struct suspense_row, code, "of the account in which it waits")},
	{COLUMN_CHOICE("why", why_names, struct suspense_row, why, "what it waits for")},
	{COLUMN(ENTRY, "entry", struct suspense_row, entry,
		"a receipt's; else the one that brought the oldest of it, first in first out")},
	{COLUMN(TIME, "since", struct suspense_row, since, "when that was")},
	{COLUMN_AGE("age_hours", struct suspense_row, since, "how long it waits")},
	{COLUMN_PARTY("owner", struct suspense_row, owner, "who is to see to it")},
	{COLUMN(UNIT, "unit", struct suspense_row, unit, "of the amount")},
	{COLUMN_AMOUNT("amount", struct suspense_row, amount, unit, "that waits")},
	{COLUMN_PARTY("custodian", struct suspense_row, custodian, "of a receipt: who keeps it"), OPTIONAL},
	{COLUMN(ID, "line", struct suspense_row, line, "of a receipt: of its bank"), OPTIONAL},
	{COLUMN(ENTRY, "escalated", struct suspense_row, escalated,
		 "of a receipt: the clock's entry, if it was"),
		OPTIONAL},
	{COLUMN(ID, "party", struct suspense_row, party,
		 "whose money it is; of fees, and what was returned: who owes it"),
		OPTIONAL},
	{COLUMN(ID, "incident", struct suspense_row, reference, "that it was paid for"), OPTIONAL},
};

/* ---- 2160 ---- */

static enum recourse_error add_receipt(struct view_rows *rows, uint64_t entry)
{
	const struct query *query = rows->query;
	struct record_path path = unidentified_path(entry);
	struct record_unidentified receipt;
	TRY(record_get_named(query->state, &path, &receipt, sizeof receipt));
	if (!query_sees_all(query) && receipt.custodian != query->actor->party_number)
		return RECOURSE_OK;
	const struct suspense_row row = {
		.code = CHART_UNIDENTIFIED,
		.why = receipt.sending_entry != 0 ? WAITS_SENT_BACK : WAITS_UNIDENTIFIED,
		.entry = entry,
		.since = receipt.since,
		.escalated = receipt.escalated_entry,
		.owner = receipt.owner,
		.custodian = receipt.custodian,
		.line = RECORD_TEXT(receipt.line),
		.unit = receipt.unit,
		.amount = receipt.left,
	};
	return view_add(rows, &row);
}

static bool is_full(const struct view_rows *rows, uint64_t looks)
{
	return rows->count == (uint64_t)rows->query->values[SUSPENSE_LIMIT].integer || looks == LOOKS_MAX;
}

/* The page ends before this receipt, or this account. */
static enum recourse_error end_at_receipt(struct query *query, uint64_t entry)
{
	return account_reference_make(query->arena, entry, &query->next);
}

static enum recourse_error end_at_account(struct query *query, slice key)
{
	char token[TOKEN_SIZE] = "";
	if (crypto_base64_size(key.size) <= TOKEN_SIZE)
		crypto_base64_encode(key, token);
	return arena_copy(query->arena, slice_text(token), &query->next);
}

static enum recourse_error list_receipts(struct view_rows *rows, uint64_t first)
{
	struct record_path prefix = record_path_of(RECORD_UNIDENTIFIED_OPEN);
	struct record_path from = record_path_of_number(RECORD_UNIDENTIFIED_OPEN, first);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(rows->query->state, &prefix, &from, STATE_UP);
	for (uint64_t looks = 0; record_walk_next(&walk, NULL, 0); looks++) {
		if (is_full(rows, looks))
			return end_at_receipt(rows->query, view_last_number(&walk));
		TRY(add_receipt(rows, view_last_number(&walk)));
	}
	return walk.error;
}

/* ---- 2140, 1160, 2180 and 1100 ---- */

/* Accounts of who owes: what makes up for it is a credit. */
static bool is_owed(enum chart_code code)
{
	return code == CHART_OWED_BY_PLATFORM || code == CHART_COMMITMENT;
}

/* What came into an account by then. */
static amount_sum came(enum chart_code code, const struct history_point *point)
{
	return is_owed(code) ? point->debits : point->debits - point->balance;
}

/* First in, first out: so much of what came last is there; the last look where there are too many. */
static enum recourse_error find_oldest(
	struct query *query, const struct account_walk *walk, struct suspense_row *row)
{
	amount_sum all = walk->account.debits;
	SCOPED(history_walk_end)
	struct history_walk back =
		history_walk_from(query->state, walk->account.number, UINT64_MAX, STATE_DOWN);
	if (!is_owed(row->code))
		all -= walk->account.balance;
	for (size_t looks = 0; looks < LOOKS_MAX && history_walk_next(&back); looks++) {
		if (looks > 0 && all - came(row->code, &back.at) >= row->amount)
			break;
		row->entry = back.at.entry;
	}
	TRY(back.error);
	return query_entry_time(query, row->entry, &row->since);
}

/* What of a party's money was sent down the waterfall and is not due; the rest was not sent yet. */
static enum recourse_error find_waiting(struct query *query, const struct suspense_row *row, int64_t *steps)
{
	struct record_path name = record_path_of_text(RECORD_INCIDENT_NAME, row->reference);
	uint32_t incident;
	struct record_section section;
	TRY(record_get_named(query->state, &name, &incident, sizeof incident));
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
	*steps = 0;
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct record_liability liability;
		struct record_path path = record_path_of_shorts(RECORD_LIABILITY, incident, section.party);
		record_path_text(&path, row->party);
		TRY(record_get_optional(query->state, &path, &liability, sizeof liability, NULL));
		*steps += liability.waits;
	}
	return walk.error;
}

/* What was not sent down yet may be for the payer's liquidator to confirm; money for its deposit is. */
static enum recourse_error find_why(struct query *query, struct suspense_row *row)
{
	struct record_estate estate;
	int64_t waiting;
	row->why = WAITS_LIQUIDATOR;
	if (account_reference_waits(row->reference)) {
		row->reference = slice_text("");
		return RECOURSE_OK;
	}
	TRY(find_waiting(query, row, &waiting));
	TRY(estate_of(query->state, row->party, &estate));
	if (waiting == row->amount)
		row->why = WAITS_NOT_DUE;
	else if (estate.entry == 0)
		row->why = WAITS_ALLOCATION;
	return RECOURSE_OK;
}

/* What a merchant owes of its deposit; and of a funder's commitment what was ordered out and is not there. Of any other 0. */
static enum recourse_error find_returned(struct query *query, struct suspense_row *row)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, row->party, unit_code(&row->unit));
	struct record_path name = record_path_of_text(RECORD_INCIDENT_NAME, row->reference);
	struct record_deposit deposit;
	struct record_incident incident;
	uint64_t entry;
	bool there;
	if (account_reference_read(row->reference, &entry)) {
		TRY(record_get_optional(query->state, &path, &deposit, sizeof deposit, NULL));
		row->amount = deposit.bounced > 0 && deposit.bounced_entry == entry ? deposit.bounced : 0;
		row->reference = slice_text("");
		return RECOURSE_OK;
	}
	row->amount = 0;
	TRY(record_exists(query->state, &name, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(incident_read(query->state, row->reference, &incident));
	row->amount = amount_beyond(incident.instructed, incident.funded);
	return RECOURSE_OK;
}

/* What waits there; 0: nothing. */
static enum recourse_error read_account(
	struct query *query, const struct account_walk *walk, struct suspense_row *row)
{
	*row = (struct suspense_row){
		.code = walk->name.code,
		.why = walk->name.code == CHART_OVERDRAWN    ? WAITS_OVERDRAWN
		       : walk->name.code == CHART_COMMITMENT ? WAITS_RETURNED
							     : WAITS_FEES,
		.party = walk->name.party,
		.reference = walk->name.reference,
		.unit = account_unit(&walk->account, walk->name.unit),
		.amount = account_shown(walk->name.code, walk->account.balance),
	};
	return row->amount != 0 && row->code == CHART_COMMITMENT ? find_returned(query, row) : RECOURSE_OK;
}

static enum recourse_error add_account(
	struct view_rows *rows, const struct account_walk *walk, struct suspense_row *row)
{
	struct query *query = rows->query;
	struct record_party own;
	TRY(party_own(query->state, query->arena, &own));
	row->owner = own.number;
	TRY(find_oldest(query, walk, row));
	if (row->code == CHART_SUSPENSE)
		TRY(find_why(query, row));
	return view_add(rows, row);
}

static enum recourse_error list_accounts(
	struct view_rows *rows, enum chart_code code, const struct record_path *from)
{
	struct suspense_row row;
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = rows->query->state, .code = code, .from = *from};
	for (uint64_t looks = 0; account_walk_next(&walk); looks++) {
		TRY(read_account(rows->query, &walk, &row));
		if (looks < LOOKS_MAX && row.amount == 0)
			continue;
		if (is_full(rows, looks))
			return end_at_account(rows->query, walk.key);
		TRY(add_account(rows, &walk, &row));
	}
	return walk.error;
}

/* ---- the page ---- */

struct suspense_page {
	size_t kind;
	uint64_t receipt;
	struct record_path account;
};

static enum recourse_error refuse_token(struct query *query)
{
	return refusal_field(
		query->refusal, RECOURSE_FIELD_FORMAT, "from", "as `next` of the page before gave it");
}

static enum recourse_error read_token(struct query *query, slice token, struct suspense_page *page)
{
	struct account_name name;
	struct record_path *from = &page->account;
	bool there;
	if (account_reference_read(token, &page->receipt))
		return RECOURSE_OK;
	if (crypto_base64_decode(token, from->bytes, sizeof from->bytes, &from->size) != RECOURSE_OK ||
		account_name_decode(record_path_slice(from), &name) != RECOURSE_OK)
		return refuse_token(query);
	for (page->kind = 1; page->kind < WHAT_KINDS && what_codes[page->kind] != name.code;)
		page->kind++;
	if (page->kind == WHAT_KINDS)
		return refuse_token(query);
	TRY(record_exists(query->state, from, &there));
	return there ? RECOURSE_OK : refuse_token(query);
}

static enum recourse_error find_page(struct query *query, void *row)
{
	struct suspense_page *page = row;
	const struct value *what = &query->values[SUSPENSE_WHAT];
	const struct value *from = &query->values[SUSPENSE_FROM];
	page->kind = what->present ? (size_t)what->integer : WHAT_RECEIPTS;
	size_t asked = page->kind;
	if (from->present)
		TRY(read_token(query, from->text, page));
	if (from->present && page->account.size == 0)
		page->kind = WHAT_RECEIPTS;
	return !what->present || page->kind == asked ? RECOURSE_OK : refuse_token(query);
}

/* What is not a receipt is the platform's to see to, and who may see all sees it. */
static enum recourse_error list_page(struct view_rows *rows)
{
	const struct suspense_page *page = rows->above;
	struct query *query = rows->query;
	struct record_path from = page->account;
	size_t last = query->values[SUSPENSE_WHAT].present ? page->kind : WHAT_KINDS - 1;
	for (size_t kind = page->kind; kind <= last && query->next.size == 0; kind++) {
		if (kind == WHAT_RECEIPTS)
			TRY(list_receipts(rows, page->receipt));
		else if (query_sees_all(query))
			TRY(list_accounts(rows, what_codes[kind], &from));
		from.size = 0;
	}
	return RECOURSE_OK;
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	{COLUMN_ROWS("rows", suspense_columns, list_page,
		"receipts by their entry; then recoveries by payer and incident; then fees, "
		"overdrafts, what was returned unpaid")},
	VIEW_NEXT(TEXT, next),
};

static const struct query_row rows[] = {
	VIEW_REFUSED("report.suspense", QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN, suspense_fields,
		report_columns, struct suspense_page, find_page,
		"what came in and waits: since when, for what, and whose it is to see to",
		RECOURSE_FIELD_FORMAT),
};
const struct query_group suspense_view_group = {rows, sizeof rows / sizeof rows[0]};
