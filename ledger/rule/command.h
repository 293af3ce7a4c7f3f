/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/day.h"
#include "rule/decision.h"

/*
 * The table of commands. A command is a row: its name, who may give it, its fields, and the rule that
 * decides it. From the row come decoding, validation, help and the published description; a new command is
 * a row, an apply function and a test.
 *
 * Entries are decided again, on replay and in the audit, so a rule that has decided anything stays as it is. One that
 * decides otherwise is another version beside it, a further row of `rules`; which of them is in force is an entry (see
 * decide/README.md), and every entry names the one that made it.
 */
struct command_rule {
	uint32_t version; /* 1 is the first; 0 ends the list */
	/*
	 * Decides with `values`, one for each field. Changes records and posts through the decision only.
	 * Returns the refusal's error, or a fault.
	 */
	enum recourse_error (*apply)(struct decision *decision, const struct value *values);
};

enum { COMMAND_RULES_MAX = 4 }; /* with the end */
struct command {
	struct recourse_method method;
	struct command_rule rules[COMMAND_RULES_MAX];
	bool for_good; /* nobody breaks the glass for it (H6) */
};

struct command_group {
	const struct command *rows;
	size_t count;
};

/* What the reply to a submit says of a command that was accepted. */
enum { COMMAND_OUTCOME_COLUMNS = 5 };
extern const struct recourse_column command_outcome_columns[COMMAND_OUTCOME_COLUMNS];

/* The command that reads a note: its reply has the text, which is no part of the record. */
#define COMMAND_UNSEAL "note.unseal"

/* The command whose reply names the entry of the claim that it repeats, where it does; and what its entry calls that. */
#define COMMAND_FILE      "claim.file"
#define COMMAND_LINKED_TO "linked_to"

/* What became of a note that was unsealed, when it is answered; by the names. */
enum command_note { COMMAND_NOTE_READ, COMMAND_NOTE_ERASED, COMMAND_NOTE_LOST, COMMAND_NOTE_REPEATED };
extern const char *const command_note_names[];

enum { COMMAND_FIELDS_MAX = 32 };

/*
 * ---- writing rows ----
 * At the end what the rule refuses with beside what follows from the fields (recourse_method_errors() says what that
 * is); RECOURSE_OK where there is nothing. What is carried out for others may be refused with anything.
 */
#define COMMAND_ANY_REFUSAL                                                                                  \
	RECOURSE_UNIT_UNKNOWN, RECOURSE_UNIT_MISMATCH, RECOURSE_AMOUNT_DIGITS, RECOURSE_AMOUNT_RANGE,        \
		RECOURSE_OVERFLOW, RECOURSE_EXISTS, RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG,                \
		RECOURSE_INSUFFICIENT, RECOURSE_SAME_PERSON, RECOURSE_CUSTODIAN_WRONG,                       \
		RECOURSE_EVIDENCE_MISSING, RECOURSE_EVIDENCE_CONFLICT, RECOURSE_POLICY_WRONG,                \
		RECOURSE_WINDOW_CLOSED, RECOURSE_SHARES_WRONG, RECOURSE_EXCEEDS_LOSS, RECOURSE_NOT_PERMITTED
#define COMMAND(title, who, with, rule, text, ...)                                                           \
	COMMAND_CHECKED(title, who, 0, with, rule, text, __VA_ARGS__)
#define COMMAND_CHECKED(title, who, others, with, rule, text, ...)                                           \
	COMMAND_ROW(title, who, others, false, with, rule, text, __VA_ARGS__)
/* What it does can not be made good: for no reason is it carried out without those others. */
#define COMMAND_FOR_GOOD(title, who, others, with, rule, text, ...)                                          \
	COMMAND_ROW(title, who, others, true, with, rule, text, __VA_ARGS__)
