/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "audit_both.h"
#include "books/record_ledger.h"
#include "proof/guard.h"
#include "base/instant.h"

#include <stdio.h>
#include <string.h>

/* J4: a history that was tampered with is found out, and its first wrong entry named. See forge.h. */
#define THE_RECORD "the record of request"

static void test_copy_is_clean(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	forge_write(forge);
	assert_ok(audit_both(&options, &report));
	assert_false(report.failed);
	assert_string_equal(report.what, "");
	assert_int_equal(report.entries, forge->entry_count);
	assert_int_equal(report.tree_size, forge->entry_count);
	assert_int_equal(report.requests, forge->request_count);
	assert_int_equal(report.checkpoints, 1);
	assert_false(report.state_compared);
	assert_string_equal(report.origin, "example.com/ledger");
}

/* What the forger does, in the place that he chose or at the end; `entry` is where it must be found out. */
struct spot {
	uint64_t entry;
	struct entry it;
	size_t request; /* that made it */
	struct submission record;
};

/* ---- entries ---- */

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

static void double_postings(struct forge *forge, struct spot *spot)
{
	struct entry_postings walk = entry_postings(&spot->it);
	struct entry_posting posting;
	SCOPED(buffer_free) struct buffer postings = {0};
	item_write_array(&postings, walk.left);
	while (entry_postings_next(&walk, &posting)) {
		posting.steps *= 2;
		entry_encode_posting(&posting, &postings);
	}
	spot->it.postings = buffer_slice(&postings);
	forge_replace_entry(forge, spot->entry, &spot->it);
}

static void remove_entry(struct forge *forge, struct spot *spot)
{
	forge_remove_entry(forge, spot->entry);
}

static void remove_last_entry(struct forge *forge, struct spot *spot)
{
	forge_remove_entry(forge, --spot->entry);
}

static void swap_entries(struct forge *forge, struct spot *spot)
{
	slice first = forge->entries[spot->entry];
	forge->entries[spot->entry] = forge->entries[spot->entry + 1];
	forge->entries[spot->entry + 1] = first;
}

static void add_entry(struct forge *forge, struct spot *spot)
{
	forge_add_entry(forge, forge->entries[spot->entry - 1]);
}

/* One link is changed and nothing behind it. */
static void break_chain(struct forge *forge, struct spot *spot)
{
	spot->it.previous.bytes[5] ^= 1;
	forge_replace_entry(forge, spot->entry, &spot->it);
	forge->rechain = false;
}

/* ---- requests ---- */

static void change_signature(struct submission *record)
{
	static uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	memcpy(signature, record->signature.data, sizeof signature);
	signature[10] ^= 1;
	record->signature = slice_of(signature, sizeof signature);
}

static void put_back_time(struct submission *record)
{
	record->time -= INSTANT_DAY;
}

static void hush_up(struct submission *record)
{
	record->accepted--;
}

static void remove_request(struct forge *forge, struct spot *spot)
{
	forge_remove_request(forge, spot->request);
}

static void damage_record(struct forge *forge, struct spot *spot)
{
	forge->requests[spot->request].size--;
}

static void repeat_request(struct forge *forge, struct spot *spot)
{
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &spot->record));
	spot->record.time = forge->head.time + 1;
	forge_add_request(forge, &spot->record);
}

/* Signed by another, with every byte that follows from it put right. */
static void sign_by(struct forge *forge, struct spot *spot, const char *name)
{
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	forge_sign(forge, name, spot->record.payload, &spot->record, handle, signature);
	forge_replace_request(forge, spot->request, &spot->record);
	spot->it.key = slice_text(handle);
	forge_replace_entry(forge, spot->entry, &spot->it);
}

static void sign_by_another_custodian(struct forge *forge, struct spot *spot)
{
	sign_by(forge, spot, "teller");
}

static void sign_without_the_role(struct forge *forge, struct spot *spot)
{
	sign_by(forge, spot, "merchant");
}

static void sign_by_nobody_known(struct forge *forge, struct spot *spot)
{
	sign_by(forge, spot, "stranger");
}

/* A request that says what it likes, properly signed. */
static void add_request(struct forge *forge, const char *payload, uint64_t time)
{
	struct submission submission;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	forge_sign(forge, "admin", slice_text(payload), &submission, handle, signature);
	submission.time = time;
	submission.received = time;
	submission.first_entry = forge->entry_count;
	submission.accepted = 0;
	forge_add_request(forge, &submission);
}

static void add_expired(struct forge *forge, struct spot *spot)
{
	uint64_t late = forge->head.time + INSTANT_HOUR;
	SCOPED(support_free)
	char *payload =
		kit_words(forge->kit, "new", "party.register party=Q kinds=merchant", late - INSTANT_SECOND);
	add_request(forge, payload, late);
}

static void add_unreadable(struct forge *forge, struct spot *spot)
{
	add_request(forge, "{\"method\":\"submit\"}", forge->head.time + 1);
}

