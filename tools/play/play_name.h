/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_script.h"

/*
 * What stands behind the dollars of a scenario:
 *
 *   $gap  $gap+1  $gap-1     the number of an entry, or the count of a repetition, and those beside it
 *   $claim                   a parameter of the definition that is played: its text as it was given
 *   $*                       all words of the call beyond the parameters
 *   $$                       a dollar
 *
 * Entries' names belong to the whole case; parameters to the definition; a count to its repetition, in a definition's
 * body or outside of one.
 */
struct play_name {
	const char *name;
	const char *text;
	uint64_t number;
	bool counts; /* number, rather than text */
};

struct play_names {
	struct buffer names; /* of struct play_name: given in the case */
};

/* What is being played inside of what. */
struct play_frame {
	const struct play_frame *above;
	const struct play_step *call; /* the step that led here */
	const struct play_name *names;
	size_t count;
	const struct play_word *rest;
	size_t rest_count;
	bool open; /* a repetition: what is above can be named too */
};

/* Gives a name, or gives it anew. The texts are borrowed. */
void play_name_set(struct play_names *names, const struct play_name *name);

/* NULL when nothing is called so there. */
const struct play_name *play_name_find(
	const struct play_names *names, const struct play_frame *frame, slice name);

/* A step with everything in its place, on the arena. NULL: `*unknown` is what nothing is called. */
const struct play_step *play_name_fill(const struct play_names *names, const struct play_frame *frame,
	const struct play_step *step, struct arena *arena, const char **unknown);
