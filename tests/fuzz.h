/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/try.h"

#include <stdlib.h>

/* What the fuzzer calls with bytes of its own; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it holds in every build, so that it may do what it asks of. */
static inline void require(bool holds)
{
	if (!holds)
		abort();
}
