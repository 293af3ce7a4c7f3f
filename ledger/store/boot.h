/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/* Which start of the machine this is: what was written and not synced is there until the next one. */
enum { BOOT_ID_SIZE = 36 };

struct boot_id {
	char text[BOOT_ID_SIZE]; /* not terminated; all zeroes: not known, and no start is that one */
};

void boot_id_read(struct boot_id *id);

bool boot_id_known(const struct boot_id *id);
