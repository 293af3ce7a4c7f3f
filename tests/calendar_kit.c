/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar_kit.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

uint64_t calendar_kit_instant(const char *text)
{
	uint64_t instant = 0;
	assert_ok(instant_parse(slice_text(text), &instant));
	return instant;
}

void calendar_kit_check(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}
