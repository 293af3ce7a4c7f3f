/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/found.h"

enum recourse_error found_by_entry(struct query *query, const char *field, uint64_t number, slice *claim)
{
	struct entry entry;
	if (number >= query->entries)
		return query_absent(query, field);
	TRY(query_entry(query, number, &entry));
	if (entry_body_text(&entry, "claim", claim) != RECOURSE_OK &&
		entry_carried_text(&entry, "claim", claim) != RECOURSE_OK)
		return query_absent(query, field);
	return RECOURSE_OK;
}

enum recourse_error found_by_receipt(
	struct query *query, const char *field, uint64_t number, slice *id, struct record_claim *claim)
{
	TRY(found_by_entry(query, field, number, id));
	struct record_path path = record_path_of_text(RECORD_CLAIM, *id);
	TRY(query_record(query, field, &path, claim, sizeof *claim));
	return claim->filed_entry == number ? RECOURSE_OK : query_absent(query, field);
}
