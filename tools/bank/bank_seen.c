/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_seen.h"

#include "base/endian.h"
#include "base/try.h"

#include <assert.h>
#include <stdlib.h>

enum { KEY_SIZE = 8, WINDOW = 16 * 1024 };

struct head {
	uint64_t line;
	uint16_t size;
	uint8_t tag;
	uint8_t reserved[5];
};

struct row {
	uint64_t key;  /* how its text begins, as a number: mostly that alone says the order */
	size_t offset; /* of its head */
};

static uint64_t key_of(slice text)
{
	uint8_t begin[KEY_SIZE] = {0};
	memcpy(begin, text.data, text.size < KEY_SIZE ? text.size : KEY_SIZE);
	return big_endian_read(begin, KEY_SIZE);
}

static int compare(slice first, slice second)
{
	size_t size = first.size < second.size ? first.size : second.size;
	int order = memcmp(first.data, second.data, size);
	return order != 0 ? order : (first.size > second.size) - (first.size < second.size);
}

/* ---- a part ---- */

static slice text_at(const struct buffer *texts, size_t offset, struct head *head)
{
	memcpy(head, texts->data + offset, sizeof *head);
	return slice_of(texts->data + offset + sizeof *head, head->size);
}

/* Whether the second one goes before the first, which was added earlier. */
static bool goes_before(const struct buffer *texts, const struct row *first, const struct row *second)
{
	struct head head;
	if (first->key != second->key)
		return second->key < first->key;
	return compare(text_at(texts, second->offset, &head), text_at(texts, first->offset, &head)) < 0;
}

static void merge(
	const struct buffer *texts, const struct row *from, size_t middle, size_t count, struct row *to)
{
	size_t left = 0;
	size_t right = middle;
	for (size_t index = 0; index < count; index++) {
		bool take_right =
			left == middle || (right < count && goes_before(texts, &from[left], &from[right]));
		to[index] = from[take_right ? right++ : left++];
	}
}

/* Files are mostly in some order already: what is, is left as it is. */
static void sort(const struct buffer *texts, struct row *rows, size_t count, struct row *aside)
{
	size_t middle = count / 2;
	if (count < 2)
		return;
	sort(texts, rows, middle, aside);
	sort(texts, rows + middle, count - middle, aside);
	if (!goes_before(texts, &rows[middle - 1], &rows[middle]))
		return;
	merge(texts, rows, middle, count, aside);
	memcpy(rows, aside, count * sizeof *rows);
}

static enum recourse_error end_part(struct bank_seen *seen)
{
	size_t count = seen->rows.size / sizeof(struct row);
	struct row *rows = (void *)seen->rows.data;
	struct row *aside = malloc((count + 1) * sizeof *aside);
	enum recourse_error error = aside == NULL ? RECOURSE_MEMORY : RECOURSE_OK;
	if (error == RECOURSE_OK)
		sort(&seen->texts, rows, count, aside);
	free(aside);
	for (size_t index = 0; error == RECOURSE_OK && index < count; index++) {
		struct head head;
		(void)text_at(&seen->texts, rows[index].offset, &head);
		error = spool_append(
			&seen->parts, seen->texts.data + rows[index].offset, sizeof head + head.size);
	}
	buffer_append(&seen->ends, &seen->parts.size, sizeof seen->parts.size);
	buffer_clear(&seen->texts);
	buffer_clear(&seen->rows);
	return error == RECOURSE_OK && buffer_failed(&seen->ends) ? RECOURSE_MEMORY : error;
}

enum recourse_error bank_seen_add(struct bank_seen *seen, slice text, uint8_t tag, uint64_t line)
{
	const struct head head = {.line = line, .size = (uint16_t)text.size, .tag = tag};
	const struct row row = {.key = key_of(text), .offset = seen->texts.size};
	assert(text.size <= BANK_SEEN_TEXT_MAX);
	buffer_append(&seen->texts, &head, sizeof head);
	buffer_append(&seen->texts, text.data, text.size);
	buffer_append(&seen->rows, &row, sizeof row);
	if (buffer_failed(&seen->texts) || buffer_failed(&seen->rows))
		return RECOURSE_MEMORY;
	return seen->rows.size / sizeof row < BANK_SEEN_PART ? RECOURSE_OK : end_part(seen);
}

/* ---- all of them ---- */

/* A part as it is read: what of it is in memory, and the text that comes next. */
struct part {
	const struct spool *spool;
	uint64_t at; /* of what is not read */
	uint64_t end;
	size_t have;
	size_t used;
	struct head head;
	slice text;
	uint64_t key;
	bool over;
	uint8_t window[WINDOW];
};

