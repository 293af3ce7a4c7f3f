/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * The two ways in which control leaves a function early, so that a rule reads as what it demands, what it changes and
 * what it posts.
 *
 * TRY(call): on to the next line, or the call's error is returned. What a rule has changed until then is undone by who
 * called it (see decision.h), so it may simply return.
 *
 * SCOPED(end): what is declared so is ended with end(&it) wherever its scope is left. An extension that gcc and clang
 * both have (cleanup); no other of theirs is used for control.
 */
#define TRY(call)                                                                                            \
	do {                                                                                                 \
		const enum recourse_error try_error = (call);                                                \
		if (try_error != RECOURSE_OK)                                                                \
			return try_error;                                                                    \
	} while (0)

#define SCOPED(end) __attribute__((cleanup(end)))
