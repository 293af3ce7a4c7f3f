/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/hour.h"

#include <string.h>

struct record_path hour_page_path(uint64_t hour, uint32_t page)
{
	struct record_path path = record_path_of_number(RECORD_DUE, hour);
	record_path_short(&path, page);
	return path;
}

static struct record_path path_of(uint64_t hour)
{
	return record_path_of_number(RECORD_DUE_HOUR, hour);
}

static uint64_t hour_of(uint64_t instant)
{
	return (instant + INSTANT_HOUR - 1) / INSTANT_HOUR;
}

/* The last page of an hour; with the first one its clock is set. */
static enum recourse_error find_page(
	struct decision *decision, uint64_t hour, size_t more, struct record_path *path, slice *page)
{
	struct record_path hours = path_of(hour);
	struct record_due_hour row;
	bool there;
	TRY(record_get_optional(decision->state, &hours, &row, sizeof row, &there));
	*path = hour_page_path(hour, (uint32_t)row.pages);
	*page = slice_of(NULL, 0);
	if (there && state_get(decision->state, record_path_slice(path), page) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	if (there && page->size + more <= HOUR_PAGE)
		return RECOURSE_OK;
	row.clock = there ? row.clock : hour_end(hour);
	row.pages++;
	*path = hour_page_path(hour, (uint32_t)row.pages);
	*page = slice_of(NULL, 0);
	return decision_put(decision, &hours, &row, sizeof row);
}

static enum recourse_error put(struct decision *decision, uint64_t hour, slice id, struct record_claim *claim)
{
	uint8_t bytes[TEXT_ID_SIZE + 1];
	struct record_path path;
	slice page;
	memcpy(bytes, id.data, id.size);
	bytes[id.size] = 0;
	claim->hour = (uint32_t)hour;
	TRY(find_page(decision, hour, id.size + 1, &path, &page));
	return state_append(decision->state, record_path_slice(&path), page, slice_of(bytes, id.size + 1));
}

/* No hour has it twice: the one in which it lay before is over. */
enum recourse_error hour_watch(struct decision *decision, slice id, struct record_claim *claim)
{
	uint64_t due = claim->due > decision->time ? claim->due : decision->time;
	uint64_t hour = hour_of(due);
	if (hour_end(claim->hour) > decision->time)
		return RECOURSE_OK;
	return put(decision, hour > claim->hour ? hour : claim->hour + 1, id, claim);
}
