/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export_format.h"

/*
 * Names of accounts and units as other tools take them. Different ones stay different, and a name does not
 * depend on what else is exported, so that one period goes on where another ended.
 *
 *   hledger     assets:1100 funder commitment receivable:P:fuel-2016
 *               ':' in an id is "%3A"; "-" stands for a party that is not there, before a reference
 *   Beancount   Assets:1100-funder-commitment-receivable:P:Fuel-2016-j
 *               "-j" at the end of an id: its first letter is a small one. '.' is "-x", '_' "-z", ':' "-v",
 *               '/' "-w", '@' "-q", and '-' is "-k" before one of the letters j k q v w x z. What is not there
 *               is "0-j"; the number behind a leading '@', which no id has, follows it: "0-j57". All accounts have the same depth: an assertion there covers what is below, too
 */
void export_name_hledger(const struct export_line *line, struct buffer *out);
void export_name_beancount(const struct export_line *line, struct buffer *out);

/* hledger takes other than letters in quotes. */
void export_name_hledger_unit(const struct unit *unit, struct buffer *out);
/* Beancount wants two characters and no '-' at the end: ".U" is added, which no unit has. */
void export_name_beancount_unit(const struct unit *unit, struct buffer *out);

/* Whether the two have one name in both. */
bool export_name_same(const struct export_line *a, const struct export_line *b);

/* "-12.00", and the unit behind it. */
void export_name_amount(const struct unit *unit, int64_t steps, struct buffer *out);

/* "2026-11-22". */
void export_name_date(uint64_t instant, struct buffer *out);
