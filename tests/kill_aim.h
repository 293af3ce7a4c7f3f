/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * SIGKILL that is aimed. What a killed process leaves is what its calls of the system have made of the files, so these
 * are counted: each that opens a file to make or empty it, makes a directory, writes, allocates, cuts, syncs, renames,
 * removes, locks or sends. The one aimed at is never done. The kernel asks (seccomp's user notification, Linux 5.5); the
 * process is neither traced nor changed, so it may be a sanitized one, or undumpable.
 */
enum kill_aim_from {
	KILL_AIM_ANY,     /* counted from the next call on */
	KILL_AIM_GUARD,   /* from the lock that is waited for: only a signer takes such a one */
	KILL_AIM_BALLAST, /* from the first allocation of a whole MiB */
	KILL_AIM_WORDS,   /* from the first that is said on standard error */
	KILL_AIM_FLUSH,   /* from the first flush: under work, of a group's pages, before the log has it */
	KILL_AIM_KEY,     /* from the first write of a claim's key: made for what was said, or overwritten */
};

enum { KILL_AIM_NEVER = -1 };

struct kill_aim {
	pthread_mutex_t mutex;
	pthread_t thread;
	int listener;
	pid_t pid;
	enum kill_aim_from from;
	long calls; /* that are still let pass; KILL_AIM_NEVER: all */
	bool begun;
	size_t seen; /* since it was aimed, from the first that counts */
	bool struck;
};

/* Aims: of the calls to come, that many pass and the next one kills. May be said again while the process lives. */
void kill_aim_at(struct kill_aim *aim, enum kill_aim_from from, long calls);

/* In the child, just before exec: has the calls of this process asked about. Safe after fork. False when it can not. */
bool kill_aim_expose(int channel);

/* In the parent, which has the other end of the channel. Fails the test when the child could not. */
void kill_aim_watch(struct kill_aim *aim, int channel, pid_t pid);

/* Once the process was waited for. */
void kill_aim_end(struct kill_aim *aim);
