/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

/* The assembler puts one file behind the other; their paths are relative to where the compiler runs. */
__asm__(".pushsection .rodata\n"
	"scenario_companions: .incbin \"tools/scenarios/companions.case\"\n"
	"scenario_fuel_steps: .incbin \"tools/scenarios/fuel-steps.case\"\n"
	"scenario_fuel_world: .incbin \"tools/scenarios/fuel-world.case\"\n"
	"scenario_golden: .incbin \"tools/scenarios/golden.case\"\n"
	"scenario_text: .incbin \"tools/PLAY.md\"\n"
	"scenario_end:\n"
	".popsection\n");
extern const char scenario_companions[];
extern const char scenario_fuel_steps[];
extern const char scenario_fuel_world[];
extern const char scenario_golden[];
extern const char scenario_text[];
extern const char scenario_end[];

static const struct {
	const char *name;
	const char *first;
	const char *end;
} scenarios[] = {
	{"companions", scenario_companions, scenario_fuel_steps},
	{"fuel-steps", scenario_fuel_steps, scenario_fuel_world},
	{"fuel-world", scenario_fuel_world, scenario_golden},
	{"golden", scenario_golden, scenario_text},
};

enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

const char *scenario_name(size_t index)
{
	return index < SCENARIOS ? scenarios[index].name : NULL;
}

slice scenario_language(void)
{
	return slice_of(scenario_text, (size_t)(scenario_end - scenario_text));
}

bool scenario_find(slice name, slice *text)
{
	for (size_t index = 0; index < SCENARIOS; index++) {
		const char *first = scenarios[index].first;
		if (!slice_is(name, scenarios[index].name))
			continue;
		*text = slice_of(first, (size_t)(scenarios[index].end - first));
		return true;
	}
	return false;
}
