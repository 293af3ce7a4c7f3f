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
 *     keep:   what the log does not have is cut off ─ new keys ─ sync ─ texts ─ sync ─> the log ──> acknowledged
 *     erase:  the log ──> keys overwritten ─ sync ──> acknowledged
 *
 * So whatever the log has was sealed. What it does not have is cut off before the next group is kept, and not when the
 * files are opened: that may be beside an older log, which is not gone on with. The files are made with the first text: a
 * ledger without any has none; one of which nothing but zeroes, or less than its beginning, was written is not there yet.
 *
 * A file that can not be read, or does not begin as ours do, is lost, and the other with it: nothing is read or sealed, and
 * everything else goes on. One thread writes; any reads.
 */
struct notes {
	char directory[DIRECTORY_PATH_SIZE];
	int keys; /* −1: not open, as is the other */
	int texts;
	bool uncut; /* they may have what the log does not: from opening on, and from a text to its acknowledgement */
	bool lost; /* constant while it is open */
	struct site sites[2];
};

/*
 * Opens for the writer what is there; others than its owner may not read it any more. What is wrong with a file is told,
 * with its path; `tell` may be NULL. VERSION_UNKNOWN for one of another version; IO where the directory is not a path.
 */
typedef void notes_tell(void *context, const char *path, const char *what);
enum recourse_error notes_open(const char *directory, notes_tell *tell, void *context, struct notes *notes);

/* All zeroes, and what was not opened, are fine. */
void notes_close(struct notes *notes);

/*
 * Takes away what the log does not have: texts of entry `entries` and later ones, and keys behind the last one, which no
 * other claim is to have. Durable, for it was overwritten; then `uncut` is false. IO, MEMORY.
 */
enum recourse_error notes_cut(struct notes *notes, uint64_t entries, uint64_t last_key);

struct notes_text {
	uint64_t entry;
	uint64_t key; /* its number */
	struct crypto_hash commitment;
	uint8_t random[NOTE_TEXT_RANDOM_SIZE];
	slice text;
};

/*
 * Seals a group's texts, in the order of their entries; durable when it returns. They are not to be lost or uncut
 * (asserted), and are uncut from then on. STORE_FULL, MEMORY, IO.
 */
enum recourse_error notes_keep(
	struct notes *notes, const char *origin, const struct notes_text *texts, size_t count);

/* The log has them. */
void notes_kept(struct notes *notes);

/* Overwrites keys, also of a file that is lost, where it is open; durable when it returns. STORE_FULL, IO. */
enum recourse_error notes_erase(struct notes *notes, const uint64_t *keys, size_t count);

/*
 * Overwrites keys in a copy of the file of keys; `*count`: how many were still there. Durable when it returns. STORE_CORRUPT,
 * VERSION_UNKNOWN for what is none, STORE_FULL, IO.
 */
enum recourse_error notes_erase_in(const char *path, const uint64_t *keys, size_t count, uint64_t *erased);

/* What could not be erased again is not to be read: it is lost, and told. */
void notes_lose(struct notes *notes, notes_tell *tell, void *context);

/*
 * Opens what was sealed: `text` says which, and gets its random; its text is appended to `out`. From the files of that
 * directory, by any thread. QUERY_NOT_FOUND where key or text is not there or can not be read, or they do not fit. MEMORY.
 */
enum recourse_error notes_read(
	const char *directory, const char *origin, struct notes_text *text, struct buffer *out);

/* The path of a file that was removed or replaced while it was open; NULL: none was. */
const char *notes_find_changed(const struct notes *notes);
