/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * The claim that an entry is about, by its number: a receipt's, or that of anything else that names a claim. Its id is good as
 * long as the query. QUERY_NOT_FOUND with the field where there is no such entry, or it names none.
 */
enum recourse_error found_by_entry(struct query *query, const char *field, uint64_t number, slice *claim);

/*
 * The same of the entry that filed it alone: who has its number was told it.
 */
enum recourse_error found_by_receipt(
	struct query *query, const char *field, uint64_t number, slice *id, struct record_claim *claim);
