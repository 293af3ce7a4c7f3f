/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "demo/demo_stage.h"

/* The postings of entries, as lines of debit, credit and amount. */
void demo_postings_heading(void);

/*
 * Fetches an entry as the auditor and shows it. Each debit is set against the credits of its book and unit, in
 * the order in which they stand. False, and said, when it can not be had or does not balance.
 */
bool demo_postings_show(struct demo_stage *stage, uint64_t entry);
