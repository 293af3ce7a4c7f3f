/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/query.h"

/*
 * Replies by declaration. A query fills a structure, its row; the columns say which member of the reply lies where in
 * it. Rows inside a row come one by one, as they are read, and are written at once:
 *
 *     find()  ──> struct exits          columns: as_of_entry, as_of, exits, next
 *                   range ──walk──> struct exit_view     columns: merchant, exit, state, held …
 *
 * The same columns are the method's published description.
 */
enum view_form {
	VIEW_SLICE,
	VIEW_WORD,  /* const char * */
	VIEW_CHARS, /* in a record: without a NUL where it is full */
	VIEW_UNIT,  /* struct unit: its code; the last of texts */
	VIEW_SIGNED,
	VIEW_SUM, /* amount_sum */
	VIEW_NUMBER,
	VIEW_PARTY, /* by number */
	VIEW_KEY,
	VIEW_UNTIL, /* an instant: from now to it, zero where it has passed */
	VIEW_SINCE, /* an instant: from it to now; the last of numbers */
	VIEW_BYTES, /* an array of them */
	VIEW_TREE,  /* struct tree_proof: its hashes */
	VIEW_ROW,   /* a structure with columns of its own */
};

/*
 * A member that may be absent: it is where its text is empty, its range without a prefix, or its number zero; if that is
 * signed, this one.
 */
#define OPTIONAL  .optional = true
#define VIEW_NONE INT64_MIN

/* Rows on their way into a reply. */
struct view_rows {
	struct query *query;
	const struct recourse_column *columns;
	size_t column_count;
	const void *above; /* the row that they are in */
	uint64_t count;    /* so far */
	/*
	 * Of a range that `skips`: a visitor to whom the key is not the asker's sets this to the key behind all that is not. It is no
	 * look, and no `next` names it.
	 */
	struct record_path beyond;
};

/* Adds one. */
enum recourse_error view_add(struct view_rows *rows, const void *row);

/* Adds all of them. */
typedef enum recourse_error view_lister(struct view_rows *rows);

/* Adds what is at a key: one row, none or a few. The walk's key and value are good until it returns. */
typedef enum recourse_error view_visitor(struct view_rows *rows, const struct record_walk *walk);

/* The record at the key, and the last part of the key: which number or text it is the record of. */
enum recourse_error view_record(const struct record_walk *walk, void *record, size_t size);
uint64_t view_last_number(const struct record_walk *walk);
slice view_last_text(const struct record_walk *walk);

/* Which keys: those with the prefix, from one on. Kept in the row that the list is in. */
struct view_range {
	struct record_path prefix;
	struct record_path start; /* empty: at the first, or where the field `from` says */
	uint64_t last;            /* the number behind which it ends, where keys end with one; 0: none */
	uint64_t limit;           /* keys that are shown; 0: all, or as many as the field `limit` says */
	uint64_t looks;           /* keys that are looked at; 0: all, or VIEW_LOOKS_MAX in a page */
	bool latest;              /* from the last key down */
	bool skips;               /* the visitor passes over what is not the asker's: see view_rows.beyond */
};

/* The row of a reply that is one list. */
struct view_list {
	struct view_range range;
};

struct recourse_place {
	enum view_form form;
	uint16_t offset;
	uint16_t size;
	uint16_t unit;       /* of an amount: where its struct unit is */
	bool of_query;       /* in struct query, not in the row */
	bool paged;          /* ROWS: by the fields `from` and `limit` */
	view_lister *list;   /* ROWS: all of them come from here, */
	view_visitor *visit; /* or from here, of the keys in the struct view_range at the offset */
};

/*
 * Writes the members of a row into the map that is open in `query->out`. What a stored number or name stands for and
 * is not there is STORE_CORRUPT.
 */
enum recourse_error view_write(
	struct query *query, const struct recourse_column *columns, size_t count, const void *row);

/* Answers the query whose row that is. */
enum recourse_error view_run(struct query *query, const struct query_row *row);

