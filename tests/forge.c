/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "audit_both.h"
#include "store/log.h"

#include <stdlib.h>
#include <string.h>

static slice keep(slice bytes)
{
	uint8_t *copy = malloc(bytes.size + 1);
	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.size);
	return slice_of(copy, bytes.size);
}

/* What keep() made, by way of a slice, which is not to be written through. */
static void drop(slice bytes)
{
	void *data;
	memcpy(&data, &bytes.data, sizeof data);
	free(data);
}

static slice taken(const struct buffer *buffer)
{
	assert_false(buffer_failed(buffer));
	return slice_of(buffer->data, buffer->size);
}

static void read_log(struct forge *forge)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	slice bytes;
	assert_ok(log_snapshot_open(forge->kit->ledger->log, &log));
	assert_ok(log_read_head(log, &forge->head));
	forge->entry_count = forge->head.entries;
	forge->request_count = forge->head.requests;
	assert_true(forge->entry_count < FORGE_ITEMS_MAX && forge->request_count < FORGE_ITEMS_MAX);
	for (size_t index = 0; index < forge->entry_count; index++) {
		assert_ok(log_read_entry(log, index, &bytes));
		forge->entries[index] = keep(bytes);
	}
	for (size_t index = 0; index < forge->request_count; index++) {
		assert_ok(log_read_request(log, index, &bytes));
		forge->requests[index] = keep(bytes);
	}
	assert_ok(log_read_checkpoint(log, UINT64_MAX, &bytes));
	forge->note = keep(bytes);
	forge->note_size = forge->entry_count;
}

int forge_setup(void **state)
{
	struct forge *forge = calloc(1, sizeof *forge);
	void *kit = NULL;
	assert_non_null(forge);
	kit_setup(&kit);
	forge->kit = kit;
	forge->wrong_hash = FORGE_NO_ENTRY;
	forge->rechain = true;
	kit_golden_steps(forge->kit, 1, 8);
	kit_play(forge->kit,
		"maker [no-1] claim.decide claim=nobody-1 outcome=reject reason=not-the-holder ! NOT_FOUND claim");
	kit_play(forge->kit,
		"maker [no-2] claim.decide claim=nobody-2 outcome=reject reason=not-the-holder ! NOT_FOUND claim");
	kit_golden_steps(forge->kit, 9, 15);
	assert_ok(recourse_ledger_sign(forge->kit->ledger));
	read_log(forge);
	support_directory_make(&forge->place);
	*state = forge;
	return 0;
}

int forge_teardown(void **state)
{
	struct forge *forge = *state;
	void *kit = forge->kit;
	for (size_t index = 0; index < forge->entry_count; index++)
		drop(forge->entries[index]);
	for (size_t index = 0; index < forge->request_count; index++)
		drop(forge->requests[index]);
	drop(forge->note);
	support_directory_remove(&forge->place);
	kit_teardown(&kit);
	free(forge);
	return 0;
}

/* ---- writing ---- */

static void rechain(struct forge *forge)
{
	struct crypto_hash previous = {0};
	for (size_t index = 0; index < forge->entry_count; index++) {
		struct entry entry;
		if (forge->rechain && entry_decode(forge->entries[index], &entry) == RECOURSE_OK) {
			entry.number = index;
			entry.previous = previous;
			forge_replace_entry(forge, index, &entry);
		}
		tree_leaf(forge->entries[index], &previous);
	}
	forge->head.last = previous;
	forge->head.entries = forge->entry_count;
	forge->head.requests = forge->request_count;
}

/* The records' links are made anew too; what can not be read ends them. */
static void relink(struct forge *forge)
{
	struct crypto_hash link = {0};
	struct submission submission;
	for (size_t index = 0; forge->rechain && index < forge->request_count; index++) {
		struct crypto_hash request;
		if (submission_decode(forge->requests[index], &submission) != RECOURSE_OK)
			return;
		submission.previous = link;
		crypto_sha256_labelled(slice_text(REQUEST_LABEL), submission.payload, &request);
		submission_link(&submission, &request, &link);
		forge_replace_request(forge, index, &submission);
	}
}

static void make_group(const struct forge *forge, struct group *group)
{
	const struct log_head head = {0};
	const struct tree tree = {0};
	const struct crypto_hash link = {{0}};
	group_start(group, &head, &tree, &link);
	for (size_t index = 0; index < forge->entry_count; index++) {
		size_t start = group->bytes.size;
		buffer_append(&group->bytes, forge->entries[index].data, forge->entries[index].size);
		assert_ok(group_add_entry(group, start, GROUP_LINKED, 0));
	}
	for (size_t index = 0; index < forge->request_count; index++) {
		size_t start = group->bytes.size;
		buffer_append(&group->bytes, forge->requests[index].data, forge->requests[index].size);
		assert_ok(group_add_request(group, start, 0, &link));
	}
	assert_ok(group_chain(group));
	group->head = forge->head;
	struct tree_stored *hashes = (void *)group->hashes.data;
	for (size_t index = 0; index < group->hashes.size / sizeof *hashes; index++) {
		if (hashes[index].level == 1 && hashes[index].index == forge->wrong_hash)
			hashes[index].hash.bytes[0] ^= 1;
	}
}

