/* SPDX-License-Identifier: Apache-2.0 */
#include "entry/entry.h"

#include "base/try.h"
#include "books/chart.h"
#include "proof/tree.h"

size_t entry_encode(const struct entry *entry, struct buffer *out)
{
	item_write_array(out, ENTRY_MEMBERS);
	item_write_integer(out, ENTRY_VERSION);
	item_write_integer(out, (int64_t)entry->number);
	item_write_integer(out, (int64_t)entry->time);
	item_write_bytes(out, slice_of(entry->previous.bytes, CRYPTO_HASH_SIZE));
	size_t previous = out->size - CRYPTO_HASH_SIZE;
	item_write_bytes(out, slice_of(entry->request.bytes, CRYPTO_HASH_SIZE));
	item_write_integer(out, (int64_t)entry->request_index);
	item_write_text(out, entry->key);
	buffer_append(out, entry->approvals.data, entry->approvals.size);
	item_write_text(out, entry->rule);
	item_write_text(out, entry->policy);
	item_write_text(out, entry->kind);
	buffer_append(out, entry->body.data, entry->body.size);
	buffer_append(out, entry->postings.data, entry->postings.size);
	item_write_bytes(out, slice_of(entry->salt, ENTRY_SALT_SIZE));
	return previous;
}

/* Map keys of an entry stand in §4.2.1 order at every depth, or the bytes are not ours. */
static bool read_whole(slice *reader, enum item_type type, slice *whole)
{
	slice ahead = *reader;
	struct item head;
	return item_read_type(&ahead, type, &head) == RECOURSE_OK &&
	       item_read_ordered(reader, whole) == RECOURSE_OK;
}

static bool postings_formed(const struct entry *entry)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	while (entry_postings_next(&walk, &posting))
		continue;
	return walk.left == 0 && walk.reader.size == 0;
}

static bool decode_members(slice *reader, struct entry *entry)
{
	return item_read_number(reader, &entry->number) && item_read_number(reader, &entry->time) &&
	       item_read_bytes(reader, entry->previous.bytes, CRYPTO_HASH_SIZE) &&
	       item_read_bytes(reader, entry->request.bytes, CRYPTO_HASH_SIZE) &&
	       item_read_number(reader, &entry->request_index) &&
	       item_read_string(reader, ITEM_TEXT, &entry->key) &&
	       read_whole(reader, ITEM_ARRAY, &entry->approvals) &&
	       item_read_string(reader, ITEM_TEXT, &entry->rule) &&
	       item_read_string(reader, ITEM_TEXT, &entry->policy) &&
	       item_read_string(reader, ITEM_TEXT, &entry->kind) &&
	       read_whole(reader, ITEM_MAP, &entry->body) &&
	       read_whole(reader, ITEM_ARRAY, &entry->postings) &&
	       item_read_bytes(reader, entry->salt, ENTRY_SALT_SIZE);
}

