/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

#include <pthread.h>

/* What the service says about itself: logfmt lines, one at a time, from any thread. No personal data. */
struct journal {
	pthread_mutex_t mutex;
	void (*log)(void *context, const char *line); /* may be NULL */
	void *context;
};

void journal_line(struct journal *journal, const char *format, ...) __attribute__((format(printf, 2, 3)));
