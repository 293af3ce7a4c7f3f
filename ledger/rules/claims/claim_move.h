/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Its incident was cancelled: a claim that waits goes on in the one that stands, where there is one; otherwise nothing is done.
 * What was late there only is late no more.
 */
enum recourse_error claim_move_back(struct decision *decision, slice id, bool *moved);

/* A claim that a judgment has waiting again goes to what was declared meanwhile, of several to the first; otherwise nothing is done. */
enum recourse_error claim_move_failed(struct decision *decision, slice id);
