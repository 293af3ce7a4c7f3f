/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/clock_name.h"
#include "books/record_path.h"

/* What the declaration of a table says: see tables.h, which has them all. */
enum table_part_kind {
	TABLE_TEXT,   /* ended by a zero byte */
	TABLE_NUMBER, /* 8 bytes */
	TABLE_SHORT,  /* 4 bytes */
	TABLE_REST,   /* whatever follows */
};
struct table_part {
	const char *name;
	enum table_part_kind kind;
};

enum { TABLE_PARTS_MAX = 5, TABLE_INDEXES_MAX = 5, TABLE_CLOCKS_MAX = 4 }; /* with the end */

/* A key's parts, in the order of the table's; texts are borrowed from the key. */
struct table_key {
	struct {
		slice text;
		uint64_t number;
	} parts[TABLE_PARTS_MAX];
};

/*
 * The same rows in another order. The index is a table without a record, whose key says what is looked for first and
 * ends with what makes it unique.
 */
struct table_index {
	enum record_table table;
	/* Adds the parts to `path`, which has the index's table; false: this row is not in it. */
	bool (*key)(const struct table_key *row, const void *record, struct record_path *path);
};

/*
 * A clock of a row strikes at the instant that a member of its record says, 0 being never: RECORD_DEADLINE has a row
 * for it then. When it strikes that row goes and the member becomes zero, before anything is done about it: whatever is
 * to be known of the instant later is another member.
 */
struct table_clock {
	uint32_t kind;
	size_t due; /* offset of the member, a uint64_t */
	/* What it is set for, as clock.fire names it; borrows from the row or from `text`. */
	slice (*subject)(
		const struct table_key *row, const void *record, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
};

struct record_deadline {
	uint64_t entry;         /* that set it: the last one to change the instant */
	struct record_path row; /* whose clock it is */
};

/*
 * What lies beside a party's account of its deposit, in this order (neighbour.h): the last entry about it comes next to what
 * changes with that account.
 */
enum table_beside {
	BESIDE_NOTHING, /* rows lie by their keys */
	BESIDE_ABOUT,
	BESIDE_PARTY,
	BESIDE_COLLATERAL,
	BESIDE_DEPOSIT,
	BESIDE_END, /* none: behind the last */
};

struct table {
	const char *name;
	const char *holds;                        /* what a row is, for people */
	struct table_part parts[TABLE_PARTS_MAX]; /* of its keys, in order; ended by one without a name */
	size_t size;                              /* of the record; 0: a row is its key alone */
	bool followed; /* bytes of another form come after the record, of which then nothing is cut off */
	enum table_beside beside;
	struct table_index indexes[TABLE_INDEXES_MAX]; /* ended by one without a function */
	struct table_clock clocks[TABLE_CLOCKS_MAX];   /* ended by one without a subject */
};
