/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The encodings in which a bank takes a file: utf-8, gb18030, gbk. What goes into one comes back the same; where it does not, the
 * encoding lacks it.
 */
bool pay_encoding_known(const char *encoding);

/* Appends the text (UTF-8) in that encoding, or what is in it as UTF-8. FIELD_FORMAT: a character that it lacks; MEMORY. */
enum recourse_error pay_encoding_to(const char *encoding, slice text, struct buffer *out);
enum recourse_error pay_encoding_from(const char *encoding, slice bytes, struct buffer *out);
