/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/lmdb_file.h"

/*
 * The keys of the one table of what was added: entries and requests lie in the order in which they came, so that what is
 * added at once is at one end of one tree, and a durable commit has few pages to write.
 *
 *   key   u64 entries | u64 requests | u8 kind      the most significant byte first
 *
 * Both numbers are how many there are up to and with that row, and neither ever falls along the table: either alone finds a
 * row, by a search for the first that has at least so many.
 */
enum log_key_kind { LOG_KEY_ENTRIES = 1, LOG_KEY_REQUEST = 2 };

struct log_key {
	uint64_t entries;
	uint64_t requests;
	enum log_key_kind kind;
};

enum { LOG_KEY_SIZE = 17 };

/* Good as long as the bytes. */
MDB_val log_key_write(const struct log_key *key, uint8_t bytes[static LOG_KEY_SIZE]);

/* False: nobody wrote such a one. */
bool log_key_read(const MDB_val *bytes, struct log_key *key);

/* Keys as their bytes are; but what is searched for by requests. To be given to LMDB wherever the table is opened. */
int log_key_compare(const MDB_val *searched, const MDB_val *there);

/* The first row with so many entries, or requests. MDB_NOTFOUND: there is none. */
int log_key_find_entries(MDB_cursor *cursor, uint64_t entries, MDB_val *key, MDB_val *value);
int log_key_find_requests(MDB_cursor *cursor, uint64_t requests, MDB_val *key, MDB_val *value);
