/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* This very program once more, as another process: it ends when the one that started it ends. */
struct demo_child {
	pid_t pid; /* 0: none is running */
};

struct demo_child_options {
	const char *const *arguments; /* without the program's name; NULL-terminated */
	const char *directory;        /* to run in; NULL: where we are */
	const char *output;           /* file that its standard output is appended to; NULL: ours */
	const char *errors;           /* the same for standard error */
	int *pipe;                    /* not NULL: takes a descriptor to read its standard output from */
};

/* False, with errno set, when it can not be started. */
bool demo_child_start(const struct demo_child_options *options, struct demo_child *child);

/* Waits for its end. Its exit code, or 128 and the signal that ended it. */
int demo_child_wait(struct demo_child *child);

/* Asks it to stop, and waits. */
int demo_child_stop(struct demo_child *child);

/* Starts and waits. 127 when it could not be started. */
int demo_child_run(const struct demo_child_options *options);
