/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "kit.h"

#include "base/descriptor.h"
#include "base/instant.h"
#include "base/note_text.h"
#include "base/text.h"
#include "store/notes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Notes of a ledger (I2): what is refused beside a request, what is where after an erasure, a stop, a restored backup. */

#define SAID  "she says: the card was never used"
#define OTHER "he says: the invoice is at home"

static int set_up(void **state)
{
	int error = kit_setup(state);
	if (error == 0)
		kit_play(*state,
			"deposit M 100.00 b-1\ndeclare i M fuel-card\ncard k-1 60.00\nfile c-1 i k-1");
	return error;
}
#define NOTES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, kit_teardown)

/* ---- the door ---- */

static const uint8_t randoms[2][RECOURSE_TEXT_RANDOM_SIZE] = {{1}, {2}};

static struct recourse_text text_of(size_t random, const char *text)
{
	return (struct recourse_text){
		.random = slice_of(randoms[random], sizeof randoms[random]), .text = slice_text(text)};
}

static void commit(const struct recourse_text *text, char hex[static 65])
{
	struct crypto_hash hash;
	note_text_commit(text->random.data, text->text, &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, hex);
}

/* A contact with a note, and so many texts beside it. */
static enum recourse_error record(
	struct kit *kit, const char *note, const struct recourse_text *texts, size_t count)
{
	SCOPED(support_free) char *commands = NULL;
	assert_true(asprintf(&commands,
			    "[{\"command\":\"contact.record\",\"claim\":\"c-1\",\"channel\":\"phone\","
			    "\"direction\":\"in\"%s%s%s}]",
			    note == NULL ? "" : ",\"note\":\"", note == NULL ? "" : note,
			    note == NULL ? "" : "\"") >= 0);
	kit->texts = texts;
	kit->text_count = count;
	enum recourse_error error = kit_submit(kit, "agent", commands);
	kit->texts = NULL;
	kit->text_count = 0;
	return error;
}

static void refused(struct kit *kit, const char *note, const struct recourse_text *texts, size_t count,
	enum recourse_error expected, const char *field)
{
	uint64_t entries = kit_entries(kit);
	struct stat status;
	char path[SUPPORT_PATH_MAX];
	assert_error(record(kit, note, texts, count), expected);
	assert_string_equal(kit->refusal.field, field);
	assert_true(kit->refusal.limit[0] != '\0');
	assert_int_equal(kit_entries(kit), entries);
	support_directory_path(&kit->directory, "notes.texts", path);
	assert_int_not_equal(stat(path, &status), 0);
}

static void test_door(void **state)
{
	struct kit *kit = *state;
	static char longest[NOTE_TEXT_SIZE_MAX + 2];
	struct recourse_text many[RECOURSE_TEXTS_MAX + 1];
	struct recourse_text texts[2] = {text_of(0, SAID), text_of(1, OTHER)};
	char note[65];
	commit(&texts[0], note);
	refused(kit, note, NULL, 0, RECOURSE_FIELD_MISSING, "texts");
	assert_int_equal(kit->refusal.command, 0);
	refused(kit, NULL, texts, 1, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, note, texts, 2, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0]");
	texts[1] = texts[0];
	refused(kit, note, texts, 2, RECOURSE_FIELD_LIMIT, "texts");
	texts[1].random.size = 31;
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].random");
	texts[1].random = slice_of(randoms[1], sizeof randoms[1]);
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0]");
	texts[1].text = slice_text("");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].text");
	texts[1].text = slice_text("\xe5\xae");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0].text");
	memset(longest, 'x', sizeof longest - 1);
	texts[1].text = slice_text(longest);
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].text");
	for (size_t index = 0; index <= RECOURSE_TEXTS_MAX; index++)
		many[index] = texts[0];
	refused(kit, note, many, RECOURSE_TEXTS_MAX + 1, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, "what she said", texts, 1, RECOURSE_FIELD_FORMAT, "note");
	/* 8 KiB are not too many */
	texts[1].text = slice_of(longest, NOTE_TEXT_SIZE_MAX);
	commit(&texts[1], note);
	assert_ok(record(kit, note, texts + 1, 1));
	kit_play(kit, "agent note.unseal note=$last reason=r : results[0].note.state=read ~xxxxxxxx");
}

