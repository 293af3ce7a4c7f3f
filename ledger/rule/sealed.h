/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_sealed.h"
#include "rule/decision.h"

/*
 * What people say about a claim (I2): a command has its commitment, in a field of the type note; the ledger knows whose it
 * is and by which key it is sealed; text and key are outside (store/notes.h). A command that is kept for others to agree to
 * has none: its text comes with the request that says it, and would be sealed for an entry that there is not yet.
 */

/* Takes it down, for this entry; one that was not given is fine. */
enum recourse_error sealed_note(struct decision *decision, slice claim, const struct value *note);

/* All zeroes where nothing was said about the claim yet. */
enum recourse_error sealed_read(struct state_view *view, slice claim, struct record_sealed *sealed);

/* Stores it, and puts the entry into the claim's index. */
enum recourse_error sealed_put_about(struct decision *decision, slice claim, struct record_sealed *sealed);

struct record_path sealed_key_path(uint64_t number);

/* The number of the last key that was given out; 0: none was. */
enum recourse_error sealed_last_key(struct state_view *view, uint64_t *number);

/* The entry that erased the key of a note; 0: it is there. */
enum recourse_error sealed_erased(struct state_view *view, const struct record_note *note, uint64_t *entry);

/*
 * The keys that entries from `first` on erased, `capacity` of them at most; `*next` is where to go on, 0 at the end: an
 * entry, which erases one key.
 */
enum recourse_error sealed_erasures(struct state_view *view, uint64_t first, uint64_t *keys, size_t capacity,
	size_t *count, uint64_t *next);
