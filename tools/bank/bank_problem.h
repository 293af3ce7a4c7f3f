/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "exit_code.h"
#include "spool.h"

/*
 * What is wrong with a file, all of it at once: where, why, and the stable code. The first BANK_PROBLEM_LISTED are
 * kept, the others counted; all of them where `every` is set, and then for programs as well. They are shown in the order
 * of their lines, what is of no line behind all others. Start with all zeroes.
 */
enum { BANK_PROBLEM_LISTED = 100 };

struct bank_problem_at {
	uint64_t line;
	uint64_t at;   /* where in `kept` its text begins, */
	uint32_t text; /* how long that is, and the row behind it */
	uint32_t row;
};

struct bank_problems {
	struct spool
		kept; /* a text each; of `every` behind it a CBOR map with line, path, error and reason */
	struct buffer
		order; /* of struct bank_problem_at: of those that are kept; what had no place is counted */
	bool every;
	uint64_t count;
	enum recourse_error first; /* OK: there is none */
};

/* `line` 0 and an empty `path` are left out. */
void bank_problem_add(struct bank_problems *problems, uint64_t line, const char *path,
	enum recourse_error error, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Of `every`: each as a line of JSON on standard output, {"kind":"difference","line":7,"error":"NOT_FOUND","reason":"…"}. */
enum exit_code bank_problem_show(struct bank_problems *problems);

/* Each as a message about that file; then how many more there are. */
void bank_problem_say(struct bank_problems *problems, const char *file);
void bank_problem_free(struct bank_problems *problems);
