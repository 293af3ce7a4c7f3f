/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/descriptor.h"
#include "store/notes.h"
#include "store/notes_texts.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sealed texts and their keys: found again, never in another's place, gone with the key; torn and damaged files. */

#define ORIGIN "example.com/notes"

static const char *text_of(uint64_t entry, char text[static NOTE_TEXT_SIZE_MAX + 1])
{
	size_t size = (size_t)(entry * 997 % NOTE_TEXT_SIZE_MAX) + 1;
	for (size_t at = 0; at < size; at++)
		text[at] = (char)('a' + (entry + at) % 26);
	text[size] = '\0';
	return text;
}

static struct notes_text note_of(uint64_t entry, const char *text)
{
	struct notes_text note = {.entry = entry, .key = entry % 5 + 1, .text = slice_text(text)};
	memset(note.random, (int)(entry & 0xff), sizeof note.random);
	note_text_commit(note.random, note.text, &note.commitment);
	return note;
}

/* Beside a log that has all that is there. */
static void open_notes(const struct support_directory *directory, struct notes *notes)
{
	assert_ok(notes_open(directory->path, NULL, NULL, notes));
	assert_false(notes->lost);
	assert_ok(notes_cut(notes, UINT64_MAX, UINT32_MAX));
}

static void keep(struct notes *notes, uint64_t entry)
{
	char text[NOTE_TEXT_SIZE_MAX + 1];
	struct notes_text note = note_of(entry, text_of(entry, text));
	assert_ok(notes_keep(notes, ORIGIN, &note, 1));
	notes_kept(notes);
}

static enum recourse_error read_note(const char *directory, struct notes_text note)
{
	char text[NOTE_TEXT_SIZE_MAX + 1];
	SCOPED(buffer_free) struct buffer out = {0};
	TRY(notes_read(directory, ORIGIN, &note, &out));
	assert_true(slice_equal(buffer_slice(&out), slice_text(text_of(note.entry, text))));
	assert_int_equal(note.random[0], note.entry & 0xff);
	return RECOURSE_OK;
}

static enum recourse_error read_entry(const char *directory, uint64_t entry)
{
	char text[NOTE_TEXT_SIZE_MAX + 1];
	return read_note(directory, note_of(entry, text_of(entry, text)));
}

static void test_found_again(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	struct notes notes;
	struct stat status;
	open_notes(directory, &notes);
	assert_error(read_entry(directory->path, 3), RECOURSE_QUERY_NOT_FOUND);
	assert_ok(notes_erase(&notes, (const uint64_t[]){1}, 1));
	support_directory_path(directory, "notes.keys", path);
	assert_int_not_equal(stat(path, &status), 0); /* none before the first text */
	for (uint64_t entry = 3; entry < 900; entry += entry % 7 + 1)
		keep(&notes, entry);
	for (uint64_t entry = 3; entry < 900; entry += entry % 7 + 1) {
		assert_ok(read_entry(directory->path, entry));
		if (entry % 7 != 0)
			assert_error(read_entry(directory->path, entry + 1), RECOURSE_QUERY_NOT_FOUND);
	}
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	notes_close(&notes);
	open_notes(directory, &notes);
	keep(&notes, 900);
	assert_ok(read_entry(directory->path, 3));
	assert_ok(read_entry(directory->path, 900));
	notes_close(&notes);
}

