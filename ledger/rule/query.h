/* SPDX-License-Identifier: Apache-2.0 */
#ifndef QUERY_H
#define QUERY_H

#include "books/record_account.h"
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
	struct state *state_store; /* where the two are from: query_renew() */
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
	enum recourse_error (*find)(struct query *query, void *row);
	enum recourse_error (*run)(struct query *query);
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

#define QUERY(title, who, with, function, text)                                                              \
	{                                                                                                    \
		.method = {.name = title,                                                                    \
			.kind = RECOURSE_METHOD_QUERY,                                                       \
			.roles = who,                                                                        \
			.fields = with,                                                                      \
			.field_count = sizeof(with) / sizeof(with)[0],                                       \
			.help = text},                                                                       \
		.run = function                                                                              \
	}
#define QUERY_OPTIONAL_ENTRY(title, text)                                                                    \
	{                                                                                                    \
		.name = title, .type = RECOURSE_FIELD_INTEGER, .optional = true, .minimum = 0,               \
		.maximum = INT64_MAX, .preset = -1, .help = text                                             \
	}

#define QUERY_PAGE                                                                                           \
	QUERY_OPTIONAL_ENTRY("from", "first entry of the page"),                                             \
		FIELD_PRESET("limit", 1, 500, 100, "most rows of a page")

/* Whether the actor may see everything, or what belongs to that party. */
bool query_sees_all(const struct query *query);
bool query_sees(const struct query *query, slice party);

/*
 * Whose rows: the party that the field asks for, else all (an empty text) for who may see them, else the actor's own.
 * QUERY_NOT_FOUND with the field for a party that is not there or whose rows the actor may not see.
 */
enum recourse_error query_whose(
	struct query *query, const char *field, const struct value *asked, slice *party) RECOURSE_CHECK;

/* The value of a field by its name; NULL where the method has no such field. */
const struct value *query_value(const struct query *query, const char *name, enum recourse_field_type *type);

/* QUERY_NOT_FOUND with the field. */
enum recourse_error query_absent(struct query *query, const char *field);

/* Reads a record; QUERY_NOT_FOUND with the field. */
enum recourse_error query_record(struct query *query, const char *field, const struct record_path *path,
	void *record, size_t size) RECOURSE_CHECK;

/* QUERY_NOT_FOUND with the field where no key begins so. */
enum recourse_error query_any(
	struct query *query, const char *field, const struct record_path *prefix) RECOURSE_CHECK;

/* Takes the record out of what a walk stands at. STORE_CORRUPT. */
enum recourse_error query_decode(const struct state_walk *walk, void *record, size_t size) RECOURSE_CHECK;

/* The text in a key of texts: 0 is the first behind the table's letter. Borrows; empty where there is none. */
slice query_key_text(slice key, size_t index);

/* A text that lasts only until the next step of a walk, copied to last as long as the query. MEMORY. */
enum recourse_error query_keep(struct query *query, slice from, slice *to) RECOURSE_CHECK;

/* A currency, or a unit of the ledger's own; QUERY_NOT_FOUND with the field. */
enum recourse_error query_unit(
	struct query *query, const char *field, slice code, struct unit *unit) RECOURSE_CHECK;

/*
 * The entry that the as-of fields ask for, by its number or by a time (the last one not later); the last of all if
 * both are absent. QUERY_NOT_FOUND beyond the last, and for a time before the first: never a silent zero. FIELD_LIMIT
 * for both at once.
 */
enum { QUERY_AS_OF_ENTRY, QUERY_AS_OF_TIME, QUERY_AS_OF_FIELDS };
#define QUERY_AS_OF                                                                                          \
	QUERY_OPTIONAL_ENTRY("entry", "as of this entry; now if absent"),                                    \
		FIELD_OPTIONAL(TIME, "time", "instead: as of the last entry not later than this")
enum recourse_error query_as_of(
	struct query *query, const struct value *values, uint64_t *entry) RECOURSE_CHECK;

/* How many entries are before that time: the number of the first one that is not. */
enum recourse_error query_entries_before(struct query *query, uint64_t time, uint64_t *count) RECOURSE_CHECK;

/*
 * The entry with which a period begins that begins at a time: the first one not before it. QUERY_NOT_FOUND with the
 * field for a time before the ledger's first entry or after its last.
 */
enum recourse_error query_period_begin(
	struct query *query, const char *field, uint64_t time, uint64_t *entry) RECOURSE_CHECK;

/*
 * Reads on in what has been committed by now; everything that was borrowed from `state` and `log` is gone, `entries`
 * stays. For a reading that takes longer than a moment: while a transaction reads, the store can use no page again
 * that was given up since, and grows. What is as of an entry stays as it is.
 */
