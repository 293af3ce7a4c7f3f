/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_batch.h"

#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>

uint64_t pay_batch_parts(const struct pay_batch *batch)
{
	size_t count = pay_batch_count(batch);
	return (count + batch->line_max - 1) / batch->line_max;
}

void pay_batch_part(const struct pay_batch *batch, uint64_t number, struct pay_part *part)
{
	size_t count = pay_batch_count(batch);
	size_t first = (size_t)((number - 1) * batch->line_max);
	*part = (struct pay_part){
		.first = first,
		.count = count - first < batch->line_max ? count - first : (size_t)batch->line_max,
		.number = number,
		.of = pay_batch_parts(batch),
	};
	for (size_t index = 0; index < part->count; index++)
		part->total += pay_batch_orders(batch)[first + index].steps;
	pay_batch_message(batch, number, part->message);
}

void pay_batch_message(const struct pay_batch *batch, uint64_t number, char text[static 36])
{
	struct buffer said = {0};
	struct crypto_hash hash;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	buffer_append_format(&said, "%.*s\n%.*s\n%.*s\n%" PRIu64 "\n", SLICE_ARGUMENTS(batch->origin),
		SLICE_ARGUMENTS(batch->rail), SLICE_ARGUMENTS(batch->id), number);
	crypto_sha256_labelled(slice_text("recourse-message-id-v1\n"), buffer_slice(&said), &hash);
	buffer_free(&said);
	text_to_hex(hash.bytes, sizeof hash.bytes, hex);
	for (size_t index = 0; index < 32; index++)
		text[index] = (char)toupper((unsigned char)hex[index]);
	text[32] = '\0';
}

void pay_batch_free(struct pay_batch *batch)
{
	buffer_free(&batch->orders);
	arena_free(&batch->arena);
}
