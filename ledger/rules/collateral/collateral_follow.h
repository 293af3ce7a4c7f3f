/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * After each command the core lets this file look at the postings: a deposit that moved (20x0) and prepaid value that
 * came or went (9020) are all it needs to know, so no rule can forget to say so. FIELD_LIMIT with "issuer", OVERFLOW.
 */
enum recourse_error collateral_follow(struct decision *decision) RECOURSE_CHECK;
