/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_people.h"
#include "play/play_script.h"
#include "recourse_schema.h"

/*
 * What is said to a method: words name=value as on the command line, as the map that it takes. Nothing is checked:
 * what is wrong is for the ledger to refuse. Beyond the command line:
 *
 *   key=@maker          the key of a person of the scenario: public where a key belongs, else the handle
 *   …_hash=ab*          a hash whose 64 digits repeat these
 *   name:=JSON          whatever type it is; [ or { need no colon
 */

/* Whether the word is an argument of that method: a pair that has the name of one of its fields, or is JSON. */
bool play_argument_is(const struct recourse_method *method, const char *word, struct arena *arena);

/*
 * Appends the map; `name` of a command as its first member, NULL for a query. `method` is NULL for one that is not
 * there. NULL, or what is wrong with one of the words.
 */
const char *play_argument_write(const struct play_people *people, const char *name,
	const struct recourse_method *method, const struct play_word *words, size_t count,
	struct arena *arena, struct buffer *out);
