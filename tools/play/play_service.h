/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_ledger.h"

/*
 * A ledger behind a service, on which people speak over connections of their own, with keys from files:
 *
 *   KEYS/NAME     the key of a person; one that is not there is made
 *
 * Time is the service's: waiting is clock.advance, said by the person `admin`, and clocks strike by themselves, which
 * takes a second or two. What can not be done from outside (restart, audit) is NOT_PERMITTED.
 */
struct play_service_options {
	const char *url;
	const char *log_key; /* NULL: nothing is verified */
	const char *keys;
};

/* NULL: the reason was named. The texts are borrowed until it is closed. */
struct play_ledger *play_service_open(const struct play_service_options *options);

/* Whether the ledger was opened for tests, as `admin` reads it. */
bool play_service_is_test(struct play_ledger *ledger);
