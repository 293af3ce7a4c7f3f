/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/checks.h"

#include "decide/registry.h"

extern const struct check_group money_check_rows;
extern const struct check_group tables_check_rows;

static enum recourse_error look_at_area(struct check_context *check, const struct area *area)
{
	for (size_t group = 0; group < AREA_GROUPS_MAX && area->checks[group] != NULL; group++)
		TRY(check_group(check, area->checks[group]));
	return RECOURSE_OK;
}

enum recourse_error checks_run(struct check_context *check)
{
	TRY(check_group(check, &money_check_rows));
	size_t areas = 0;
	while (registry_areas[areas] != NULL)
		areas++;
	while (areas > 0)
		TRY(look_at_area(check, registry_areas[--areas]));
	return check_group(check, &tables_check_rows);
}