/* ---- the tree, the head, the checkpoints ---- */

static void store_wrong_hash(struct forge *forge, struct spot *spot)
{
	spot->entry = TREE_WIDTH - 1; /* which completes it */
	forge->wrong_hash = 0;
}

static void change_head(struct forge *forge, struct spot *spot)
{
	forge->head.time++;
}

/* A checkpoint of what stands there; of another history if asked. */
static void sign_checkpoint(struct forge *forge, const char *signer, uint64_t size, uint8_t other)
{
	struct crypto_hash root;
	tree_root(&forge->kit->ledger->tree, &root);
	root.bytes[0] ^= other;
	forge_checkpoint(forge, signer, size, &root);
}

static void sign_another_history(struct forge *forge, struct spot *spot)
{
	sign_checkpoint(forge, "log", forge->entry_count, 1);
}

static void sign_by_another_key(struct forge *forge, struct spot *spot)
{
	sign_checkpoint(forge, "not-the-log", forge->entry_count, 0);
}

static void sign_beyond(struct forge *forge, struct spot *spot)
{
	sign_checkpoint(forge, "log", forge->entry_count + 1, 0);
}

/* The size in the text: the signature is then of another text. */
static void forge_note(struct forge *forge, struct spot *spot)
{
	uint8_t *last;
	memcpy(&last, &forge->note.data, sizeof last);
	assert_true(last[19] >= '1' && last[19] <= '9');
	last[19] ^= 1;
}

/* The end was cut off, with its requests, and everything made to fit: only what was signed remembers. */
static void cut_off(struct forge *forge, struct spot *spot)
{
	struct submission submission;
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	for (uint64_t left = submission.accepted; left > 0; left--)
		forge_remove_entry(forge, forge->entry_count - 1);
	forge_remove_request(forge, forge->request_count - 1);
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &submission));
	forge->head.time = submission.time + submission.accepted - 1;
}

static void cut_off_with_checkpoint(struct forge *forge, struct spot *spot)
{
	char path[SUPPORT_PATH_MAX];
	struct checkpoint last = {.size = forge->entry_count};
	tree_root(&forge->kit->ledger->tree, &last.root);
	memcpy(last.origin, forge->kit->origin, strlen(forge->kit->origin));
	support_directory_path(&forge->place, "last-signed", path);
	assert_ok(guard_advance(path, &last));
	cut_off(forge, spot);
	forge->note.size = 0;
}

/* ---- all of it is found ---- */

static const struct tampering {
	const char *text; /* that the audit says */
	const char *kind; /* of the entry in whose place it is done; NULL: at the end */
	void (*entry)(struct entry *entry);
	void (*record)(struct submission *record);
	void (*forge)(struct forge *forge, struct spot *spot);
	bool unnamed; /* no entry is named */
	bool refused; /* the service does not open it either */
} tamperings[] = {
	/* I1, I2, I3: money is moved that nobody ordered moved, the entry balances all the same */
	{NOT_WHAT_FOLLOWS, "payout.settle", .forge = double_postings, .refused = true},
	/* I12: another rule, another actor, another time, other words, another salt: each is in the leaf */
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_rule},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_actor},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_time},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_policy},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_request},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_salt},
	{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_body},
	{NOT_WHAT_FOLLOWS, "funding.receive", .forge = remove_entry, .refused = true},
	{"missing", NULL, .forge = remove_last_entry, .refused = true},
	{NOT_WHAT_FOLLOWS, "payout.instruct", .forge = swap_entries},
	{"its requests make", NULL, .forge = add_entry, .refused = true},
	{NOT_WHAT_FOLLOWS, "distribution.approve", .forge = break_chain},
	/* its funding gone, the payouts that follow would have been refused */
	{THE_RECORD, "funding.receive", .forge = remove_request},
	{"should not have been recorded", NULL, .forge = repeat_request},
	{"is damaged", "claim.file", .forge = damage_record},
	{"does not verify", "claim.file", .record = change_signature},
	{"time goes back", "claim.file", .record = put_back_time},
	/* what became of each command stands in the record: a refusal can not be made up or hushed up */
	{THE_RECORD, "claim.file", .record = hush_up},
	{THE_RECORD, "funding.receive", .forge = sign_by_another_custodian},
	{THE_RECORD, "funding.receive", .forge = sign_without_the_role},
	{"does not know", "funding.receive", .forge = sign_by_nobody_known},
	{"REQUEST_EXPIRED", NULL, .forge = add_expired},
	{"can not be read", NULL, .forge = add_unreadable},
	{"the stored tree hash", NULL, .forge = store_wrong_hash},
	{"head", NULL, .forge = change_head, .unnamed = true},
	{"another history", NULL, .forge = sign_another_history, .unnamed = true},
	{"does not verify: NOTE_UNSIGNED", NULL, .forge = sign_by_another_key, .unnamed = true},
	{"does not verify: NOTE_FORGED", NULL, .forge = forge_note, .unnamed = true},
	{"was signed", NULL, .forge = sign_beyond, .unnamed = true},
	{"was signed", NULL, .forge = cut_off, .unnamed = true},
	{"missing", NULL, .forge = cut_off_with_checkpoint, .unnamed = true},
};

