/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEPARATION_H
#define SEPARATION_H

#include "audit/replay.h"

/*
 * The separation of duties, looked at in the state that a replay made: a person's keys follow one another, and only
 * the last may speak (H1); nobody approves what he proposed, nor anything twice, and what was approved has as many
 * people as it needed (H2); nobody takes in, decides and pays the same claim (H1); each use of break-glass closed the
 * proposal that it names, is by another than its maker, and was reviewed by a third person or waits for it (H6); nobody
 * decides the appeal of what he deducted (D7).
 *
 * AUDIT_FAILED with the replay's `what`, or a fault of reading.
 */
enum recourse_error separation_check(struct replay *replay) RECOURSE_CHECK;

#endif
