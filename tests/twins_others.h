/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "twins.h"

/* What is about others than M, each side its own: for the script in twins.c. */

/* One entry, whatever it is. */
void twins_other_accepted(struct twins_side *side);

/* One request that is refused. */
void twins_other_refused(struct twins_side *side);