/* A key, an entry or a commitment that is another's, another ledger, another's ciphertext. */
static void test_nothing_in_anothers_place(void **state)
{
	const struct support_directory *directory = *state;
	char text[NOTE_TEXT_SIZE_MAX + 1];
	char path[SUPPORT_PATH_MAX];
	SCOPED(buffer_free) struct buffer out = {0};
	struct notes notes;
	open_notes(directory, &notes);
	keep(&notes, 10); /* keys 1 */
	keep(&notes, 15);
	const struct notes_text note = note_of(10, text_of(10, text));
	struct notes_text other = note;
	other.key = 2;
	assert_error(read_note(directory->path, other), RECOURSE_QUERY_NOT_FOUND);
	other = note;
	other.commitment.bytes[31] ^= 1;
	assert_error(read_note(directory->path, other), RECOURSE_QUERY_NOT_FOUND);
	other = note;
	assert_error(
		notes_read(directory->path, "example.com/other", &other, &out), RECOURSE_QUERY_NOT_FOUND);
	/* the one of 15 written behind a head of 20, and read as 20's, which has the same key */
	support_directory_path(directory, "notes.texts", path);
	SCOPED(descriptor_close) int file = open(path, O_RDWR);
	SCOPED(buffer_free) struct buffer sealed = {0};
	SCOPED(buffer_free) struct buffer written = {0};
	assert_ok(notes_texts_read(file, 15, &sealed));
	notes_texts_encode(20, buffer_slice(&sealed), &written);
	assert_int_equal(lseek(file, 0, SEEK_END) % NOTES_TEXTS_BLOCK, 0);
	assert_int_equal(write(file, written.data, written.size), (ssize_t)written.size);
	other = note_of(15, text_of(15, text));
	assert_ok(read_note(directory->path, other));
	other.entry = 20;
	assert_error(read_note(directory->path, other), RECOURSE_QUERY_NOT_FOUND);
	notes_close(&notes);
}

static void test_erased(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	uint8_t key[32];
	uint8_t after[32];
	const uint8_t zeroes[32] = {0};
	struct notes notes;
	open_notes(directory, &notes);
	keep(&notes, 6); /* key 2 */
	keep(&notes, 7); /* key 3 */
	support_directory_path(directory, "notes.keys", path);
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_int_equal(pread(file, key, sizeof key, 64), sizeof key);
	assert_memory_not_equal(key, zeroes, sizeof key);
	assert_ok(notes_erase(&notes, (const uint64_t[]){2, 9}, 2));
	assert_int_equal(pread(file, after, sizeof after, 64), sizeof after);
	assert_memory_equal(after, zeroes, sizeof after);
	assert_error(read_entry(directory->path, 6), RECOURSE_QUERY_NOT_FOUND);
	assert_ok(read_entry(directory->path, 7));
	assert_ok(notes_erase(&notes, (const uint64_t[]){2}, 1));
	notes_close(&notes);
}

/* What a group that the log does not have left behind, whole or torn at any byte, is not there for the next. */
static void test_cut(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	struct stat whole;
	struct stat before;
	support_directory_path(directory, "notes.texts", path);
	for (off_t torn = 0; torn < 1100; torn += 37) {
		struct notes notes;
		(void)unlink(path);
		open_notes(directory, &notes);
		keep(&notes, 5);
		assert_int_equal(stat(path, &before), 0);
		keep(&notes, 8);
		keep(&notes, 9);
		assert_int_equal(stat(path, &whole), 0);
		notes_close(&notes);
		assert_int_equal(truncate(path, whole.st_size - torn), 0);
		assert_ok(notes_open(directory->path, NULL, NULL, &notes));
		assert_ok(read_entry(directory->path, 5));
		assert_ok(notes_cut(&notes, 6, UINT32_MAX));
		assert_error(read_entry(directory->path, 8), RECOURSE_QUERY_NOT_FOUND);
		assert_error(read_entry(directory->path, 9), RECOURSE_QUERY_NOT_FOUND);
		keep(&notes, 6);
		keep(&notes, 8);
		assert_ok(read_entry(directory->path, 5));
		assert_ok(read_entry(directory->path, 6));
		assert_ok(read_entry(directory->path, 8));
		notes_close(&notes);
	}
}

/* A group whose log had no room: neither its text nor its key is there for the next, which begins at the same entry. */
static void test_not_kept(void **state)
{
	const struct support_directory *directory = *state;
	char text[NOTE_TEXT_SIZE_MAX + 1];
	char path[SUPPORT_PATH_MAX];
	uint8_t key[32];
	uint8_t after[32];
	struct notes notes;
	struct notes_text note = note_of(30, text_of(30, text));
	note.key = 6;
	open_notes(directory, &notes);
	keep(&notes, 24); /* key 5 */
	assert_ok(notes_keep(&notes, ORIGIN, &note, 1));
	assert_true(notes.uncut);
	support_directory_path(directory, "notes.keys", path);
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_int_equal(pread(file, key, sizeof key, 6 * 32), sizeof key);
	assert_ok(notes_cut(&notes, 28, 5));
	assert_false(notes.uncut);
	assert_error(read_note(directory->path, note), RECOURSE_QUERY_NOT_FOUND);
	assert_int_equal(pread(file, after, sizeof after, 6 * 32), 0);
	note = note_of(29, text_of(29, text));
	note.key = 6;
	assert_ok(notes_keep(&notes, ORIGIN, &note, 1));
	notes_kept(&notes);
	assert_int_equal(pread(file, after, sizeof after, 6 * 32), sizeof after);
	assert_memory_not_equal(key, after, sizeof key);
	assert_ok(read_note(directory->path, note));
	assert_ok(read_entry(directory->path, 24));
	notes_close(&notes);
}

