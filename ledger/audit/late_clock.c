/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "base/instant.h"

#include <stdio.h>

#define GRACE (60 * INSTANT_SECOND)

static enum recourse_error read_clock(const struct entry *entry, slice *clock, slice *text, uint64_t *due)
{
	TRY(entry_body_text(entry, "clock", clock));
	TRY(entry_body_text(entry, "due", text));
	return instant_parse(*text, due);
}

static enum recourse_error look_at_clock(struct audit *audit, const struct entry *entry)
{
	struct recourse_audit *report = audit->report;
	uint64_t meanwhile = entry->time - audit->marks[0] >= GRACE ? audit->marks[0] : audit->marks[1];
	slice clock;
	slice text;
	uint64_t due;
	if (read_clock(entry, &clock, &text, &due) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	slice held;
	if (meanwhile < due + GRACE || item_find(entry->body, "waited_for", &held) == RECOURSE_OK)
		return RECOURSE_OK;
	if (report->late++ == 0) {
		slice subject;
		if (entry_body_text(entry, "subject", &subject) != RECOURSE_OK)
			subject = slice_text("");
		report->late_entry = entry->number;
		snprintf(report->late_first, sizeof report->late_first, "%.*s of %.*s, due %.*s",
			SLICE_ARGUMENTS(clock), SLICE_ARGUMENTS(subject), SLICE_ARGUMENTS(text));
	}
	uint64_t by = entry->time - due;
	report->most_late = by > report->most_late ? by : report->most_late;
	return RECOURSE_OK;
}

enum recourse_error late_clock_entry(struct audit *audit, const struct entry *entry)
{
	if (slice_is(entry->kind, "clock.fire"))
		return look_at_clock(audit, entry);
	if (entry->time - audit->marks[0] >= GRACE) {
		audit->marks[1] = audit->marks[0];
		audit->marks[0] = entry->time;
	}
	return RECOURSE_OK;
}
