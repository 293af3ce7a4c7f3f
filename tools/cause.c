/* SPDX-License-Identifier: Apache-2.0 */
#include "cause.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(char text[static CAUSE_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is too long is cut. */
static void say(char text[static CAUSE_SIZE], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, CAUSE_SIZE, format, arguments);
	va_end(arguments);
}

/* ---- people ---- */

enum { USER_SIZE = 64 };

static void name_user(uid_t user, char name[static USER_SIZE])
{
	const struct passwd *entry = getpwuid(user);
	if (entry != NULL)
		snprintf(name, USER_SIZE, "%s", entry->pw_name);
	else
		snprintf(name, USER_SIZE, "user %u", (unsigned)user);
}

/* Who it belongs to, who asks, and what its mode lets him do. */
static void say_denied(const char *path, const struct stat *status, const char *may, struct cause *cause)
{
	char owner[USER_SIZE];
	char asks[USER_SIZE];
	name_user(status->st_uid, owner);
	name_user(geteuid(), asks);
	say(cause->what, "%s: Permission denied: %s may not %s, it is %s's with mode %04o", path, asks, may,
		owner, (unsigned)status->st_mode & 07777);
	say(cause->next, "do this as %s, or have %s give %s the right to it", owner, owner, asks);
}

/* ---- paths ---- */

/* The system's reason; and where a path begins that is not there, and does not say so. */
static void say_failed(const char *path, int reason, struct cause *cause)
{
	char here[PATH_MAX];
	say(cause->what, "%s: %s", path, strerror(reason));
	if (reason == ENOENT && path[0] != '/' && getcwd(here, sizeof here) != NULL)
		say(cause->next, "paths are taken from %s", here);
}

/* The directory that it lies in, which has to be there and to be entered. */
static bool say_parent(const char *path, struct cause *cause)
{
	char copy[PATH_MAX];
	struct stat status;
	if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy) {
		say(cause->what, "%.100s…: File name too long", path);
		return true;
	}
	const char *parent = dirname(copy);
	if (strcmp(parent, path) == 0)
		return false;
	if (stat(parent, &status) != 0) {
		if (say_parent(parent, cause))
			return true;
		say_failed(parent, errno, cause);
		return true;
	}
	if (!S_ISDIR(status.st_mode)) {
		say(cause->what, "%s is no directory", parent);
		return true;
	}
	if (access(parent, X_OK) == 0)
		return false;
	say_denied(parent, &status, "enter it", cause);
	return true;
}

/* Whether something is there; `status` says what. */
static bool look(const char *path, struct stat *status, struct cause *cause)
{
	*cause = (struct cause){.what = ""};
	if (say_parent(path, cause))
		return false;
	if (stat(path, status) == 0)
		return true;
	say_failed(path, errno, cause);
	return false;
}

void cause_of_file(const char *path, struct cause *cause)
{
	struct stat status;
	if (!look(path, &status, cause))
		return;
	if (S_ISDIR(status.st_mode))
		say(cause->what, "%s is a directory, and a file is needed", path);
	else if (access(path, R_OK) != 0)
		say_denied(path, &status, "read it", cause);
}

void cause_of_new_file(const char *path, struct cause *cause)
{
	char copy[PATH_MAX];
	struct stat status;
	*cause = (struct cause){.what = ""};
	if (say_parent(path, cause))
		return;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		say(cause->what, "%s is a directory, and a file is to be made", path);
		return;
	}
	snprintf(copy, sizeof copy, "%s", path);
	const char *parent = dirname(copy);
	if (stat(parent, &status) == 0 && access(parent, W_OK) != 0 && errno == EACCES)
		say_denied(parent, &status, "make files in it", cause);
}

/* ---- keys ---- */

static const char secret_label[] = "PRIVATE+KEY+";

/* No more of it is read than says so. */
static bool begins_as_secret(const char *path)
{
	char begin[sizeof secret_label - 1];
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t size = file < 0 ? -1 : read(file, begin, sizeof begin);
	if (file >= 0)
		close(file);
	return size == sizeof begin && memcmp(begin, secret_label, sizeof begin) == 0;
}

void cause_of_key(const char *path, struct cause *cause)
{
	struct stat status;
	cause_of_file(path, cause);
	if (cause->what[0] != '\0')
		return;
	if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode)) {
		say(cause->what, "%s is a link, and a key file is none", path);
		say(cause->next, "name the file itself");
	} else if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		say(cause->what, "%s is no regular file", path);
	} else if (!begins_as_secret(path)) {
		say(cause->what, "%s is no secret key", path);
		say(cause->next,
			"a secret key lies beside its public one, without .pub; recourse key new makes both");
	} else if ((status.st_mode & 077) != 0) {
		say(cause->what, "%s can be read or changed by others, its mode is %04o", path,
			(unsigned)status.st_mode & 07777);
		say(cause->next, "chmod 600 %s, and have it replaced where others may have read it", path);
	} else if (status.st_uid != geteuid()) {
		char owner[USER_SIZE];
		name_user(status.st_uid, owner);
		say(cause->what, "%s belongs to %s", path, owner);
		say(cause->next, "do this as %s, or copy the key to a file of your own", owner);
	}
}

/* ---- ledgers ---- */

static void say_no_ledger(const char *directory, struct cause *cause)
{
	say(cause->what, "there is no ledger in %s: it has no log", directory);
	say(cause->next, "name the directory that recourse init made; recourse init %s makes a ledger there",
		directory);
}

void cause_of_ledger(const char *directory, struct cause *cause)
{
	static const char *const parts[] = {"log", "log/data.mdb"};
	struct stat status;
	if (!look(directory, &status, cause)) {
		if (errno == ENOENT)
			say(cause->next, "recourse init %s makes a ledger there", directory);
		return;
	}
	if (!S_ISDIR(status.st_mode)) {
		say(cause->what, "%s is a file, and a ledger is a directory", directory);
		return;
	}
	if (access(directory, R_OK | X_OK) != 0) {
		say_denied(directory, &status, "read it", cause);
		return;
	}
	for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%s/%s", directory, parts[index]);
		if (stat(path, &status) != 0 && errno == ENOENT) {
			say_no_ledger(directory, cause);
			return;
		}
		if (access(path, S_ISDIR(status.st_mode) ? R_OK | X_OK : R_OK) != 0) {
			say_denied(path, &status, "read it", cause);
			return;
		}
	}
}
