/* SPDX-License-Identifier: Apache-2.0 */
#include "entry_pages.h"

#include "base/instant.h"
#include "base/try.h"
#include "member.h"
#include "options.h"
#include "output.h"
#include "proof/tree.h"

void entry_pages_close(struct entry_pages *pages)
{
	recourse_bytes_free(&pages->page);
}

enum recourse_error entry_pages_ask(struct entry_pages *pages, const char *method,
	const struct buffer *params, struct recourse_bytes *reply)
{
	pages->method = method;
	pages->refusal = (struct recourse_refusal){0};
	if (buffer_failed(params))
		return RECOURSE_MEMORY;
	return recourse_client_query(pages->client, method, buffer_slice(params), reply, &pages->refusal);
}

enum recourse_error entry_pages_count(struct entry_pages *pages, uint64_t *entries)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	int64_t count;
	pages->method = "service.info";
	TRY(recourse_client_call(pages->client, pages->method, slice_of(NULL, 0), &reply, &pages->refusal));
	if (!member_integer(slice_of(reply.data, reply.size), "entries", &count) || count < 0)
		return RECOURSE_MALFORMED;
	*entries = (uint64_t)count;
	return RECOURSE_OK;
}

void entry_pages_seek(struct entry_pages *pages, uint64_t number, uint64_t page_size)
{
	pages->number = number;
	pages->page_size = page_size;
	pages->row_count = 0;
	pages->linked = number == 0;
	pages->leaf = (struct crypto_hash){0};
}

static enum recourse_error fetch(struct entry_pages *pages)
{
	SCOPED(buffer_free) struct buffer params = {0};
	struct item head;
	recourse_bytes_free(&pages->page);
	item_write_map(&params, 2);
	item_write_pair_integer(&params, "from", (int64_t)pages->number);
	item_write_pair_integer(&params, "limit", (int64_t)pages->page_size);
	TRY(entry_pages_ask(pages, "entry.list", &params, &pages->page));
	slice page = slice_of(pages->page.data, pages->page.size);
	if (!member_list(page, "entries", &pages->rows, &head) || head.count == 0)
		return RECOURSE_MALFORMED;
	pages->row_count = head.count;
	return RECOURSE_OK;
}

enum recourse_error entry_pages_next(struct entry_pages *pages, slice *bytes, struct entry *entry)
{
	slice row;
	if (pages->row_count == 0)
		TRY(fetch(pages));
	pages->row_count--;
	TRY(item_read_whole(&pages->rows, &row));
	if (!member_bytes(row, "bytes", bytes))
		return RECOURSE_MALFORMED;
	TRY(entry_decode(*bytes, entry));
	if (entry->number != pages->number ||
		(pages->linked && !crypto_hash_equal(&entry->previous, &pages->leaf)))
		return RECOURSE_PROOF_WRONG;
	tree_leaf(*bytes, &pages->leaf);
	pages->linked = true;
	pages->number++;
	return RECOURSE_OK;
}

enum recourse_error entry_pages_find(
	struct entry_pages *pages, uint64_t time, uint64_t entries, uint64_t *number)
{
	uint64_t low = 0;
	uint64_t high = entries;
	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		struct entry entry;
		slice bytes;
		entry_pages_seek(pages, middle, 1);
		TRY(entry_pages_next(pages, &bytes, &entry));
		if (entry.time < time)
			low = middle + 1;
		else
			high = middle;
	}
	*number = low;
	return RECOURSE_OK;
}

enum exit_code entry_pages_say(const struct entry_pages *pages, enum recourse_error error)
{
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, &pages->refusal, pages->method);
}

/* From an entry's number or a time, the first entry of a period, or the `last`. */
static enum exit_code find_bound(struct entry_pages *pages, const char *flag, const char *text,
	uint64_t entries, bool last, uint64_t *number)
{
	uint64_t time;
	if (text == NULL)
		return EXIT_CODE_OK;
	if (text[0] != '\0' && strspn(text, "0123456789") == strlen(text))
		return options_number(flag, text, 0, entries - 1, number) ? EXIT_CODE_OK : EXIT_CODE_USAGE;
	if (instant_parse(slice_text(text), &time) != RECOURSE_OK)
		return output_usage(
			"--%s takes an entry's number, or a time such as 2026-11-01T00:00:00Z", flag);
	enum recourse_error error = entry_pages_find(pages, time, entries, number);
	if (error == RECOURSE_OK && last) {
		if (*number == 0)
			return output_usage("there is no entry before %s", text);
		--*number;
	}
	return entry_pages_say(pages, error);
}

enum exit_code entry_pages_period(struct entry_pages *pages, const char *const flags[static 2],
	const char *from, const char *to, uint64_t *first, uint64_t *last)
{
	uint64_t entries = 0;
	enum exit_code code = entry_pages_say(pages, entry_pages_count(pages, &entries));
	if (code != EXIT_CODE_OK)
		return code;
	if (entries == 0)
		return output_usage("the ledger has no entries");
	*first = 0;
	*last = entries - 1;
	code = find_bound(pages, flags[0], from, entries, false, first);
	return code == EXIT_CODE_OK ? find_bound(pages, flags[1], to, entries, true, last) : code;
}
