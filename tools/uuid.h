/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

enum { UUID_TEXT_SIZE = 37 };

/* A version 7 UUID (RFC 9562): milliseconds since 1970, then random bits. NUL-terminated. */
void uuid_make(uint64_t milliseconds, char text[static UUID_TEXT_SIZE]);
