/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"
#include "recourse_ledger.h"

/*
 * Where the pieces of backups are: a directory that may have those of several ledgers. A piece's name says of which ledger it
 * is, by its origin's hash, and between which of its requests:
 *
 *     backup-1f2e3d4c-000000000000-000000005081.piece      beside what is not finished: backup-1f2e3d4c.half
 */
enum { BACKUP_ID_SIZE = 8 };

struct backup_pieces {
	char id[BACKUP_ID_SIZE + 1]; /* of all of them; empty: there are none */
	char **paths;                /* in their order */
	uint64_t *from;
	uint64_t *to;
	size_t count;
	char lacking[200]; /* why they are not a whole row, for people; empty: they are one */
};

void backup_place_id(const char *origin, char id[static BACKUP_ID_SIZE + 1]);

/*
 * Those of one ledger, NULL: of whichever there are, from the first on without a gap. Names what is wrong: the place can not be
 * read; has pieces of several. A gap is left to the caller.
 */
enum exit_code backup_place_read(const char *place, const char *id, struct backup_pieces *pieces);
void backup_place_free(struct backup_pieces *pieces);

/* Makes it where it is not there, and keeps others out of it until the descriptor is closed. */
enum exit_code backup_place_hold(const char *place, int *held);

/* Not within the ledger, nor the other way round. Names it. */
enum exit_code backup_place_apart(const char *ledger, const char *place);

/* Says what is the matter with a backup, and what to do next. */
enum exit_code backup_place_tell(const char *path, const struct recourse_backup *backup);

/* A ledger of so many entries that is to be read: it says why it never signs, for whoever meets it. */
enum exit_code backup_place_never(const char *directory, uint64_t entries, const char *why);

/* The key that seals pieces; NULL path: none. */
enum exit_code backup_place_key(const char *path, uint8_t key[static RECOURSE_BACKUP_KEY_SIZE]);
enum exit_code backup_place_make_key(const char *path);
