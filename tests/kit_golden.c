/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "../tools/play_run.h"
#include "base/transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* The scenario of the golden case, played on the ledger of a test. */
struct stage {
	struct play_ledger base;
	struct kit *kit;
	kit_visit *visit; /* NULL: nobody looks */
	void *context;
};

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct stage *stage = (struct stage *)ledger;
	struct kit *kit = stage->kit;
	struct transcode_problem problem;
	struct buffer commands = {0};
	struct buffer params = {0};
	struct buffer item = {0};
	char id[32];
	char *json = NULL;
	snprintf(id, sizeof id, "r-%llu", (unsigned long long)++kit->requests);
	assert_ok(transcode_to_json(submission->commands, TRANSCODE_COMPACT, &commands));
	buffer_append(&commands, "", 1);
	buffer_append_format(&params, "{\"mode\":\"all\",\"commands\":%s}", (char *)commands.data);
	buffer_append(&params, "", 1);
	reply->error = kit_request(kit, submission->actor, id, (char *)params.data, &json);
	reply->refusal = kit->refusal;
	if (reply->error == RECOURSE_OK)
		assert_ok(transcode_from_json(slice_text(json), &item, &problem));
	reply->item = (struct recourse_bytes){item.data, item.size};
	if (stage->visit != NULL)
		stage->visit(kit, (char *)commands.data, stage->context);
	free(json);
	buffer_free(&params);
	buffer_free(&commands);
}

static const struct play_ledger_kind kind = {.submit = submit};

/* From the step with that number up to the other, not with it; 0: what comes before all cases. */
static void play(struct kit *kit, uint64_t first, uint64_t behind, kit_visit *visit, void *context)
{
	struct stage stage = {.base = {.kind = &kind}, .kit = kit, .visit = visit, .context = context};
	struct play_report report = {0};
	struct play_script script;
	snprintf(stage.base.people.origin, sizeof stage.base.people.origin, "%s", kit->origin);
	assert_int_equal(play_script_read("<golden>", &script), EXIT_CODE_OK);
	play_report_begin(&report, "golden", "");
	play_run_steps(&script, first == 0 ? 0 : play_script_part(&script, first),
		behind == 0 ? script.preamble : play_script_part(&script, behind), &stage.base, &report);
	assert_int_equal(report.case_failures, 0);
	play_script_free(&script);
}

void kit_golden(struct kit *kit)
{
	play(kit, 0, 0, NULL, NULL);
}

void kit_golden_steps(struct kit *kit, int first, int last)
{
	play(kit, (uint64_t)first, (uint64_t)last + 1, NULL, NULL);
}

void kit_golden_each(struct kit *kit, kit_visit *visit, void *context)
{
	play(kit, 1, UINT64_MAX, visit, context);
}
