/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * Why a path that was named can not be used, found by looking at it when it could not: what is wrong with it, and what to do next.
 * Both are words for people, "" where nothing is known. What was wrong a moment ago may be right by now: then nothing is said.
 */
enum { CAUSE_SIZE = 1024 };
struct cause {
	char what[CAUSE_SIZE];
	char next[CAUSE_SIZE];
};

/* A file that is to be read. */
void cause_of_file(const char *path, struct cause *cause);

/* A file that is to be made or replaced, by another beside it. */
void cause_of_new_file(const char *path, struct cause *cause);

/* A secret key: whether it is one, and nobody's else, nor for others to read. */
void cause_of_key(const char *path, struct cause *cause);

/* A ledger's directory. */
void cause_of_ledger(const char *directory, struct cause *cause);
