/* SPDX-License-Identifier: Apache-2.0 */
#include "base/amount.h"
#include "fuzz.h"

enum { CHOICE_SIZE = 2 };

/* Two bytes choose the unit; a text that is accepted is the only one for its amount. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t steps_of_units[] = {1, 2, 5, 7, 10, 25, 999983, UNIT_STEP_MAX};
	if (size < CHOICE_SIZE)
		return 0;
	struct unit unit;
	int64_t digits = data[0] % (UNIT_DIGITS_MAX + 1);
	require(unit_define(slice_text("X"), digits, steps_of_units[data[1] % 8], &unit) == RECOURSE_OK);

	slice text = slice_of(data + CHOICE_SIZE, size - CHOICE_SIZE);
	int64_t steps;
	if (amount_parse(&unit, text, &steps) != RECOURSE_OK)
		return 0;
	char again[AMOUNT_TEXT_SIZE];
	size_t length = amount_format(&unit, steps, again);
	require(slice_equal(text, slice_of(again, length)));
	return 0;
}