void forge_write(struct forge *forge)
{
	char path[SUPPORT_PATH_MAX];
	struct log *log = NULL;
	SCOPED(group_free) struct group group = {0};
	rechain(forge);
	relink(forge);
	support_directory_path(&forge->place, "log", path);
	assert_ok(log_create(path));
	struct log_options options = {.directory = path};
	assert_ok(log_open(&options, &log));
	make_group(forge, &group);
	assert_ok(log_append(log, &group));
	if (forge->note.size > 0)
		assert_ok(log_append_checkpoint(log, forge->note_size, forge->note));
	log_close(log);
}

void forge_expect(struct forge *forge, uint64_t entry, const char *text)
{
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	forge_write(forge);
	enum recourse_error error = audit_both(&options, &report);
	bool known = entry != FORGE_NO_ENTRY;
	bool as_expected = report.failed && strstr(report.what, text) != NULL &&
			   report.entry_known == known && (!known || report.first_wrong == entry);
	if (!as_expected)
		print_message("%s, entry %d %llu: %s\n", recourse_error_name(error), report.entry_known,
			(unsigned long long)report.first_wrong, report.what);
	assert_error(error, RECOURSE_AUDIT_FAILED);
	assert_true(as_expected);
}

void forge_expect_not_opened(const struct forge *forge)
{
	struct recourse_ledger *ledger = NULL;
	struct recourse_ledger_options options = {.directory = forge->place.path};
	assert_error(recourse_ledger_open(&options, &ledger), RECOURSE_AUDIT_FAILED);
}

/* ---- tampering ---- */

size_t forge_find(const struct forge *forge, const char *kind, struct entry *entry)
{
	for (size_t index = 0; index < forge->entry_count; index++) {
		assert_ok(entry_decode(forge->entries[index], entry));
		if (slice_is(entry->kind, kind))
			return index;
	}
	fail();
	return 0;
}

size_t forge_find_request(const struct forge *forge, size_t entry, struct submission *submission)
{
	for (size_t index = 0; index < forge->request_count; index++) {
		assert_ok(submission_decode(forge->requests[index], submission));
		if (entry >= submission->first_entry &&
			entry < submission->first_entry + submission->accepted)
			return index;
	}
	fail();
	return 0;
}

void forge_replace_entry(struct forge *forge, size_t index, const struct entry *entry)
{
	struct buffer out = {0};
	entry_encode(entry, &out);
	drop(forge->entries[index]);
	forge->entries[index] = taken(&out);
}

void forge_replace_request(struct forge *forge, size_t index, const struct submission *submission)
{
	struct buffer out = {0};
	submission_encode(submission, &out); /* before the old one goes, into which it may point */
	drop(forge->requests[index]);
	forge->requests[index] = taken(&out);
}

static void remove_at(slice *items, size_t *count, size_t index)
{
	drop(items[index]);
	memmove(items + index, items + index + 1, (*count - index - 1) * sizeof *items);
	--*count;
}

void forge_remove_entry(struct forge *forge, size_t index)
{
	remove_at(forge->entries, &forge->entry_count, index);
}

void forge_remove_request(struct forge *forge, size_t index)
{
	remove_at(forge->requests, &forge->request_count, index);
}

void forge_add_entry(struct forge *forge, slice bytes)
{
	assert_true(forge->entry_count < FORGE_ITEMS_MAX);
	forge->entries[forge->entry_count++] = keep(bytes);
}

void forge_add_request(struct forge *forge, const struct submission *submission)
{
	struct buffer out = {0};
	assert_true(forge->request_count < FORGE_ITEMS_MAX);
	submission_encode(submission, &out);
	forge->requests[forge->request_count++] = taken(&out);
}

void forge_sign(const struct forge *forge, const char *name, slice payload, struct submission *submission,
	char handle[static KEY_HANDLE_SIZE + 1], uint8_t signature[static CRYPTO_SIGNATURE_SIZE])
{
	struct key_secret key;
	kit_open_key(forge->kit->origin, name, &key);
	assert_ok(crypto_key_sign(key.signer, slice_text(REQUEST_LABEL), payload, signature));
	key_handle(&key.public_key, handle);
	key_close(&key);
	submission->key = slice_text(handle);
	submission->payload = payload;
	submission->signature = slice_of(signature, CRYPTO_SIGNATURE_SIZE);
}

void forge_checkpoint(struct forge *forge, const char *signer, uint64_t size, const struct crypto_hash *root)
{
	struct crypto_hash seed;
	SCOPED(key_close) struct key_secret key;
	struct buffer out = {0};
	struct checkpoint checkpoint = {.size = size, .root = *root};
	char text[CHECKPOINT_TEXT_SIZE];
	crypto_sha256(slice_text(signer), &seed);
	assert_ok(key_open_seed(slice_text(forge->kit->origin), seed.bytes, &key));
	memcpy(checkpoint.origin, forge->kit->origin, strlen(forge->kit->origin));
	size_t length = checkpoint_format(&checkpoint, text);
	assert_ok(note_sign(slice_of(text, length), &key, &out));
	drop(forge->note);
	forge->note = taken(&out);
}
