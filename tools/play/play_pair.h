/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"

/*
 * A name and a value with a sign between them: an argument, or what is expected of a member.
 *
 *   name=value     as the command line takes it, or is to be shown
 *   name:=JSON     exactly this JSON
 *   name~value     a text that has that within       (expectations alone, like those below)
 *   name!~value    and one that has not
 *   name#=value    so many rows
 *
 * Brackets in a name may hold any of them: exits[exit=M/e].state=notice.
 */
enum play_sign {
	PLAY_SIGN_IS,
	PLAY_SIGN_JSON,
	PLAY_SIGN_HAS,
	PLAY_SIGN_LACKS,
	PLAY_SIGN_COUNT,
};

struct play_pair {
	const char *name;
	enum play_sign sign;
	const char *value; /* within the word */
};

/* False when the word has no sign. */
bool play_pair_read(const char *word, struct arena *arena, struct play_pair *pair);

/* The text of a value: without its quotes and their escapes, if it has them. NULL: not such a text. */
const char *play_pair_text(const char *value, struct arena *arena);

/* Whether the value is a JSON array or object. */
static inline bool play_pair_is_json(const char *value)
{
	return *value == '[' || *value == '{';
}

/* A JSON text as an item on the arena. False when it is none. */
bool play_pair_item(const char *json, struct arena *arena, slice *item);
