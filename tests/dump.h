/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * The hash of all that a log holds, read through its interface: head, requests, entries, stored hashes, checkpoints.
 * Two logs that mean the same have the same. False when the log can not be opened or memory ran out.
 */
bool dump_log(const char *directory, struct crypto_hash *hash);
