/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_people.h"

#include "recourse_client.h"

#include <stdio.h>
#include <unistd.h>

void play_people_stranger(struct play_people *people, const char *name, const char *origin)
{
	struct play_stranger stranger = {.name = name, .origin = origin};
	buffer_append(&people->strangers, &stranger, sizeof stranger);
}

static const char *origin_of(const struct play_people *people, const char *name)
{
	const struct play_stranger *all = (const struct play_stranger *)(const void *)people->strangers.data;
	for (size_t index = 0; index < people->strangers.size / sizeof *all; index++) {
		if (strcmp(all[index].name, name) == 0)
			return all[index].origin;
	}
	return people->origin;
}

void play_people_seed(const char *name, struct crypto_hash *seed)
{
	crypto_sha256(slice_text(name), seed);
}

static bool write_name(
	const struct play_people *people, const char *name, char full[static KEY_NAME_SIZE + 1])
{
	return snprintf(full, KEY_NAME_SIZE + 1, "%s/%s", origin_of(people, name), name) <= KEY_NAME_SIZE;
}

enum recourse_error play_people_file(
	const struct play_people *people, const char *name, char path[static PLAY_PEOPLE_PATH_SIZE])
{
	char full[KEY_NAME_SIZE + 1];
	int size = snprintf(path, PLAY_PEOPLE_PATH_SIZE, "%s/%s", people->directory, name);
	if (size >= PLAY_PEOPLE_PATH_SIZE || strchr(name, '/') != NULL || !write_name(people, name, full))
		return RECOURSE_KEY_MALFORMED;
	return access(path, F_OK) == 0 ? RECOURSE_OK : recourse_key_create(path, full);
}

enum recourse_error play_people_open(
	const struct play_people *people, const char *name, struct key_secret *key)
{
	char path[PLAY_PEOPLE_PATH_SIZE];
	char full[KEY_NAME_SIZE + 1];
	struct crypto_hash seed;
	if (people->directory != NULL) {
		enum recourse_error error = play_people_file(people, name, path);
		return error == RECOURSE_OK ? key_open_file(path, key) : error;
	}
	if (!write_name(people, name, full))
		return RECOURSE_KEY_MALFORMED;
	play_people_seed(name, &seed);
	return key_open_seed(slice_text(full), seed.bytes, key);
}

/* ---- whom a ledger knows ---- */

static bool called(const struct play_known *known, slice name)
{
	slice full = slice_of(known->vkey, known->name);
	if (slice_equal(full, name))
		return true;
	return full.size > name.size && full.data[full.size - name.size - 1] == '/' &&
	       slice_equal(slice_of(full.data + full.size - name.size, name.size), name);
}

/* The newest of that name. */
static const struct play_known *find_known(const struct play_people *people, const char *name)
{
	const struct play_known *all = (const struct play_known *)(const void *)people->known.data;
	for (size_t index = people->known.size / sizeof *all; index > 0; index--) {
		if (called(&all[index - 1], slice_text(name)))
			return &all[index - 1];
	}
	return NULL;
}

void play_people_know(struct play_people *people, slice vkey)
{
	struct play_known known = {.name = 0};
	if (vkey.size >= sizeof known.vkey)
		return;
	memcpy(known.vkey, vkey.data, vkey.size);
	known.name = strcspn(known.vkey, "+");
	buffer_append(&people->known, &known, sizeof known);
}

bool play_people_knows(const struct play_people *people, const char *name)
{
	return find_known(people, name) != NULL;
}

void play_people_forget(struct play_people *people)
{
	buffer_free(&people->strangers);
	buffer_free(&people->known);
}

/* ---- keys as text ---- */

void play_people_vkey(const struct play_people *people, const char *name, char text[static KEY_TEXT_SIZE])
{
	const struct play_known *known = find_known(people, name);
	struct key_secret key;
	*text = '\0';
	if (known != NULL) {
		memcpy(text, known->vkey, sizeof known->vkey);
	} else if (play_people_open(people, name, &key) == RECOURSE_OK) {
		key_format(&key.public_key, text);
		key_close(&key);
	}
}

void play_people_handle(
	const struct play_people *people, const char *name, char text[static KEY_HANDLE_SIZE + 1])
{
	char vkey[KEY_TEXT_SIZE];
	play_people_vkey(people, name, vkey);
	size_t size = strcspn(vkey, "+");
	size += vkey[size] == '+';
	size += strcspn(vkey + size, "+");
	snprintf(text, KEY_HANDLE_SIZE + 1, "%.*s", (int)size, vkey);
}