/* No room in the middle of a text: nothing of it is there, and with room it is kept after all. */
static void test_full(void **state)
{
	const struct support_directory *directory = *state;
	char text[NOTE_TEXT_SIZE_MAX + 1];
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	struct notes notes;
	struct notes_text note = note_of(9, text_of(9, text));
	support_directory_path(directory, "notes.texts", path);
	open_notes(directory, &notes);
	keep(&notes, 8);
	assert_int_equal(stat(path, &status), 0);
	for (rlim_t room = 0; room < note.text.size; room += 401) {
		support_limit_files((rlim_t)status.st_size + room);
		assert_ok(notes_cut(&notes, 9, UINT32_MAX));
		enum recourse_error error = notes_keep(&notes, ORIGIN, &note, 1);
		support_limit_files(RLIM_INFINITY);
		assert_error(error, RECOURSE_STORE_FULL);
		assert_error(read_entry(directory->path, 9), RECOURSE_QUERY_NOT_FOUND);
		assert_ok(read_entry(directory->path, 8));
	}
	assert_ok(notes_cut(&notes, 9, UINT32_MAX));
	keep(&notes, 9);
	assert_ok(read_entry(directory->path, 9));
	notes_close(&notes);
}

/* One that is damaged, wherever, is not found; the others are, and it is never another text. */
static void test_damaged(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	struct notes notes;
	open_notes(directory, &notes);
	for (uint64_t entry = 1; entry <= 40; entry++)
		keep(&notes, entry);
	support_directory_path(directory, "notes.texts", path);
	assert_int_equal(stat(path, &status), 0);
	SCOPED(descriptor_close) int file = open(path, O_RDWR);
	for (off_t at = NOTES_TEXTS_BLOCK; at < status.st_size; at += 509) {
		uint8_t byte;
		size_t lost = 0;
		assert_int_equal(pread(file, &byte, 1, at), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(file, &byte, 1, at), 1);
		for (uint64_t entry = 1; entry <= 40; entry++)
			lost += read_entry(directory->path, entry) != RECOURSE_OK;
		assert_true(lost <= 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(file, &byte, 1, at), 1);
	}
	notes_close(&notes);
}

/* What was told, a line each. */
static void take_words(void *context, const char *path, const char *what)
{
	buffer_append_format(context, "%s %s\n", strrchr(path, '/') + 1, what);
}

static enum recourse_error open_told(
	const struct support_directory *directory, const char *words, struct notes *notes)
{
	SCOPED(buffer_free) struct buffer told = {0};
	enum recourse_error error = notes_open(directory->path, take_words, &told, notes);
	buffer_append(&told, "", 1);
	if (strncmp((const char *)told.data, words, strlen(words)) != 0 || (*words == '\0' && told.size > 1))
		fail_msg("told: %s", (const char *)told.data);
	return error;
}

/* Another version's is refused; what is no file of ours, or can not be read, is lost, and left as it is. */
static void test_other_files(void **state)
{
	const struct support_directory *directory = *state;
	static const char foreign[] = "something else that somebody put there";
	const char *const names[] = {"notes.keys", "notes.texts"};
	char path[SUPPORT_PATH_MAX];
	char words[100];
	struct notes notes;
	for (size_t which = 0; which < 2; which++) {
		struct stat status;
		support_directory_path(directory, names[which], path);
		support_write_file(path, slice_text(foreign));
		snprintf(words, sizeof words, "%s is damaged", names[which]);
		assert_ok(open_told(directory, words, &notes));
		assert_true(notes.lost);
		assert_ok(notes_cut(&notes, 0, 0));
		notes_close(&notes);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_size, sizeof foreign - 1);
		support_write_file(path, which == 0
						 ? slice_text("recourse-note-keys-v2\n\0\0\0\0\0\0\0\0\0\0")
						 : slice_text("recourse-note-texts-v2\n"));
		snprintf(words, sizeof words, "%s is of another version", names[which]);
		assert_error(open_told(directory, words, &notes), RECOURSE_VERSION_UNKNOWN);
		notes_close(&notes);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkfifo(path, 0600), 0);
		snprintf(words, sizeof words, "%s can not be read", names[which]);
		assert_ok(open_told(directory, words, &notes));
		assert_true(notes.lost);
		notes_close(&notes);
		assert_int_equal(unlink(path), 0);
	}
}

