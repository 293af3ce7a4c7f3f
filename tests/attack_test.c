/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "job.h"
#include "kit.h"

/* What an attacker says on purpose, against a real ledger. */

static void begin(struct kit *kit, struct job *job, slice message)
{
	struct job_service service = {.ledger = kit->ledger};
	*job = (struct job){.message = message};
	assert_int_equal(job_begin(job, &service, kit->now), JOB_REPLY);
}

/* A request to service.info with an unknown member: `size` bytes of 'a', then characters of two bytes. */
static void ask_with_member(struct kit *kit, size_t size, bool json)
{
	struct buffer name = {0};
	struct buffer message = {0};
	struct job job;
	for (size_t index = 0; index < size; index++)
		buffer_append(&name, "a", 1);
	for (size_t index = 0; index < 64; index++)
		buffer_append(&name, "\xC3\xA9", 2);
	if (json) {
		buffer_append_format(&message,
			"{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"id\":1,\"params\":{\"%.*s\":1}}",
			SLICE_ARGUMENTS(buffer_slice(&name)));
	} else {
		item_write_map(&message, 4);
		item_write_pair_integer(&message, "id", 1);
		item_write_pair_text(&message, "method", slice_text("service.info"));
		item_write_key(&message, "params");
		item_write_map(&message, 1);
		item_write_text(&message, buffer_slice(&name));
		item_write_null(&message);
		item_write_pair_text(&message, "jsonrpc", slice_text("2.0"));
	}
	begin(kit, &job, buffer_slice(&message));
	buffer_append(&job.reply, "", 1);
	assert_non_null(memmem(job.reply.data, job.reply.size, "FIELD_UNKNOWN", 13));
	job_clear(&job);
	buffer_free(&name);
	buffer_free(&message);
}

/* Cut in the middle of a character, a name that came from outside is no text: that once ended the service. */
static void a_long_name_is_cut_between_characters(void **state)
{
	struct kit kit;
	(void)state;
	kit_start(&kit);
	for (size_t size = 0; size < 64; size++) {
		ask_with_member(&kit, size, false);
		ask_with_member(&kit, size, true);
	}
	kit_end(&kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_name_is_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
