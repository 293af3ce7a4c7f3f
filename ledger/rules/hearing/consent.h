/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A clock: not all have agreed to what was proposed by its day. The subject is the claim's id. */
area_strike consent_missed;