enum recourse_error entry_decode(slice bytes, struct entry *entry)
{
	struct item head;
	uint64_t version;
	if (bytes.size > ENTRY_SIZE_MAX || item_read_type(&bytes, ITEM_ARRAY, &head) != RECOURSE_OK ||
		head.count == 0 || !item_read_number(&bytes, &version))
		return RECOURSE_STORE_CORRUPT;
	if (version != ENTRY_VERSION)
		return RECOURSE_VERSION_UNKNOWN;
	if (head.count != ENTRY_MEMBERS || !decode_members(&bytes, entry) || bytes.size > 0)
		return RECOURSE_STORE_CORRUPT;
	return postings_formed(entry) ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

struct entry_postings entry_postings(const struct entry *entry)
{
	struct entry_postings walk = {.reader = entry->postings};
	struct item head;
	if (item_read_type(&walk.reader, ITEM_ARRAY, &head) == RECOURSE_OK)
		walk.left = head.count;
	return walk;
}

bool entry_postings_next(struct entry_postings *walk, struct entry_posting *posting)
{
	struct item head;
	struct item steps;
	uint64_t code;
	if (walk->left == 0 || item_read_type(&walk->reader, ITEM_ARRAY, &head) != RECOURSE_OK ||
		head.count != 5 || !item_read_number(&walk->reader, &code) || code > UINT16_MAX ||
		!item_read_string(&walk->reader, ITEM_TEXT, &posting->party) ||
		!item_read_string(&walk->reader, ITEM_TEXT, &posting->reference) ||
		!item_read_string(&walk->reader, ITEM_TEXT, &posting->unit) ||
		item_read_type(&walk->reader, ITEM_INTEGER, &steps) != RECOURSE_OK)
		return false;
	walk->left--;
	posting->code = (uint16_t)code;
	posting->steps = steps.integer;
	return true;
}

void entry_encode_posting(const struct entry_posting *posting, struct buffer *out)
{
	item_write_array(out, 5);
	item_write_integer(out, posting->code);
	item_write_text(out, posting->party);
	item_write_text(out, posting->reference);
	item_write_text(out, posting->unit);
	item_write_integer(out, posting->steps);
}

/* What is no text is none: QUERY_NOT_FOUND. */
static enum recourse_error find_text(slice item, const char *name, slice *text)
{
	enum recourse_error error = item_find_text(item, name, text);
	if (error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND)
		return error;
	return error == RECOURSE_FIELD_TYPE ? RECOURSE_QUERY_NOT_FOUND : RECOURSE_STORE_CORRUPT;
}

enum recourse_error entry_body_text(const struct entry *entry, const char *name, slice *text)
{
	return find_text(entry->body, name, text);
}

enum recourse_error entry_carried_text(const struct entry *entry, const char *name, slice *text)
{
	slice carried;
	TRY(item_find(entry->body, "carried_out", &carried));
	return find_text(carried, name, text);
}

static void describe_posting(const struct entry_posting *posting, struct buffer *out)
{
	const struct chart_row *row = chart_find(posting->code);
	struct unit unit;
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "code", posting->code);
	item_write_pair_text(out, "account", slice_text(row == NULL ? "" : row->name));
	item_write_pair_text(out, "party", posting->party);
	item_write_pair_text(out, "reference", posting->reference);
	item_write_pair_text(out, "unit", posting->unit);
	if (unit_currency(posting->unit, &unit) == RECOURSE_OK)
		item_write_pair_amount(out, "amount", &unit, posting->steps);
	else
		item_write_pair_integer(out, "steps", posting->steps);
	item_map_close(map, out);
}

static void describe_postings(const struct entry *entry, struct buffer *out)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	item_write_key(out, "postings");
	item_write_array(out, walk.left);
	while (entry_postings_next(&walk, &posting))
		describe_posting(&posting, out);
}

enum recourse_error entry_describe(slice bytes, struct buffer *out)
{
	struct entry entry;
	TRY(entry_decode(bytes, &entry));
	struct crypto_hash leaf;
	tree_leaf(bytes, &leaf);
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "version", ENTRY_VERSION);
	item_write_pair_integer(out, "entry", (int64_t)entry.number);
	item_write_pair_instant(out, "time", entry.time);
	item_write_pair_hex(out, "leaf", leaf.bytes, CRYPTO_HASH_SIZE);
	item_write_pair_hex(out, "previous", entry.previous.bytes, CRYPTO_HASH_SIZE);
	item_write_pair_hex(out, "request", entry.request.bytes, CRYPTO_HASH_SIZE);
	item_write_pair_integer(out, "request_index", (int64_t)entry.request_index);
	item_write_pair_text(out, "key", entry.key);
	item_write_key(out, "approvals");
	buffer_append(out, entry.approvals.data, entry.approvals.size);
	item_write_pair_text(out, "rule", entry.rule);
	item_write_pair_text(out, "policy", entry.policy);
	item_write_pair_text(out, "kind", entry.kind);
	item_write_key(out, "body");
	buffer_append(out, entry.body.data, entry.body.size);
	describe_postings(&entry, out);
	item_write_pair_hex(out, "salt", entry.salt, ENTRY_SALT_SIZE);
	item_map_close(map, out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
