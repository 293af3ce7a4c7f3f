/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/note_text.h"
#include "decide/request.h"

/*
 * The texts that came beside a request: looked at before anything is decided, like its signature, and no part of what is.
 */
struct said_text {
	uint8_t random[NOTE_TEXT_RANDOM_SIZE];
	slice text;
	struct crypto_hash commitment;
	bool used; /* a note was found for it */
};
struct said {
	struct arena arena; /* secret */
	struct said_text *texts;
	size_t count;
};

/*
 * Copies them, whatever becomes of it to be freed: each note of the request's commands has one, and each of them a note.
 * FIELD_LIMIT, FIELD_FORMAT with the text that is at fault, FIELD_MISSING with the first command that has none; MEMORY.
 */
enum recourse_error said_take(struct said *said, const struct recourse_signed *from,
	const struct request *request, struct recourse_refusal *refusal);

/* All zeroes are fine. */
void said_free(struct said *said);

/*
 * Appends, as struct notes_text, those of which the entries from `first` up to `end`, not with it, have the note: what was
 * refused is not kept. Borrows from what was said. STORE_CORRUPT, MEMORY.
 */
enum recourse_error said_note(
	const struct said *said, struct state_view *state, uint64_t first, uint64_t end, struct buffer *out);
