/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

enum { SUM_BITS = 18 };

const char *const sequence_ids[] = {"M", "N", "Y", "G", "P", "bank", "bank-2", "auditor", "S", "T",
	"fuel-card", "consumers", "i-0", "i-1", "required", "default", "", "a/b", "M/", "nobody", NULL};
const char *const sequence_families[SEQUENCE_FAMILIES] = {"x-", "M/", "N/", "Y/"};
const char *const sequence_actors[] = {"maker", "checker", "admin", "bank", "payer", "agent", "merchant",
	"boss", "teller", "n", "auditor", "s", "t", "system", "nobody", NULL};
const char *const sequence_units[] = {"CNY", "L", "JPY", "USD", "BHD", "XYZ", "KWH", NULL};

/* FNV-1a. */
uint64_t sequence_sum(const char *name)
{
	uint32_t sum = 2166136261u;
	for (const char *at = name; *at != '\0'; at++)
		sum = (sum ^ (uint8_t)*at) * 16777619u;
	return (sum ^ sum >> SUM_BITS) & ((1u << SUM_BITS) - 1);
}

size_t sequence_count(const char *const *list)
{
	size_t count = 0;
	while (list[count] != NULL)
		count++;
	return count;
}

size_t sequence_find(const char *const *list, slice text)
{
	size_t index = 0;
	while (list[index] != NULL && !slice_is(text, list[index]))
		index++;
	return index;
}

const struct sequence_method *sequence_methods(void)
{
	static struct sequence_method rows[SEQUENCE_METHODS_MAX];
	if (rows[0].method != NULL)
		return rows;
	for (size_t row = 0; recourse_method_at(row) != NULL; row++) {
		if (row == SEQUENCE_METHODS_MAX - 1)
			abort();
		rows[row] = (struct sequence_method){
			recourse_method_at(row), sequence_sum(recourse_method_at(row)->name)};
	}
	return rows;
}
