/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/page.h"
#include "store/seal.h"

/* What the state, its file and its views know of one another: see state.h. */

/* How far the state has followed the log. */
struct state_position {
	uint64_t entries; /* applied: the next entry's number */
	uint64_t requests;
	uint8_t log_id[32]; /* leaf hash of the last entry applied, zero for none: whose state this is */
};

/*
 * Which file the log was when the state was closed, and how long and when written. One that is another now was copied
 * here, or written to by somebody.
 */
struct state_mark_of_log {
	uint64_t inode;
	uint64_t size;
	uint64_t written; /* ns */
};

struct state_options {
	const char *directory; /* made when absent, mode 0700 */
	bool read_only;        /* fails with QUERY_NOT_FOUND where there is no usable state */
	bool nameless;         /* an empty one that nobody else finds, of which nothing is left; above this */
	bool anew;             /* throws away what is there, unread: it may be damaged */
	struct seal seal;      /* all zeroes: a secret that everybody has */
	uint32_t format;       /* of what is in it: one that another format wrote is emptied */
	struct state_mark_of_log log; /* as it is now; all zeroes: not known */
	struct page_fault *fault;     /* says which page is damaged of a state to be believed; may be NULL */
	uint64_t spare_bytes;         /* for state_check_room(): room.h */
	uint64_t ballast_bytes; /* of a file to be given up on a full disk; 0: none is made: ballast.h */
	const char *boot_id;    /* for tests; NULL: what the kernel says */
};
