/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 512 };

/* Each with its end. */
struct steps {
	slice all[STEPS_MAX];
	size_t count;
};

static void split(slice rest, struct steps *steps)
{
	steps->count = 0;
	while (rest.size > 0 && steps->count < STEPS_MAX) {
		const uint8_t *start = rest.data;
		slice step = sequence_step(&rest);
		bool ended = start + step.size < rest.data || rest.size > 0;
		steps->all[steps->count++] = slice_of(start, step.size + ended);
	}
}

static size_t pick(struct support_random *random, size_t limit)
{
	return (size_t)support_random_below(random, limit);
}

static size_t append(uint8_t *out, size_t size, size_t most, slice step)
{
	if (step.size == 0 || step.size > most - size)
		return size;
	memcpy(out + size, step.data, step.size);
	size += step.size;
	if (out[size - 1] != SEQUENCE_END && size < most)
		out[size++] = SEQUENCE_END;
	return size;
}

/* No step becomes two. */
static size_t change_step(slice step, uint8_t *room, size_t most, sequence_bytes *change)
{
	size_t size = step.size > most ? most : step.size;
	if (size > 0)
		memcpy(room, step.data, size);
	if (size > 0 && room[size - 1] == SEQUENCE_END)
		size--;
	size = change(room, size, most);
	for (size_t index = 0; index < size; index++) {
		if (room[index] == SEQUENCE_END)
			room[index] = 0;
	}
	return size;
}

size_t sequence_mutate(
	struct support_random *random, uint8_t *data, size_t size, size_t most, sequence_bytes *change)
{
	static struct steps steps;
	uint8_t room[512];
	size_t made = 1;
	SCOPED(support_free) uint8_t *copy = malloc(size);
	if (copy == NULL)
		return size;
	memcpy(copy, data, size);
	split(slice_of(copy + 1, size - 1), &steps);
	size_t how = pick(random, 8);
	size_t from = pick(random, steps.count + 1);
	size_t to = pick(random, steps.count + 1);
	slice moved = from < steps.count ? steps.all[from] : slice_of(NULL, 0);
	if (how < 5)
		moved = slice_of(room, change_step(moved, room, sizeof room, change));
	for (size_t index = 0; index <= steps.count; index++) {
		if (index == (how < 5 ? from : to) && how != 5)
			made = append(data, made, most, moved);
		if (index < steps.count && (index != from || how == 7))
			made = append(data, made, most, steps.all[index]);
	}
	return made;
}

size_t sequence_cross(struct support_random *random, slice first, slice second, uint8_t *out, size_t most)
{
	static struct steps steps;
	size_t made = 0;
	if (first.size == 0 || second.size == 0 || most == 0)
		return 0;
	out[made++] = first.data[0];
	split(slice_of(first.data + 1, first.size - 1), &steps);
	size_t end = pick(random, steps.count + 1);
	for (size_t index = 0; index < end; index++)
		made = append(out, made, most, steps.all[index]);
	split(slice_of(second.data + 1, second.size - 1), &steps);
	size_t begin = pick(random, steps.count + 1);
	for (size_t index = begin; index < steps.count; index++)
		made = append(out, made, most, steps.all[index]);
	return made;
}
