/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"
#include "store/page_check.h"

#include <lmdb.h>

/* A file of LMDB's with named tables, or with rows in its main tree, to be looked at and damaged. */
struct store {
	struct support_directory directory;
	char path[SUPPORT_PATH_MAX];
	bool named;
	MDB_env *environment;
	MDB_dbi tables[2];
	uint8_t *bytes; /* of the whole file, once it is closed */
	size_t size;
};

void page_store_start(struct store *store, bool named);
void page_store_open(struct store *store, unsigned int flags);
void page_store_close(struct store *store);  /* and reads its bytes */
void page_store_finish(struct store *store); /* and removes it */

/* So many rows come, are replaced by others of another length, or go, in one transaction. */
void page_store_change(struct store *store, struct support_random *random, size_t steps);

/* Another content for its file. */
void page_store_write(const struct store *store, const uint8_t *bytes, size_t size);

/* How it is looked at; the descriptor is to be closed. And all of it, or the paths. */
struct page_check page_store_look(const struct store *store, struct page_fault *fault);
enum recourse_error page_store_check(const struct store *store, bool all, struct page_fault *fault);
