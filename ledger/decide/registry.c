/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/registry.h"

extern const struct area rule_area;
extern const struct area custody_area;
extern const struct area incident_area;
extern const struct area collateral_area;
extern const struct area deposit_area;
extern const struct area recourse_area;
extern const struct area claims_area;
extern const struct area payout_area;
extern const struct area merchant_area;
extern const struct area decide_area;

static const struct area *const areas[] = {
	&rule_area,
	&custody_area,
	&incident_area,
	&collateral_area,
	&deposit_area,
	&recourse_area,
	&claims_area,
	&payout_area,
	&merchant_area,
	&decide_area,
};
enum { AREAS = sizeof areas / sizeof areas[0] };

/* ---- commands ---- */

const struct command *registry_command_at(size_t index)
{
	for (size_t area = 0; area < AREAS; area++) {
		const struct command_group *const *groups = areas[area]->commands;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++) {
			if (index < groups[group]->count)
				return &groups[group]->rows[index];
			index -= groups[group]->count;
		}
	}
	return NULL;
}

static const struct command *find_command(const struct command_group *group, slice name)
{
	for (size_t row = 0; row < group->count; row++) {
		if (slice_is(name, group->rows[row].method.name))
			return &group->rows[row];
	}
	return NULL;
}

const struct command *registry_command(slice name)
{
	const struct command *found = NULL;
	for (size_t area = 0; area < AREAS && found == NULL; area++) {
		const struct command_group *const *groups = areas[area]->commands;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL && found == NULL;
			group++)
			found = find_command(groups[group], name);
	}
	return found;
}

/* ---- queries ---- */

const struct query_row *registry_query_at(size_t index)
{
	for (size_t area = 0; area < AREAS; area++) {
		const struct query_group *const *groups = areas[area]->queries;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++) {
			if (index < groups[group]->count)
				return &groups[group]->rows[index];
			index -= groups[group]->count;
		}
	}
	return NULL;
}

const struct query_row *registry_query(slice name)
{
	const struct query_row *row;
	for (size_t index = 0; (row = registry_query_at(index)) != NULL; index++) {
		if (slice_is(name, row->method.name))
			return row;
	}
	return NULL;
}

/* ---- clocks ---- */

area_strike *registry_clock(enum clock_kind kind)
{
	for (size_t area = 0; area < AREAS; area++) {
		const struct area_clock *clocks = areas[area]->clocks;
		for (size_t clock = 0; clock < AREA_CLOCKS_MAX && clocks[clock].strike != NULL; clock++) {
			if (clocks[clock].kind == kind)
				return clocks[clock].strike;
		}
	}
	return NULL;
}
