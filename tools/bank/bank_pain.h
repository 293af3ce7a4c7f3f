/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_reading.h"
#include "bank/bank_xml.h"

/*
 * Reports on the status of payments: pain.002.001.03 to .15. A report is one statement; it moves no money.
 *
 *   - A code that bank_status.h does not have is unknown, whatever it says.
 *   - What is said of the message or of a batch as a whole is an item of its own, and is not put upon payments that
 *     are not named: that is for who agreed it with the bank.
 *   - Where it says how many payments there were, or how many have a status, and what they sum up to, it is so of
 *     those that it names, and no less than these where it does not name all.
 */
struct bank_pain *bank_pain_open(struct bank_reading *reading); /* NULL: no memory */
void bank_pain_free(struct bank_pain *pain);

enum { BANK_PAIN_MESSAGES = 1 };
extern const struct bank_xml_message
	bank_pain_messages[BANK_PAIN_MESSAGES]; /* their context is a struct bank_pain */