static enum recourse_error fill(struct part *part)
{
	size_t left = part->have - part->used;
	memmove(part->window, part->window + part->used, left);
	size_t room = WINDOW - left;
	size_t size = part->end - part->at < room ? (size_t)(part->end - part->at) : room;
	TRY(spool_read(part->spool, part->at, part->window + left, size));
	part->at += size;
	part->have = left + size;
	part->used = 0;
	return RECOURSE_OK;
}

static enum recourse_error next(struct part *part)
{
	if (part->have - part->used < sizeof part->head + BANK_SEEN_TEXT_MAX && part->at < part->end)
		TRY(fill(part));
	part->over = part->have == part->used;
	if (part->over)
		return RECOURSE_OK;
	memcpy(&part->head, part->window + part->used, sizeof part->head);
	part->text = slice_of(part->window + part->used + sizeof part->head, part->head.size);
	part->key = key_of(part->text);
	part->used += sizeof part->head + part->head.size;
	return RECOURSE_OK;
}

/* A heap of parts, the one whose text comes next above all: of the same text that of the earlier part. */
struct heap {
	struct part **parts;
	size_t count;
};

static bool comes_first(const struct part *first, const struct part *second)
{
	if (first->key != second->key)
		return first->key < second->key;
	int order = compare(first->text, second->text);
	return order != 0 ? order < 0 : first->end < second->end;
}

static void sink(struct heap *heap, size_t place)
{
	struct part *part = heap->parts[place];
	for (size_t below; (below = 2 * place + 1) < heap->count; place = below) {
		if (below + 1 < heap->count && comes_first(heap->parts[below + 1], heap->parts[below]))
			below++;
		if (!comes_first(heap->parts[below], part))
			break;
		heap->parts[place] = heap->parts[below];
	}
	heap->parts[place] = part;
}

/* The text that was handed out last. */
struct last {
	bool any;
	uint64_t first;
	size_t size;
	uint8_t bytes[BANK_SEEN_TEXT_MAX];
};

static void hand_out(const struct part *part, struct last *last, bank_seen_visitor *visit, void *context)
{
	bool again = last->any && slice_equal(part->text, slice_of(last->bytes, last->size));
	if (!again) {
		last->any = true;
		last->first = part->head.line;
		last->size = part->text.size;
		memcpy(last->bytes, part->text.data, part->text.size);
	}
	const struct bank_seen_text text = {.text = part->text,
		.line = part->head.line,
		.first = last->first,
		.tag = part->head.tag,
		.again = again};
	visit(context, &text);
}

static enum recourse_error merge_parts(struct heap *heap, bank_seen_visitor *visit, void *context)
{
	struct last last = {.any = false};
	for (size_t place = heap->count; place-- > 0;)
		sink(heap, place);
	while (heap->count > 0) {
		struct part *part = heap->parts[0];
		hand_out(part, &last, visit, context);
		TRY(next(part));
		if (part->over)
			heap->parts[0] = heap->parts[--heap->count];
		if (heap->count > 0)
			sink(heap, 0);
	}
	return RECOURSE_OK;
}

static enum recourse_error open_parts(
	const struct bank_seen *seen, struct part *parts, size_t count, struct heap *heap)
{
	const uint64_t *ends = (const void *)seen->ends.data;
	for (size_t index = 0; index < count; index++) {
		struct part *part = &parts[index];
		part->spool = &seen->parts;
		part->at = index == 0 ? 0 : ends[index - 1];
		part->end = ends[index];
		TRY(next(part));
		heap->parts[heap->count++] = part;
	}
	return RECOURSE_OK;
}

enum recourse_error bank_seen_visit(struct bank_seen *seen, bank_seen_visitor *visit, void *context)
{
	if (seen->rows.size > 0)
		TRY(end_part(seen));
	size_t count = seen->ends.size / sizeof(uint64_t);
	if (count == 0)
		return RECOURSE_OK;
	struct part *parts = calloc(count, sizeof *parts);
	struct heap heap = {.parts = calloc(count, sizeof *heap.parts)};
	enum recourse_error error = parts == NULL || heap.parts == NULL ? RECOURSE_MEMORY : RECOURSE_OK;
	if (error == RECOURSE_OK)
		error = open_parts(seen, parts, count, &heap);
	if (error == RECOURSE_OK)
		error = merge_parts(&heap, visit, context);
	free(heap.parts);
	free(parts);
	return error;
}

void bank_seen_free(struct bank_seen *seen)
{
	buffer_free(&seen->texts);
	buffer_free(&seen->rows);
	buffer_free(&seen->ends);
	spool_free(&seen->parts);
}
