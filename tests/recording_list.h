/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recording.h"

#include <stdio.h>

/*
 * What a recording has, one line for each command in it, for programs that count or choose:
 *
 *   all|each accept KIND [CLOCK [missed ERROR]|CARRIED] [CODE±…]    the entry's kind, the clock that struck or the
 *                                        command that was carried out, the sides of the accounts posted to
 *   all|each refuse COMMAND ERROR [FIELD]
 *
 * In mode `all` a refused request is the one command that was refused; the others are not listed.
 */
enum recourse_error recording_list(const struct recording *recording, FILE *out);

/* How many commands were refused. */
enum recourse_error recording_refusals(const struct recording *recording, size_t *count);
