/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/* How far a log has come. */
struct log_head {
	uint64_t entries;        /* how many: the next entry's number */
	uint64_t requests;       /* how many: the next request's number */
	uint64_t time;           /* last instant given out; 0 in an empty log */
	struct crypto_hash last; /* leaf hash of the last entry; zero in an empty log */
};
