/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/* Pages of the desk's lists: read one after another, and what one costs however long the list is. */
enum { BENCH_PAGES_NEXT_SIZE = 256 };

struct bench_page {
	const char *method;
	const char *rows;  /* the member that has them */
	const char *fixed; /* members that are always asked, as JSON behind a comma; "" */
	char next
		[BENCH_PAGES_NEXT_SIZE]; /* where it begins, and then the one behind it; "": at the first, and that was the last */
	size_t count;
};

/* `see` is shown each row, unless it is NULL. False when it is refused or can not be understood; it was said what. */
typedef void bench_pages_see(void *context, slice row);
bool bench_pages_read(struct demo_stage *stage, struct bench_page *page, bench_pages_see *see, void *context);

/* What a page costs of each list that is asked for at a desk, at its begin, in its middle and at its end. False as above. */
bool bench_pages_time(struct demo_stage *stage, const char *workload, struct bench_figures *figures);
