/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "child.h"
#include "kit.h"

/*
 * For tests of what becomes of a ledger whose process fails: it has the golden case, is signed, and is open in children
 * only. `place` is memory that they share with the test, and begins with the kit.
 */
void *kit_child_make(size_t size);
void kit_child_end(void *place, size_t size);

/* As child_run(); the ledger that it leaves there was its own. */
int kit_child_run(void *place, void (*act)(void *context));

/* A request of the bank's that was never said, to be carried out within the hour. */
enum { KIT_CHILD_PAYLOAD_MAX = 2000 };
void kit_child_payload(struct kit *kit, char payload[static KIT_CHILD_PAYLOAD_MAX]);

/* Opens it again, how many entries there are; then the request is said once more, and so many of them are its own. */
uint64_t kit_child_say_again(struct kit *kit, const char *payload, uint64_t before, uint64_t its);
