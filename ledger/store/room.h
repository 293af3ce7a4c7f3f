/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * The high-water mark: so much room is kept spare that what was begun can be finished, and so requests are refused
 * before a file really can not grow: by what its file system has left for us, and by a limit on the size of files.
 * Quotas show only when they are met.
 */

/* How much that is: 64 MiB where 0 is given. */
uint64_t room_spare(uint64_t given);

/* STORE_FULL when less is left than room_spare() says. IO. */
enum recourse_error room_check(int file, uint64_t spare);
