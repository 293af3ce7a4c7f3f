/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

/*
 * What reckon() says of a section in which a receipt serves anybody is booked by the entry that changes it: to settle it up
 * again changes nothing of whose money it is. Fails where consumers have more of it, or less, or a party, of what waits or is
 * its own by name; `words` say behind what. What is open of recourse is another sum till liability.extend shares it out.
 */
void settled_check(const struct kit *kit, const char *words);