/* A question has no notes, so it takes no texts. */
static void test_question(void **state)
{
	struct kit *kit = *state;
	const struct recourse_text text = text_of(0, SAID);
	char *reply = NULL;
	kit->texts = &text;
	kit->text_count = 1;
	assert_error(kit_query(kit, "auditor", "report.contacts", "{\"claim\":\"c-1\"}", &reply),
		RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "texts");
	kit->texts = NULL;
	kit->text_count = 0;
}

/* What was taken before is answered, with its texts, without, or with others. */
static void test_repeated(void **state)
{
	struct kit *kit = *state;
	const struct recourse_text texts[2] = {text_of(0, SAID), text_of(1, OTHER)};
	char note[65];
	SCOPED(support_free) char *params = NULL;
	SCOPED(support_free) char *first = NULL;
	commit(&texts[0], note);
	assert_true(
		asprintf(&params,
			"{\"mode\":\"all\",\"commands\":[{\"command\":\"contact.record\",\"claim\":\"c-1\","
			"\"channel\":\"phone\",\"direction\":\"in\",\"note\":\"%s\"}]}",
			note) >= 0);
	kit->texts = texts;
	kit->text_count = 1;
	assert_ok(kit_request(kit, "agent", "once", params, &first));
	for (size_t count = 0; count <= 2; count++) {
		SCOPED(support_free) char *again = NULL;
		kit->text_count = count;
		assert_ok(kit_request(kit, "agent", "once", params, &again));
		assert_string_equal(again, first);
	}
	kit->texts = NULL;
	kit->text_count = 0;
	kit_play(kit, "agent note.unseal note=$last reason=r : results[0].note.text=\"" SAID "\"");
}

/* A reply has as many texts at most as a request may bring. */
static enum recourse_error read_often(struct kit *kit, size_t times)
{
	char commands[64 * (RECOURSE_TEXTS_MAX + 1)] = "[";
	for (size_t index = 0; index < times; index++)
		strcat(strcat(commands, index == 0 ? "" : ","),
			"{\"command\":\"note.unseal\",\"note\":1,\"reason\":\"r\"}");
	return kit_submit(kit, "agent", strcat(commands, "]"));
}

static void test_read_often(void **state)
{
	struct kit *kit = *state;
	assert_error(read_often(kit, RECOURSE_TEXTS_MAX + 1), RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "commands");
	assert_string_equal(kit->refusal.limit, "at most 32 that read a note");
	assert_error(read_often(kit, RECOURSE_TEXTS_MAX), RECOURSE_NOT_FOUND);
}

/* ---- what is in the files ---- */

static bool contains(const char *path, slice bytes)
{
	static uint8_t content[64 << 20];
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_true(file >= 0);
	ssize_t size = read(file, content, sizeof content);
	assert_true(size >= 0 && (size_t)size < sizeof content);
	return memmem(content, (size_t)size, bytes.data, bytes.size) != NULL;
}

/* In how many files of a directory, and of those within, these bytes are. */
static size_t find_bytes(const char *path, slice bytes)
{
	size_t found = 0;
	DIR *directory = opendir(path);
	assert_non_null(directory);
	for (struct dirent *file = readdir(directory); file != NULL; file = readdir(directory)) {
		char name[2 * SUPPORT_PATH_MAX];
		if (file->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, file->d_name);
		found += file->d_type == DT_DIR ? find_bytes(name, bytes) : contains(name, bytes);
	}
	closedir(directory);
	return found;
}

static void read_key(const struct kit *kit, uint64_t number, uint8_t key[static 32])
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "notes.keys", path);
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_int_equal(pread(file, key, 32, (off_t)number * 32), 32);
}

#define ERASE "wish := maker note.erase claim=c-1 reason=asked-for\nchecker proposal.approve proposal=$wish\n"

static void test_nowhere(void **state)
{
	struct kit *kit = *state;
	uint8_t key[32];
	slice said = slice_text(SAID);
	slice used = slice_of(key, sizeof key);
	kit_play(kit, "agent [r] contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"\n"
		      "agent note.unseal note=$last reason=r : results[0].note.text=\"" SAID "\"");
	read_key(kit, 1, key);
	/* neither in the log nor in the state nor in anything beside them, closed or not */
	assert_int_equal(find_bytes(kit->directory.path, said), 0);
	assert_int_equal(find_bytes(kit->directory.path, used), 1);
	kit_play(kit, ERASE);
	assert_int_equal(find_bytes(kit->directory.path, used), 0);
	kit_close(kit);
	assert_int_equal(find_bytes(kit->directory.path, said), 0);
	assert_int_equal(find_bytes(kit->directory.path, used), 0);
	kit_reopen(kit, true);
	assert_int_equal(find_bytes(kit->directory.path, used), 0);
	kit_audit(kit);
}

