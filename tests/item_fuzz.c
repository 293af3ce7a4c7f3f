/* SPDX-License-Identifier: Apache-2.0 */
#include "base/item.h"
#include "fuzz.h"

static void write_again(const struct item *item, struct buffer *out)
{
	switch (item->type) {
	case ITEM_INTEGER:
		item_write_integer(out, item->integer);
		return;
	case ITEM_BYTES:
		item_write_bytes(out, item->string);
		return;
	case ITEM_TEXT:
		item_write_text(out, item->string);
		return;
	case ITEM_ARRAY:
		item_write_array(out, item->count);
		return;
	case ITEM_MAP:
		item_write_map(out, item->count);
		return;
	case ITEM_FALSE:
	case ITEM_TRUE:
		item_write_boolean(out, item->type == ITEM_TRUE);
		return;
	case ITEM_NULL:
		item_write_null(out);
		return;
	}
	abort();
}

/* What is not checked yet ends where its items do, and where it ends when it is checked. */
static void check_unread(slice reader, enum recourse_error checked, slice whole)
{
	const uint8_t *start = reader.data;
	slice unread;
	if (item_read_unread(&reader, &unread) != RECOURSE_OK) {
		require(reader.data == start && checked != RECOURSE_OK);
		return;
	}
	require(unread.data == start && unread.size > 0 && reader.data == start + unread.size);
	require(checked != RECOURSE_OK || unread.size == whole.size);
	struct item item;
	while (unread.size > 0)
		require(item_read(&unread, &item) == RECOURSE_OK);
}

/* What is accepted has one form only: written again, it is the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slice reader = {.data = data, .size = size};
	slice whole = {.size = 0};
	enum recourse_error error = item_read_whole(&reader, &whole);
	check_unread(slice_of(data, size), error, whole);
	if (error != RECOURSE_OK) {
		require(reader.data == data);
		return 0;
	}
	slice again = whole;
	SCOPED(buffer_free) struct buffer out = {0};
	while (again.size > 0) {
		struct item item;
		require(item_read(&again, &item) == RECOURSE_OK);
		write_again(&item, &out);
	}
	require(slice_equal(buffer_slice(&out), whole));
	return 0;
}
