/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "file.h"

/*
 * A directory of new files that is there with all of them or not at all, and never in the place of another one. For its
 * owner alone: mode 700, its files 600.
 */
enum { PAY_PLACE_FILES_MAX = 10000 };

struct pay_place {
	const char *path;
	char aside[FILE_PATH_MAX]; /* where it is made; empty: nowhere */
	char *names[PAY_PLACE_FILES_MAX];
	size_t count;
};

/* EXISTS where something of that path is; IO, and errno says why. `path` has to be the caller's as long as the place is used. */
enum recourse_error pay_place_open(struct pay_place *place, const char *path);

/* A file of it, through to the disk, and what is on the disk then. FIELD_LIMIT: too many files; IO, MEMORY. */
enum recourse_error pay_place_write(
	struct pay_place *place, const char *name, slice data, struct buffer *back);

/* All of it is there, or EXISTS, IO: nothing is, and it was dropped. */
enum recourse_error pay_place_keep(struct pay_place *place);
void pay_place_drop(struct pay_place *place);
