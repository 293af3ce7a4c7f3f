/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_read.h"

/*
 * Reads a file as bank_read_file() does, in a thread of its own, a few pages ahead of who visits it: the visit of `reading` is called
 * by who calls this, so that a service may be asked meanwhile. As long as it is visited `reading` has its visit and its kind, and all
 * else when this returns. Behind a problem nothing is visited any more.
 *
 * The same errors, and MEMORY where there is no thread; errno of IO.
 */
enum recourse_error bank_ahead_read(
	const char *path, uint64_t size_max, struct bank_columns *columns, struct bank_reading *reading);
