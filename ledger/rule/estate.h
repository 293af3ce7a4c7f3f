/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_recourse.h"
#include "rule/decision.h"

/*
 * Parties that are insolvent (企业破产法): what comes from one after a court has accepted its case waits for its
 * liquidator, and what is owed to it is paid to that one. Commands are in rules/recourse/insolvency.c.
 */

/* All zeroes where it is not. */
enum recourse_error estate_of(struct state_view *view, slice party, struct record_estate *estate);

/* The entry that opened the estate whose is what came from that party at that instant; 0: it is free. */
enum recourse_error estate_holds(struct state_view *view, slice party, uint64_t instant, uint64_t *entry);

/* The entry says to whom what is owed to that party is paid, where that is its liquidator. */
enum recourse_error estate_payee(struct decision *decision, slice party);