/* Keys of a file whose beginning is damaged are erased all the same. */
static void test_erased_in_damaged(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	uint8_t key[32] = {1};
	const uint8_t zeroes[32] = {0};
	struct notes notes;
	open_notes(directory, &notes);
	keep(&notes, 6); /* key 2 */
	notes_close(&notes);
	support_directory_path(directory, "notes.keys", path);
	SCOPED(descriptor_close) int file = open(path, O_RDWR);
	assert_int_equal(pwrite(file, "x", 1, 3), 1);
	assert_ok(open_told(directory, "notes.keys is damaged", &notes));
	assert_ok(notes_erase(&notes, (const uint64_t[]){2}, 1));
	assert_int_equal(pread(file, key, sizeof key, 64), sizeof key);
	assert_memory_equal(key, zeroes, sizeof key);
	notes_close(&notes);
}

/* Of which nothing came to the disk but the size, or less than the beginning. */
static void test_not_made_yet(void **state)
{
	const struct support_directory *directory = *state;
	const char *const names[] = {"notes.keys", "notes.texts"};
	char path[SUPPORT_PATH_MAX];
	struct notes notes;
	for (size_t size = 0; size <= 200; size += 8) {
		for (size_t which = 0; which < 2; which++) {
			static const char zeroes[200];
			support_directory_path(directory, names[which], path);
			support_write_file(path, size == 8 ? slice_text("recourse-note")
							   : slice_of((const uint8_t *)zeroes, size));
			assert_int_equal(chmod(path, 0600), 0);
		}
		assert_ok(open_told(directory, "", &notes));
		assert_false(notes.lost);
		assert_ok(notes_cut(&notes, 0, 0));
		keep(&notes, 1);
		assert_ok(read_entry(directory->path, 1));
		notes_close(&notes);
		assert_ok(open_told(directory, "", &notes));
		assert_false(notes.lost);
		notes_close(&notes);
	}
}

/* A file that came from elsewhere, where everybody could read it. */
static void test_private(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	struct notes notes;
	open_notes(directory, &notes);
	keep(&notes, 1);
	notes_close(&notes);
	support_directory_path(directory, "notes.keys", path);
	assert_int_equal(chmod(path, 0644), 0);
	assert_ok(open_told(directory, "notes.keys could be read by others", &notes));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_false(notes.lost);
	notes_close(&notes);
}

static void test_replaced(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	char aside[SUPPORT_PATH_MAX];
	struct notes notes;
	support_directory_path(directory, "notes.keys", path);
	support_directory_path(directory, "aside", aside);
	open_notes(directory, &notes);
	keep(&notes, 1);
	assert_null(notes_find_changed(&notes));
	assert_int_equal(rename(path, aside), 0);
	assert_string_equal(notes_find_changed(&notes), path);
	assert_int_equal(rename(aside, path), 0);
	assert_null(notes_find_changed(&notes));
	notes_close(&notes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_found_again),
		DIRECTORY_TEST(test_nothing_in_anothers_place),
		DIRECTORY_TEST(test_erased),
		DIRECTORY_TEST(test_cut),
		DIRECTORY_TEST(test_not_kept),
		DIRECTORY_TEST(test_full),
		DIRECTORY_TEST(test_damaged),
		DIRECTORY_TEST(test_other_files),
		DIRECTORY_TEST(test_erased_in_damaged),
		DIRECTORY_TEST(test_not_made_yet),
		DIRECTORY_TEST(test_private),
		DIRECTORY_TEST(test_replaced),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
