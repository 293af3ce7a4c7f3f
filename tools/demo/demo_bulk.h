/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "demo/demo_stage.h"

/*
 * A generated collapse at full size: the cards are imported from a CSV file, then all claims are filed, decided,
 * funded, instructed and settled in bulk. Shows how many consumers were made whole in a second. False when
 * anything is refused; it was said what.
 */
bool demo_bulk_play(struct demo_stage *stage, uint64_t cards);
