/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOURSE_SCHEMA_H
#define RECOURSE_SCHEMA_H

#include "recourse.h"

/*
 * What can be said to a ledger: its commands and queries, each described once. From these tables come
 * the decoders, the validation, the command line with its help, and the OpenRPC document.
 */
enum recourse_field_type {
	RECOURSE_FIELD_ID,      /* text: 1..64 of A-Z a-z 0-9 . _ : / @ -, beginning with a letter or digit */
	RECOURSE_FIELD_TEXT,    /* text: UTF-8 without control characters, `minimum`..`maximum` bytes */
	RECOURSE_FIELD_UNIT,    /* text: a unit's code, such as CNY or L */
	RECOURSE_FIELD_AMOUNT,  /* text: a decimal with exactly the digits of its unit, above zero */
	RECOURSE_FIELD_PERCENT, /* text: 0.00 to 100.00, two digits; kept in hundredths of a percent */
	RECOURSE_FIELD_INTEGER, /* integer: `minimum`..`maximum` */
	RECOURSE_FIELD_HASH,    /* 32 bytes: in JSON 64 hexadecimal digits */
	RECOURSE_FIELD_TIME,    /* text: RFC 3339 in UTC, with Z */
	RECOURSE_FIELD_CHOICE,  /* text: one of `choices` */
	RECOURSE_FIELD_SET,     /* array of texts, each one of `choices`, none twice, at least one */
	RECOURSE_FIELD_KEY,     /* text: a public key, name+hex8+base64 */
	RECOURSE_FIELD_HANDLE,  /* text: a key's handle, name+hex8 */
	RECOURSE_FIELD_NOTE,    /* what was said: its commitment, as HASH; the text is beside the request */
	RECOURSE_FIELD_LIST,    /* array of maps, each with `members`; `minimum`..`maximum` rows */
};

struct recourse_field {
	const char *name;
	enum recourse_field_type type;
	bool optional;
	bool opaque; /* RECOURSE_FIELD_ID: made here, and names nothing that is there yet */
	bool foreign; /* RECOURSE_FIELD_ID: a number that others gave; all others are nobody's telephone or the like */
	int64_t minimum; /* bytes, value or rows, by type */
	int64_t maximum;
	int64_t preset; /* RECOURSE_FIELD_INTEGER, _PERCENT: what absence means; below 0: by the help */
	const char *const *choices;           /* NULL-terminated */
	const struct recourse_field *members; /* scalars only */
	size_t member_count;
	const char *help; /* one line, for people */
};

/* What a reply says, member by member: the same list gives the reply, its JSON schema and the tables for people. */
enum recourse_column_type {
	RECOURSE_COLUMN_TEXT,    /* text */
	RECOURSE_COLUMN_ID,      /* text: an id as fields take them */
	RECOURSE_COLUMN_UNIT,    /* text: a unit's code */
	RECOURSE_COLUMN_KEY,     /* text: a public key */
	RECOURSE_COLUMN_HANDLE,  /* text: a key's handle */
	RECOURSE_COLUMN_CHOICE,  /* text: one of `choices` */
	RECOURSE_COLUMN_SET,     /* array of texts, each one of `choices` */
	RECOURSE_COLUMN_INTEGER, /* integer */
	RECOURSE_COLUMN_ENTRY,   /* integer: the number of an entry */
	RECOURSE_COLUMN_AMOUNT,  /* text: a decimal with the digits of its unit */
	RECOURSE_COLUMN_PERCENT, /* text: two digits behind the point, no most */
	RECOURSE_COLUMN_TIME,    /* text: RFC 3339 in UTC, with Z */
	RECOURSE_COLUMN_DAY,     /* text: a date */
	RECOURSE_COLUMN_SECONDS, /* integer: until or since then, as of the last entry */
	RECOURSE_COLUMN_HOURS,   /* integer: the same in whole hours */
	RECOURSE_COLUMN_HASH,    /* text: 64 hexadecimal digits */
	RECOURSE_COLUMN_HASHES,  /* array of them */
	RECOURSE_COLUMN_BYTES,   /* bytes: in JSON base64 */
	RECOURSE_COLUMN_MAP,     /* map of `members` */
	RECOURSE_COLUMN_ROWS,    /* array of such maps */
};

