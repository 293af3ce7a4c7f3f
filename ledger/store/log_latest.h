/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/boot.h"
#include "store/directory.h"
#include "store/group.h"

/*
 * The latest groups, in a file beside LMDB's: what is few is written there, whole and through to the disk, in one wait, and
 * LMDB's own file is told to the system only. It is brought to the disk when this one is full, when something else is
 * added, and at the end; from then on this one says nothing again.
 *
 *   from 0, each on pages of its own   SHA-256 of what follows up to its end; then
 *     32 u32 kind   36 u32 size, with the hash   40 which start of the machine   80 the two first pages of LMDB's file
 *     384 head before   440 head after   496 entries, then requests: u32 length, bytes
 *
 * Each goes on from the head of the one before. Where what stands at 0 is none, there is none.
 *
 * The first one's pages are those that LMDB's file had when all of it was on the disk. What that state consists of is not
 * written over while the file says anything: who wrote it holds it as a reader. So after a power cut, whatever LMDB's file
 * has of later pages, these two are put back, and the groups added again.
 */
enum {
	LOG_LATEST_PAGE = 4096,
	LOG_LATEST_SIZE = 128 * LOG_LATEST_PAGE,
	LOG_LATEST_GROUP_MAX = 16 * 1024, /* of entries and requests: else it is as soon written at once */
	LOG_LATEST_META_SIZE = 152,       /* of each of LMDB's two: page_meta.h */
};

struct log_latest_pages {
	uint8_t bytes[2][LOG_LATEST_META_SIZE];
};

struct log_latest {
	char path[DIRECTORY_PATH_SIZE];
	int file;       /* −1: none yet */
	bool failed;    /* it could not be made: nothing is written to it any more */
	uint64_t place; /* of the next one; 0: there is none */
	struct log_latest_pages pages;
	struct log_latest_pages found; /* by who puts those back */
	struct boot_id boot;
	struct buffer bytes;
};

/* What a file says to whoever finds it. */
enum log_latest_standing {
	LOG_LATEST_NONE,
	LOG_LATEST_HERE, /* the machine was not started since: LMDB's file has, for the system, whatever was told */
	LOG_LATEST_CUT_OFF, /* or it was, or nobody knows: LMDB's file is not to be believed */
};

/* Nothing is opened or made yet. IO when the path is too long. To be closed. */
enum recourse_error log_latest_start(struct log_latest *latest, const char *directory);
void log_latest_close(struct log_latest *latest);

/*
 * While its log is opened, and mended where that is needed: who opens it to write is alone, and who reads it beside others who
 * read. Waits for that, and takes it before the directory's lock: so where somebody has that lock meanwhile, his log is open. Let
 * go by its end, too. Where there is no file there is nothing to mend, and nobody is held up. IO.
 */
enum recourse_error log_latest_hold(struct log_latest *latest, bool read_only);
void log_latest_let_go(struct log_latest *latest);

/* Opens it where there is one. IO. */
enum recourse_error log_latest_look(
	struct log_latest *latest, bool read_only, enum log_latest_standing *standing);

/*
 * Puts the first one's two pages back into LMDB's file, which nobody has open, through to the disk. QUERY_NOT_FOUND: that has
 * earlier ones, so it is another, and is left alone. STORE_CORRUPT: its pages are of another size. IO.
 */
enum recourse_error log_latest_restore(struct log_latest *latest, const char *directory);

/* After that: so many groups can have led from these pages to those that were found. Each was one commit, or is to be. */
bool log_latest_led(const struct log_latest *latest, uint64_t groups);

/* The file was another's: what was found there is put back, if nothing was committed since. IO. */
enum recourse_error log_latest_give_back(const struct log_latest *latest, const char *directory);

/*
 * The one at that place, if it goes on from the head: as a group that is begun above the head and the tree, whose leaves are
 * yet to be chained; and the head that it must have then. The place is moved behind it. QUERY_NOT_FOUND: no further one. MEMORY.
 */
enum recourse_error log_latest_read(struct log_latest *latest, uint64_t *place, const struct log_head *head,
	const struct tree *tree, struct group *group, struct log_head *after);

/* Whether any is beyond the head; the first such is at the place. */
bool log_latest_beyond(struct log_latest *latest, const struct log_head *head, uint64_t *place);

/* Whether it can take it: it is small, and there is room behind the others. Makes the file where there is none. */
bool log_latest_takes(struct log_latest *latest, const struct group *group);

/* The first one takes the two pages from LMDB's file, all of which must be on the disk. IO. */
enum recourse_error log_latest_begin(struct log_latest *latest, int data);

/* Writes a group that it can take behind the others. OK: it is on the disk. STORE_FULL, IO, MEMORY: it may be, or not. */
enum recourse_error log_latest_write(struct log_latest *latest, const struct group *group);

/* It says nothing from now on. All that it said must be on the disk elsewhere. IO, STORE_FULL: nobody knows. */
enum recourse_error log_latest_clear(struct log_latest *latest);
