/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_pages.h"

#include "base/buffer.h"
#include "base/item.h"
#include "host_clock.h"
#include "member.h"
#include "output.h"

#include <inttypes.h>
#include <string.h>

enum {
	PAGE = 50,
	PAGES = 100, /* that are read at each place of a list */
};

bool bench_pages_read(struct demo_stage *stage, struct bench_page *page, bench_pages_see *see, void *context)
{
	char params[BENCH_PAGES_NEXT_SIZE + 128];
	struct recourse_bytes result = {0};
	slice reader;
	slice next;
	struct item head;
	snprintf(params, sizeof params, "{\"limit\":%d%s%s%s%s}", PAGE, page->fixed,
		page->next[0] != '\0' ? ",\"from\":\"" : "", page->next, page->next[0] != '\0' ? "\"" : "");
	if (!demo_stage_query(stage, "maker", page->method, params, &result))
		return false;
	slice map = slice_of(result.data, result.size);
	bool good = member_list(map, page->rows, &reader, &head);
	page->count = good ? head.count : 0;
	for (uint64_t row = 0; good && see != NULL && row < head.count; row++) {
		slice whole;
		good = item_read_whole(&reader, &whole) == RECOURSE_OK;
		if (good)
			see(context, whole);
	}
	page->next[0] = '\0';
	if (member_text(map, "next", &next))
		snprintf(page->next, sizeof page->next, "%.*s", SLICE_ARGUMENTS(next));
	recourse_bytes_free(&result);
	if (!good)
		output_problem("bench: the answer to %s can not be understood", page->method);
	return good;
}

/* ---- what a page costs ---- */

/* At its begin, in its middle, at its end. */
enum { PLACES = 3 };
static const struct list {
	const char *method;
	const char *rows;
	const char *fixed;
	const char *median[PLACES];
	const char *tail[PLACES];
} lists[] = {
	{"desk.queue", "claims", "", {"queue, begin p50", "queue, middle p50", "queue, end p50"},
		{"queue, begin p99", "queue, middle p99", "queue, end p99"}},
	{"desk.overdue", "claims", "", {"overdue, begin p50", "overdue, middle p50", "overdue, end p50"},
		{"overdue, begin p99", "overdue, middle p99", "overdue, end p99"}},
	{"claim.list", "claims", ",\"incident\":\"desk\"",
		{"claims, begin p50", "claims, middle p50", "claims, end p50"},
		{"claims, begin p99", "claims, middle p99", "claims, end p99"}},
	{"claim.list", "claims", ",\"state\":\"withdrawn\"",
		{"none such, begin p50", "none such, middle p50", "none such, end p50"},
		{"none such, begin p99", "none such, middle p99", "none such, end p99"}},
};

struct timing {
	struct demo_stage *stage;
	const char *workload;
	struct bench_figures *figures;
};

static bool time_pages(struct timing *this, const struct list *list, size_t place, const char *next)
{
	struct buffer latencies = {0};
	bool good = true;
	for (size_t read = 0; good && read < PAGES; read++) {
		struct bench_page page = {.method = list->method, .rows = list->rows, .fixed = list->fixed};
		snprintf(page.next, sizeof page.next, "%s", next);
		uint64_t started = host_clock_monotonic();
		good = bench_pages_read(this->stage, &page, NULL, NULL);
		uint64_t latency = host_clock_monotonic() - started;
		buffer_append(&latencies, &latency, sizeof latency);
	}
	if (good)
		bench_figure_latencies(
			this->figures, this->workload, list->median[place], list->tail[place], &latencies);
	buffer_free(&latencies);
	return good;
}

/* Once through, to know where its middle and its last page begin. */
static bool time_list(struct timing *this, const struct list *list)
{
	struct bench_page page = {.method = list->method, .rows = list->rows, .fixed = list->fixed};
	struct buffer begins = {0}; /* of pages, BENCH_PAGES_NEXT_SIZE each */
	bool good = true;
	do {
		buffer_append(&begins, page.next, BENCH_PAGES_NEXT_SIZE);
		good = bench_pages_read(this->stage, &page, NULL, NULL);
	} while (good && page.next[0] != '\0');
	size_t pages = begins.size / BENCH_PAGES_NEXT_SIZE;
	const char *at = (const char *)begins.data;
	const size_t places[PLACES] = {0, pages / 2, pages - 1};
	for (size_t place = 0; good && place < PLACES; place++)
		good = time_pages(this, list, place, at + places[place] * BENCH_PAGES_NEXT_SIZE);
	buffer_free(&begins);
	return good;
}

bool bench_pages_time(struct demo_stage *stage, const char *workload, struct bench_figures *figures)
{
	struct timing this = {stage, workload, figures};
	bool good = true;
	for (size_t list = 0; good && list < sizeof lists / sizeof lists[0]; list++)
		good = time_list(&this, &lists[list]);
	return good;
}