struct recourse_place; /* where the ledger has it: its own business */

/* The order is that in which people read them: names, then states, money, times. */
struct recourse_column {
	const char *name;
	enum recourse_column_type type;
	bool optional;                         /* it may be absent */
	bool aside;                            /* the first to be left out where a table has no room */
	const char *unit;                      /* AMOUNT: the member with its unit's code; NULL: "unit" */
	const char *const *choices;            /* NULL-terminated */
	const struct recourse_column *members; /* MAP, ROWS */
	size_t member_count;
	const char *help; /* one line, for people */
	const struct recourse_place *place;
};

enum recourse_role {
	RECOURSE_ROLE_ADMIN = 1 << 0,         /* policies, parties, keys, units */
	RECOURSE_ROLE_OPERATOR = 1 << 1,      /* maker */
	RECOURSE_ROLE_APPROVER = 1 << 2,      /* checker */
	RECOURSE_ROLE_AGENT = 1 << 3,         /* customer service */
	RECOURSE_ROLE_CUSTODIAN = 1 << 4,     /* attests that cash moved */
	RECOURSE_ROLE_MERCHANT = 1 << 5,      /* sees its own */
	RECOURSE_ROLE_FUNDER = 1 << 6,        /* sees its own */
	RECOURSE_ROLE_AUDITOR = 1 << 7,       /* reads all, writes nothing */
	RECOURSE_ROLE_SYSTEM = 1 << 8,        /* the service's own key: clocks only */
	RECOURSE_ROLE_CONSUMER = 1 << 9,      /* sees its own claims */
	RECOURSE_ROLE_LIABLE_PARTY = 1 << 10, /* sees what it owes itself */
};

/* The names of the roles, by bit number; NULL-terminated. */
extern const char *const recourse_role_names[];

enum recourse_method_kind {
	RECOURSE_METHOD_COMMAND, /* travels in `submit`, becomes an entry */
	RECOURSE_METHOD_QUERY,   /* a signed call that reads */
	RECOURSE_METHOD_PUBLIC,  /* a call without a key */
	RECOURSE_METHOD_SUBMIT,  /* the signed call that takes commands: `submit` alone */
};

struct recourse_method {
	const char *name; /* noun.verb */
	enum recourse_method_kind kind;
	uint32_t roles;     /* any one of these may call it; 0 for public methods */
	uint32_t approvals; /* other people who must agree before a command takes effect */
	const struct recourse_field *fields;
	size_t field_count;
	const struct recourse_column
		*columns; /* of its reply; a command's: its part of the reply to `submit` */
	size_t column_count;
	const enum recourse_error
		*errors;  /* that its rule refuses with; ended by OK; NULL: none beside the rest */
	const char *help; /* one line */
};

/*
 * All errors that the method can give, in ascending order: those that follow from how it is called and from its fields,
 * and those that its rule refuses with. Not those before it is known which method is called, and no faults (900 and
 * above). Returns how many.
 */
enum { RECOURSE_METHOD_ERRORS_MAX = 64 };
size_t recourse_method_errors(
	const struct recourse_method *method, enum recourse_error errors[RECOURSE_METHOD_ERRORS_MAX]);

/* `submit` itself: each command has its roles, and its own part of the result. It is not among those below. */
extern const struct recourse_method recourse_submit;

/* All of them, commands first, in the order of the manual. NULL beyond the last. */
const struct recourse_method *recourse_method_at(size_t index);

/* By name; NULL when there is none. */
const struct recourse_method *recourse_method_find(const char *name, size_t size);

#endif
