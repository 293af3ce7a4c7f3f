/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_page.h"

#include "base/try.h"

static const struct bank_item *items_of(const struct bank_page *page)
{
	return (const void *)page->items.data;
}

static size_t count_of(const struct bank_page *page)
{
	return (size_t)bank_page_count(page);
}

/* Both are of one line. */
static bool is_one(const struct bank_item *first, const struct bank_item *second)
{
	bool status = first->kind == BANK_ITEM_STATUS || second->kind == BANK_ITEM_STATUS;
	return !status && first->entry == second->entry;
}

static size_t part_at(const struct bank_page *page, size_t index)
{
	const struct bank_item *items = items_of(page);
	size_t end = index + 1;
	while (end < count_of(page) && is_one(&items[index], &items[end]))
		end++;
	return end - index;
}

bool bank_page_full(const struct bank_page *page, const struct bank_item *item)
{
	size_t count = count_of(page);
	return count >= BANK_LEDGER_PAGE && !is_one(&items_of(page)[count - 1], item);
}

bool bank_page_over(const struct bank_page *page, const struct bank_item *item)
{
	size_t count = count_of(page);
	size_t before = count - BANK_PAGE_LINE_MAX; /* of the same line or not, where there are so many */
	return count >= BANK_PAGE_LINE_MAX && is_one(&items_of(page)[before], item);
}

enum recourse_error bank_page_add(struct bank_page *page, const struct bank_item *item)
{
	buffer_append(&page->items, item, sizeof *item);
	return buffer_failed(&page->items) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static void add_name(struct bank_page *page, const char *name)
{
	buffer_append(&page->names, &name, sizeof name);
}

static void *answers(struct buffer *buffer, size_t size)
{
	buffer_clear(buffer);
	return buffer_reserve(buffer, size);
}

/* Room for what is answered of each. */
static enum recourse_error name_payments(struct bank_page *page, uint64_t done)
{
	const struct bank_item *items = items_of(page);
	size_t count = count_of(page);
	void *payments = answers(&page->payments, count * sizeof(struct bank_ledger_payment));
	buffer_clear(&page->names);
	for (size_t index = 0; index < count; index++) {
		bool names = items[index].kind == BANK_ITEM_STATUS || items[index].kind == BANK_ITEM_BOOKED;
		add_name(page, names && page->before + index >= done ? items[index].payment_id : "");
	}
	return payments == NULL || buffer_failed(&page->names) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error name_lines(struct bank_page *page, uint64_t done, size_t *asked)
{
	const struct bank_item *items = items_of(page);
	size_t count = count_of(page);
	void *lines = answers(&page->lines, count * sizeof(struct bank_ledger_line));
	*asked = 0;
	buffer_clear(&page->names);
	for (size_t index = 0; index < count; ++*asked) {
		size_t of = part_at(page, index);
		bool names = items[index].kind != BANK_ITEM_STATUS && page->before + index + of > done;
		add_name(page, names ? items[index].entry_reference : "");
		index += of;
	}
	return lines == NULL || buffer_failed(&page->names) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error bank_page_ask(struct bank_page *page, struct bank_ledger *ledger, uint64_t done)
{
	size_t count = count_of(page);
	size_t lines;
	if (count == 0 || count > BANK_LEDGER_PAGE)
		return RECOURSE_OK;
	TRY(name_payments(page, done));
	TRY(bank_ledger_ask_payments(ledger, (const void *)page->names.data, count, &page->of_payments));
	TRY(name_lines(page, done, &lines));
	TRY(bank_ledger_ask_lines(ledger, (const void *)page->names.data, lines, &page->of_lines));
	page->sent = true;
	return RECOURSE_OK;
}

enum recourse_error bank_page_answer(struct bank_page *page, struct bank_ledger *ledger, uint64_t done)
{
	size_t count = count_of(page);
	size_t lines;
	if (count == 0)
		return RECOURSE_OK;
	if (page->sent) {
		page->sent = false;
		TRY(bank_ledger_answer(ledger, &page->of_payments, page->payments.data));
		return bank_ledger_answer(ledger, &page->of_lines, page->lines.data);
	}
	TRY(name_payments(page, done));
	TRY(bank_ledger_payments(ledger, (const void *)page->names.data, count, (void *)page->payments.data));
	TRY(name_lines(page, done, &lines));
	return bank_ledger_lines(ledger, (const void *)page->names.data, lines, (void *)page->lines.data);
}

bool bank_page_next(const struct bank_page *page, struct bank_page_part *part)
{
	bool first = part->items == NULL;
	size_t index = first ? 0 : (size_t)(part->items - items_of(page)) + part->count;
	if (index >= count_of(page))
		return false;
	part->items = items_of(page) + index;
	part->payments = (const struct bank_ledger_payment *)(const void *)page->payments.data + index;
	part->line = first ? (const void *)page->lines.data : part->line + 1;
	part->count = part_at(page, index);
	return true;
}

void bank_page_clear(struct bank_page *page)
{
	page->before += count_of(page);
	buffer_clear(&page->items);
}

void bank_page_free(struct bank_page *page)
{
	bank_ledger_forget(&page->of_payments);
	bank_ledger_forget(&page->of_lines);
	buffer_free(&page->items);
	buffer_free(&page->names);
	buffer_free(&page->payments);
	buffer_free(&page->lines);
}
