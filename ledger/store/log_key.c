/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_key.h"

#include "base/endian.h"

enum {
	NUMBER_SIZE = 8,
	REQUESTS_AT = NUMBER_SIZE,
	KIND_AT = 2 * NUMBER_SIZE,
	BY_ENTRIES_SIZE = NUMBER_SIZE, /* the begin of a key, which goes before all that begin so */
	BY_REQUESTS_SIZE = NUMBER_SIZE + 1,
};

MDB_val log_key_write(const struct log_key *key, uint8_t bytes[static LOG_KEY_SIZE])
{
	big_endian_write(bytes, key->entries, NUMBER_SIZE);
	big_endian_write(bytes + REQUESTS_AT, key->requests, NUMBER_SIZE);
	bytes[KIND_AT] = (uint8_t)key->kind;
	return (MDB_val){.mv_data = bytes, .mv_size = LOG_KEY_SIZE};
}

bool log_key_read(const MDB_val *bytes, struct log_key *key)
{
	const uint8_t *data = bytes->mv_data;
	if (bytes->mv_size != LOG_KEY_SIZE)
		return false;
	key->entries = big_endian_read(data, NUMBER_SIZE);
	key->requests = big_endian_read(data + REQUESTS_AT, NUMBER_SIZE);
	key->kind = (enum log_key_kind)data[KIND_AT];
	return key->kind == LOG_KEY_ENTRIES || key->kind == LOG_KEY_REQUEST;
}

/* What is searched for goes before the first row that has as many, and is never found itself. */
int log_key_compare(const MDB_val *searched, const MDB_val *there)
{
	slice a = slice_of(searched->mv_data, searched->mv_size);
	slice b = slice_of(there->mv_data, there->mv_size);
	if (a.size != BY_REQUESTS_SIZE || b.size != LOG_KEY_SIZE)
		return slice_compare(a, b);
	return memcmp(a.data, b.data + REQUESTS_AT, NUMBER_SIZE) <= 0 ? -1 : 1;
}

static int find(MDB_cursor *cursor, uint64_t number, size_t size, MDB_val *key, MDB_val *value)
{
	uint8_t bytes[BY_REQUESTS_SIZE] = {0};
	big_endian_write(bytes, number, NUMBER_SIZE);
	*key = (MDB_val){.mv_data = bytes, .mv_size = size};
	return mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);
}

int log_key_find_entries(MDB_cursor *cursor, uint64_t entries, MDB_val *key, MDB_val *value)
{
	return find(cursor, entries, BY_ENTRIES_SIZE, key, value);
}

int log_key_find_requests(MDB_cursor *cursor, uint64_t requests, MDB_val *key, MDB_val *value)
{
	return find(cursor, requests, BY_REQUESTS_SIZE, key, value);
}