#define COMMAND_ROW(title, who, others, never_undone, with, rule, text, ...)                                 \
	{                                                                                                    \
		.method = {.name = title,                                                                    \
			.kind = RECOURSE_METHOD_COMMAND,                                                     \
			.roles = who,                                                                        \
			.approvals = others,                                                                 \
			.fields = with,                                                                      \
			.field_count = sizeof(with) / sizeof(with)[0],                                       \
			.columns = command_outcome_columns,                                                  \
			.column_count = COMMAND_OUTCOME_COLUMNS,                                             \
			.errors = (const enum recourse_error[]){__VA_ARGS__, RECOURSE_OK},                   \
			.help = text},                                                                       \
		.rules = {{1, rule}}, .for_good = never_undone,                                              \
	}
#define COMMAND_GROUP(table)                                                                                 \
	{                                                                                                    \
		table, sizeof(table) / sizeof(table)[0]                                                      \
	}

/* A field, and what else is to be said of it. */
#define FIELD_WITH(kind, title, text, ...)                                                                   \
	{                                                                                                    \
		.name = title, .type = RECOURSE_FIELD_##kind, .help = text, __VA_ARGS__                      \
	}
#define FIELD(kind, title, text)          FIELD_WITH(kind, title, text)
#define FIELD_OPTIONAL(kind, title, text) FIELD_WITH(kind, title, text, .optional = true)
/* An id that is made here for somebody or something of somebody's. */
#define FIELD_OPAQUE(title, text) FIELD_WITH(ID, title, text, .opaque = true)
/* One that others gave: a card's, an order's, a bank's. It is as it is, while any other is no number that a person goes by (I1). */
#define FIELD_FOREIGN(title, text)          FIELD_WITH(ID, title, text, .foreign = true)
#define FIELD_OPTIONAL_FOREIGN(title, text) FIELD_WITH(ID, title, text, .foreign = true, .optional = true)
#define FIELD_TEXT(title, most, text)       FIELD_WITH(TEXT, title, text, .minimum = 1, .maximum = most)
#define FIELD_OPTIONAL_TEXT(title, most, text)                                                               \
	FIELD_WITH(TEXT, title, text, .optional = true, .minimum = 1, .maximum = most)
#define FIELD_CHOICE(title, list, text) FIELD_WITH(CHOICE, title, text, .choices = list)
#define FIELD_OPTIONAL_CHOICE(title, list, text)                                                             \
	FIELD_WITH(CHOICE, title, text, .optional = true, .choices = list)
#define FIELD_SET(title, list, text) FIELD_WITH(SET, title, text, .choices = list)
/* A day: 2016-05-04. */
#define FIELD_DAY(title, text)                                                                               \
	FIELD_WITH(TEXT, title, text, .minimum = DAY_TEXT_SIZE - 1, .maximum = DAY_TEXT_SIZE - 1)
#define FIELD_OPTIONAL_DAY(title, text)                                                                      \
	FIELD_WITH(TEXT, title, text, .optional = true, .minimum = DAY_TEXT_SIZE - 1,                        \
		.maximum = DAY_TEXT_SIZE - 1)
#define FIELD_PERCENT(title, value, text) FIELD_WITH(PERCENT, title, text, .optional = true, .preset = value)
/* So many rows, each with these members. */
#define FIELD_LIST(title, least, most, rows, text)                                                           \
	FIELD_WITH(LIST, title, text, .minimum = least, .maximum = most, .members = rows,                    \
		.member_count = sizeof(rows) / sizeof(rows)[0])
#define FIELD_OPTIONAL_LIST(title, most, rows, text)                                                         \
	FIELD_WITH(LIST, title, text, .optional = true, .maximum = most, .members = rows,                    \
		.member_count = sizeof(rows) / sizeof(rows)[0])
#define FIELD_INTEGER(title, least, most, text)                                                              \
	FIELD_WITH(INTEGER, title, text, .minimum = least, .maximum = most)
#define FIELD_PRESET(title, least, most, value, text)                                                        \
	FIELD_WITH(INTEGER, title, text, .optional = true, .minimum = least, .maximum = most, .preset = value)
