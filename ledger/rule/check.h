/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/unit.h"
#include "books/record.h"

struct log_snapshot;

/*
 * Checks: what must hold of the state that came out of deciding everything again (see audit/audit.h). An area has
 * rows of them, X_check.c beside what they look at, and lists them in its own row (area.h). A check names a table and a
 * function that looks at each of its rows: one of its own, or one of those below, for what is of one kind.
 */
struct check_context {
	struct state_view *state;
	struct arena *arena;
	uint64_t entries;         /* that the log has */
	struct log_snapshot *log; /* where these are read; NULL: nobody looks at what they say */

	/* what is wrong, after AUDIT_FAILED */
	bool entry_known;
	uint64_t wrong_entry;
	char what[400];
};

/* Remembers what is wrong, and of which entry; returns AUDIT_FAILED. */
enum recourse_error check_wrong(struct check_context *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
enum recourse_error check_wrong_entry(struct check_context *check, uint64_t entry, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A row that is looked at. All of it is borrowed for the look. */
struct check_row {
	const struct table_key *key;
	slice bytes; /* of the key */
	const void *record;
	bool entry_known;
	uint64_t entry; /* that the row is of: where its key begins with a number, or a member says so */
	const void *of; /* what the check's row says */
};

/* AUDIT_FAILED with what is wrong, or a fault of reading. */
typedef enum recourse_error check_look(struct check_context *check, const struct check_row *row);

/* What is named must be there: QUERY_NOT_FOUND is wrong, and said so; other errors are as they are. */
enum recourse_error check_found(struct check_context *check, const struct check_row *row,
	enum recourse_error error, const char *what);

/* What must hold of a row. Where it does not, `what` is wrong, of the row's entry where that is known. */
enum recourse_error check_that(
	struct check_context *check, const struct check_row *row, bool holds, const char *what);

/* The same of a row whose key begins with an id: `of`, the id and `what` are wrong. */
enum recourse_error check_that_id(struct check_context *check, const struct check_row *row, bool holds,
	const char *of, const char *what);

/* Whether that entry is about it. */
enum recourse_error check_is_about(
	struct check_context *check, enum record_table table, slice id, uint64_t entry, bool *about);

/* Whether no person stands behind two of these keys, at most 16. Where nobody stands there is a 0. */
enum recourse_error check_differ(
	struct check_context *check, const uint32_t *keys, size_t count, bool *differ);

/* Sums of amounts by currency or unit, and by what else they are told apart. */
enum { CHECK_UNITS_MAX = 4096 };
struct check_units {
	size_t count;
	struct check_unit {
		unsigned kind;
		char unit[UNIT_CODE_SIZE + 1];
		__int128 sum;
	} rows[CHECK_UNITS_MAX];
};
enum recourse_error check_add(
	struct check_context *check, struct check_units *units, unsigned kind, slice unit, int64_t steps);

/* The first that is not zero; NULL where all are. */
const struct check_unit *check_remainder(const struct check_units *units);

/* ---- of one kind ---- */

/* A member of the row is the sum of a member of all rows of another table whose keys begin with the row's. */
struct check_sum {
	size_t sum; /* an int64_t; a uint32_t where rows are counted */
	enum record_table rows;
	bool counted;
	size_t addend;    /* an int64_t, where they are not counted */
	size_t unless;    /* a uint64_t: rows where it is not zero are left out; 0: none are */
	const char *of;   /* "A5: exit "; the row's id comes then, */
	const char *what; /* " does not sum up" */
};
check_look check_sum;

/* No person stands behind two of these keys. */
enum { CHECK_PERSONS_MAX = 4 };
struct check_persons {
	struct {
		size_t first; /* uint32_t's that stand next to one another */
		size_t count;
	} keys[CHECK_PERSONS_MAX];
	const char *what;
};
check_look check_persons;

/* What the row names is there: another table has a row by that entry. 0 names none. */
struct check_named {
	enum record_table table;
	size_t member; /* a uint64_t */
	const char *what;
};
check_look check_named;

/* What all rows of one table come to is what all rows of another one do. It looks once. */
typedef int64_t check_addend(const void *record);
struct check_totals {
	enum record_table table;
	check_addend *of;
	enum record_table other;
	check_addend *of_other;
	const char *what;
};
check_look check_totals;

/* ---- rows ---- */

struct check {
	enum record_table table; /* 0: none, the function looks once: its row has no more than `of` */
	size_t entry; /* member that says which entry a row is of, where its key does not; 0: none */
	check_look *look;
	const void *of;
};
struct check_group {
	const struct check *rows;
	size_t count;
};
#define CHECK_GROUP(table)                                                                                   \
	{                                                                                                    \
		table, sizeof(table) / sizeof(table)[0]                                                      \
	}

/* One after the other, until one finds what is wrong. */
enum recourse_error check_group(struct check_context *check, const struct check_group *group);