/* ---- backups ---- */

static void copy_file(const struct kit *kit, const char *from, const char *to)
{
	static uint8_t content[1 << 20];
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, from, path);
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	ssize_t size = read(file, content, sizeof content);
	assert_true(size >= 0);
	support_directory_path(&kit->directory, to, path);
	(void)unlink(path);
	support_write_file(path, slice_of(content, (size_t)size));
}

static void test_older_keys(void **state)
{
	struct kit *kit = *state;
	uint8_t key[32];
	const uint8_t zeroes[32] = {0};
	kit_play(kit, "card k-2 10.00\nfile c-2 i k-2\n"
		      "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"\n"
		      "agent contact.record claim=c-2 channel=phone direction=in note=\"" OTHER "\"");
	uint64_t other = kit->last_entry;
	copy_file(kit, "notes.keys", "backup");
	kit_play(kit, ERASE);
	kit_close(kit);
	copy_file(kit, "backup", "notes.keys");
	read_key(kit, 1, key);
	assert_memory_not_equal(key, zeroes, sizeof key);
	kit_reopen(kit, false);
	read_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
	kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"" OTHER "\"",
		(unsigned long long)other);
	/* and where the state is made again, from the log alone */
	kit_close(kit);
	copy_file(kit, "backup", "notes.keys");
	kit_reopen(kit, true);
	read_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
}

static void test_older_texts(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	copy_file(kit, "notes.texts", "backup");
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" OTHER "\"");
	uint64_t lost = kit->last_entry;
	kit_close(kit);
	copy_file(kit, "backup", "notes.texts");
	kit_reopen(kit, false);
	kit_play(kit,
		"agent note.unseal note=%llu reason=r : results[0].note.state=lost absent "
		"results[0].note.text\n"
		"agent note.unseal note=%llu reason=r : results[0].note.text=\"" SAID "\"",
		(unsigned long long)lost, (unsigned long long)lost - 1);
	/* neither file: all is lost, and what is said from now on is not */
	char path[SUPPORT_PATH_MAX];
	kit_close(kit);
	support_directory_path(&kit->directory, "notes.texts", path);
	assert_int_equal(unlink(path), 0);
	support_directory_path(&kit->directory, "notes.keys", path);
	assert_int_equal(unlink(path), 0);
	kit_reopen(kit, false);
	kit_play(kit,
		"agent note.unseal note=%llu reason=r : results[0].note.state=lost\n"
		"agent contact.record claim=c-1 channel=phone direction=in note=\"" OTHER "\"\n"
		"agent note.unseal note=$last reason=r : results[0].note.text=\"" OTHER "\"",
		(unsigned long long)lost - 1);
	kit_audit(kit);
}

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
	assert_ok(notes_open(directory, &notes));
	assert_ok(notes_keep(&notes, kit->origin, text.entry, &text, 1));
	notes_close(&notes);
	kit_reopen(kit, false);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, before.st_size);
	support_directory_path(&kit->directory, "notes.keys", path);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_size, 2 * 32);
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"third\"\n"
		      "agent note.unseal note=$last reason=r : results[0].note.text=\"third\"");
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
		const struct recourse_text text = text_of(number % 2, said);
		commit(&text, note);
		assert_ok(record(kit, note, &text, 1));
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
	const struct recourse_text texts[2] = {text_of(0, SAID), text_of(1, OTHER)};
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
		commit(&texts[text], note);
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
	read_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
	read_key(kit, 2, key);
	assert_memory_not_equal(key, zeroes, sizeof key);
	unsigned long long first = proposal + 1;
	kit_play(kit,
		"agent note.unseal note=%llu reason=r ! STATE_WRONG note entry=%llu\n"
		"agent note.unseal note=%llu reason=r : results[0].note.text=\"" OTHER "\"",
		first, first + 1, first + 2);
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOTES_TEST(test_door),
		NOTES_TEST(test_question),
		NOTES_TEST(test_repeated),
		NOTES_TEST(test_read_often),
		NOTES_TEST(test_nowhere),
		NOTES_TEST(test_older_keys),
		NOTES_TEST(test_older_texts),
		NOTES_TEST(test_cut_between),
		NOTES_TEST(test_killed),
		NOTES_TEST(test_one_group),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
