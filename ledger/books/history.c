/* SPDX-License-Identifier: Apache-2.0 */
#include "books/history.h"

enum { NUMBER_MAX = 10, MOVEMENT_MAX = 2 * NUMBER_MAX }; /* bytes */

static struct record_path page_path(uint32_t account, uint64_t first)
{
	struct record_path path = record_path_of_short(RECORD_HISTORY, account);
	record_path_number(&path, first);
	return path;
}

/* ---- numbers of seven bits a byte ---- */

static size_t write_number(uint8_t *bytes, uint64_t number)
{
	size_t size = 0;
	for (; number >= 0x80; number >>= 7)
		bytes[size++] = (uint8_t)(number | 0x80);
	bytes[size++] = (uint8_t)number;
	return size;
}

/* False where it does not end, is beyond 64 bits, or could be shorter. */
static bool read_number(slice bytes, size_t *place, uint64_t *number)
{
	uint64_t read = 0;
	for (unsigned shift = 0; *place < bytes.size; shift += 7) {
		uint64_t byte = bytes.data[(*place)++];
		if (shift == 63 && byte > 1)
			return false;
		read |= (byte & 0x7F) << shift;
		if (byte >= 0x80)
			continue;
		*number = read;
		return byte != 0 || shift == 0;
	}
	return false;
}

/* Where the number begins that ends there, in bytes that were read already. */
static size_t number_before(slice bytes, size_t end)
{
	size_t begin = end - 1;
	while (begin > 0 && bytes.data[begin - 1] >= 0x80)
		begin--;
	return begin;
}

static uint64_t fold(int64_t steps)
{
	return steps < 0 ? ~((uint64_t)steps << 1) : (uint64_t)steps << 1;
}

static int64_t unfold(uint64_t number)
{
	return (int64_t)((number & 1) != 0 ? ~(number >> 1) : number >> 1);
}

/* ---- movements of a page ---- */

struct movement {
	uint64_t since; /* the entry of the movement before */
	int64_t steps;
};

static bool read_movement(slice bytes, size_t *place, struct movement *movement)
{
	uint64_t folded;
	if (!read_number(bytes, place, &movement->since) || !read_number(bytes, place, &folded))
		return false;
	movement->steps = unfold(folded);
	return movement->steps != 0;
}

static enum recourse_error step_up(struct history_page *page)
{
	struct history_point *point = &page->point;
	struct movement movement;
	bool first = page->place == 0;
	amount_sum debits;
	if (!read_movement(page->movements, &page->place, &movement) || (first && movement.since != 0) ||
		__builtin_add_overflow(point->entry, movement.since, &point->entry) ||
		__builtin_add_overflow(point->balance, movement.steps, &point->balance))
		return RECOURSE_STORE_CORRUPT;
	debits = movement.steps > 0 ? movement.steps : 0;
	if (__builtin_add_overflow(point->debits, debits, &point->debits))
		return RECOURSE_STORE_CORRUPT;
	return RECOURSE_OK;
}

/* Of one that was stepped up over. */
static uint64_t step_down(struct history_page *page)
{
	struct history_point *point = &page->point;
	struct movement movement = {.since = 0};
	page->place = number_before(page->movements, number_before(page->movements, page->place));
	size_t place = page->place;
	read_movement(page->movements, &place, &movement);
	point->entry -= movement.since;
	point->balance -= movement.steps;
	point->debits -= movement.steps > 0 ? movement.steps : 0;
	return movement.since;
}

/* The rest of an entry's movements. */
static enum recourse_error step_up_entry(struct history_page *page)
{
	TRY(step_up(page));
	while (page->place < page->movements.size && page->movements.data[page->place] == 0)
		TRY(step_up(page));
	return RECOURSE_OK;
}

static void step_down_entry(struct history_page *page)
{
	while (step_down(page) == 0 && page->place > 0)
		;
}

/* All of it is read; it then stands behind the movements of entries before that one. */
static enum recourse_error read_page(const struct record_walk *walk, const struct record_history *head,
	uint64_t before, struct history_page *page)
{
	bool found = false;
	struct history_page reading = {
		.movements = slice_from(walk->value, sizeof *head),
		.point = {walk->key.parts[1].number, head->balance, head->debits},
	};
	do {
		TRY(step_up(&reading));
		if (found || reading.point.entry < before)
			continue;
		*page = reading;
		step_down(page);
		found = true;
	} while (reading.place < reading.movements.size);
	if (!found)
		*page = reading;
	return RECOURSE_OK;
}

/* ---- appending ---- */

_Static_assert(HISTORY_PAGE + MOVEMENT_MAX + HISTORY_ENTRY_MAX * (1 + NUMBER_MAX) <= STATE_VALUE_MAX,
	"a page is a value, whatever its last entry moves");

static bool is_full(const struct record_account *account, slice page, uint64_t entry)
{
	return page.size >= HISTORY_PAGE && entry != account->last_entry;
}

