/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "kit.h"
#include "served_client.h"

#include <stdio.h>
#include <stdlib.h>

/* Two people do the same at once, each by a connection to a service: one is first, and the other is told so. */
enum { ROUNDS = 30, CHANNELS = 2 };

struct stand {
	struct kit *kit;
	struct served served;
	struct recourse_client *clients[CHANNELS];
};

static void begin(struct stand *stand, struct kit *kit, const char *const keys[static CHANNELS])
{
	stand->kit = kit;
	served_prepare(&stand->served, kit->ledger);
	served_begin(&stand->served);
	for (size_t channel = 0; channel < CHANNELS; channel++)
		stand->clients[channel] = served_client(&stand->served, kit, keys[channel]);
}

static void end(struct stand *stand)
{
	for (size_t channel = 0; channel < CHANNELS; channel++)
		recourse_client_close(stand->clients[channel]);
	served_tell_to_stop(&stand->served);
	assert_ok(served_end(&stand->served));
	stand->kit->now = host_clock_now();
}

static struct recourse_pending *send_words(
	struct stand *stand, size_t channel, const char *id, const char *words)
{
	struct recourse_pending *pending;
	struct recourse_refusal refusal;
	char commands[300];
	SCOPED(support_free) char *command = kit_command(stand->kit, words);
	SCOPED(recourse_bytes_free) struct recourse_bytes items = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	snprintf(commands, sizeof commands, "[%s]", command);
	assert_ok(recourse_item_from_json(slice_text(commands), &items, &refusal));
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = host_clock_now() + 60 * HOST_CLOCK_SECOND,
		.commands = slice_of(items.data, items.size),
	};
	assert_ok(recourse_client_sign_submission(stand->clients[channel], &submission, &message));
	assert_ok(recourse_client_send(
		stand->clients[channel], slice_of(message.data, message.size), &pending));
	return pending;
}

static unsigned long long number_after(const char *json, const char *member)
{
	const char *found = strstr(json, member);
	return found == NULL ? 0 : strtoull(found + strlen(member), NULL, 10);
}

/* ---- a card by two channels (D8) ---- */

struct filed {
	unsigned long long entry;
	unsigned long long repeats; /* the entry of the claim that it repeats; 0: it lives */
};

static struct filed read_filed(struct recourse_pending *pending)
{
	struct recourse_refusal refusal;
	char text[500] = "";
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	assert_ok(recourse_client_wait(pending, &result, &refusal));
	assert_ok(recourse_item_to_json(slice_of(result.data, result.size), false, &json));
	assert_true(json.size < sizeof text);
	memcpy(text, json.data, json.size);
	return (struct filed){number_after(text, "\"entry\":"), number_after(text, "\"linked_to\":")};
}

static const char *const channels[CHANNELS] = {"phone", "counter"};

/* One lives and counts the other, whose answer names it. */
static void look_at(struct kit *kit, const struct filed filed[static CHANNELS])
{
	size_t first = filed[0].entry < filed[1].entry ? 0 : 1;
	const struct filed *second = &filed[1 - first];
	assert_true(filed[first].entry > 0);
	assert_int_equal(filed[first].repeats, 0);
	assert_int_equal(second->repeats, filed[first].entry);
	kit_play(kit,
		"? agent claim.brief receipt=%llu : repeats:=1 state=received channel=%s\n"
		"? agent claim.brief receipt=%llu : state=linked linked_to:=%llu",
		filed[first].entry, channels[first], second->entry, filed[first].entry);
}

static void test_one_card(void **state)
{
	struct stand stand;
	struct kit *kit = *state;
	struct recourse_pending *pending[ROUNDS][CHANNELS];
	struct filed filed[ROUNDS][CHANNELS];
	kit->now = host_clock_now();
	kit_play(kit, "declare-without-deposit i fuel-card\nrepeat n 1 to %d\ncard k-$n 10.00\nend", ROUNDS);
	begin(&stand, kit, (const char *const[]){"agent", "boss"});
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t turn = 0; turn < CHANNELS; turn++) {
			char id[32];
			char words[120];
			size_t channel = (turn + round) % CHANNELS;
			snprintf(id, sizeof id, "%s-%zu", channels[channel], round + 1);
			snprintf(words, sizeof words,
				"claim.file claim=c-%s incident=i entitlement=k-%zu channel=%s", id,
				round + 1, channels[channel]);
			pending[round][channel] = send_words(&stand, channel, id, words);
		}
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t channel = 0; channel < CHANNELS; channel++)
			filed[round][channel] = read_filed(pending[round][channel]);
	}
	end(&stand);
	for (size_t round = 0; round < ROUNDS; round++)
		look_at(kit, filed[round]);
	kit_play(kit,
		"? agent report.desk incident=i : incidents[0].claims_filed:=%d incidents[0].repeats:=%d",
		ROUNDS, ROUNDS);
	kit_audit(kit);
}

/* ---- the rest of a bank line ---- */

static void test_one_line(void **state)
{
	struct stand stand;
	struct kit *kit = *state;
	struct recourse_pending *pending[ROUNDS][CHANNELS];
	kit->now = host_clock_now();
	kit_play(kit,
		"key bank-too bank custodian\nrepeat n 1 to %d\n"
		"bank bank.line line=l-$n amount=100.00 unit=CNY direction=credit day=2026-01-05\nend",
		ROUNDS);
	begin(&stand, kit, (const char *const[]){"bank", "bank-too"});
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t channel = 0; channel < CHANNELS; channel++) {
			char id[32];
			char words[120];
			snprintf(id, sizeof id, "r-%zu-%zu", channel, round);
			snprintf(words, sizeof words,
				"deposit.receive merchant=%s amount=60.00 unit=CNY bank_reference=l-%zu",
				channel == 0 ? "M" : "N", round + 1);
			pending[round][channel] = send_words(&stand, channel, id, words);
		}
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		int taken = 0;
		for (size_t channel = 0; channel < CHANNELS; channel++) {
			struct recourse_refusal refusal;
			SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
			enum recourse_error error =
				recourse_client_wait(pending[round][channel], &result, &refusal);
			taken += error == RECOURSE_OK;
			if (error == RECOURSE_OK)
				continue;
			assert_error(error, RECOURSE_INSUFFICIENT);
			assert_string_equal(refusal.field, "bank_reference");
			assert_string_equal(refusal.available, "40.00");
		}
		assert_int_equal(taken, 1);
	}
	end(&stand);
	kit_play(kit, "? auditor report.bank_lines left=yes limit=%d : lines#=%d lines[0].left=40.00", ROUNDS,
		ROUNDS);
	kit_audit(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_one_card),
		KIT_TEST(test_one_line),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