/*
 * Gives each key of the range to the visitor. Where that ends before the keys do, the query's `next` is the key that
 * would have been shown next, or looked at: its last number or text or, in hexadecimal, all of it behind the prefix, by
 * the type of the field `from`.
 */
enum { VIEW_LOOKS_MAX = 4096 };
enum recourse_error view_walk(struct view_rows *rows, const struct view_range *range, view_visitor *visit);

/*
 * The same for a page: begins at `from`, ends by `limit`. FIELD_FORMAT with "from" for what no `next` ever was,
 * QUERY_NOT_FOUND for an id that is not there.
 */
enum recourse_error view_page(struct view_rows *rows, const struct view_range *range, view_visitor *visit);

/* ---- writing columns: COLUMN(AMOUNT, "held", struct exit_view, held, "in the deposit") ---- */
#define VIEW_FORM(row, member)                                                                               \
	_Generic(((row *)0)->member, slice                                                                   \
		: VIEW_SLICE, const char *                                                                   \
		: VIEW_WORD, char *                                                                          \
		: VIEW_CHARS, struct unit                                                                    \
		: VIEW_UNIT, uint8_t *                                                                       \
		: VIEW_BYTES, int32_t                                                                        \
		: VIEW_SIGNED, int64_t                                                                       \
		: VIEW_SIGNED, __int128                                                                      \
		: VIEW_SUM, default                                                                          \
		: VIEW_NUMBER)
#define VIEW_PLACE(row, member, how)                                                                         \
	.form = how, .offset = offsetof(row, member), .size = sizeof(((row *)0)->member)

/* A column, and where what it shows lies. */
#define COLUMN_PLACED(kind, title, text, ...)                                                                \
	.name = title, .type = RECOURSE_COLUMN_##kind, .help = text, .place = &(const struct recourse_place) \
	{                                                                                                    \
		__VA_ARGS__                                                                                  \
	}
#define COLUMN_AT(kind, title, row, member, how, text)                                                       \
	COLUMN_PLACED(kind, title, text, VIEW_PLACE(row, member, how))
#define COLUMN(kind, title, row, member, text)                                                               \
	COLUMN_AT(kind, title, row, member, VIEW_FORM(row, member), text)
#define COLUMN_PARTY(title, row, member, text) COLUMN_AT(ID, title, row, member, VIEW_PARTY, text)
#define COLUMN_KEY(title, row, member, text)   COLUMN_AT(HANDLE, title, row, member, VIEW_KEY, text)
#define COLUMN_UNTIL(title, row, member, text) COLUMN_AT(SECONDS, title, row, member, VIEW_UNTIL, text)
#define COLUMN_SINCE(title, row, member, text) COLUMN_AT(SECONDS, title, row, member, VIEW_SINCE, text)
#define COLUMN_AGE(title, row, member, text)   COLUMN_AT(HOURS, title, row, member, VIEW_SINCE, text)

/* Of a number that counts in the list from its first on, of a word, or of bits in the order of the list. */
#define COLUMN_CHOICE(title, list, row, member, text)                                                        \
	COLUMN_AT(CHOICE, title, row, member, VIEW_FORM(row, member), text), .choices = list
#define COLUMN_SET(title, list, row, member, text)                                                           \
	COLUMN_AT(SET, title, row, member, VIEW_FORM(row, member), text), .choices = list

/* Steps, and the struct unit of the row that they are in. */
#define COLUMN_AMOUNT(title, row, member, in, text)                                                          \
	COLUMN_PLACED(AMOUNT, title, text, VIEW_PLACE(row, member, VIEW_FORM(row, member)),                  \
		.unit = offsetof(row, in))

#define COLUMN_MEMBERS(shown) .members = shown, .member_count = sizeof(shown) / sizeof(shown)[0]
#define COLUMN_MAP(title, shown, row, member, text)                                                          \
	COLUMN_AT(MAP, title, row, member, VIEW_ROW, text), COLUMN_MEMBERS(shown)
