/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "import/import_type.h"
#include "recourse_client.h"

/*
 * Whether a row that was refused is in the ledger already, as it stands: the entry of an identical command, by whoever and whatever request
 * it came. The refusal names the entry that stands in the way, or the type says where the entries about its subject are.
 * Where the key may not see it, it is not.
 */
struct import_known {
	struct recourse_client *client; /* NULL: nothing is asked */
	const struct import_type *type;
	const struct recourse_method *method;
	bool alone;                 /* this key sees its own entries, one by one, and no pages */
	struct recourse_bytes page; /* of entries: who imports a file once more meets them in their order */
	slice rest;                 /* of the page, behind the one that was found last */
	uint64_t left;
};

/*
 * `entry` is what the refusal names; 0: none. Errors that asking ended with, which say nothing of the row: as the service gives them,
 * after some attempts.
 */
enum recourse_error import_known_find(
	struct import_known *known, slice command, enum recourse_error refused, uint64_t entry, bool *found);
void import_known_free(struct import_known *known);
