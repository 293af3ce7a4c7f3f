/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/account.h"
#include "rule/command.h"
#include "store/log.h"

/*
 * Reading (K): each query is a row like a command's, and a function that writes one item. Queries see committed
 * groups only. Whoever may not read everything reads its own, and can not tell "not yours" from "not there" (I3):
 * both are QUERY_NOT_FOUND. Nothing is answered silently empty: an unknown account is an error, not a zero.
 */
struct query {
	const struct query_row *row;
	struct state_view *state;
	struct log_snapshot *log;
	struct state *state_store; /* where the two are from: query_renew(), which opens them */
	struct log *log_store;
	uint64_t entries;    /* that state and log both have */
	uint64_t now;        /* of the last of them: ages and countdowns are as of it */
	uint64_t as_of;      /* the entry that the reply is as of; the last one if nobody asks */
	uint64_t next_entry; /* where the page after this one begins: an entry, */
	slice next;          /* or a text; zero and empty at the end */
	const struct decision_actor *actor; /* NULL for public methods */
	const struct value *values;
	struct arena *arena;
	struct buffer *out;
	struct recourse_refusal *refusal;
};

struct query_row {
	struct recourse_method method;
	size_t size; /* of the row that the reply is written from, by the method's columns: see view.h */
	enum recourse_error (*find)(struct query *query, void *row); /* NULL: nothing is to be found */
};

struct query_group {
	const struct query_row *rows;
	size_t count;
};

/* Those who read everything; any key that has some role may read its own. */
#define QUERY_READ_ALL                                                                                       \
	(RECOURSE_ROLE_ADMIN | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_AGENT |       \
		RECOURSE_ROLE_AUDITOR)
#define QUERY_READ_OWN                                                                                       \
	(QUERY_READ_ALL | RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_FUNDER | RECOURSE_ROLE_CUSTODIAN)

#define QUERY_OPTIONAL_ENTRY(title, text) FIELD_PRESET(title, 0, INT64_MAX, -1, text)

/* Where keys are no numbers, and no ids. */
#define QUERY_ROWS(text)                                                                                     \
	FIELD_OPTIONAL_TEXT("from", 200, "where the page begins, as `next` gave it"),                        \
		FIELD_PRESET("limit", 1, 200, 50, text)
enum { QUERY_PAGE_FIELDS = 2 };
#define QUERY_PAGE                                                                                           \
	QUERY_OPTIONAL_ENTRY("from", "first entry of the page"),                                             \
		FIELD_PRESET("limit", 1, 500, 100, "most rows of a page")

/* For fields and columns that say whether; in the order of false and true. */
extern const char *const query_no_yes[];

/* For a field of that name, "full" and "brief"; of the latter the row's `brief` is said. */
extern const char *const query_details[];

/* Whether the actor may see everything, or what belongs to that party. */
bool query_sees_all(const struct query *query);
bool query_sees(const struct query *query, slice party);

/*
 * Whose rows: the party that the field asks for, else all (an empty text) for who may see them, else the actor's own; and
 * its number, which may be NULL.
 * QUERY_NOT_FOUND with the field for a party that is not there or whose rows the actor may not see.
 */
enum recourse_error query_whose(
	struct query *query, const char *field, const struct value *asked, slice *party, uint32_t *number);

/* The same, as the prefix of that table's keys, which begin with a party's number. */
enum recourse_error query_whose_rows(struct query *query, const char *field, const struct value *asked,
	enum record_table table, struct record_path *prefix);

/* QUERY_NOT_FOUND with the field. */
enum recourse_error query_absent(struct query *query, const char *field);

/* The same where QUERY_NOT_FOUND was the answer; other errors are as they are. */
enum recourse_error query_found(struct query *query, enum recourse_error error, const char *field);

/* What is not there is no error: the end of a walk, a record that need not exist. */
static inline enum recourse_error query_perhaps(enum recourse_error error)
{
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* Reads a record; QUERY_NOT_FOUND with the field. */
enum recourse_error query_record(
	struct query *query, const char *field, const struct record_path *path, void *record, size_t size);

/* QUERY_NOT_FOUND with the field where no path begins so. */
enum recourse_error query_any(struct query *query, const char *field, const struct record_path *prefix);

/* A currency, or a unit of the ledger's own; QUERY_NOT_FOUND with the field. */
enum recourse_error query_unit(struct query *query, const char *field, slice code, struct unit *unit);

/*
 * Sets the query's `as_of` to the entry that the as-of fields ask for, by its number or by a time (the last one not
 * later); the last of all if both are absent. QUERY_NOT_FOUND beyond the last, and for a time before the first: never
 * a silent zero. FIELD_LIMIT for both at once.
 */
enum { QUERY_AS_OF_ENTRY, QUERY_AS_OF_TIME, QUERY_AS_OF_FIELDS };
#define QUERY_AS_OF                                                                                          \
	QUERY_OPTIONAL_ENTRY("entry", "as of this entry; now if absent"),                                    \
		FIELD_OPTIONAL(TIME, "time", "instead: as of the last entry not later than this")
enum recourse_error query_as_of(struct query *query, const struct value *values);

/* How many entries are before that time: the number of the first one that is not. */
enum recourse_error query_entries_before(struct query *query, uint64_t time, uint64_t *count);

/*
 * The entry with which a period begins that begins at a time: the first one not before it. QUERY_NOT_FOUND with the
 * field for a time before the ledger's first entry or after its last.
 */
enum recourse_error query_period_begin(
	struct query *query, const char *field, uint64_t time, uint64_t *entry);

/*
 * Reads on in what has been committed by now; everything that was borrowed from `state` and `log` is gone, `entries`
 * stays. For a reading that takes longer than a moment: while a transaction reads, the store can use no page again
 * that was given up since, and grows. What is as of an entry stays as it is.
 */
enum recourse_error query_renew(struct query *query);

/* The instant of an entry. */
enum recourse_error query_entry_time(struct query *query, uint64_t number, uint64_t *time);

/* Reads and decodes an entry. */
enum recourse_error query_entry(struct query *query, uint64_t number, struct entry *entry);