static void tamper(struct forge *forge, const struct tampering *tampering, struct spot *spot)
{
	*spot = (struct spot){.entry = forge->entry_count};
	if (tampering->kind != NULL) {
		spot->entry = forge_find(forge, tampering->kind, &spot->it);
		spot->request = forge_find_request(forge, spot->entry, &spot->record);
	}
	if (tampering->entry != NULL) {
		tampering->entry(&spot->it);
		forge_replace_entry(forge, spot->entry, &spot->it);
	} else if (tampering->record != NULL) {
		tampering->record(&spot->record);
		forge_replace_request(forge, spot->request, &spot->record);
	} else {
		tampering->forge(forge, spot);
	}
}

static void try_tampering(struct forge *forge, const struct tampering *tampering)
{
	struct spot spot;
	tamper(forge, tampering, &spot);
	forge_expect(forge, tampering->unnamed ? FORGE_NO_ENTRY : spot.entry, tampering->text);
	if (tampering->refused)
		forge_expect_not_opened(forge);
}

static void test_tampered(void **state)
{
	for (size_t index = 0; index < sizeof tamperings / sizeof tamperings[0]; index++) {
		void *forge;
		forge_setup(&forge);
		print_message("  %zu: %s\n", index, tamperings[index].text);
		try_tampering(forge, &tamperings[index]);
		forge_teardown(&forge);
	}
}

/* Without a guard or a checkpoint elsewhere nobody can know that there was more: it is a good history. */
/* What comes first in the log is said, whether it is found in deciding or in comparing, which is done behind it. */
static void test_first_of_two(void **state)
{
	static const struct tampering pairs[][2] = {
		{{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_rule}, {.forge = add_unreadable}},
		{{NOT_WHAT_FOLLOWS, "claim.decide", .entry = change_body}, {.forge = add_expired}},
		{{"does not verify", "claim.file", .record = change_signature}, {.forge = repeat_request}},
		{{"does not verify", "claim.file", .record = change_signature},
			{.kind = "payout.settle", .forge = double_postings}},
		{{"time goes back", "claim.file", .record = put_back_time},
			{.kind = "claim.decide", .entry = change_rule}},
	};
	for (size_t index = 0; index < sizeof pairs / sizeof pairs[0]; index++) {
		struct spot first;
		struct spot second;
		void *forge;
		forge_setup(&forge);
		tamper(forge, &pairs[index][0], &first);
		tamper(forge, &pairs[index][1], &second);
		assert_true(first.entry < second.entry);
		forge_expect(forge, first.entry, pairs[index][0].text);
		forge_teardown(&forge);
	}
}

/* Of one request the signature is looked at before what it asks for. */
static void test_unsigned_and_expired(void **state)
{
	struct forge *forge = *state;
	struct submission record;
	struct spot spot;
	add_expired(forge, &spot);
	assert_ok(submission_decode(forge->requests[forge->request_count - 1], &record));
	change_signature(&record);
	forge_replace_request(forge, forge->request_count - 1, &record);
	forge_expect(forge, forge->entry_count, "does not verify");
}

static void test_cut_off_without_witness(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	cut_off(forge, &(struct spot){0});
	forge->note.size = 0;
	forge_write(forge);
	assert_ok(audit_both(&options, &report));
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
	assert_ok(audit_both(&options, &report));
	kit_log_vkey("example.com/other", vkey);
	assert_error(audit_both(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_true(report.entry_known);
	assert_int_equal(report.first_wrong, 0);
}

static void test_never_opened(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	assert_ok(recourse_ledger_create(forge->place.path));
	assert_error(audit_both(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "never opened"));
}

static void test_no_store(void **state)
{
	struct forge *forge = *state;
	struct recourse_audit_options options = {.directory = forge->place.path};
	struct recourse_audit report;
	assert_error(audit_both(&options, &report), RECOURSE_IO);
	assert_false(report.failed);
	forge_write(forge);
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&forge->place, "log/data.mdb", path);
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	for (int byte = 0; byte < 8192; byte++)
		fputc(0x5a, file);
	assert_int_equal(fclose(file), 0);
	assert_error(audit_both(&options, &report), RECOURSE_AUDIT_FAILED);
	assert_non_null(strstr(report.what, "damaged"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGE_TEST(test_copy_is_clean),
		cmocka_unit_test(test_tampered),
		cmocka_unit_test(test_first_of_two),
		FORGE_TEST(test_unsigned_and_expired),
		FORGE_TEST(test_cut_off_without_witness),
		FORGE_TEST(test_log_key_is_another),
		FORGE_TEST(test_never_opened),
		FORGE_TEST(test_no_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
