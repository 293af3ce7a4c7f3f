/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"
#include "store/log.h"
#include "store/log_latest.h"

/* A log that was killed with its latest groups beside LMDB's file: for tests of what is found then. */

enum { LOG_KILLED_GROUPS = 9, LOG_KILLED_DATA_MAX = 4 << 20 };

struct log_killed {
	struct support_directory root; /* first, for support_directory_tear_down() */
	char directory[SUPPORT_PATH_MAX];
	char data[SUPPORT_PATH_MAX];
	char kept[SUPPORT_PATH_MAX]; /* the data, as they were before the latest */
	char latest[SUPPORT_PATH_MAX];
	uint64_t groups; /* to be appended */
	size_t each;     /* of so many entries */
};

int log_killed_set_up(void **state);
#define LOG_KILLED_TEST(test)                                                                                \
	cmocka_unit_test_setup_teardown(test, log_killed_set_up, support_directory_tear_down)

enum recourse_error log_killed_open(const struct log_killed *place, bool read_only, struct log **log);
void log_killed_copy(const char *from, const char *to);
struct log_head log_killed_head(struct log *log, struct tree *tree);

/* A group above what it has. */
enum recourse_error log_killed_append(struct log *log, size_t entries);

/* A process appends all groups, and ends with the log open. */
void log_killed_run(struct log_killed *place);

/* It has so many entries, as they were appended. To write: one more is appended, and it is closed. */
void log_killed_expect(const struct log_killed *place, bool read_only, uint64_t entries);

enum log_latest_standing log_killed_standing(const struct log_killed *place);

/* As another start of the machine would have written them. */
void log_killed_change_boot(const struct log_killed *place);

/* Run, and the power went: of LMDB's file nothing but what was brought to the disk is there. */
void log_killed_lose_power(struct log_killed *place);
