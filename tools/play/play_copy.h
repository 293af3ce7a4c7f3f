/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_ledger.h"

/*
 * A rehearsal on a private copy of a ledger: what its people would say is said in their names, without their keys. The
 * ledger itself is only read, and must not be served meanwhile; nothing that is said on the copy verifies anywhere else.
 *
 * A person is called by the end of a key's name, behind its last slash: `maker` is whoever the ledger knows as
 * example.com/ledger/maker. Others have keys made from their names, as on a throw-away ledger. Time goes on from the
 * last entry; clocks strike by a key that the ledger's first administrator registers for it.
 */

/* Copies it below a directory that is there and empty, and opens the copy. NULL: the reason was named. */
struct play_ledger *play_copy_open(const char *from, const char *directory);
