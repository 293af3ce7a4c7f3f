/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * The clock of a section that is behind: it is settled up, and its money moved, as far as one entry has room. What is left is
 * the next one's, at once, and a day later where this one found nothing that it could move.
 */
enum recourse_error catch_up_struck(struct decision *decision, slice subject);
