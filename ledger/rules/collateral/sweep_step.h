/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A clock: the next rows of a sweep (sweep.h). The subject is the number of the entry that began it. */
enum recourse_error sweep_step(struct decision *decision, slice subject) RECOURSE_CHECK;
