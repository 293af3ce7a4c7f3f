/* SPDX-License-Identifier: Apache-2.0 */
#include "books/claim_index.h"

#include "books/record_claim.h"
#include "books/record_ledger.h"

#include <string.h>

static slice text_of(const char text[static TEXT_ID_SIZE])
{
	return slice_of(text, strnlen(text, TEXT_ID_SIZE));
}

/* Until it is paid, or nothing is to be paid any more, and nothing of it is asked back. */
bool claim_index_open(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_claim *claim = record;
	record_path_short(path, claim->incident);
	record_path_short(path, claim->section);
	record_path_text(path, row->parts[0].text);
	return record_claim_waits(claim);
}

/* Those that repeat another, in the order in which they came. */
bool claim_index_linked(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_claim *claim = record;
	record_path_text(path, text_of(claim->entitlement));
	record_path_number(path, claim->filed_entry);
	record_path_text(path, row->parts[0].text);
	return claim->state == CLAIM_LINKED;
}

/* Those that fell before another one took their lot, in the same order. */
bool claim_index_former(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_claim *claim = record;
	record_path_text(path, text_of(claim->entitlement));
	record_path_number(path, claim->filed_entry);
	record_path_text(path, row->parts[0].text);
	return claim->replaced != 0;
}

bool claim_index_use(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_use *use = record;
	record_path_text(path, text_of(use->entitlement));
	record_path_text(path, row->parts[0].text);
	record_path_text(path, row->parts[1].text);
	return true;
}

bool claim_index_elsewhere(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_elsewhere *had = record;
	record_path_text(path, text_of(had->claim));
	record_path_text(path, row->parts[0].text);
	record_path_text(path, row->parts[1].text);
	return true;
}

/* Until it is over, whatever became of it. */
bool claim_index_proposal(const struct table_key *row, const void *record, struct record_path *path)
{
	const struct record_proposal *proposal = record;
	record_path_text(path, text_of(proposal->claim));
	record_path_number(path, row->parts[0].number);
	return proposal->claim[0] != 0 && proposal->closed_entry == 0;
}
