/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_schema.h"

/*
 * Examples of methods, none of which is invented: examples.json has what tests/rules/published/examples.case says first
 * of each method, and what was answered. A test plays the scenario and compares; `make examples` makes the file anew.
 */

/* Adds the member "examples" of a method to an open map, where there is one. */
void openrpc_example_write(const struct recourse_method *method, struct buffer *out);
