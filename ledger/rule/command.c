/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/command.h"

#include "recourse_ledger.h"

/* What `submit` takes and says: decide/request.c reads it, reply.c writes it. */

static const char *const modes[] = {"all", "each", NULL};
static const char *const details[] = {"full", "brief", "dry-run", NULL};
static const struct recourse_field submit_fields[] = {
	FIELD_CHOICE("mode", modes, "all: all take effect or none; each: each for itself"),
	FIELD_WITH(LIST, "commands", "each its name as `command`, and its fields", .minimum = 1,
		.maximum = RECOURSE_COMMANDS_MAX),
	FIELD_OPTIONAL_CHOICE("detail", details,
		"brief: results has refused commands only; dry-run: so too, and nothing is done; full if "
		"absent"),
};

#define MEMBER_WITH(kind, title, text, ...)                                                                  \
	{                                                                                                    \
		.name = title, .type = RECOURSE_COLUMN_##kind, .help = text, __VA_ARGS__                     \
	}
#define MEMBER(kind, title, text)          MEMBER_WITH(kind, title, text)
#define MEMBER_OPTIONAL(kind, title, text) MEMBER_WITH(kind, title, text, .optional = true)
static const struct recourse_column balance_columns[] = {
	MEMBER(TEXT, "account", "code/party/reference/unit"),
	MEMBER_WITH(AMOUNT, "balance", "on the account's own side, after the entry", .unit = "account"),
};
#define LINKED_TO                                                                                            \
	MEMBER_OPTIONAL(ENTRY, COMMAND_LINKED_TO,                                                            \
		"of " COMMAND_FILE ": that filed the claim of the same lot which it repeats")
#define NOTE                                                                                                 \
	MEMBER_WITH(MAP, "note", "of " COMMAND_UNSEAL ": what was said, which is no part of the record",     \
		.optional = true, .members = note_columns, .member_count = 3)
#define BALANCES(...)                                                                                        \
	MEMBER_WITH(ROWS, "balances", "of the accounts that it moved", .members = balance_columns,           \
		.member_count = 2, __VA_ARGS__)

const char *const command_note_names[] = {"read", "erased", "lost", "repeated", NULL};
static const struct recourse_column note_columns[] = {
	MEMBER_WITH(CHOICE, "state",
		"read: here it is; erased: since then; lost: the stores that are there do not have it; "
		"repeated: it is told once, read it anew",
		.choices = command_note_names),
	MEMBER_OPTIONAL(TEXT, "text", "what was said"),
	MEMBER_OPTIONAL(BYTES, "random", "with which it is what the entry commits to"),
};

const struct recourse_column command_outcome_columns[COMMAND_OUTCOME_COLUMNS] = {
	MEMBER(ENTRY, "entry", "that the command became"),
	MEMBER_OPTIONAL(TIME, "review_due", "by when a third person reviews a use of break-glass"),
	LINKED_TO,
	NOTE,
	BALANCES(),
};

static const struct recourse_column result_columns[] = {
	MEMBER_OPTIONAL(INTEGER, "error", "its number, where the command was refused"),
	MEMBER_OPTIONAL(INTEGER, "command", "which one was refused, from 0"),
	MEMBER_OPTIONAL(TEXT, "field", "that was refused"),
	MEMBER_OPTIONAL(TEXT, "limit", "what is allowed, in words"),
	MEMBER_OPTIONAL(TEXT, "account", "that has too little"),
	MEMBER_OPTIONAL(TEXT, "state", "where a life stands that allows no such step"),
	MEMBER_OPTIONAL(TEXT, "needed", "a decimal"),
	MEMBER_OPTIONAL(TEXT, "available", "a decimal"),
	MEMBER_OPTIONAL(ENTRY, "entry", "that the command became; if refused, that stands in the way"),
	MEMBER_OPTIONAL(TIME, "review_due", "by when a third person reviews a use of break-glass"),
	LINKED_TO,
	NOTE,
	BALANCES(.optional = true),
};
static const struct recourse_column submit_columns[] = {
	MEMBER_OPTIONAL(INTEGER, "request", "number of its record; a dry run has none"),
	MEMBER(TIME, "time", "when it was decided"),
	MEMBER(INTEGER, "accepted", "how many commands were"),
	MEMBER_OPTIONAL(
		ENTRY, "first_entry", "of the entries that they became, without a gap; a dry run has none"),
	MEMBER_WITH(ROWS, "results", "of each command, in their order", .members = result_columns,
		.member_count = sizeof result_columns / sizeof result_columns[0]),
};

const struct recourse_method recourse_submit = {
	.name = "submit",
	.kind = RECOURSE_METHOD_SUBMIT,
	.fields = submit_fields,
	.field_count = sizeof submit_fields / sizeof submit_fields[0],
	.columns = submit_columns,
	.column_count = sizeof submit_columns / sizeof submit_columns[0],
	.help = "commands, in which everything is said that changes something",
};
