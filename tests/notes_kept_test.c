/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "notes_place.h"

#include "base/descriptor.h"
#include "base/instant.h"
#include "store/notes.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Notes of a ledger (I2) over stops, full disks, damage and older logs: what was acknowledged is there, and nothing else. */

/* ---- stops, and groups ---- */

/* Stopped between texts and log: the log does not have it, so nobody else's entry gets its text. */
static void test_cut_between(void **state)
{
	struct kit *kit = *state;
	struct notes notes;
	char directory[SUPPORT_PATH_MAX];
	char path[SUPPORT_PATH_MAX];
	struct stat before;
	struct stat after;
	struct notes_text text = {.key = 7, .text = slice_text(OTHER)};
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	snprintf(directory, sizeof directory, "%s", kit->directory.path);
	support_directory_path(&kit->directory, "notes.texts", path);
	assert_int_equal(stat(path, &before), 0);
	text.entry = kit_entries(kit);
	note_text_commit(text.random, text.text, &text.commitment);
	kit_close(kit);
	assert_ok(notes_open(directory, NULL, NULL, &notes));
	assert_ok(notes_cut(&notes, text.entry, 1));
	assert_ok(notes_keep(&notes, kit->origin, &text, 1));
	notes_close(&notes);
	kit_reopen(kit, false);
	/* with the first group that is kept, whatever that says */
	kit_play(kit, "deposit M 1.00 b-2");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	support_directory_path(&kit->directory, "notes.keys", path);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 2 * 32);
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"third\"\n"
		      "agent note.unseal note=$last reason=r : results[0].note.text=\"third\"");
}

/* An older log that was put back and is not gone on with, since the guard remembers more: nothing is lost by that. */
static void test_older_log(void **state)
{
	struct kit *kit = *state;
	struct stat before;
	struct stat after;
	char path[SUPPORT_PATH_MAX];
	kit_close(kit);
	kit_copy(kit, "log/data.mdb", kit, "older");
	kit_reopen(kit, false);
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	uint64_t said = kit->last_entry;
	kit_close(kit);
	support_directory_path(&kit->directory, "notes.texts", path);
	assert_int_equal(stat(path, &before), 0);
	kit_copy(kit, "log/data.mdb", kit, "newer");
	kit_copy(kit, "older", kit, "log/data.mdb");
	kit_reopen(kit, false);
	assert_true(kit_entries(kit) <= said);
	kit_close(kit);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	kit_copy(kit, "newer", kit, "log/data.mdb");
	kit_reopen(kit, false);
	kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"" SAID "\"",
		(unsigned long long)said);
}

/* Requests that are refused make the log longer than the state, so that it is the first that may not grow. */
static void lengthen_log(struct kit *kit)
{
	static char commands[800 * 1024];
	char *end = commands + sprintf(commands, "{\"mode\":\"each\",\"commands\":[");
	for (unsigned int index = 0; index < 5000; index++)
		end += sprintf(end,
			"%s{\"command\":\"contact.record\",\"claim\":\"c-%u\",\"channel\":\"phone\","
			"\"direction\":\"in\"}",
			index == 0 ? "" : ",", 100 + index);
	sprintf(end, "]}");
	char id[] = "long-00";
	for (; notes_place_size(kit, "log/data.mdb") < notes_place_size(kit, "state/data.mdb") + (1 << 20);
		id[6]++)
		assert_ok(kit_request(kit, "agent", id, commands, NULL));
}

/*
 * The log has no room for a group whose text and key are sealed: the next group, which is about another claim and gets the
 * same key's number, gets another key, and nothing of what was not taken is found anywhere.
 */
