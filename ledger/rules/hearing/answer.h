/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A clock: a merchant has not answered to a claim by its day. The subject is the claim's id. */
area_strike answer_missed;
