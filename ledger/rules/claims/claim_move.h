/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Its incident was cancelled: a claim that waits goes on in the one that stands, where there is one and no other was declared
 * that has its lot; otherwise nothing is done.
 */
enum recourse_error claim_move_back(struct decision *decision, slice id, bool *moved);
