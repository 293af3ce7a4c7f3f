/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_item.h"
#include "bank/bank_xml.h"

/*
 * The texts of a message's elements, each as what it means. What is none is a problem, with its place; what was there
 * stays, but a text, which is then empty. False where that is so.
 */
bool bank_field_text(struct bank_xml *xml, slice text, char out[static BANK_ITEM_TEXT_SIZE]);
bool bank_field_day(struct bank_xml *xml, slice text, char out[static BANK_ITEM_DAY_SIZE]);
bool bank_field_count(struct bank_xml *xml, slice text, uint64_t *count);
bool bank_field_flag(struct bank_xml *xml, slice text, bool *flag);   /* true, false, 1, 0 */
bool bank_field_side(struct bank_xml *xml, slice text, bool *credit); /* CRDT, DBIT */

/*
 * An amount, whose currency is its attribute. `*unit` becomes that, where its code is empty; another than that is a
 * problem. Zero is one, unless it is a balance's or a sum's.
 */
bool bank_field_amount(struct bank_xml *xml, slice text, struct unit *unit, int64_t *steps);
bool bank_field_balance(struct bank_xml *xml, slice text, struct unit *unit, int64_t *steps);

/* Whether the currency of the element that ends is that unit. */
bool bank_field_is_in(const struct bank_xml *xml, const struct unit *unit);
