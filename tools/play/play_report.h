/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "exit_code.h"
#include "play/play_script.h"

/*
 * What came out: each failing line on standard error as it is found, and for each case a line where one is asked for.
 *
 *   exits.case:12: whole way: = 2010 M 999.00
 *       expected: 999.00
 *       came:     1000.00
 *       in claim, at exits.case:40
 */
enum play_report_form { PLAY_REPORT_FAILURES, PLAY_REPORT_CASES, PLAY_REPORT_JSON };

struct play_report {
	enum play_report_form form;
	const char *file;
	const char *title; /* of the case that is played */
	uint64_t passed;
	uint64_t failed;
	bool mistaken;           /* a file can not be understood */
	uint64_t case_failures;  /* of the case that is played */
	struct buffer failures;  /* of it, as JSON */
	struct buffer *examples; /* NULL: nobody wants them */
};

struct play_failure {
	const struct play_step *step; /* filled in */
	uint32_t line;                /* of the word within it */
	const char *expected;
	const char *came;
	const char *where; /* the definitions that led there, a line each; "" */
};

void play_report_begin(struct play_report *report, const char *file, const char *title);
void play_report_failure(struct play_report *report, const struct play_failure *failure);
void play_report_end(struct play_report *report);

/* The last line, "2 passed, 0 failed", and what to exit with. */
enum exit_code play_report_sum(struct play_report *report);
