/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/* What texts and numbers of payments have to be, whichever file they stand in. */

/* How many characters a well-formed text has. */
size_t pay_text_characters(slice text);

/* Whether each character is one of the SEPA basic set: a-z A-Z 0-9 / - ? : ( ) . , ' + and the blank. */
bool pay_text_is_sepa(slice text);

/* Whether XML 1.0 can say it: well-formed and clean, and without U+FFFE and U+FFFF. */
bool pay_text_is_xml(slice text);

/* What a spreadsheet would take for a formula: it begins with = + - or @, also full-width. */
bool pay_text_is_formula(slice text);

/* A bank's code: eight or eleven characters of ISO 9362, or twelve digits of CNAPS. */
bool pay_text_is_bic(slice bank);
bool pay_text_is_member(slice bank);

/* Whether it is written like an IBAN, two letters and two digits; and whether those digits are right (ISO 7064, 97-10). */
bool pay_text_like_iban(slice account);
bool pay_text_is_iban(slice account);
