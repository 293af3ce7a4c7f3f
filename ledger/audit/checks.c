/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "rule/area.h"

extern const struct check_group money_check_rows;
extern const struct check_group accounts_check_rows;
extern const struct check_group order_entries_check_rows;
extern const struct check_group report_entries_check_rows;
extern const struct check_group recovery_entries_check_rows;
extern const struct check_group appeal_entries_check_rows;
extern const struct check_group bank_line_entries_check_rows;
extern const struct check_group instant_entries_check_rows;
extern const struct check_group tables_check_rows;

enum recourse_error checks_run(struct check_context *check)
{
	TRY(check_group(check, &money_check_rows));
	size_t areas = 0;
	while (registry_areas[areas] != NULL)
		areas++;
	while (areas > 0) {
		const struct check_group *const *groups = registry_areas[--areas]->checks;
		for (size_t group = 0; group < AREA_GROUPS_MAX && groups[group] != NULL; group++)
			TRY(check_group(check, groups[group]));
	}
	TRY(check_group(check, &order_entries_check_rows));
	TRY(check_group(check, &report_entries_check_rows));
	TRY(check_group(check, &recovery_entries_check_rows));
	TRY(check_group(check, &appeal_entries_check_rows));
	TRY(check_group(check, &bank_line_entries_check_rows));
	TRY(check_group(check, &instant_entries_check_rows));
	TRY(check_group(check, &accounts_check_rows));
	return check_group(check, &tables_check_rows);
}
