/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

/*
 * What reckon() says of a section is booked by the entry that changes it: to settle it up again changes nothing. Fails with
 * the first row of which more waits, or is its own by name, or less, than is booked; `words` say behind what.
 */
void settled_check(const struct kit *kit, const char *words);
