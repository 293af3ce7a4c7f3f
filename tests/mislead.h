/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record.h"
#include "kit.h"

/*
 * A service led astray, for the tests of the audit: its state is doctored while it runs, so that its code, which is as
 * it should be, decides what it would have refused, and writes a log in perfect order.
 */

/*
 * A member of a record is another number, or the record is gone; what is kept up with a record is not. A lie that changes
 * nothing fails the test: SET what is so, ADD to a row that is not there, THERE of one that is, GONE of none.
 */
struct lie {
	enum record_table table;
	const char *
		key; /* its parts, "2010/M//CNY"; of an entry "@": the last one, "@-1": the one before; a key's name */
	size_t member; /* offset */
	size_t size;   /* of the member; 0: the record is gone */
	bool more;     /* than it is */
	int64_t number;
};
#define LIE(table, key, type, member, more, number)                                                          \
	{                                                                                                    \
		RECORD_##table, key, offsetof(struct record_##type, member),                                 \
			sizeof(((struct record_##type *)NULL)->member), more, number                         \
	}
#define SET(table, key, type, member, number) LIE(table, key, type, member, false, number)
#define ADD(table, key, type, member, number) LIE(table, key, type, member, true, number)
#define GONE(table, key)                                                                                     \
	{                                                                                                    \
		RECORD_##table, key, 0, 0, false, 0                                                          \
	}
#define THERE(table, key)                                                                                    \
	{                                                                                                    \
		RECORD_##table, key, 0, 1, true, 0                                                           \
	}               /* at least with zeroes */
enum { LIES_MAX = 13 }; /* at once; ended by one without a key */

/* Tells the lies to the writer's overlay. */
void mislead_tell(const struct kit *kit, const struct lie lies[static LIES_MAX]);

/* The record of a row, which must be there. */
void mislead_read(const struct kit *kit, enum record_table table, const char *key, void *record);

/* A record past all that is kept up with it. */
void mislead_put(struct state_view *view, const struct record_path *path, const void *record, size_t size);

/*
 * What the audit's invariants say of the state as it stands in the writer's overlay, which is forgotten then: that text
 * within; NULL: nothing is wrong.
 */
void mislead_invariants(const struct kit *kit, const char *text);

/* Each row's lies are told alone, and its text is what the invariants say; without them nothing is wrong. */
struct wrong {
	const char *text;
	struct lie lies[LIES_MAX];
};
void mislead_each(const struct kit *kit, const struct wrong *wrong, size_t count);
#define MISLEAD_EACH(kit, wrong) mislead_each(kit, wrong, sizeof(wrong) / sizeof *(wrong))

/*
 * What is done by a service whose state was doctored and committed, as if it had followed from the log. When it has been
 * stopped after a signature the audit must name the first entry that was then made, or would have been.
 */
struct cheat {
	const char *title;
	int golden;         /* steps of the golden case before, with a world of their own; 0 */
	const char *before; /* what is in order */
	const char *line;   /* NULL: nobody does anything */
	uint64_t seconds;   /* and a clock strikes within so many; 0 */
	const char *error;  /* of the line where nobody lied; NULL: it is not refused */
	const char *found;  /* what the audit says; NULL: the error, or that other figures follow */
	struct lie lies[LIES_MAX];
};
void mislead_try(const struct cheat *cheats, size_t count);
#define MISLEAD_TRY(cheats) mislead_try(cheats, sizeof(cheats) / sizeof *(cheats))
