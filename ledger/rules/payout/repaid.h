/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/undo.h"

/*
 * What a pool repaid of an advance that is in no payment yet is taken off what is inchoate, and off what is recourse from the payment
 * on: that payment's own part, so that it does not matter which of several is made first.
 */

/* A payment of the claim was made, or is none any more; `before`: what of its payments was advanced until then. */
enum recourse_error repaid_follow(struct decision *decision, struct undo *undo, int64_t before);
