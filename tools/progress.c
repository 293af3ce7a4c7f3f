/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include "table.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	INTERVAL_MS = 100,
	BAR_WIDTH = 30,
};

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool progress_start(struct progress *progress, const char *choice, const char *what, const char *counted)
{
	*progress = (struct progress){.what = what, .counted = counted, .started_ms = now_ms()};
	if (choice == NULL)
		progress->mode = isatty(STDERR_FILENO) == 1 ? PROGRESS_BAR : PROGRESS_NONE;
	else if (strcmp(choice, "json") == 0)
		progress->mode = PROGRESS_JSON;
	else if (strcmp(choice, "bar") == 0)
		progress->mode = PROGRESS_BAR;
	else if (strcmp(choice, "none") != 0)
		return false;
	return true;
}

static void show_json(const struct progress *progress, uint64_t done, uint64_t total, uint64_t now)
{
	fprintf(stderr,
		"{\"progress\":\"%s\",\"%s\":%" PRIu64 ",\"total\":%" PRIu64 ",\"milliseconds\":%" PRIu64
		"}\n",
		progress->what, progress->counted, done, total, now - progress->started_ms);
}

static void show_bar(const struct progress *progress, uint64_t done, uint64_t total, uint64_t now)
{
	char bar[BAR_WIDTH + 1];
	double part = total == 0 ? 1 : (double)(done < total ? done : total) / (double)total;
	size_t filled = (size_t)(part * BAR_WIDTH);
	uint64_t elapsed = now - progress->started_ms;
	uint64_t rate = elapsed == 0 ? 0 : done * 1000 / elapsed;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', filled);
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3.0f%%  %" PRIu64 " %s, %" PRIu64 "/s\033[K", progress->what, bar,
		part * 100, done, progress->counted, rate);
	fflush(stderr);
}

void progress_update(void *context, uint64_t done, uint64_t total)
{
	struct progress *progress = context;
	uint64_t now = now_ms();
	bool last = done >= total;
	if (progress->mode == PROGRESS_NONE || (!last && now - progress->shown_ms < INTERVAL_MS))
		return;
	progress->shown_ms = now;
	if (progress->mode == PROGRESS_JSON) {
		show_json(progress, done, total, now);
		return;
	}
	show_bar(progress, done, total, now);
	progress->open = true;
}

void progress_finish(struct progress *progress)
{
	if (progress->open)
		fputs("\r\033[K", stderr);
	progress->open = false;
}