#define COLUMN_ROWS(title, shown, function, text)                                                            \
	COLUMN_PLACED(ROWS, title, text, .form = VIEW_ROW, .list = function), COLUMN_MEMBERS(shown)
#define COLUMN_WALK_OF(title, first, number, row, range, visitor, text)                                      \
	COLUMN_PLACED(ROWS, title, text, VIEW_PLACE(row, range, VIEW_ROW), .visit = visitor),                \
		.members = first, .member_count = number
#define COLUMN_WALK(title, shown, row, range, visitor, text)                                                 \
	COLUMN_WALK_OF(title, shown, sizeof(shown) / sizeof(shown)[0], row, range, visitor, text)

#define VIEW_OF_QUERY(kind, title, member, text)                                                             \
	COLUMN_PLACED(kind, title, text, VIEW_PLACE(struct query, member, VIEW_FORM(struct query, member)),  \
		.of_query = true)
#define VIEW_AS_OF_ENTRY                                                                                     \
	{                                                                                                    \
		VIEW_OF_QUERY(ENTRY, "as_of_entry", as_of, "the last entry that the answer knows of")        \
	}
#define VIEW_AS_OF                                                                                           \
	VIEW_AS_OF_ENTRY,                                                                                    \
	{                                                                                                    \
		VIEW_OF_QUERY(TIME, "as_of", now, "when that was: ages and countdowns are as of it")         \
	}
/* What was published for the code in the column before them: a struct record_texts. */
#define VIEW_TEXTS(title, row, there)                                                                        \
	{COLUMN(TEXT, title "_zh", row, there.zh, "as published, in Chinese"), .optional = true,             \
		.aside = true},                                                                              \
	{                                                                                                    \
		COLUMN(TEXT, title "_en", row, there.en, "and in English"), .optional = true, .aside = true  \
	}
#define VIEW_NEXT(kind, member)                                                                              \
	{                                                                                                    \
		VIEW_OF_QUERY(kind, "next", member, "`from` of the page after this one; absent at the end"), \
			.optional = true                                                                     \
	}

/* A page of rows, and the `next` that stands behind it. */
#define VIEW_PAGE_OF(kind, from, title, first, number, row, range, visitor, text)                            \
	{COLUMN_PLACED(                                                                                      \
		 ROWS, title, text, VIEW_PLACE(row, range, VIEW_ROW), .visit = visitor, .paged = true),      \
		.members = first, .member_count = number},                                                   \
		VIEW_NEXT(kind, from)
#define VIEW_PAGE(kind, from, title, shown, row, range, visitor, text)                                       \
	VIEW_PAGE_OF(kind, from, title, shown, sizeof(shown) / sizeof(shown)[0], row, range, visitor, text)

/*
 * A query whose reply is written by columns; `row` is the structure that `function` fills, all zeroes before. What it
 * refuses with beside what follows from its fields stands at the end of the second form.
 */
#define VIEW(title, who, with, shown, row, function, text)                                                   \
	VIEW_REFUSED(title, who, with, shown, row, function, text, RECOURSE_OK)
#define VIEW_REFUSED(title, who, with, shown, row, function, text, ...)                                      \
	VIEW_METHOD(RECOURSE_METHOD_QUERY, title, who, with, sizeof(with) / sizeof(with)[0], shown, row,     \
		function, text, __VA_ARGS__)
#define VIEW_METHOD(sort, title, who, with, number, shown, row, function, text, ...)                         \
	{                                                                                                    \
		.method = {.name = title,                                                                    \
			.kind = sort,                                                                        \
			.roles = who,                                                                        \
			.fields = with,                                                                      \
			.field_count = number,                                                               \
			.columns = shown,                                                                    \
			.column_count = sizeof(shown) / sizeof(shown)[0],                                    \
			.errors = (const enum recourse_error[]){__VA_ARGS__, RECOURSE_OK},                   \
			.help = text},                                                                       \
		.size = sizeof(row), .find = function                                                        \
	}
