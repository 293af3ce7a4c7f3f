/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_batch.h"

#include <assert.h>

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
	enum recourse_error error =
		message_id_make(batch->origin, batch->rail, batch->entry, number, part->message);
	assert(error == RECOURSE_OK);
}

void pay_batch_free(struct pay_batch *batch)
{
	buffer_free(&batch->orders);
	arena_free(&batch->arena);
}
