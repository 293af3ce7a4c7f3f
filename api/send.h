/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

#include <nng/nng.h>

/*
 * Sends what the stream takes without waiting, in the caller's thread: an end that is told by a callback costs two threads
 * that wake one another. `aio` has no callback, and is the caller's alone meanwhile. Only for a stream whose sendings can be
 * given up without a trace: TCP, not TLS. How many bytes went; 0 when none did, for whatever reason.
 */
size_t send_at_once(nng_stream *stream, nng_aio *aio, slice bytes);
