/* SPDX-License-Identifier: Apache-2.0 */
#include "play_people.h"

#include <stdio.h>

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

enum recourse_error play_people_open(
	const struct play_people *people, const char *name, struct key_secret *key)
{
	char full[KEY_NAME_SIZE + 1];
	struct crypto_hash seed;
	int size = snprintf(full, sizeof full, "%s/%s", origin_of(people, name), name);
	if (size >= (int)sizeof full)
		return RECOURSE_KEY_MALFORMED;
	play_people_seed(name, &seed);
	return key_open_seed(slice_text(full), seed.bytes, key);
}

void play_people_vkey(const struct play_people *people, const char *name, char text[static KEY_TEXT_SIZE])
{
	struct key_secret key;
	*text = '\0';
	if (play_people_open(people, name, &key) != RECOURSE_OK)
		return;
	key_format(&key.public_key, text);
	key_close(&key);
}

void play_people_handle(
	const struct play_people *people, const char *name, char text[static KEY_HANDLE_SIZE + 1])
{
	struct key_secret key;
	*text = '\0';
	if (play_people_open(people, name, &key) != RECOURSE_OK)
		return;
	key_handle(&key.public_key, text);
	key_close(&key);
}
