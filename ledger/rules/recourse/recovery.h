/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include "rule/command.h"

/* Where a receipt's record_recovery lies. Commands recovery.receive, .allocate, .remit, cost.record. */
struct record_path recovery_path(slice id);

#endif
