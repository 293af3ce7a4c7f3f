/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

extern const char *const contact_channel_names[];
extern const char *const contact_direction_names[]; /* by enum contact_direction */
