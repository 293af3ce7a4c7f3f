/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_columns.h"
#include "bank/bank_reading.h"
#include "bank/bank_source.h"

/*
 * Reads a file of a bank's or wallet's: XML, or, where there are settings for its columns, CSV. What is found is in
 * `reading`, which starts with its visit alone and all else zero, and is to be freed in any case; what is wrong with
 * the file is among its problems.
 *
 * IO, with errno; MEMORY; TOO_LARGE beyond `size_max`; FIELD_FORMAT for what is no regular file.
 */
enum recourse_error bank_read_file(
	const char *path, uint64_t size_max, struct bank_columns *columns, struct bank_reading *reading);

/* Its hash alone, as it would be read: the same errors. */
enum recourse_error bank_read_hash(const char *path, uint64_t size_max, struct crypto_hash *hash);

/* The same as bank_read_file() of bytes. */
enum recourse_error bank_read_bytes(slice bytes, struct bank_columns *columns, struct bank_reading *reading);