static void test_append_failed(void **state)
{
	struct kit *kit = *state;
	uint8_t key[32];
	kit_play(kit, "card k-2 10.00\nfile c-2 i k-2");
	lengthen_log(kit);
	const struct recourse_text text = notes_place_text(0, SAID);
	support_limit_files((rlim_t)notes_place_size(kit, "log/data.mdb") + (64 << 20) - 4096);
	char words[NOTES_PLACE_WORDS];
	notes_place_words("c-1", &text, words);
	assert_error(notes_place_try(kit, "agent", "once", words, &text), RECOURSE_STORE_FULL);
	support_limit_files(RLIM_INFINITY);
	notes_place_key(kit, 1, key);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 1);
	kit_play(kit, "agent contact.record claim=c-2 channel=phone direction=in note=\"" OTHER "\"\n"
		      "agent note.unseal note=$last reason=r : results[0].note.text=\"" OTHER "\"");
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 0);
	assert_int_equal(notes_place_size(kit, "notes.texts"), 64 * 4);
	kit_audit(kit);
}

/* ---- files that are damaged ---- */

static void write_at(const struct kit *kit, const char *name, off_t place)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, name, path);
	SCOPED(descriptor_close) int file = open(path, O_RDWR);
	assert_int_equal(pwrite(file, "\xff", 1, place), 1);
}

/* What was said is lost, and no more can be; all else goes on. What was mended is there again. */
static void test_damaged(void **state)
{
	struct kit *kit = *state;
	static const char *const names[] = {"notes.keys", "notes.texts"};
	const struct recourse_text text = notes_place_text(0, SAID);
	char note[65];
	notes_place_commit(&text, note);
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	unsigned long long said = kit->last_entry;
	for (size_t which = 0; which < 2; which++) {
		kit_close(kit);
		notes_place_copy(kit, names[which], "whole");
		write_at(kit, names[which], 3);
		kit_reopen(kit, false);
		kit_play(kit,
			"agent note.unseal note=%llu reason=r : results[0].note.state=lost\n"
			"agent contact.record claim=c-1 channel=phone direction=in",
			said);
		assert_error(notes_place_record(kit, note, &text, 1), RECOURSE_STORE_FAILED);
		assert_string_equal(kit->refusal.field, "texts");
		kit_close(kit);
		notes_place_copy(kit, "whole", names[which]);
		kit_reopen(kit, false);
		kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"" SAID "\"",
			said);
	}
	kit_audit(kit);
}

/* What a process has had acknowledged, for the one that kills it. */
enum { ACKNOWLEDGED_MAX = 4096 };
struct acknowledged {
	_Atomic uint64_t count;
	uint64_t entries[ACKNOWLEDGED_MAX];
};

static void write_text(uint64_t round, uint64_t number, char text[static 80])
{
	snprintf(text, 80, "said in round %llu as number %llu", (unsigned long long)round,
		(unsigned long long)number);
}

static void say_on(struct kit *kit, uint64_t round, struct acknowledged *acknowledged)
{
	kit_reopen(kit, false);
	for (uint64_t number = 0; number < ACKNOWLEDGED_MAX; number++) {
		char said[80];
		char note[65];
		write_text(round, number, said);
		const struct recourse_text text = notes_place_text(number % 2, said);
		notes_place_commit(&text, note);
		assert_ok(notes_place_record(kit, note, &text, 1));
		acknowledged->entries[number] = kit->last_entry;
		acknowledged->count = number + 1;
	}
}

/* Killed wherever it is: what was acknowledged can be read, and so can whatever else the log has. */
static void test_killed(void **state)
{
	struct kit *kit = *state;
	struct acknowledged *acknowledged = child_share(sizeof *acknowledged);
	struct support_random random = support_random_start();
	kit_close(kit);
	for (uint64_t round = 0; round < support_times(5, 100); round++) {
		char said[80];
		acknowledged->count = 0;
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			say_on(kit, round, acknowledged);
			_exit(0);
		}
		while (acknowledged->count < 1 + support_random_below(&random, 40))
			usleep((useconds_t)support_random_below(&random, 3000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		kit->requests += 2 * ACKNOWLEDGED_MAX;
		kit->now += 2 * ACKNOWLEDGED_MAX * INSTANT_SECOND;
		kit_reopen(kit, false);
		/* each request is an entry; the last ones may be in the log, and nobody was told */
		uint64_t end = kit_entries(kit);
		assert_true(end > acknowledged->entries[acknowledged->count - 1]);
		for (uint64_t entry = acknowledged->entries[0]; entry < end; entry++) {
			write_text(round, entry - acknowledged->entries[0], said);
			kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"%s\"",
				(unsigned long long)entry, said);
		}
		kit_close(kit);
	}
	child_unshare(acknowledged, sizeof *acknowledged);
	kit_reopen(kit, false);
	kit_audit(kit);
}

