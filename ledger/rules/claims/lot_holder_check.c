/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/lot_holder.h"

#include "base/endian.h"

/* D12: each lot is found by who holds it: its entry stands in a page of holders, and pages are in the order of entries. */

static enum recourse_error look_at_page(struct check_context *check, const struct check_row *row)
{
	struct record_path path = record_path_of_number(RECORD_LOT_HOLDER, row->entry);
	uint64_t before = 0;
	slice page;
	TRY(state_get(check->state, record_path_slice(&path), &page));
	bool fits = page.size > 0 && page.size <= LOT_HOLDER_PAGE && page.size % LOT_HOLDER_MARK == 0;
	for (size_t at = 0; fits && at < page.size; at += LOT_HOLDER_MARK) {
		uint64_t entry = big_endian_read(page.data + at + 4, 8);
		fits = at == 0 ? entry == row->entry : entry > before;
		before = entry;
	}
	return check_that(check, row, fits && before < check->entries,
		"D12: a page of lots' holders is not in the order of entries");
}

static bool has_entry(slice page, uint64_t entry)
{
	bool found = false;
	for (size_t at = 0; !found && at < page.size; at += LOT_HOLDER_MARK)
		found = big_endian_read(page.data + at + 4, 8) == entry;
	return found;
}

static enum recourse_error look_at_lot(struct check_context *check, const struct check_row *row)
{
	const struct record_entitlement *lot = row->record;
	struct record_path prefix = record_path_of(RECORD_LOT_HOLDER);
	struct record_path from = record_path_of_number(RECORD_LOT_HOLDER, lot->issue_entry);
	bool found = false;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(check->state, &prefix, &from, STATE_DOWN);
	if (record_walk_next(&walk, NULL, 0))
		found = has_entry(walk.value, lot->issue_entry);
	TRY(walk.error);
	return check_that(check, row, found, "D12: a lot is not found by who holds it");
}

static const struct check rows[] = {
	{.table = RECORD_LOT_HOLDER, .look = look_at_page},
	{.table = RECORD_ENTITLEMENT,
		.entry = offsetof(struct record_entitlement, issue_entry),
		.look = look_at_lot},
};
const struct check_group lot_holder_check_rows = CHECK_GROUP(rows);
