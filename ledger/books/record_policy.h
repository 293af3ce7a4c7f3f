/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* What the state holds of published policies (E1, C1) and calendars (E3). Records of tables of tables.h. */

enum policy_scheme { POLICY_FULL, POLICY_CAPPED, POLICY_PERCENTAGE, POLICY_DEPOSIT_ONLY };
enum waterfall_claim {
	WATERFALL_COSTS,
	WATERFALL_ADVANCES,
	WATERFALL_UNCOVERED,
	WATERFALL_INTEREST,
	WATERFALL_CLAIMS
};

struct record_policy {
	struct unit unit;
	uint64_t entry;
	int64_t cap;  /* 0: none */
	int64_t rate; /* hundredths of a percent */
	int64_t claim_days;
	int64_t decision_hours;
	int64_t payout_days;
	int64_t notice_days; /* of a merchant's exit */
	int64_t tail_days;
	int64_t refund_days;
	int64_t appeal_days; /* of a deduction */
	int64_t appeal_decision_days;
	uint32_t scheme;
	uint8_t rank[WATERFALL_CLAIMS]; /* 1 is served first; equal ranks share; 0: not served */
	char calendar
		[TEXT_ID_SIZE]; /* whose working days payout_days and refund_days count; empty: any day */
};

/* Which version of a rule is in force (H8), and by which entry. */
struct record_rule {
	uint64_t entry;
	uint64_t version;
};

/* A published reason code (D7): the version of the list that had it last, and what people read. */
enum { REASON_TEXT_MAX = 120 };
struct record_reason {
	uint64_t version;
	char zh[REASON_TEXT_MAX];
	char en[REASON_TEXT_MAX];
};

/* A year of a calendar as it was published last. Its exceptions are where `works` differs from the weekend. */
enum { CALENDAR_WORDS = 6 };

struct record_calendar {
	uint64_t entry;
	uint64_t works[CALENDAR_WORDS]; /* a bit for each day of the year, 1 January first */
	uint32_t version;
	uint32_t weekend;       /* a bit for each day of the week, Monday first */
	int32_t offset_minutes; /* of its days, east of UTC */
	uint32_t reserved;
};
