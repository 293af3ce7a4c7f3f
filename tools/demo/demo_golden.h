/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "demo/demo_stage.h"

/*
 * The golden case over the network, every step by the one whose step it is, with the postings that its entries
 * hold. False when anything is not as it has to be; it was said what.
 */
bool demo_golden_play(struct demo_stage *stage);

/* The trial balance: shown, and every account that counts money must stand at zero. */
bool demo_golden_balance(struct demo_stage *stage);

/* B's receipt: fetched, kept in a file, verified by a process that has that file and the log's public key only. */
bool demo_golden_receipt(struct demo_stage *stage);
