/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "books/record_party.h"
#include "proof/guard.h"
#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* J4: a history that was tampered with is found out, and its first wrong entry named. See forge.h. */
#define THE_RECORD "the record of request"

static void test_copy_is_clean(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	forge_write(forge);
	assert_ok(recourse_ledger_audit(&options, &report));
	assert_false(report.failed);
	assert_string_equal(report.what, "");
	assert_int_equal(report.entries, forge->entry_count);
	assert_int_equal(report.tree_size, forge->entry_count);
	assert_int_equal(report.requests, forge->request_count);
	assert_int_equal(report.checkpoints, 1);
	assert_false(report.state_compared);
	assert_string_equal(report.origin, "example.com/ledger");
}

/* I1, I2, I3: money is moved that nobody ordered moved, the entry balances all the same. */
static void test_posting_changed(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct entry_postings walk;
	struct entry_posting posting;
	struct buffer postings = {0};
	size_t index = forge_find(forge, "payout.settle", &entry);
	struct item_reader reader = {.data = entry.postings.data, .size = entry.postings.size};
	struct item head;
	assert_ok(item_read_type(&reader, ITEM_ARRAY, &head));
	item_write_array(&postings, head.count);
	for (enum recourse_error error = entry_postings_first(&entry, &walk, &posting); error == RECOURSE_OK;
		error = entry_postings_next(&walk, &posting)) {
		posting.steps *= 2;
		entry_encode_posting(&posting, &postings);
	}
	entry.postings = buffer_slice(&postings);
	forge_replace_entry(forge, index, &entry);
	buffer_free(&postings);
	forge_expect(forge, index, NOT_WHAT_FOLLOWS);
	forge_expect_not_opened(forge);
}

/* I12: another rule, another actor, another time, other words, another salt: each is in the leaf. */
typedef void change_entry(struct entry *entry);

static void change_rule(struct entry *entry)
{
	entry->rule = slice_text("claim.decide/2");
}

static void change_actor(struct entry *entry)
{
	entry->key = slice_text("example.com/ledger/payer+01234567");
}

static void change_time(struct entry *entry)
{
	entry->time++;
}

static void change_policy(struct entry *entry)
{
	entry->policy = slice_text("");
}

static void change_request(struct entry *entry)
{
	entry->request.bytes[31] ^= 1;
}

static void change_salt(struct entry *entry)
{
	entry->salt[0] ^= 1;
}

static void change_body(struct entry *entry)
{
	static const uint8_t empty_map[] = {0xa0};
	entry->body = slice_of(empty_map, 1);
}

static void expect_changed(void **state, change_entry *change)
{
	struct entry entry;
	struct forge *forge = *state;
	size_t index = forge_find(forge, "claim.decide", &entry);
	change(&entry);
	forge_replace_entry(forge, index, &entry);
	forge_expect(forge, index, NOT_WHAT_FOLLOWS);
	forge_teardown(state);
	forge_setup(state);
}

static void test_members_changed(void **state)
{
	static change_entry *const changes[] = {change_rule, change_actor, change_time, change_policy,
		change_request, change_salt, change_body};
	for (size_t index = 0; index < sizeof changes / sizeof changes[0]; index++)
		expect_changed(state, changes[index]);
}

static void test_entry_missing(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	size_t index = forge_find(forge, "funding.receive", &entry);
	forge_remove_entry(forge, index);
	forge_expect(forge, index, NOT_WHAT_FOLLOWS);
	forge_expect_not_opened(forge);
}

static void test_last_entry_missing(void **state)
{
	struct forge *forge = *state;
	forge_remove_entry(forge, forge->entry_count - 1);
	forge_expect(forge, forge->entry_count, "missing");
	forge_expect_not_opened(forge);
}

static void test_entries_reordered(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	size_t index = forge_find(forge, "payout.instruct", &entry);
	slice first = forge->entries[index];
	forge->entries[index] = forge->entries[index + 1];
	forge->entries[index + 1] = first;
	forge_expect(forge, index, NOT_WHAT_FOLLOWS);
}

static void test_entry_added(void **state)
{
	struct forge *forge = *state;
	forge_add_entry(forge, forge->entries[forge->entry_count - 1]);
	forge_expect(forge, forge->entry_count - 1, "its requests make");
	forge_expect_not_opened(forge);
}

/* A chain that does not hold: one link is changed and nothing behind it. */
static void test_chain_broken(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	size_t index = forge_find(forge, "distribution.approve", &entry);
	entry.previous.bytes[5] ^= 1;
	forge_replace_entry(forge, index, &entry);
	forge->rechain = false;
	forge_expect(forge, index, NOT_WHAT_FOLLOWS);
}

/* Its funding gone, the payouts that follow would have been refused. */
static void test_request_missing(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct submission submission;
	size_t index = forge_find(forge, "funding.receive", &entry);
	forge_remove_request(forge, forge_find_request(forge, index, &submission));
	forge_expect(forge, index, THE_RECORD);
}

