/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_report.h"

#include "base/item.h"
#include "output.h"

#include <inttypes.h>

void play_report_begin(struct play_report *report, const char *file, const char *title)
{
	report->file = file;
	report->title = title;
	report->case_failures = 0;
	buffer_clear(&report->failures);
}

static void print_words(const struct play_step *step)
{
	for (size_t index = 0; index < step->count; index++)
		output_text(stderr, " %s", step->words[index].text);
}

static void print_failure(const struct play_report *report, const struct play_failure *failure)
{
	output_text(stderr, "%s:%u:", failure->step->file, failure->line);
	if (*report->title != '\0')
		output_text(stderr, " %s:", report->title);
	print_words(failure->step);
	output_text(stderr, "\n    expected: %s\n    came:     %s\n%s", failure->expected, failure->came,
		failure->where);
}

void play_report_failure(struct play_report *report, const struct play_failure *failure)
{
	struct buffer item = {0};
	report->case_failures++;
	if (report->form != PLAY_REPORT_JSON) {
		print_failure(report, failure);
		return;
	}
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "file", slice_text(failure->step->file));
	item_write_pair_integer(&item, "line", failure->line);
	item_write_pair_text(&item, "expected", slice_text(failure->expected));
	item_write_pair_text(&item, "came", slice_text(failure->came));
	item_map_close(map, &item);
	buffer_append(&report->failures, item.data, item.size);
	buffer_free(&item);
}

static void print_json(const struct play_report *report)
{
	struct buffer item = {0};
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "file", slice_text(report->file));
	item_write_pair_text(&item, "case", slice_text(report->title));
	item_write_key(&item, "passed");
	item_write_boolean(&item, report->case_failures == 0);
	item_write_key(&item, "failures");
	item_write_array(&item, report->case_failures);
	buffer_append(&item, report->failures.data, report->failures.size);
	item_map_close(map, &item);
	output_json(buffer_slice(&item));
	buffer_free(&item);
}

void play_report_end(struct play_report *report)
{
	bool passed = report->case_failures == 0;
	report->passed += passed;
	report->failed += !passed;
	if (report->form == PLAY_REPORT_JSON)
		print_json(report);
	else if (report->form == PLAY_REPORT_CASES)
		output_text(stdout, "%s %s%s%s\n", passed ? "passed" : "FAILED", report->file,
			*report->title == '\0' ? "" : ": ", report->title);
}

enum exit_code play_report_sum(struct play_report *report)
{
	if (report->form != PLAY_REPORT_JSON)
		printf("%" PRIu64 " passed, %" PRIu64 " failed\n", report->passed, report->failed);
	buffer_free(&report->failures);
	if (report->mistaken)
		return EXIT_CODE_DATA;
	return report->failed == 0 ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}
