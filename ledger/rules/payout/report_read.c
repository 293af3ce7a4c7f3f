/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/report_read.h"

enum recourse_error report_read(
	struct state_view *view, slice claim, const struct record_claim *record, struct record_report *report)
{
	struct record_path path = record_path_of_text(RECORD_REPORT, claim);
	*report = (struct record_report){.instalment = record->instalment};
	if (record->reported == 0)
		return RECOURSE_OK;
	TRY(record_get_named(view, &path, report, sizeof *report));
	if (report->instalment != record->instalment)
		*report = (struct record_report){.instalment = record->instalment};
	return RECOURSE_OK;
}
