/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "exit_code.h"

/*
 * A scenario file as steps of words, with what it includes in its place. PLAY.md describes the language; here is what a
 * word and a step are:
 *
 *   word   up to the next blank; "…" and what stands between [ ] or { } holds its blanks together
 *   step   a line, and those after it that do not begin with a name, "=" or "?"
 *
 *     maker  deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r      one step
 *              ! INSUFFICIENT merchant available=0.99
 *     = 2010 M 0.99                                                            the next
 */
struct play_word {
	const char *text; /* as it is written */
	uint32_t line;
};

struct play_step {
	const char *file;
	uint32_t line;
	size_t count; /* of words, at least one */
	const struct play_word *words;
};

/* From `first` up to `end`, not with it: indexes of steps. */
struct play_block {
	const char *name; /* of a definition, or a case's title */
	size_t first;
	size_t end;
	const struct play_step *head; /* the line that began it */
};

struct play_script {
	struct arena arena;        /* of all texts and words */
	struct buffer steps;       /* of struct play_step */
	struct buffer definitions; /* of struct play_block */
	struct buffer cases;       /* of struct play_block; none: all of the file is one */
	size_t preamble;           /* so many steps stand before the first case, and belong to each */
};

/* A path, or "<golden>" for a scenario that the program brings along. EXIT_CODE_DATA, _UNAVAILABLE: the mistake was named, with file and line. Free it in any case. */
enum exit_code play_script_read(const char *path, struct play_script *script);

/* The same of a text, as if it stood in a file of that path. */
enum exit_code play_script_read_text(const char *path, slice text, struct play_script *script);
void play_script_free(struct play_script *script);

size_t play_script_case_count(const struct play_script *script);
struct play_block play_script_case(const struct play_script *script, size_t index);
const struct play_step *play_script_step(const struct play_script *script, size_t index);

/* NULL when nothing of that name is defined. */
const struct play_block *play_script_definition(const struct play_script *script, const char *name);

/* The first step that says `step NUMBER` with that number or a higher one; the number of steps if there is none. */
size_t play_script_part(const struct play_script *script, uint64_t number);

/* The `end` that belongs to the step, which begins a definition or a repetition. */
size_t play_script_end(const struct play_script *script, size_t index);
