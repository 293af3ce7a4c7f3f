/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_ahead.h"

#include <errno.h>
#include <pthread.h>

enum { PAGE_ITEMS = 256, PAGES = 4 };

/* Items of one statement; the statement behind the last of them. */
struct page {
	enum bank_kind kind;
	struct buffer items; /* of struct bank_item */
	bool ends;
	struct bank_statement statement;
};

struct ahead {
	const char *path;
	uint64_t size_max;
	struct bank_columns *columns;
	struct bank_reading reading; /* the reading thread's, as are the pages that are not full */
	enum recourse_error error;
	int cause; /* errno */
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	uint64_t filled; /* under the mutex, as are all below */
	uint64_t taken;
	bool over;
	struct page pages[PAGES];
};

/* ---- the thread that reads ---- */

/* None of its pages is the visitor's: only this one waits for that, and only it fills any. */
static struct page *open_page(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->mutex);
	while (ahead->filled - ahead->taken == PAGES)
		pthread_cond_wait(&ahead->moved, &ahead->mutex);
	struct page *page = &ahead->pages[ahead->filled % PAGES];
	pthread_mutex_unlock(&ahead->mutex);
	return page;
}

static void hand_over(struct ahead *ahead, struct page *page)
{
	page->kind = ahead->reading.kind;
	pthread_mutex_lock(&ahead->mutex);
	ahead->filled++;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->mutex);
}

static void take_item(void *context, const struct bank_item *item)
{
	struct ahead *ahead = context;
	if (!bank_reading_sound(&ahead->reading))
		return;
	struct page *page = open_page(ahead);
	buffer_append(&page->items, item, sizeof *item);
	if (buffer_failed(&page->items))
		ahead->reading.fault = RECOURSE_MEMORY;
	else if (page->items.size == PAGE_ITEMS * sizeof *item)
		hand_over(ahead, page);
}

static void take_statement(void *context, const struct bank_statement *statement)
{
	struct ahead *ahead = context;
	if (!bank_reading_sound(&ahead->reading))
		return;
	struct page *page = open_page(ahead);
	page->ends = true;
	page->statement = *statement;
	hand_over(ahead, page);
}

static void *read_all(void *context)
{
	struct ahead *ahead = context;
	ahead->reading.visit =
		(struct bank_visit){.item = take_item, .statement = take_statement, .context = ahead};
	ahead->error = bank_read_file(ahead->path, ahead->size_max, ahead->columns, &ahead->reading);
	ahead->cause = errno;
	pthread_mutex_lock(&ahead->mutex);
	ahead->over = true;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->mutex);
	return NULL;
}

/* ---- who visits ---- */

/* NULL: that was the last one. What stands on no full page is of a statement that does not end: it is not sound. */
static struct page *next_page(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->mutex);
	while (ahead->filled == ahead->taken && !ahead->over)
		pthread_cond_wait(&ahead->moved, &ahead->mutex);
	struct page *page = ahead->filled == ahead->taken ? NULL : &ahead->pages[ahead->taken % PAGES];
	pthread_mutex_unlock(&ahead->mutex);
	return page;
}

static void give_back(struct ahead *ahead, struct page *page)
{
	buffer_clear(&page->items);
	page->ends = false;
	pthread_mutex_lock(&ahead->mutex);
	ahead->taken++;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->mutex);
}

static void visit_page(struct bank_reading *reading, const struct page *page)
{
	const struct bank_visit *visit = &reading->visit;
	const struct bank_item *items = (const void *)page->items.data;
	reading->kind = page->kind;
	for (size_t index = 0; visit->item != NULL && index < page->items.size / sizeof *items; index++)
		visit->item(visit->context, &items[index]);
	if (visit->statement != NULL && page->ends)
		visit->statement(visit->context, &page->statement);
}

static enum recourse_error run(struct ahead *ahead, struct bank_reading *reading)
{
	const struct bank_visit visit = reading->visit;
	pthread_t thread;
	ahead->reading = *reading;
	if (pthread_create(&thread, NULL, read_all, ahead) != 0)
		return RECOURSE_MEMORY;
	for (struct page *page; (page = next_page(ahead)) != NULL;) {
		visit_page(reading, page);
		give_back(ahead, page);
	}
	pthread_join(thread, NULL);
	*reading = ahead->reading;
	reading->visit = visit;
	if (ahead->error != RECOURSE_OK)
		errno = ahead->cause;
	return ahead->error;
}

enum recourse_error bank_ahead_read(
	const char *path, uint64_t size_max, struct bank_columns *columns, struct bank_reading *reading)
{
	struct ahead ahead = {.path = path, .size_max = size_max, .columns = columns};
	pthread_mutex_init(&ahead.mutex, NULL);
	pthread_cond_init(&ahead.moved, NULL);
	enum recourse_error error = run(&ahead, reading);
	for (size_t index = 0; index < PAGES; index++)
		buffer_free(&ahead.pages[index].items);
	pthread_cond_destroy(&ahead.moved);
	pthread_mutex_destroy(&ahead.mutex);
	return error;
}
