/* SPDX-License-Identifier: Apache-2.0 */
#include "notes_place.h"

#include "base/descriptor.h"
#include "base/instant.h"
#include "base/note_text.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int notes_place_setup(void **state)
{
	int error = kit_setup(state);
	if (error == 0)
		kit_play(*state,
			"deposit M 100.00 b-1\ndeclare i M fuel-card\ncard k-1 60.00\nfile c-1 i k-1");
	return error;
}

static const uint8_t randoms[2][RECOURSE_TEXT_RANDOM_SIZE] = {{1}, {2}};

struct recourse_text notes_place_text(size_t random, const char *text)
{
	return (struct recourse_text){
		.random = slice_of(randoms[random], sizeof randoms[random]), .text = slice_text(text)};
}

void notes_place_commit(const struct recourse_text *text, char hex[static 65])
{
	struct crypto_hash hash;
	note_text_commit(text->random.data, text->text, &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, hex);
}

enum recourse_error notes_place_record(
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

void notes_place_words(
	const char *claim, const struct recourse_text *text, char words[static NOTES_PLACE_WORDS])
{
	char note[65];
	notes_place_commit(text, note);
	snprintf(words, NOTES_PLACE_WORDS, "contact.record claim=%s channel=phone direction=in note:=\"%s\"",
		claim, note);
}

enum recourse_error notes_place_try(
	struct kit *kit, const char *key, const char *id, const char *words, const struct recourse_text *text)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	struct recourse_request *request;
	SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + INSTANT_MINUTE);
	kit->texts = text;
	kit->text_count = text != NULL;
	assert_ok(kit_prepare(kit, key, payload, &request));
	kit->texts = NULL;
	kit->text_count = 0;
	enum recourse_error error = recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts);
	recourse_request_release(request);
	return error;
}

static bool contains(const char *path, slice bytes)
{
	static uint8_t content[64 << 20];
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_true(file >= 0);
	ssize_t size = read(file, content, sizeof content);
	assert_true(size >= 0 && (size_t)size < sizeof content);
	return memmem(content, (size_t)size, bytes.data, bytes.size) != NULL;
}

size_t notes_place_find(const char *path, slice bytes)
{
	size_t found = 0;
	DIR *directory = opendir(path);
	assert_non_null(directory);
	for (struct dirent *file = readdir(directory); file != NULL; file = readdir(directory)) {
		char name[2 * SUPPORT_PATH_MAX];
		if (file->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, file->d_name);
		found += file->d_type == DT_DIR ? notes_place_find(name, bytes) : contains(name, bytes);
	}
	closedir(directory);
	return found;
}

void notes_place_key(const struct kit *kit, uint64_t number, uint8_t key[static 32])
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "notes.keys", path);
	SCOPED(descriptor_close) int file = open(path, O_RDONLY);
	assert_int_equal(pread(file, key, 32, (off_t)number * 32), 32);
}

void notes_place_copy(const struct kit *kit, const char *from, const char *to)
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

off_t notes_place_size(const struct kit *kit, const char *name)
{
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_path(&kit->directory, name, path);
	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}
