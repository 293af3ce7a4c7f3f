/* SPDX-License-Identifier: Apache-2.0 */
#include "uuid.h"

#include "base/crypto.h"

#include <stdio.h>

void uuid_make(uint64_t milliseconds, char text[static UUID_TEXT_SIZE])
{
	uint8_t random[10];
	crypto_random(random, sizeof random);
	snprintf(text, UUID_TEXT_SIZE, "%08x-%04x-7%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		(unsigned)(milliseconds >> 16 & 0xffffffff), (unsigned)(milliseconds & 0xffff),
		(unsigned)(random[0] & 0x0f), (unsigned)random[1], (unsigned)((random[2] & 0x3f) | 0x80),
		(unsigned)random[3], (unsigned)random[4], (unsigned)random[5], (unsigned)random[6],
		(unsigned)random[7], (unsigned)random[8], (unsigned)random[9]);
}