enum recourse_error query_renew(struct query *query) RECOURSE_CHECK;

/* The instant of an entry. */
enum recourse_error query_entry_time(struct query *query, uint64_t number, uint64_t *time) RECOURSE_CHECK;

/* The instant of the last entry: ages and countdowns are as of it. QUERY_NOT_FOUND in an empty ledger. */
enum recourse_error query_now(struct query *query, uint64_t *now) RECOURSE_CHECK;

/* Pairs for the reply's map, and for one inside a list. */
void query_pair_amount(struct buffer *out, const char *name, const struct unit *unit, int64_t steps);
void query_pair_time(struct buffer *out, const char *name, uint64_t instant);
void query_pair_countdown(struct buffer *out, const char *name, uint64_t instant, uint64_t now); /* seconds */
void query_amount(struct query *query, const char *name, const struct unit *unit, int64_t steps);
void query_text(struct query *query, const char *name, slice text);
void query_integer(struct query *query, const char *name, uint64_t value);
void query_time(struct query *query, const char *name, uint64_t instant);
enum recourse_error query_party(struct query *query, const char *name, uint32_t number) RECOURSE_CHECK;
enum recourse_error query_key(struct query *query, const char *name, uint32_t number) RECOURSE_CHECK;

/*
 * A page of the records whose keys begin with `prefix`, which a reader pages through by the text that `next` gave it.
 * At most `limit` records are walked over, whether the query shows them or not.
 *
 *     for (error = query_cursor_first(query, &page, &prefix, &from, &limit); error == RECOURSE_OK;
 *          error = query_cursor_next(query, &page))
 *             use(page.walk.key, page.walk.value);
 *     error = query_cursor_end(query, &page, error);       writes "next" where there is more
 *
 * FIELD_FORMAT with "from" for a text that no page gave. An empty table is an empty page.
 */
struct query_cursor {
	struct state_walk walk;
	size_t prefix;
	uint64_t left;
	bool more;
	bool begun;
};
enum recourse_error query_cursor_first(struct query *query, struct query_cursor *page,
	const struct record_path *prefix, const struct value *from, const struct value *limit) RECOURSE_CHECK;
enum recourse_error query_cursor_next(struct query *query, struct query_cursor *page) RECOURSE_CHECK;
enum recourse_error query_cursor_end(
	struct query *query, struct query_cursor *page, enum recourse_error error) RECOURSE_CHECK;

/*
 * A list inside the reply whose length is not known beforehand: open, write items, count them, close.
 */
struct query_list {
	struct buffer items;
	uint64_t count;
};
void query_list_close(struct query *query, const char *name, struct query_list *list);

struct query_page {
	uint64_t from;
	uint64_t last; /* the entry with which it ends at the latest */
	uint64_t limit;
};

/* The keys of the entries about a subject: the entry's number follows. */
struct record_path query_subject_path(enum record_table table, slice id);

/*
 * Writes what the entries of a subject say, page by page: "entries", and "next" where there are more. The writer adds
 * as many items as it likes for an entry, and counts them; the limit counts entries.
 */
typedef enum recourse_error query_writer(struct query *query, uint64_t number, struct query_list *list);
enum recourse_error query_subject(struct query *query, enum record_table table, slice id,
	const struct query_page *page, query_writer *write) RECOURSE_CHECK;

/* One item an entry: entry, time, kind, key, rule, policy, reason. */
enum recourse_error query_summary(
	struct query *query, uint64_t number, struct query_list *list) RECOURSE_CHECK;

/* Visits all accounts of a code and party, whatever their reference and unit. What is visited lasts for the visit. */
typedef enum recourse_error query_account_visitor(struct query *query, const struct account_name *name,
	const struct record_account *account, void *context);
enum recourse_error query_accounts(struct query *query, enum chart_code code, slice party,
	query_account_visitor *visit, void *context) RECOURSE_CHECK;

/* A merchant's deposit of one of the three codes, over all references. QUERY_NOT_FOUND where nothing was ever there. */
enum recourse_error query_deposit_part(struct query *query, enum chart_code code, slice merchant, slice unit,
	struct record_account *account) RECOURSE_CHECK;

/* Why: of the entry, or of what it carried out by approval; empty where no reason was given. */
slice query_reason(const struct entry *entry);

/* The pairs that say what an entry is, for a writer's own map. */
void query_entry_pairs(uint64_t number, const struct entry *entry, struct buffer *out);

/* Reads and decodes an entry. */
enum recourse_error query_entry(struct query *query, uint64_t number, struct entry *entry) RECOURSE_CHECK;

#endif
