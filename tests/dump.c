/* SPDX-License-Identifier: Apache-2.0 */
#include "dump.h"

#include "base/buffer.h"
#include "store/log.h"

static void dump_value(struct buffer *dump, enum recourse_error error, slice value)
{
	uint64_t size = error == RECOURSE_OK ? value.size : 0;
	buffer_append(dump, &error, sizeof error);
	buffer_append(dump, &size, sizeof size);
	buffer_append(dump, value.data, size);
}

static void dump_hashes(struct log_snapshot *log, uint64_t entries, struct buffer *dump)
{
	for (uint8_t level = 0; level < TREE_LEVELS; level++) {
		uint64_t count = entries >> (TREE_STRIDE * level);
		for (uint64_t index = 0; index < count; index++) {
			struct crypto_hash hash = {0};
			enum recourse_error error = log_read_hash(log, level, index, &hash);
			dump_value(dump, error, slice_of(hash.bytes, sizeof hash.bytes));
		}
	}
}

static void dump_checkpoint(struct log_snapshot *log, uint64_t at_most, struct buffer *dump)
{
	slice note = {0};
	enum recourse_error error = log_read_checkpoint(log, at_most, &note);
	dump_value(dump, error, note);
}

static void dump_snapshot(struct log_snapshot *log, struct buffer *dump)
{
	struct log_head head = {0};
	slice value = {0};
	dump_value(dump, log_read_head(log, &head), slice_of(&head, sizeof head));
	for (uint64_t number = 0; number < head.requests; number++) {
		enum recourse_error error = log_read_request(log, number, &value);
		dump_value(dump, error, value);
	}
	for (uint64_t number = 0; number < head.entries; number++) {
		enum recourse_error error = log_read_entry(log, number, &value);
		dump_value(dump, error, value);
	}
	dump_hashes(log, head.entries, dump);
	for (uint64_t size = 0; size <= head.entries + 1; size++)
		dump_checkpoint(log, size, dump);
	dump_checkpoint(log, UINT64_MAX, dump);
}

bool dump_log(const char *directory, struct crypto_hash *hash)
{
	struct log_options options = {.directory = directory, .read_only = true};
	struct log_snapshot *snapshot = NULL;
	struct buffer dump = {0};
	struct log *log = NULL;
	bool dumped = false;
	if (log_open(&options, &log) != RECOURSE_OK)
		return false;
	if (log_snapshot_open(log, &snapshot) == RECOURSE_OK) {
		dump_snapshot(snapshot, &dump);
		crypto_sha256(buffer_slice(&dump), hash);
		dumped = !buffer_failed(&dump);
	}
	log_read_close(snapshot);
	log_close(log);
	buffer_free(&dump);
	return dumped;
}
