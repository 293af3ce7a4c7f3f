/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/waterfall.h"

/* The rest of reckon() before it is posted: nobody else includes this. */

/* All who were paid out have what is theirs, and owe back by name what is not: reckon_run(), as often as that takes. */
enum recourse_error reckon_paid(struct waterfall *fall, struct reckon *in);

/* reckon.c: what is known of each, who owes so much back by its name at least; and whose money goes where then. */
void reckon_begin(struct waterfall *fall, struct reckon *in, const int64_t *owed);
enum recourse_error reckon_run(struct waterfall *fall);
