/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_case.h"

/*
 * A step in which somebody says something: one request, of one command or more.
 *
 *   ACTOR [HOW] COMMAND field=value …  ! REFUSAL …  : EXPECTED …
 *                                    + COMMAND …
 *
 *   HOW   each    every command for itself; all or nothing if absent
 *         NAME    the request's id, so that it can be said again
 *         again   with NAME: the answer is what it was, and nothing is done
 *
 * What is refused touches nothing: neither entries, nor the tree, nor anything that follows from them. One command
 * alone is tried in both modes, unless the request has a name.
 */

/* `name` is what the first command's entry is called from here on, or NULL. */
void play_request_run(struct play_case *play, const struct play_step *step, size_t actor, const char *name);

/* The answers that requests with a name got. */
void play_request_forget(struct play_case *play);
