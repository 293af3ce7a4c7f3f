/* SPDX-License-Identifier: Apache-2.0 */
#include "kit_child.h"

#include "base/instant.h"

#include <stdio.h>
#include <string.h>

void *kit_child_make(size_t size)
{
	struct kit *kit = child_share(size);
	kit_start(kit);
	kit_golden(kit);
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	return kit;
}

void kit_child_end(void *place, size_t size)
{
	kit_end(place);
	child_unshare(place, size);
}

int kit_child_run(void *place, void (*act)(void *context))
{
	struct kit *kit = place;
	int status = child_run(act, place);
	kit->ledger = NULL;
	return status;
}

void kit_child_payload(struct kit *kit, char payload[static KIT_CHILD_PAYLOAD_MAX])
{
	char words[100];
	char id[32];
	unsigned long long number = ++kit->requests;
	snprintf(id, sizeof id, "child-%llu", number);
	snprintf(words, sizeof words, "deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b-%llu",
		number);
	SCOPED(support_free) char *text = kit_words(kit, id, words, kit->now + INSTANT_HOUR);
	assert_true(strlen(text) < KIT_CHILD_PAYLOAD_MAX);
	strcpy(payload, text);
}

uint64_t kit_child_say_again(struct kit *kit, const char *payload, uint64_t before, uint64_t its)
{
	kit_reopen(kit, false);
	uint64_t after = kit_entries(kit);
	assert_ok(kit_send(kit, "bank", payload, NULL));
	assert_int_equal(kit_entries(kit), before + its);
	kit_audit(kit);
	return after;
}
