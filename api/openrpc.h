/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * The OpenRPC document (https://spec.open-rpc.org, 1.2.6) that rpc.discover returns: `submit` and every command, query
 * and public method from the tables of recourse_schema.h, each field and each member of a result as a JSON schema, the
 * errors that each can give, and an example of most (openrpc_example.h). A command's result is its own part of that of
 * `submit`. Beyond the standard:
 *
 *   x-kind   "command" (travels in `submit`), "query" (signed), "public" (no key), "submit"
 *   x-roles  who may call it: any one of these
 *   x-approvals  how many other people must agree before a command takes effect
 *   x-errors     the names of those errors; `errors` has one object for all that JSON-RPC has one number for
 *   x-format     of a field or member: the name of its type, described in PROTOCOL.md
 *   x-unit       of an amount in a result: the member, there or further out or in the params, that has its unit
 */

/* Appends it as one CBOR item. MEMORY. */
enum recourse_error openrpc_write(struct buffer *out);
