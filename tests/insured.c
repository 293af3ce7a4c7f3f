/* SPDX-License-Identifier: Apache-2.0 */
#include "insured.h"

static void register_insurers(struct kit *kit)
{
	kit_accept(kit, "admin",
		"{\"command\":\"party.register\",\"party\":\"S\",\"kinds\":[\"insurer\"]},"
		"{\"command\":\"party.register\",\"party\":\"T\",\"kinds\":[\"insurer\"]}");
	kit_key(kit, "s", "S", "[\"funder\"]");
	kit_key(kit, "t", "T", "[\"funder\"]");
}

void insured_by(struct kit *kit, const char *instrument, const char *provider, int draw, const char *limit,
	const char *more)
{
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.register\",\"instrument\":\"%s\",\"kind\":\"bond\",\"provider\":"
		"\"%s\",\"merchant\":\"M\",\"unit\":\"CNY\",\"limit\":\"%s\",\"draw\":%d,"
		"\"expires\":\"2018-01-01T00:00:00Z\",\"document_hash\":" RULES_HASH "%s}",
		instrument, provider, limit, draw, more);
}

void insured_call(struct kit *kit, const char *incident)
{
	kit_accept(kit, "maker",
		"{\"command\":\"instrument.call\",\"incident\":\"%s\",\"reason\":\"r\",\"evidence_"
		"hash\":" RULES_HASH "}",
		incident);
}

void insured_receive(struct kit *kit, const char *incident, const char *instrument, const char *amount)
{
	kit_accept(kit, "bank",
		"{\"command\":\"instrument.pay\",\"incident\":\"%s\",\"instrument\":\"%s\",\"amount\":"
		"\"%s\",\"bank_reference\":\"provide-%llu\"}",
		incident, instrument, amount, (unsigned long long)kit->requests);
}

void insured_incident(struct kit *kit)
{
	register_insurers(kit);
	rules_deposit(kit, "M", "100.00", "b-1");
	rules_declare(kit, "i", "M", "fuel-card");
	rules_claim(kit, "a", "i", "300.00");
	rules_claim(kit, "b", "i", "50.00");
}
