/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * The scenarios that the program brings along: those of tools/scenarios/, by their name without its ending. A scenario
 * includes one as <name>.
 */
bool scenario_find(slice name, slice *text);

/* By its place; NULL beyond the last. */
const char *scenario_name(size_t index);

/* PLAY.md: the language they are written in. */
slice scenario_language(void);
