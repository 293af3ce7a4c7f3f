/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "recourse.h"

/*
 * A file "mark" beside the state's, which is written to without syncing: what may be believed of it. It is not a part of
 * it, since after a power cut each page there may be of any age, and a mark among them that was replaced long ago could
 * be back; nor could pages be followed to it.
 */
enum { STATE_MARK_SIZE_MAX = 256 };

/* What was set last; nothing when it was never, or can not be read. */
slice state_mark_read(const char *directory, uint8_t bytes[static STATE_MARK_SIZE_MAX]);

/* On the disk before it returns, with the names of the directory's other files. IO; STORE_FULL. */
enum recourse_error state_mark_set(const char *directory, slice mark);
