/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_EXIT_H
#define RULES_EXIT_H

#include "rules.h"

/* What the tests of a merchant's exit share: its commands, and the way into it. */
enum { MINUTE = 60, DAY = 86400 };

#define REQUEST(exit, merchant, unit, policy, version)                                                       \
	"{\"command\":\"exit.request\",\"exit\":\"" exit "\",\"merchant\":\"" merchant "\",\"unit\":\"" unit \
	"\",\"policy\":\"" policy "\",\"version\":" version "}"
#define LEAVE(exit) REQUEST(exit, "M", "CNY", "fuel-card", "1")
#define RETAIN(exit, item, amount)                                                                           \
	"{\"command\":\"exit.retain\",\"exit\":\"" exit "\",\"item\":\"" item "\",\"amount\":" amount        \
	",\"reason\":\"unpaid-fees\",\"evidence_hash\":" RULES_HASH "}"
#define RELEASE(exit, item)                                                                                  \
	"{\"command\":\"exit.release_item\",\"exit\":\"" exit "\",\"item\":\"" item "\",\"reason\":"         \
	"\"paid\"}"
#define REFUND(exit, bank)                                                                                   \
	"{\"command\":\"exit.refund\",\"exit\":\"" exit "\",\"bank_reference\":\"" bank "\"}"
#define RESUME(exit, incident)                                                                               \
	"{\"command\":\"exit.resume\",\"exit\":\"" exit "\",\"incident\":\"" incident                        \
	"\",\"reason\":\"served\"}"

static inline void check(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

static inline void leave(struct kit *kit)
{
	rules_deposit(kit, "M", "1000.00", "in-1");
	kit_accept(kit, "merchant", LEAVE("M/e"));
}

#endif
