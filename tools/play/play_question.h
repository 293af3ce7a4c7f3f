/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_case.h"

/*
 * Steps that look and change nothing:
 *
 *   ? ACTOR QUERY field=value …  EXPECTED …  ! REFUSAL …
 *       What is no field of the query begins what is expected of the reply; behind ":" all is. "-" asks without a key.
 *   = CODE [PARTY [REFERENCE]] AMOUNT [UNIT]
 *       What an account stands at; "-" for no party. Zero fits one that is not there.
 *   entry NUMBER [has] EXPECTED …
 */
void play_question_ask(struct play_case *play, const struct play_step *step);
void play_question_balance(struct play_case *play, const struct play_step *step);
void play_question_entry(struct play_case *play, const struct play_step *step);
