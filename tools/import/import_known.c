/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_known.h"

#include "asking.h"
#include "base/try.h"
#include "entry/entry.h"
#include "entry/field.h"
#include "member.h"
#include "moment.h"

enum {
	PAGE = 500,
	ATTEMPTS_MAX = 6,
	PAUSE_MS = 50, /* doubled each time */
};

static bool find_pair(slice map, slice name, slice *value)
{
	struct item head;
	if (item_read_type(&map, ITEM_MAP, &head) != RECOURSE_OK)
		return false;
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		if (item_read_type(&map, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&map, value) != RECOURSE_OK)
			return false;
		if (slice_equal(key.string, name))
			return true;
	}
	return false;
}

/* What the row says, in the form that entries have. */
static enum recourse_error canonical(const struct recourse_method *method, slice command, struct buffer *out)
{
	SCOPED(arena_free) struct arena arena = {0};
	struct recourse_refusal refusal;
	struct value *values = arena_allocate(&arena, (method->field_count + 1) * sizeof *values);
	if (values == NULL)
		return RECOURSE_MEMORY;
	TRY(field_decode(method->fields, method->field_count, "command", &command, &arena, values, &refusal));
	struct item_map map = item_map_open(out);
	field_encode_pairs(method->fields, method->field_count, values, out);
	item_map_close(map, out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* Each field that the one has, the other has, with the same value. */
static bool is_same(const struct import_known *known, slice row, slice body)
{
	for (size_t index = 0; index < known->method->field_count; index++) {
		slice name = slice_text(known->method->fields[index].name);
		slice said = {0};
		slice there = {0};
		bool in_row = find_pair(row, name, &said);
		bool in_body = find_pair(body, name, &there);
		bool filled = !in_row && known->type->filled != NULL && slice_is(name, known->type->filled);
		if (!filled && (in_row != in_body || (in_row && !slice_equal(said, there))))
			return false;
	}
	return true;
}

/* What a key may not see, or there is none of, is no error: then there is no reply. */
static enum recourse_error ask(struct import_known *known, const char *method, const struct buffer *params,
	struct recourse_bytes *reply)
{
	struct asking asking = {.client = known->client};
	enum recourse_error error = asking_query(&asking, method, params, reply);
	for (unsigned attempt = 0; recourse_error_retry(error) && attempt < ATTEMPTS_MAX; attempt++) {
		moment_sleep((uint64_t)PAUSE_MS << attempt);
		error = asking_query(&asking, method, params, reply);
	}
	bool fault = recourse_error_retry(error) || error == RECOURSE_MEMORY;
	if (error != RECOURSE_OK)
		*reply = (struct recourse_bytes){0};
	return fault ? error : RECOURSE_OK;
}

static bool find_in_rest(struct import_known *known, uint64_t number, slice *bytes)
{
	slice row;
	int64_t there;
	for (; known->left > 0 && item_read_whole(&known->rest, &row) == RECOURSE_OK; known->left--) {
		if (!member_integer(row, "entry", &there) || (uint64_t)there != number)
			continue;
		known->left--;
		return member_bytes(row, "bytes", bytes);
	}
	return false;
}

static void open_page(struct import_known *known)
{
	struct item head;
	bool list = member_list(asking_slice(&known->page), "entries", &known->rest, &head);
	known->left = list ? head.count : 0;
}

/* The page that begins with it; of an entry alone, what looks like a page of it. */
static enum recourse_error turn_to(struct import_known *known, uint64_t number, slice *bytes)
{
	SCOPED(buffer_free) struct buffer params = {0};
	known->left = 0;
	recourse_bytes_free(&known->page);
	if (!known->alone) {
		item_write_map(&params, 2);
		item_write_pair_integer(&params, "from", (int64_t)number);
		item_write_pair_integer(&params, "limit", PAGE);
		TRY(ask(known, "entry.list", &params, &known->page));
		open_page(known);
		if (find_in_rest(known, number, bytes))
			return RECOURSE_OK;
	}
	buffer_clear(&params);
	known->left = 0;
	recourse_bytes_free(&known->page);
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", (int64_t)number);
	TRY(ask(known, "entry.get", &params, &known->page));
	known->alone = true;
	if (!member_bytes(asking_slice(&known->page), "bytes", bytes))
		*bytes = slice_of(NULL, 0);
	return RECOURSE_OK;
}

static enum recourse_error is_entry(struct import_known *known, slice row, uint64_t number, bool *same)
{
	struct entry entry;
	slice bytes;
	if (known->alone || !find_in_rest(known, number, &bytes))
		TRY(turn_to(known, number, &bytes));
	*same = bytes.size > 0 && entry_decode(bytes, &entry) == RECOURSE_OK &&
		slice_is(entry.kind, known->method->name) && is_same(known, row, entry.body);
	return RECOURSE_OK;
}

/* The newest of its kind is what stands. */
static bool find_last(const struct import_known *known, slice reply, uint64_t *entry)
{
	slice list;
	slice row;
	slice kind;
	int64_t number;
	struct item head;
	bool found = false;
	if (!member_list(reply, known->type->history.list, &list, &head))
		return false;
	for (uint64_t index = 0; index < head.count && item_read_whole(&list, &row) == RECOURSE_OK; index++) {
		if ((member_text(row, "kind", &kind) && !slice_is(kind, known->method->name)) ||
			!member_integer(row, "entry", &number) || (found && (uint64_t)number < *entry))
			continue;
		*entry = (uint64_t)number;
		found = true;
	}
	return found;
}

static enum recourse_error find_history(struct import_known *known, slice row, uint64_t *entry, bool *found)
{
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	slice subject;
	const struct import_type_history *history = &known->type->history;
	*found = false;
	if (history->query == NULL || !member_text(row, history->subject, &subject))
		return RECOURSE_OK;
	item_write_map(&params, 1);
	item_write_pair_text(&params, history->asked, subject);
	TRY(ask(known, history->query, &params, &reply));
	*found = reply.size > 0 && find_last(known, asking_slice(&reply), entry);
	return RECOURSE_OK;
}

enum recourse_error import_known_find(
	struct import_known *known, slice command, enum recourse_error refused, uint64_t entry, bool *found)
{
	SCOPED(buffer_free) struct buffer row = {0};
	bool stands = refused == RECOURSE_EXISTS || refused == RECOURSE_STATE_WRONG;
	*found = false;
	if (known->client == NULL || (entry == 0 && !stands) ||
		canonical(known->method, command, &row) != RECOURSE_OK)
		return RECOURSE_OK;
	if (entry != 0)
		TRY(is_entry(known, buffer_slice(&row), entry, found));
	if (*found || !stands)
		return RECOURSE_OK;
	TRY(find_history(known, buffer_slice(&row), &entry, found));
	return *found ? is_entry(known, buffer_slice(&row), entry, found) : RECOURSE_OK;
}

void import_known_free(struct import_known *known)
{
	recourse_bytes_free(&known->page);
}