static void test_request_twice(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	submission.time = forge->head.time + 1;
	forge_add_request(forge, &submission);
	forge_expect(forge, forge->entry_count, "should not have been recorded");
}

static void test_record_damaged(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct submission submission;
	size_t index = forge_find(forge, "claim.file", &entry);
	size_t request = forge_find_request(forge, index, &submission);
	forge->requests[request].size--;
	forge_expect(forge, index, "is damaged");
}

/* ---- signatures and roles ---- */

static void test_signature_changed(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct submission submission;
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	size_t index = forge_find(forge, "claim.file", &entry);
	size_t request = forge_find_request(forge, index, &submission);
	memcpy(signature, submission.signature.data, sizeof signature);
	signature[10] ^= 1;
	submission.signature = slice_of(signature, sizeof signature);
	forge_replace_request(forge, request, &submission);
	forge_expect(forge, index, "does not verify");
}

/* The custodian's attestation, signed by another, with every byte that follows from it put right. */
static void sign_by(struct forge *forge, const char *name, uint64_t *index)
{
	struct entry entry;
	struct submission submission;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	*index = forge_find(forge, "funding.receive", &entry);
	size_t request = forge_find_request(forge, *index, &submission);
	forge_sign(forge, name, submission.payload, &submission, handle, signature);
	forge_replace_request(forge, request, &submission);
	entry.key = slice_text(handle);
	forge_replace_entry(forge, *index, &entry);
}

static void test_signed_by_another_custodian(void **state)
{
	uint64_t index;
	sign_by(*state, "teller", &index);
	forge_expect(*state, index, THE_RECORD);
}

static void test_signed_without_the_role(void **state)
{
	uint64_t index;
	sign_by(*state, "merchant", &index);
	forge_expect(*state, index, THE_RECORD);
}

static void test_signed_by_nobody_known(void **state)
{
	uint64_t index;
	sign_by(*state, "stranger", &index);
	forge_expect(*state, index, "does not know");
}

/* A request that says what it likes, properly signed. */
static void add_request(struct forge *forge, const char *name, const char *payload, uint64_t time)
{
	struct submission submission;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	forge_sign(forge, name, slice_text(payload), &submission, handle, signature);
	submission.time = time;
	submission.received = time;
	submission.first_entry = forge->entry_count;
	submission.accepted = 0;
	forge_add_request(forge, &submission);
}

static void test_expired_request(void **state)
{
	struct forge *forge = *state;
	uint64_t late = forge->head.time + INSTANT_HOUR;
	char *payload = kit_payload(forge->kit, "new",
		"{\"mode\":\"all\",\"commands\":[{\"command\":\"party.register\",\"party\":\"Q\","
		"\"kinds\":[\"merchant\"]}]}",
		late - INSTANT_SECOND);
	add_request(forge, "admin", payload, late);
	free(payload);
	forge_expect(forge, forge->entry_count, "REQUEST_EXPIRED");
}

static void test_unreadable_request(void **state)
{
	struct forge *forge = *state;
	add_request(forge, "admin", "{\"method\":\"submit\"}", forge->head.time + 1);
	forge_expect(forge, forge->entry_count, "can not be read");
}

static void test_time_goes_back(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct submission submission;
	size_t index = forge_find(forge, "claim.file", &entry);
	size_t request = forge_find_request(forge, index, &submission);
	submission.time -= INSTANT_DAY;
	forge_replace_request(forge, request, &submission);
	forge_expect(forge, index, "time goes back");
}

/* What became of each command stands in the record: a refusal can not be made up or hushed up. */
static void test_outcome_changed(void **state)
{
	struct forge *forge = *state;
	struct entry entry;
	struct submission submission;
	size_t index = forge_find(forge, "claim.file", &entry);
	size_t request = forge_find_request(forge, index, &submission);
	submission.accepted--;
	forge_replace_request(forge, request, &submission);
	forge_expect(forge, index, THE_RECORD);
}

/* ---- the tree, the head, the checkpoints ---- */

static void test_stored_hash_wrong(void **state)
{
	struct forge *forge = *state;
	forge->wrong_hash = 17;
	forge_expect(forge, 17, "the stored tree hash");
}

static void test_head_wrong(void **state)
{
	struct forge *forge = *state;
	forge->head.time++;
	forge_expect(forge, FORGE_NO_ENTRY, "head");
}

static void current_root(const struct forge *forge, struct crypto_hash *root)
{
	tree_root(&forge->kit->ledger->tree, root);
}

static void test_checkpoint_of_another_history(void **state)
{
	struct forge *forge = *state;
	struct crypto_hash root;
	current_root(forge, &root);
	root.bytes[0] ^= 1;
	forge_checkpoint(forge, "log", forge->entry_count, &root);
	forge_expect(forge, FORGE_NO_ENTRY, "another history");
}

static void test_checkpoint_by_another_key(void **state)
{
	struct forge *forge = *state;
	struct crypto_hash root;
	current_root(forge, &root);
	forge_checkpoint(forge, "not-the-log", forge->entry_count, &root);
	forge_expect(forge, FORGE_NO_ENTRY, "does not verify: NOTE_UNSIGNED");
}

