/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * One process per ledger: an exclusive lock on a file of our own beside the store (LMDB's own locks
 * vanish when a process opens and closes the same file twice). Released by lock_release() or death.
 */
enum recourse_error lock_take(const char *path, int *lock); /* STORE_LOCKED, IO */
void lock_release(int lock);

/*
 * NOT_PERMITTED when the directory lies on a file system that other machines may write (or that a
 * program answers for): neither locks nor shared memory hold there. IO when it can not be asked.
 */
enum recourse_error lock_check_local(const char *directory);
