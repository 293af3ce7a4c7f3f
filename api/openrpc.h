/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPENRPC_H
#define OPENRPC_H

#include "base/buffer.h"

/*
 * The OpenRPC document (https://spec.open-rpc.org, 1.2.6) that rpc.discover returns: every command, query
 * and public method from the tables of recourse_schema.h, each field as a JSON schema. Beyond the standard:
 *
 *   x-kind   "command" (travels in `submit`), "query" (signed), "public" (no key)
 *   x-roles  who may call it: any one of these
 *   x-approvals  how many other people must agree before a command takes effect
 *   x-format     of a field: the name of its type, described in PROTOCOL.md
 */

/* Appends it as one CBOR item. MEMORY. */
enum recourse_error openrpc_write(struct buffer *out) RECOURSE_CHECK;

#endif
