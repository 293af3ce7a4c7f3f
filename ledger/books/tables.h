/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/clock_name.h"
#include "books/record_path.h"

/*
 * What a table of the state is, said once: the shape of its keys, its record, and what is kept up with a record
 * whenever it is put or removed. From the declarations (tables.c) come reading, writing and walking (record.h), the
 * audit's look at indexes and clocks, the list that `recourse help tables` prints, and the version of the state's
 * format: a state that other declarations wrote is made again from the log.
 */
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

struct table {
	const char *name;
	const char *holds;                        /* what a row is, for people */
	struct table_part parts[TABLE_PARTS_MAX]; /* of its keys, in order; ended by one without a name */
	size_t size;                              /* of the record; 0: a row is its key alone */
	bool followed; /* bytes of another form come after the record, of which then nothing is cut off */
	struct table_index indexes[TABLE_INDEXES_MAX]; /* ended by one without a function */
	struct table_clock clocks[TABLE_CLOCKS_MAX];   /* ended by one without a subject */
};

/* STORE_CORRUPT for a key that is not exactly of the table's shape. */
enum recourse_error tables_shape_read_key(const struct table *table, slice key, struct table_key *read);

/*
 * A number that is another one where a declaration says another thing of the stored bytes; what went before goes into
 * it. It guards against mistakes, not against malice.
 */
uint32_t tables_shape_digest(const struct table *table, uint32_t before);

/* Every table of the state, in the order of their numbers: what each is made of is declared in tables.c. */
const struct table *tables_at(enum record_table number);

/* The table of a key; NULL for a key of none. */
const struct table *tables_of(slice key);

/*
 * The version of the state's format: a digest of all declarations, and of a number that is raised by hand where a
 * record changes and keeps its size.
 */
uint32_t tables_shape_format(void);
