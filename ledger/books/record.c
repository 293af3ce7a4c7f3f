/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_collateral.h"

#include "base/try.h"

#include <assert.h>

/* Records are stored as they lie in memory: none may have padding, whose bytes would be undefined. */
#define WITHOUT_PADDING(type, bytes) _Static_assert(sizeof(struct type) == (bytes), #type " has padding")
WITHOUT_PADDING(unit, 16 + 4 + 4);
WITHOUT_PADDING(record_ledger, 288);
WITHOUT_PADDING(record_party, 16);
WITHOUT_PADDING(record_key, 32 + 16 + 32);
WITHOUT_PADDING(record_policy, 24 + 11 * 8 + 4 + 4 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_calendar, 8 + CALENDAR_WORDS * 8 + 16);
WITHOUT_PADDING(record_deposit, 32);
WITHOUT_PADDING(record_hold, 24 + 8 + 16);
WITHOUT_PADDING(record_incident, 24 + 24 * 8 + 14 * 4 + 2 * TEXT_ID_SIZE);
WITHOUT_PADDING(record_entitlement, 48 + 7 * 8 + 16);
WITHOUT_PADDING(record_claim, 13 * 8 + 8 * 4 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_decided, 24);
WITHOUT_PADDING(record_round, 40 + 32 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_liability, 12 * 8 + 8);
WITHOUT_PADDING(record_recovery, 48);
WITHOUT_PADDING(record_write_off, 24 + 16);
WITHOUT_PADDING(record_proposal, 16 + 4 * PROPOSAL_APPROVALS_MAX + 16);
WITHOUT_PADDING(record_break_glass, 24 + 6 * 8 + 6 * 4 + 3 * TEXT_ID_SIZE);
WITHOUT_PADDING(record_limit, 24 + 8 + 8 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_control, 56 + AUTHORITY_LIMITS_MAX * (40 + TEXT_ID_SIZE));
WITHOUT_PADDING(record_exit, 24 + 10 * 8 + 6 * 4 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_exit_item, 24 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_exit_overdue, 16);
WITHOUT_PADDING(record_deduction, 5 * 8 + 4 * 4);
WITHOUT_PADDING(record_appeal, 9 * 8 + 4 * 4 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_custody, 40);
WITHOUT_PADDING(record_attestation, 40 + 8 + 16);
WITHOUT_PADDING(record_requirement, 24 + 7 * 8 + 8 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_class, 16);
WITHOUT_PADDING(record_collateral, 24 + 11 * 8 + 4 * 4 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_share, 16);
WITHOUT_PADDING(record_issuer, 24 + 6 * 8 + 8);
WITHOUT_PADDING(record_threshold, 8 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_warning, 32 + WARNING_LEVELS_MAX * (8 + TEXT_ID_SIZE));
WITHOUT_PADDING(record_alert, 32 + 16 + 16);
WITHOUT_PADDING(record_sweep, 32 + SWEEP_KEY_SIZE);
WITHOUT_PADDING(record_signal, 16 + TEXT_ID_SIZE);
WITHOUT_PADDING(record_withdrawal, 24 + 24 + 8);
WITHOUT_PADDING(record_break, 40 + 8 + 16);
WITHOUT_PADDING(record_instrument, 24 + 10 * 8 + 6 * 4 + 32);
WITHOUT_PADDING(record_instrument_call, 10 * 8);
WITHOUT_PADDING(record_account, 5 * 8 + 8 + 8);
WITHOUT_PADDING(record_history, 16);
WITHOUT_PADDING(record_request, 40);

void record_path_start(struct record_path *path, enum record_table table)
{
	path->size = 1;
	path->bytes[0] = (uint8_t)table;
}

void record_path_text(struct record_path *path, slice text)
{
	assert(path->size + text.size + 1 <= sizeof path->bytes);
	if (text.size > 0)
		memcpy(path->bytes + path->size, text.data, text.size);
	path->size += text.size;
	path->bytes[path->size++] = 0;
}

static void append_big_endian(struct record_path *path, uint64_t number, size_t size)
{
	assert(path->size + size <= sizeof path->bytes);
	for (size_t index = 0; index < size; index++)
		path->bytes[path->size + index] = (uint8_t)(number >> (8 * (size - 1 - index)));
	path->size += size;
}

void record_path_number(struct record_path *path, uint64_t number)
{
	append_big_endian(path, number, 8);
}

void record_path_short(struct record_path *path, uint32_t number)
{
	append_big_endian(path, number, 4);
}

struct record_path record_path_of_text(enum record_table table, slice text)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_text(&path, text);
	return path;
}

struct record_path record_path_of_number(enum record_table table, uint64_t number)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_number(&path, number);
	return path;
}

struct record_path record_path_of_short(enum record_table table, uint32_t number)
{
	struct record_path path;
	record_path_start(&path, table);
	record_path_short(&path, number);
	return path;
}

uint64_t record_path_last_number(slice key)
{
	assert(key.size >= 8);
	uint64_t number = 0;
	for (size_t index = key.size - 8; index < key.size; index++)
		number = number << 8 | key.data[index];
	return number;
}

uint32_t record_path_last_short(slice key)
{
	assert(key.size >= 4);
	uint32_t number = 0;
	for (size_t index = key.size - 4; index < key.size; index++)
		number = number << 8 | key.data[index];
	return number;
}

bool record_path_take_text(slice *rest, slice *text)
{
	const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, 0, rest->size);
	if (end == NULL)
		return false;
	*text = slice_of(rest->data, (size_t)(end - rest->data));
	*rest = slice_of(end + 1, rest->size - text->size - 1);
	return true;
}

enum recourse_error record_get(
	struct state_view *view, const struct record_path *path, void *record, size_t size)
{
	slice value;
	TRY(state_get(view, record_path_slice(path), &value));
	if (value.size > size)
		return RECOURSE_STORE_CORRUPT;
	memset(record, 0, size);
	if (value.size > 0)
		memcpy(record, value.data, value.size);
	return RECOURSE_OK;
}

enum recourse_error record_put(
	struct state_view *view, const struct record_path *path, const void *record, size_t size)
{
	const uint8_t *bytes = record;
	while (size > 0 && bytes[size - 1] == 0)
		size--;
	return state_put(view, record_path_slice(path), slice_of(bytes, size));
}

enum recourse_error record_count(struct state_view *view, enum record_table table, uint64_t *number)
{
	struct record_path path = record_path_of_short(RECORD_COUNTER, (uint32_t)table);
	enum recourse_error error = record_get(view, &path, number, sizeof *number);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		*number = 0;
	else if (error != RECOURSE_OK)
		return error;
	++*number;
	return record_put(view, &path, number, sizeof *number);
}

void record_text_set(char *field, size_t size, slice text)
{
	assert(text.size <= size);
	memset(field, 0, size);
	if (text.size > 0)
		memcpy(field, text.data, text.size);
}

slice record_text(const char *field, size_t size)
{
	return slice_of(field, strnlen(field, size));
}
