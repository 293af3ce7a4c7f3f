/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "proof/tree.h"

/*
 * Members of a result that the client itself must understand. A result is a CBOR map that was checked. It
 * may have come as JSON, where bytes are base64 texts: both are understood. False when the member is absent
 * or not of that form.
 */
bool result_text(slice result, const char *name, slice *text);

/* Appended to `bytes`. */
bool result_bytes(slice result, const char *name, struct buffer *bytes);

/* An array of at most TREE_PROOF_MAX hashes in hex. */
bool result_hashes(slice result, const char *name, struct tree_proof *proof);
