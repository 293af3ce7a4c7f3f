/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_pair.h"

/*
 * What is expected of a reply, or of an entry: a path into it, and what is to be found there.
 *
 *   state                     a member; where the reply has none of that name and its only list one row, that row's
 *   entries[0].kind           a row by its place
 *   exits[exit=M/e].state     the row that says so of itself
 *   exits[].exit              all rows: their texts with a comma between them
 *   [0].state  [].exit        of the reply's only list: the one that has rows
 *
 *   path=text     the text, number, true, false or null there; or with [ or { JSON that is the same
 *   path:=JSON    exactly this, a number or a text
 *   path~text     has that text somewhere; without a path the whole reply, as JSON
 *   path!~text    has not
 *   path#=2       so many rows; without a path the reply's only list
 *
 * True: it is so. False: `*came` says, on the arena, what there is.
 */
bool play_path_check(slice reply, const struct play_pair *pair, struct arena *arena, const char **came);

/* Nothing is there. */
bool play_path_absent(slice reply, const char *path, struct arena *arena, const char **came);

/* An item as people read it: a text as it is, a number, or JSON. */
const char *play_path_show(slice item, struct arena *arena);
