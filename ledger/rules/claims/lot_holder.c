/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/lot_holder.h"

#include "base/endian.h"

enum { MARK_SIZE = 4 }; /* of the holder; the rest is the entry */

/* FNV-1a: it only has to differ for most. */
uint32_t lot_holder_mark(slice holder)
{
	uint32_t mark = UINT32_C(2166136261);
	for (size_t index = 0; index < holder.size; index++)
		mark = (mark ^ holder.data[index]) * UINT32_C(16777619);
	return mark;
}

/* The page that has room, by its first entry. */
static enum recourse_error find_page(struct decision *decision, struct record_path *path, slice *page)
{
	const struct record_path last = record_path_of(RECORD_LOT_HOLDER_LAST);
	uint64_t first;
	bool there;
	*page = slice_of(NULL, 0);
	TRY(record_get_optional(decision->state, &last, &first, sizeof first, &there));
	*path = record_path_of_number(RECORD_LOT_HOLDER, first);
	if (there && state_get(decision->state, record_path_slice(path), page) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	if (there && page->size < LOT_HOLDER_PAGE)
		return RECOURSE_OK;
	*page = slice_of(NULL, 0);
	*path = record_path_of_number(RECORD_LOT_HOLDER, decision->entry);
	return decision_put(decision, &last, &decision->entry, sizeof decision->entry);
}

enum recourse_error lot_holder_issue(struct decision *decision, slice holder)
{
	uint8_t mark[LOT_HOLDER_MARK];
	struct record_path path;
	slice page;
	TRY(find_page(decision, &path, &page));
	big_endian_write(mark, lot_holder_mark(holder), MARK_SIZE);
	big_endian_write(mark + MARK_SIZE, decision->entry, sizeof mark - MARK_SIZE);
	return state_append(decision->state, record_path_slice(&path), page, slice_of(mark, sizeof mark));
}

/* Its id, empty where it was issued to somebody else, or taken back. */
static enum recourse_error read_lot(struct query *query, uint64_t entry, slice holder, slice *id)
{
	struct entry issue;
	struct record_entitlement lot;
	slice whose;
	TRY(lot_holder_of(query, entry, &whose));
	if (!slice_equal(whose, holder))
		return RECOURSE_OK;
	TRY(query_entry(query, entry, &issue));
	if (entry_body_text(&issue, "entitlement", id) != RECOURSE_OK)
		TRY(entry_carried_text(&issue, "entitlement", id));
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, *id);
	TRY(record_get_optional(query->state, &path, &lot, sizeof lot, NULL));
	if (lot.issue_entry != entry)
		*id = slice_text("");
	return RECOURSE_OK;
}

static enum recourse_error search_page(
	struct query *query, slice page, slice holder, uint64_t *from, slice *id)
{
	uint32_t mark = lot_holder_mark(holder);
	for (size_t at = 0; id->size == 0 && at + LOT_HOLDER_MARK <= page.size; at += LOT_HOLDER_MARK) {
		uint64_t entry = big_endian_read(page.data + at + MARK_SIZE, LOT_HOLDER_MARK - MARK_SIZE);
		if (entry < *from || big_endian_read(page.data + at, MARK_SIZE) != mark)
			continue;
		TRY(read_lot(query, entry, holder, id));
		if (id->size > 0)
			*from = entry;
	}
	return RECOURSE_OK;
}

/* The page in which that entry would be: the last one that begins with it or before. */
static enum recourse_error find_start(
	struct query *query, const struct record_path *prefix, uint64_t entry, struct record_path *start)
{
	struct record_path from = record_path_of_number(RECORD_LOT_HOLDER, entry);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, prefix, &from, STATE_DOWN);
	*start = record_walk_next(&walk, NULL, 0) ? record_path_of_key(walk.bytes) : *prefix;
	return walk.error;
}

enum recourse_error lot_holder_fits(struct state_view *view, uint64_t entry, slice holder, bool *fits)
{
	struct record_path prefix = record_path_of(RECORD_LOT_HOLDER);
	struct record_path from = record_path_of_number(RECORD_LOT_HOLDER, entry);
	uint8_t mark[LOT_HOLDER_MARK];
	big_endian_write(mark, lot_holder_mark(holder), MARK_SIZE);
	big_endian_write(mark + MARK_SIZE, entry, sizeof mark - MARK_SIZE);
	*fits = false;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(view, &prefix, &from, STATE_DOWN);
	if (record_walk_next(&walk, NULL, 0)) {
		for (size_t at = 0; !*fits && at + sizeof mark <= walk.value.size; at += sizeof mark)
			*fits = memcmp(walk.value.data + at, mark, sizeof mark) == 0;
	}
	return walk.error;
}

enum recourse_error lot_holder_search(
	struct query *query, slice holder, uint64_t *from, uint64_t *looks, slice *id)
{
	struct record_path prefix = record_path_of(RECORD_LOT_HOLDER);
	struct record_path start;
	*id = slice_text("");
	TRY(find_start(query, &prefix, *from, &start));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(query->state, &prefix, &start, STATE_UP);
	while (record_walk_next(&walk, NULL, 0)) {
		if (*looks == 0) {
			*from = view_last_number(&walk);
			return RECOURSE_OK;
		}
		--*looks;
		TRY(search_page(query, walk.value, holder, from, id));
		if (id->size > 0)
			return RECOURSE_OK;
	}
	*from = 0;
	return walk.error;
}

enum recourse_error lot_holder_of(struct query *query, uint64_t entry, slice *holder)
{
	struct entry issue;
	*holder = slice_text("");
	TRY(query_entry(query, entry, &issue));
	if (entry_body_text(&issue, "holder", holder) != RECOURSE_OK)
		(void)entry_carried_text(&issue, "holder", holder);
	return RECOURSE_OK;
}
