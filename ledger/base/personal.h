/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * I1: whether a text has the form of something that a person goes by: a mobile telephone number of mainland China (11 digits from
 * 13 to 19, with or without 86 or 0086 in front), an identity number (GB 11643: 18 digits, the last may be X, with a province, a
 * date of birth and a check digit that fit), a bank card's (15 to 19 digits that begin as banks' do, with a check digit that fits),
 * an e-mail, or tel:, sms:, callto:, mailto: and whatever follows. Also with hyphens, points, underscores, blanks, + and
 * parentheses between the digits, with characters as wide as Chinese ones, and as a spreadsheet leaves it (1.38E10, …000.0).
 * Anything else beside digits makes it another id. Names and addresses have no form: that whoever makes ids leaves those
 * out can not be checked.
 */
bool personal_form(slice text);