/* Empty where the account has none yet. */
static enum recourse_error read_last_page(
	struct state_view *view, const struct record_account *account, slice *page)
{
	struct record_path path = page_path(account->number, account->page);
	*page = slice_of(NULL, 0);
	if (account->postings == 0)
		return RECOURSE_OK;
	enum recourse_error error = state_get(view, record_path_slice(&path), page);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error history_append(
	struct state_view *view, struct record_account *account, uint64_t entry, int64_t steps)
{
	uint8_t bytes[sizeof(struct record_history) + MOVEMENT_MAX];
	size_t size = 0;
	slice page;
	TRY(read_last_page(view, account, &page));
	bool first = page.size == 0 || is_full(account, page, entry);
	if (first) {
		const struct record_history head = {account->balance, account->debits};
		memcpy(bytes, &head, sizeof head);
		size = sizeof head;
		account->page = entry;
		page = slice_of(NULL, 0);
	}
	size += write_number(bytes + size, first ? 0 : entry - account->last_entry);
	size += write_number(bytes + size, fold(steps));
	if (page.size + size > STATE_VALUE_MAX)
		return RECOURSE_STORE_CORRUPT;
	struct record_path path = page_path(account->number, account->page);
	return state_append(view, record_path_slice(&path), page, slice_of(bytes, size));
}

/* ---- reading ---- */

static struct record_walk pages_from(
	struct state_view *view, uint32_t account, uint64_t entry, enum state_direction direction)
{
	struct record_path prefix = record_path_of_short(RECORD_HISTORY, account);
	struct record_path from = page_path(account, entry);
	return record_walk_from(view, &prefix, &from, direction);
}

static uint64_t behind(uint64_t entry)
{
	return entry == UINT64_MAX ? entry : entry + 1;
}

enum recourse_error history_at(
	struct state_view *view, uint32_t account, uint64_t entry, struct history_point *point)
{
	struct record_history head;
	struct history_page page;
	SCOPED(record_walk_end) struct record_walk pages = pages_from(view, account, entry, STATE_DOWN);
	if (!record_walk_next(&pages, &head, sizeof head))
		return pages.error == RECOURSE_OK ? RECOURSE_QUERY_NOT_FOUND : pages.error;
	TRY(read_page(&pages, &head, behind(entry), &page));
	*point = page.point;
	return RECOURSE_OK;
}

enum recourse_error history_of(struct state_view *view, const struct record_account *account, uint64_t entry,
	struct history_point *point)
{
	if (account->postings == 0 || account->last_entry > entry)
		return history_at(view, account->number, entry, point);
	*point = (struct history_point){account->last_entry, account->balance, account->debits};
	return RECOURSE_OK;
}

struct history_walk history_walk_from(
	struct state_view *view, uint32_t account, uint64_t entry, enum state_direction direction)
{
	return (struct history_walk){
		.view = view, .account = account, .from = entry, .up = direction == STATE_UP};
}

/* The page to begin with, upwards too, is the last one that begins with that entry or before it, if there is one. */
static enum recourse_error begin(struct history_walk *walk)
{
	uint64_t first = walk->from;
	SCOPED(record_walk_end)
	struct record_walk floor = pages_from(walk->view, walk->account, first, STATE_DOWN);
	if (walk->up && record_walk_next(&floor, NULL, 0))
		first = floor.key.parts[1].number;
	TRY(floor.error);
	walk->pages = pages_from(walk->view, walk->account, first, walk->up ? STATE_UP : STATE_DOWN);
	return RECOURSE_OK;
}

/* A page ends as the one behind it begins. */
static bool joins(const struct history_walk *walk, const struct history_point *left)
{
	const struct history_point *entered = &walk->page.point;
	return entered->balance == left->balance && entered->debits == left->debits &&
	       (walk->up ? entered->entry > left->entry : entered->entry < left->entry);
}

static enum recourse_error turn_page(struct history_walk *walk)
{
	struct history_point left = walk->page.point;
	struct record_history head;
	bool first = !walk->within;
	uint64_t end = walk->up ? 0 : UINT64_MAX;
	if (first)
		end = walk->up ? walk->from : behind(walk->from);
	if (!record_walk_next(&walk->pages, &head, sizeof head))
		return walk->pages.error == RECOURSE_OK ? RECOURSE_QUERY_NOT_FOUND : walk->pages.error;
	TRY(read_page(&walk->pages, &head, end, &walk->page));
	walk->within = true;
	return first || joins(walk, &left) ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error step(struct history_walk *walk)
{
	struct history_page *page = &walk->page;
	if (!walk->begun)
		TRY(begin(walk));
	walk->begun = true;
	while (page->place == (walk->up ? page->movements.size : 0))
		TRY(turn_page(walk));
	struct history_point left = page->point;
	if (walk->up)
		TRY(step_up_entry(page));
	else
		step_down_entry(page);
	walk->at = walk->up ? page->point : left;
	int64_t before = walk->up ? left.balance : page->point.balance;
	walk->moved = (int64_t)((uint64_t)walk->at.balance - (uint64_t)before); /* bad bytes may say any */
	return RECOURSE_OK;
}

bool history_walk_next(struct history_walk *walk)
{
	enum recourse_error error = step(walk);
	walk->error = error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	return error == RECOURSE_OK;
}

void history_walk_end(struct history_walk *walk)
{
	if (walk->begun)
		record_walk_end(&walk->pages);
}
