/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_embedded.h"
#include "play/play_name.h"
#include "play/play_report.h"

/* A case while it is played: where it stands, and how it fails. */
struct play_case {
	const struct play_script *script;
	struct play_report *report;
	const char *directory;       /* for its ledger; NULL where one was given */
	struct play_opening opening; /* until the ledger is there */
	struct play_ledger *ledger;  /* opened by the first step that needs it */
	bool blind;                  /* what only looks is passed over */
	struct play_names names;
	const struct play_frame *frame;
	const char *unit;      /* of what follows "=", where none is said */
	const char *reader;    /* who looks at balances and entries */
	struct arena arena;    /* of the whole case */
	struct buffer answers; /* of struct play_answer: by the names of requests */
	bool stopped;          /* nothing after a step that went wrong can be judged */
};

/* The ledger, which is opened if it is not yet. NULL: the case is stopped, the reason was named. */
struct play_ledger *play_case_ledger(struct play_case *play);

/* What was expected of a line, at a word within it, did not come. The case goes on. */
void play_case_fail(struct play_case *play, const struct play_step *step, uint32_t line, const char *expected,
	const char *came);

/* The same, and nothing that follows is played. */
void play_case_stop(struct play_case *play, const struct play_step *step, uint32_t line, const char *expected,
	const char *came);

/* The line is not of the language: at that word something else was expected. Stops. */
void play_case_mistake(
	struct play_case *play, const struct play_step *step, size_t word, const char *expected);

/* A fault that is not the scenario's. Stops. */
void play_case_fault(struct play_case *play, const struct play_step *step, enum recourse_error error);

/* Gives a name to an entry, for the rest of the case. NULL names nothing. */
void play_case_name(struct play_case *play, const char *name, uint64_t entry);
