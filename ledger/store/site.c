/* SPDX-License-Identifier: Apache-2.0 */
#include "store/site.h"

#include "base/try.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum recourse_error site_note(const char *path, int descriptor, struct site *site)
{
	struct stat status;
	int length = snprintf(site->path, sizeof site->path, "%s", path);

	if (length < 0 || length >= (int)sizeof site->path)
		return RECOURSE_IO;
	if ((descriptor >= 0 ? fstat(descriptor, &status) : stat(path, &status)) != 0)
		return RECOURSE_IO;
	site->device = status.st_dev;
	site->inode = status.st_ino;
	return descriptor >= 0 ? site_check(site) : RECOURSE_OK;
}

enum recourse_error site_check(const struct site *site)
{
	struct stat status;

	if (site->path[0] == '\0')
		return RECOURSE_OK;
	bool same = stat(site->path, &status) == 0 && status.st_dev == site->device &&
		    status.st_ino == site->inode;
	return same ? RECOURSE_OK : RECOURSE_STORE_FAILED;
}

const struct site *site_find_changed(const struct site *sites, size_t count)
{
	for (size_t index = 0; index < count; index++) {
		if (site_check(&sites[index]) != RECOURSE_OK)
			return &sites[index];
	}
	return NULL;
}

enum site_standing site_look(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return SITE_FIT;
	if (S_ISLNK(status.st_mode))
		return SITE_LINK;
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return SITE_FOREIGN;
	if ((status.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
		return SITE_OPEN;
	return (status.st_mode & S_IWGRP) != 0 ? SITE_SHARED : SITE_FIT;
}

const char *site_words(enum site_standing standing)
{
	switch (standing) {
	case SITE_FIT:
		return "is as it should be";
	case SITE_SHARED:
		return "can be written by its group";
	case SITE_LINK:
		return "is a symbolic link";
	case SITE_FOREIGN:
		return "belongs to another user";
	case SITE_OPEN:
		return "can be written by everybody";
	}
	return "";
}
