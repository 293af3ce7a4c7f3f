/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * Appends GB18030 as UTF-8. FIELD_FORMAT where the bytes are none, and `*offset` is that of the first that is not;
 * MEMORY. FIELD_UNKNOWN: this system does not know the encoding.
 */
enum recourse_error bank_encoding_from_gb18030(slice text, struct buffer *out, size_t *offset);
