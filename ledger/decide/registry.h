/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* The areas, in the order of their rooms; ends with NULL. */
extern const struct area *const registry_areas[];
