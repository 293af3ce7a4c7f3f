/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nng/nng.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What nng 1.5.2 does to a socket and may never return from, done in a thread of its own, which is waited for so long
 * and no longer. Then socket and thread are left to each other: the thread closes the socket when it comes back.
 *
 *   connecting   lasts as long as the kernel tries, and ten seconds more with a peer that says nothing
 *   closing      when a service is killed under its client, now and then for ever
 */
typedef int errand_work(nng_socket socket, nng_dialer dialer); /* of nng's results */

/*
 * False when that took longer: the socket is not the caller's any more. Without memory for a thread it takes as long as
 * it does.
 */
bool errand_run(errand_work *work, nng_socket socket, nng_dialer dialer, uint32_t patience_ms, int *result);
