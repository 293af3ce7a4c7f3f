/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "base/note_text.h"
#include "store/site.h"

/*
 * What people said, outside log and state: sealed texts (notes_texts.h) and the keys that open them (notes_keys.h), a key
 * for each claim, two files that are backed up apart. A text is sealed by XChaCha20-Poly1305, authenticated with the
 * ledger's origin, its entry and its commitment, so that one can not be put in another's place.
 *
 *     keep:   new keys ─ sync ─ texts ─ sync ─> the log ──> acknowledged
 *     erase:  the log ──> keys overwritten ─ sync ──> acknowledged
 *
 * So whatever the log has was sealed, and what it does not have is cut off when the next group comes, or when it is
 * opened. The files are made with the first text: a ledger without any has none. One thread writes; any reads.
 */
struct notes {
	char directory[DIRECTORY_PATH_SIZE];
	int keys; /* −1: not open, as is the other */
	int texts;
	uint64_t end; /* one behind the entry of the last text that was written; 0: not known */
	struct site sites[2];
};

/* Opens for the writer what is there. VERSION_UNKNOWN for files of another form; IO. */
enum recourse_error notes_open(const char *directory, struct notes *notes);

/* All zeroes, and what was not opened, are fine. */
void notes_close(struct notes *notes);

/* Takes away what was written for this entry and later ones: the log does not have them. IO, MEMORY. */
enum recourse_error notes_cut(struct notes *notes, uint64_t entries);

/* The same of keys behind the last one that the log has: no other claim is to have one that another had. IO. */
enum recourse_error notes_cut_keys(struct notes *notes, uint64_t last);

struct notes_text {
	uint64_t entry;
	uint64_t key; /* its number */
	struct crypto_hash commitment;
	uint8_t random[NOTE_TEXT_RANDOM_SIZE];
	slice text;
};

/* Seals a group's texts, in the order of their entries, the first of the group being `entries`; durable when it returns. STORE_FULL, MEMORY, IO. */
enum recourse_error notes_keep(struct notes *notes, const char *origin, uint64_t entries,
	const struct notes_text *texts, size_t count);

/* Overwrites keys, and is durable when it returns. STORE_FULL, IO. */
enum recourse_error notes_erase(struct notes *notes, const uint64_t *keys, size_t count);

/*
 * Opens what was sealed: `text` says which, and gets its random; its text is appended to `out`. From the files of that
 * directory, by any thread. QUERY_NOT_FOUND where key or text is not there, or they do not fit each other. IO, MEMORY.
 */
enum recourse_error notes_read(
	const char *directory, const char *origin, struct notes_text *text, struct buffer *out);

/* The path of a file that was removed or replaced while it was open; NULL: none was. */
const char *notes_find_changed(const struct notes *notes);