static void send_together(struct kit *kit, struct recourse_request *const *requests, size_t count)
{
	static const uint8_t salts[4][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}, {4}};
	assert_ok(recourse_ledger_commit(kit->ledger, requests, count, kit->now, salts));
	for (size_t index = 0; index < count; index++)
		assert_ok(kit_reply(kit, requests[index], NULL));
}

/* Said, erased and said again in one group: in the order of entries. */
static void test_one_group(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *requests[3];
	const struct recourse_text texts[2] = {notes_place_text(0, SAID), notes_place_text(1, OTHER)};
	uint8_t key[32];
	const uint8_t zeroes[32] = {0};
	char words[200];
	char note[65];
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"before\"\n"
		      "maker note.erase claim=c-1 reason=asked-for");
	uint64_t proposal = kit->last_entry;
	for (size_t index = 0; index < 3; index++) {
		bool erases = index == 1;
		size_t text = index / 2;
		notes_place_commit(&texts[text], note);
		if (erases)
			snprintf(words, sizeof words, "proposal.approve proposal=%llu",
				(unsigned long long)proposal);
		else
			snprintf(words, sizeof words,
				"contact.record claim=c-1 channel=phone direction=in note:=\"%s\"", note);
		char id[16];
		snprintf(id, sizeof id, "group-%zu", index);
		SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + 60000000000);
		kit->texts = erases ? NULL : &texts[text];
		kit->text_count = !erases;
		assert_ok(kit_prepare(kit, erases ? "checker" : "agent", payload, &requests[index]));
	}
	kit->texts = NULL;
	kit->text_count = 0;
	send_together(kit, requests, 3);
	for (size_t index = 0; index < 3; index++)
		recourse_request_release(requests[index]);
	notes_place_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
	notes_place_key(kit, 2, key);
	assert_memory_not_equal(key, zeroes, sizeof key);
	unsigned long long first = proposal + 1;
	kit_play(kit,
		"agent note.unseal note=%llu reason=r ! STATE_WRONG note entry=%llu\n"
		"agent note.unseal note=%llu reason=r : results[0].note.text=\"" OTHER "\"",
		first, first + 1, first + 2);
	kit_audit(kit);
}

/* Read by an entry, and erased by a later one before it is answered. */
static void test_erased_meanwhile(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *requests[2];
	char words[2][100];
	SCOPED(support_free) char *answer = NULL;
	static const uint8_t salts[2][RECOURSE_SALT_SIZE] = {{1}, {2}};
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	unsigned long long said = kit->last_entry;
	kit_play(kit, "maker note.erase claim=c-1 reason=asked-for");
	unsigned long long wish = kit->last_entry;
	snprintf(words[0], sizeof words[0], "note.unseal note=%llu reason=r", said);
	snprintf(words[1], sizeof words[1], "proposal.approve proposal=%llu", wish);
	for (size_t index = 0; index < 2; index++) {
		char id[] = "both-0";
		id[5] = (char)('0' + index);
		SCOPED(support_free)
		char *payload = kit_words(kit, id, words[index], kit->now + 60 * INSTANT_SECOND);
		assert_ok(kit_prepare(kit, index == 0 ? "agent" : "checker", payload, &requests[index]));
	}
	assert_ok(recourse_ledger_commit(kit->ledger, requests, 2, kit->now, salts));
	assert_ok(kit_reply(kit, requests[0], &answer));
	assert_non_null(strstr(answer, "\"state\":\"erased\""));
	assert_null(strstr(answer, SAID));
	for (size_t index = 0; index < 2; index++)
		recourse_request_release(requests[index]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOTES_TEST(test_cut_between),
		NOTES_TEST(test_older_log),
		NOTES_TEST(test_append_failed),
		NOTES_TEST(test_damaged),
		NOTES_TEST(test_killed),
		NOTES_TEST(test_one_group),
		NOTES_TEST(test_erased_meanwhile),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
