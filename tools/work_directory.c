/* SPDX-License-Identifier: Apache-2.0 */
#include "work_directory.h"

#include "output.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 16 };

bool work_directory_make(const char *wanted, char *path, size_t size)
{
	char name[PATH_MAX];
	char resolved[PATH_MAX];
	const char *place = getenv("TMPDIR");
	if (wanted == NULL)
		snprintf(name, sizeof name, "%s/recourse-XXXXXX",
			place == NULL || *place == '\0' ? "/tmp" : place);
	else
		snprintf(name, sizeof name, "%s", wanted);
	if (wanted == NULL ? mkdtemp(name) == NULL : mkdir(name, 0700) != 0)
		return false;
	if (realpath(name, resolved) == NULL)
		return false;
	if (strlen(resolved) >= size) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(path, resolved, strlen(resolved) + 1);
	return true;
}

void work_directory_problem(const char *wanted)
{
	bool there = errno == EEXIST;
	output_problem("%s: %s", wanted == NULL ? "a directory below TMPDIR" : wanted, strerror(errno));
	if (there)
		output_next("name a directory that is not there yet");
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	(void)remove(path);
	return 0;
}

void work_directory_remove(const char *path)
{
	(void)nftw(path, remove_one, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
