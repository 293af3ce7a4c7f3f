/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_schema.h"

/* Fields and columns as JSON schemas (draft 7), each one CBOR item. */

/* What may be said for a field. */
void openrpc_schema_field(const struct recourse_field *field, struct buffer *out);

/* The whole of a result. Members may come to be more: none beside those that are listed is forbidden. */
void openrpc_schema_result(const struct recourse_column *columns, size_t count, struct buffer *out);

/* Pairs for an open map. */
void openrpc_schema_pair(struct buffer *out, const char *key, const char *text);
void openrpc_schema_texts(struct buffer *out, const char *key, const char *const *texts);
