/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/directory.h"

/*
 * A name, and which file or directory it stands for. What a process has open stays whole for it when the name is
 * removed or given to another: it would go on writing, and acknowledge, what nobody finds afterwards.
 */
struct site {
	char path[DIRECTORY_PATH_SIZE]; /* empty: nothing is noted */
	uint64_t device;
	uint64_t inode;
};

/*
 * Notes what stands there. With a descriptor (else −1) that is what was opened by that name: STORE_FAILED where the name
 * stands for another by now. IO.
 */
enum recourse_error site_note(const char *path, int descriptor, struct site *site);

/* STORE_FAILED when the name stands for nothing or for another; where nothing is noted there is nothing to check. */
enum recourse_error site_check(const struct site *site);

/* The first of them of which that is so; NULL: none. */
const struct site *site_find_changed(const struct site *sites, size_t count);

/*
 * What must not be of a name on which a ledger is to stand: SITE_LINK, a symbolic link, which somebody may point
 * elsewhere; SITE_FOREIGN, another user's than ours or root's; SITE_OPEN, where everybody may remove what is ours.
 * SITE_SHARED, writable by the group, may be meant so. What is not there is SITE_FIT.
 */
enum site_standing { SITE_FIT, SITE_SHARED, SITE_LINK, SITE_FOREIGN, SITE_OPEN };
enum site_standing site_look(const char *path);

/* "is a symbolic link", for people. */
const char *site_words(enum site_standing standing);
