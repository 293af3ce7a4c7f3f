/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "base/slice.h"

/*
 * The scenarios that the program brings along: those of tools/scenarios/, by their name without its ending. A scenario
 * includes one as <name>.
 */
bool scenario_find(slice name, slice *text);

#endif
