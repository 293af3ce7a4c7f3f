/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "twins.h"

#include "base/buffer.h"

/*
 * Random questions to the twins, from the schema alone: each field gets a value of its type, of something that is M's,
 * another's in one of the two or in both, or nobody's. A method that is new is asked without a word here.
 */

/* The params of a submit of one such command, appended without a final NUL. */
void question_command(struct twins *twins, const struct recourse_method *method, struct buffer *out);

/* The params of a query. */
void question_query(struct twins *twins, const struct recourse_method *method, struct buffer *out);
