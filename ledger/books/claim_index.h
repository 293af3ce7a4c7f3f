/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/declaration.h"

/* The indexes of claims and what is of them (tables.c): see record_claim.h, record_ledger.h. */
bool claim_index_open(const struct table_key *row, const void *record, struct record_path *path);
bool claim_index_linked(const struct table_key *row, const void *record, struct record_path *path);
bool claim_index_former(const struct table_key *row, const void *record, struct record_path *path);
bool claim_index_use(const struct table_key *row, const void *record, struct record_path *path);
bool claim_index_elsewhere(const struct table_key *row, const void *record, struct record_path *path);
bool claim_index_proposal(const struct table_key *row, const void *record, struct record_path *path);
