/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/unit.h"

/*
 * What a clock is set for is named by an id. Some have one; what began with an entry is named by its number, and what
 * belongs to a party in a currency by both: "1234", "CNY/17". clock.h reads them again.
 */
enum { CLOCK_SUBJECT_TEXT_SIZE = UNIT_CODE_SIZE + 24 };

/* Borrow from `text`. */
slice clock_subject_of_entry(uint64_t entry, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
slice clock_subject_of_party(slice unit, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE]);
