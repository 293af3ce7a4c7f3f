/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Where a receipt's record_recovery lies. Commands recovery.receive, .allocate, .remit, cost.record. */
struct record_path recovery_path(slice id);
