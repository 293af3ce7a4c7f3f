/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/notes.h"

#include "books/record.h"

/*
 * What a group that is decided brings for the stores beside the log: texts to be sealed before the log has it, and keys to
 * be overwritten once it has. A group that has neither costs nothing.
 */
struct sealing {
	struct buffer texts; /* of struct notes_text, in the order of their entries */
	struct buffer keys;  /* of uint64_t, their numbers */
};
struct sealing_mark {
	size_t texts;
	size_t keys;
};
struct sealing_mark sealing_mark(const struct sealing *sealing);
void sealing_rollback(struct sealing *sealing, const struct sealing_mark *mark);
void sealing_free(struct sealing *sealing);

/* Its texts were kept. */
void sealing_forget(struct sealing *sealing);

/* Adds the keys that entries from `first` on erased. MEMORY, STORE_CORRUPT. */
enum recourse_error sealing_erased(struct sealing *sealing, struct state_view *state, uint64_t first);

/*
 * Before the log has the group, of which `entries` is the first, and the state as it was before it: what the log does not
 * have is cut off, where there may be any, and the texts are durable. As notes_cut() and notes_keep(); STORE_CORRUPT.
 */
enum recourse_error sealing_keep(const struct sealing *sealing, struct notes *notes, struct state *state,
	const char *origin, uint64_t entries);

/* Whether there are keys to be overwritten. */
bool sealing_erases(const struct sealing *sealing);

/* The log has the group: OUTCOME_UNKNOWN where a key could not be overwritten. */
enum recourse_error sealing_erase(const struct sealing *sealing, struct notes *notes);
