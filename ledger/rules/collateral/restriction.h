/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * A merchant that has not topped up in time is restricted (A2): nothing new is sold for it and nothing of its deposit
 * is paid out, until it has. A clock; the subject is "unit/number of the merchant's party".
 */
enum recourse_error restriction_begin(struct decision *decision, slice subject) RECOURSE_CHECK;
