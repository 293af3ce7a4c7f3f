/* SPDX-License-Identifier: Apache-2.0 */
#include "books/clock_name.h"

#include <stdio.h>

const char *const clock_name_kinds[] = {
	[CLOCK_HOLD] = "hold",
	[CLOCK_BAR_DATE] = "bar-date",
	[CLOCK_PROPOSAL] = "proposal",
	[CLOCK_EXIT_NOTICE] = "exit-notice",
	[CLOCK_EXIT_TAIL] = "exit-tail",
	[CLOCK_EXIT_REFUND] = "exit-refund",
	[CLOCK_CUSTODY] = "custody",
	[CLOCK_TOP_UP] = "top-up",
	[CLOCK_COVERAGE] = "coverage",
	[CLOCK_SWEEP] = "sweep",
	[CLOCK_SIGNAL] = "signal",
	[CLOCK_REVIEW] = "review",
	[CLOCK_APPEAL] = "appeal",
	[CLOCK_INSTRUMENT] = "instrument",
	[CLOCK_SCOPE] = "scope",
	[CLOCK_CLOSE] = "close",
	[CLOCK_SUSPENSE] = "suspense",
	[CLOCK_EVIDENCE] = "evidence",
	[CLOCK_DUE] = "due",
	[CLOCK_PROMISE] = "promise",
	[CLOCK_ANSWER] = "answer",
	[CLOCK_CONSENT] = "consent",
	[CLOCK_CONTEST] = "contest",
	[CLOCK_LAPSE] = "lapse",
	[CLOCK_BEHIND] = "behind",
	[CLOCK_BANK_FILE] = "bank-file",
	[CLOCK_PAYMENT] = "payment",
	[CLOCK_BATCH] = "batch",
	[CLOCK_KINDS] = NULL,
};

slice clock_name_of_entry(uint64_t entry, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	int size = snprintf(text, CLOCK_SUBJECT_TEXT_SIZE, "%llu", (unsigned long long)entry);
	return slice_of(text, (size_t)size);
}

slice clock_name_of_party(slice unit, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	int size = snprintf(text, CLOCK_SUBJECT_TEXT_SIZE, "%.*s/%u", SLICE_ARGUMENTS(unit), party);
	return slice_of(text, (size_t)size);
}

slice clock_name_of_section(uint32_t incident, uint32_t party, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	int size = snprintf(text, CLOCK_SUBJECT_TEXT_SIZE, "%u/%u", incident, party);
	return slice_of(text, (size_t)size);
}
