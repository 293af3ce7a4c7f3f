/* SPDX-License-Identifier: Apache-2.0 */
#include "notes_place.h"

#include "base/note_text.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Notes of a ledger (I2): what is refused beside a request, what is where after an erasure or from a backup. */

static void refused(struct kit *kit, const char *note, const struct recourse_text *texts, size_t count,
	enum recourse_error expected, const char *field)
{
	uint64_t entries = kit_entries(kit);
	struct stat status;
	char path[SUPPORT_PATH_MAX];
	assert_error(notes_place_record(kit, note, texts, count), expected);
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
	struct recourse_text texts[2] = {notes_place_text(0, SAID), notes_place_text(1, OTHER)};
	char note[65];
	notes_place_commit(&texts[0], note);
	refused(kit, note, NULL, 0, RECOURSE_FIELD_MISSING, "texts");
	assert_int_equal(kit->refusal.command, 0);
	refused(kit, NULL, texts, 1, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, note, texts, 2, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0]");
	texts[1] = texts[0];
	refused(kit, note, texts, 2, RECOURSE_FIELD_LIMIT, "texts");
	texts[1].random.size = 31;
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].random");
	texts[1].random = notes_place_text(1, "").random;
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0]");
	texts[1].text = slice_text("");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].text");
	texts[1].text = slice_text("\xe5\xae");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0].text");
	texts[1].text = slice_of((const uint8_t *)"she\0says", 8);
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0].text");
	texts[1].text = slice_text("\x1b[2J she says");
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_FORMAT, "texts[0].text");
	assert_string_equal(kit->refusal.limit, "UTF-8, with no control characters but tab and line ends");
	memset(longest, 'x', sizeof longest - 1);
	texts[1].text = slice_text(longest);
	refused(kit, note, texts + 1, 1, RECOURSE_FIELD_LIMIT, "texts[0].text");
	for (size_t index = 0; index <= RECOURSE_TEXTS_MAX; index++)
		many[index] = texts[0];
	refused(kit, note, many, RECOURSE_TEXTS_MAX + 1, RECOURSE_FIELD_LIMIT, "texts");
	refused(kit, "what she said", texts, 1, RECOURSE_FIELD_FORMAT, "note");
	/* 8 KiB are not too many */
	texts[1].text = slice_of(longest, NOTE_TEXT_SIZE_MAX);
	notes_place_commit(&texts[1], note);
	assert_ok(notes_place_record(kit, note, texts + 1, 1));
	kit_play(kit, "agent note.unseal note=$last reason=r : results[0].note.state=read ~xxxxxxxx");
}

/* A question has no notes, so it takes no texts. */
static void test_question(void **state)
{
	struct kit *kit = *state;
	const struct recourse_text text = notes_place_text(0, SAID);
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
	const struct recourse_text texts[2] = {notes_place_text(0, SAID), notes_place_text(1, OTHER)};
	char note[65];
	SCOPED(support_free) char *params = NULL;
	SCOPED(support_free) char *first = NULL;
	notes_place_commit(&texts[0], note);
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

#define ERASE "wish := maker note.erase claim=c-1 reason=asked-for\nchecker proposal.approve proposal=$wish\n"

static void test_nowhere(void **state)
{
	struct kit *kit = *state;
	uint8_t key[32];
	slice said = slice_text(SAID);
	slice used = slice_of(key, sizeof key);
	kit_play(kit, "agent [r] contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"\n"
		      "agent note.unseal note=$last reason=r : results[0].note.text=\"" SAID "\"");
	notes_place_key(kit, 1, key);
	/* neither in the log nor in the state nor in anything beside them, closed or not */
	assert_int_equal(notes_place_find(kit->directory.path, said), 0);
	assert_int_equal(notes_place_find(kit->directory.path, used), 1);
	kit_play(kit, ERASE);
	assert_int_equal(notes_place_find(kit->directory.path, used), 0);
	kit_close(kit);
	assert_int_equal(notes_place_find(kit->directory.path, said), 0);
	assert_int_equal(notes_place_find(kit->directory.path, used), 0);
	kit_reopen(kit, true);
	assert_int_equal(notes_place_find(kit->directory.path, used), 0);
	kit_audit(kit);
}

/* ---- backups ---- */

static void test_older_keys(void **state)
{
	struct kit *kit = *state;
	uint8_t key[32];
	const uint8_t zeroes[32] = {0};
	kit_play(kit, "card k-2 10.00\nfile c-2 i k-2\n"
		      "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"\n"
		      "agent contact.record claim=c-2 channel=phone direction=in note=\"" OTHER "\"");
	uint64_t other = kit->last_entry;
	notes_place_copy(kit, "notes.keys", "backup");
	kit_play(kit, ERASE);
	kit_close(kit);
	notes_place_copy(kit, "backup", "notes.keys");
	notes_place_key(kit, 1, key);
	assert_memory_not_equal(key, zeroes, sizeof key);
	kit_reopen(kit, false);
	notes_place_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
	kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"" OTHER "\"",
		(unsigned long long)other);
	/* and where the state is made again, from the log alone */
	kit_close(kit);
	notes_place_copy(kit, "backup", "notes.keys");
	kit_reopen(kit, true);
	notes_place_key(kit, 1, key);
	assert_memory_equal(key, zeroes, sizeof key);
}

/* Copies of the keys that are at hand, also those of others: what the ledger says is erased is erased in them. */
static void test_copies(void **state)
{
	struct kit *kit = *state;
	uint8_t keys[2][32];
	char copy[SUPPORT_PATH_MAX];
	char other[SUPPORT_PATH_MAX];
	uint64_t count;
	kit_play(kit, "card k-2 10.00\nfile c-2 i k-2\n"
		      "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"\n"
		      "agent contact.record claim=c-2 channel=phone direction=in note=\"" OTHER "\"");
	support_directory_path(&kit->directory, "copy", copy);
	support_directory_path(&kit->directory, "other", other);
	for (uint64_t number = 1; number <= 2; number++)
		notes_place_key(kit, number, keys[number - 1]);
	notes_place_copy(kit, "notes.keys", "copy");
	kit_play(kit, ERASE);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(keys[0], sizeof keys[0])), 1);
	assert_ok(recourse_ledger_erase_in(kit->ledger, copy, &count));
	assert_int_equal(count, 1);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(keys[0], sizeof keys[0])), 0);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(keys[1], sizeof keys[1])), 2);
	assert_int_equal(notes_place_find(kit->directory.path, slice_text(SAID)), 0);
	assert_ok(recourse_ledger_erase_in(kit->ledger, copy, &count));
	assert_int_equal(count, 0);
	assert_error(recourse_ledger_erase_in(kit->ledger, other, &count), RECOURSE_IO);
	notes_place_copy(kit, "notes.texts", "other");
	assert_error(recourse_ledger_erase_in(kit->ledger, other, &count), RECOURSE_STORE_CORRUPT);
	kit_audit(kit);
}

static void test_older_texts(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" SAID "\"");
	notes_place_copy(kit, "notes.texts", "backup");
	kit_play(kit, "agent contact.record claim=c-1 channel=phone direction=in note=\"" OTHER "\"");
	uint64_t lost = kit->last_entry;
	kit_close(kit);
	notes_place_copy(kit, "backup", "notes.texts");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOTES_TEST(test_door),
		NOTES_TEST(test_question),
		NOTES_TEST(test_repeated),
		NOTES_TEST(test_read_often),
		NOTES_TEST(test_nowhere),
		NOTES_TEST(test_older_keys),
		NOTES_TEST(test_copies),
		NOTES_TEST(test_older_texts),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
