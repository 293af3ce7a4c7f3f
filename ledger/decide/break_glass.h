/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Break-glass (H6): when nobody is there to approve, an admin who is not the maker carries out a proposal without the
 * approvals that are missing, where control.publish allows it. It is never silent: each use is a record that waits for
 * its review by a third person, and a clock says when that is overdue. Commands break_glass.use, break_glass.review.
 */

/* Nobody reviewed it in time. The subject is the number of its entry. */
enum recourse_error break_glass_overdue(struct decision *decision, slice subject) RECOURSE_CHECK;
