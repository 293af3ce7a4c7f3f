/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/directory.h"

/*
 * A file that does nothing but take room, beside the state: on a full disk it is given up, so that the state can show
 * what the log has already, and a start can come to its end. It is made again when there is room.
 */
struct ballast {
	char path[DIRECTORY_PATH_SIZE];
	uint64_t size; /* that is wanted; 0: none is made, but one that is there is given up all the same */
	bool there;
};

/* Looks whether it is there, whole. IO: the directory's name is too long. */
enum recourse_error ballast_find(struct ballast *ballast, const char *directory, uint64_t size);

/* Makes it. Where that fails there is none. */
void ballast_make(struct ballast *ballast);

/* False when there was none to give up. */
bool ballast_give_up(struct ballast *ballast);

/* Wanted, and not there. */
bool ballast_missing(const struct ballast *ballast);