static void test_checkpoint_forged(void **state)
{
	struct forge *forge = *state;
	uint8_t *last;
	memcpy(&last, &forge->note.data, sizeof last);
	/* the size in the text: the signature is then of another text */
	assert_true(last[19] >= '1' && last[19] <= '9');
	last[19] ^= 1;
	forge_expect(forge, FORGE_NO_ENTRY, "does not verify: NOTE_FORGED");
}

static void test_checkpoint_beyond(void **state)
{
	struct forge *forge = *state;
	struct crypto_hash root;
	current_root(forge, &root);
	forge_checkpoint(forge, "log", forge->entry_count + 1, &root);
	forge_expect(forge, FORGE_NO_ENTRY, "was signed");
}

/* The end was cut off, with its requests, and everything made to fit: only what was signed remembers. */
static void cut_off(struct forge *forge)
{
	struct submission submission;
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	for (uint64_t left = submission.accepted; left > 0; left--)
		forge_remove_entry(forge, forge->entry_count - 1);
	forge_remove_request(forge, forge->request_count - 1);
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	forge->head.time = submission.time + submission.accepted - 1;
}

static void test_cut_off_before_checkpoint(void **state)
{
	struct forge *forge = *state;
	cut_off(forge);
	forge_expect(forge, FORGE_NO_ENTRY, "was signed");
}

static void test_cut_off_with_checkpoint(void **state)
{
	struct forge *forge = *state;
	char path[SUPPORT_PATH_MAX];
	struct checkpoint last = {.size = forge->entry_count};
	current_root(forge, &last.root);
	memcpy(last.origin, forge->kit->origin, strlen(forge->kit->origin));
	support_directory_path(&forge->place, "last-signed", path);
	assert_ok(guard_advance(path, &last));
	cut_off(forge);
	forge->note.size = 0;
	forge_expect(forge, FORGE_NO_ENTRY, "missing");
}

/* Without a guard or a checkpoint elsewhere nobody can know that there was more: it is a good history. */
static void test_cut_off_without_witness(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	cut_off(forge);
	forge->note.size = 0;
	forge_write(forge);
	assert_ok(recourse_ledger_audit(&options, &report));
	assert_int_equal(report.checkpoints, 0);
}

/* ---- beside the log ---- */

static void test_log_key_is_another(void **state)
{
	struct forge *forge = *state;
	char vkey[256];
	struct recourse_audit_options options = {.directory = forge->place.path, .log_key = vkey};
	struct recourse_audit report;
	forge_write(forge);
	kit_log_vkey(forge->kit->origin, vkey);
	assert_ok(recourse_ledger_audit(&options, &report));
	kit_log_vkey("example.com/other", vkey);
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_true(report.entry_known);
	assert_int_equal(report.first_wrong, 0);
}

static void test_never_opened(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	assert_ok(recourse_ledger_create(forge->place.path));
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "never opened"));
}

static void test_no_store(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_IO);
	assert_false(report.failed);
	forge_write(forge);
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&forge->place, "log/data.mdb", path);
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	for (int byte = 0; byte < 8192; byte++)
		fputc(0x5a, file);
	assert_int_equal(fclose(file), 0);
	assert_error(recourse_ledger_audit(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "damaged"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGE_TEST(test_copy_is_clean),
		FORGE_TEST(test_posting_changed),
		FORGE_TEST(test_members_changed),
		FORGE_TEST(test_entry_missing),
		FORGE_TEST(test_last_entry_missing),
		FORGE_TEST(test_entries_reordered),
		FORGE_TEST(test_entry_added),
		FORGE_TEST(test_chain_broken),
		FORGE_TEST(test_request_missing),
		FORGE_TEST(test_request_twice),
		FORGE_TEST(test_record_damaged),
		FORGE_TEST(test_signature_changed),
		FORGE_TEST(test_signed_by_another_custodian),
		FORGE_TEST(test_signed_without_the_role),
		FORGE_TEST(test_signed_by_nobody_known),
		FORGE_TEST(test_expired_request),
		FORGE_TEST(test_unreadable_request),
		FORGE_TEST(test_time_goes_back),
		FORGE_TEST(test_outcome_changed),
		FORGE_TEST(test_stored_hash_wrong),
		FORGE_TEST(test_head_wrong),
		FORGE_TEST(test_checkpoint_of_another_history),
		FORGE_TEST(test_checkpoint_by_another_key),
		FORGE_TEST(test_checkpoint_forged),
		FORGE_TEST(test_checkpoint_beyond),
		FORGE_TEST(test_cut_off_before_checkpoint),
		FORGE_TEST(test_cut_off_with_checkpoint),
		FORGE_TEST(test_cut_off_without_witness),
		FORGE_TEST(test_log_key_is_another),
		FORGE_TEST(test_never_opened),
		FORGE_TEST(test_no_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
