/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include "base/refusal.h"
#include "decide/request.h"
#include "entry/entry.h"
#include "entry/submission.h"

static void list_postings(const struct entry *entry, FILE *out)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	while (entry_postings_next(&walk, &posting))
		fprintf(out, " %u%c", posting.code, posting.steps < 0 ? '-' : '+');
}

static enum recourse_error list_entry(const char *mode, slice bytes, FILE *out)
{
	struct entry entry;
	slice text;
	TRY(entry_decode(bytes, &entry));
	fprintf(out, "%s accept %.*s", mode, SLICE_ARGUMENTS(entry.kind));
	if (entry_body_text(&entry, "clock", &text) == RECOURSE_OK)
		fprintf(out, " %.*s", SLICE_ARGUMENTS(text));
	if (entry_body_text(&entry, "missed", &text) == RECOURSE_OK)
		fprintf(out, " missed %.*s", SLICE_ARGUMENTS(text));
	if (entry_carried_text(&entry, "command", &text) == RECOURSE_OK)
		fprintf(out, " %.*s", SLICE_ARGUMENTS(text));
	list_postings(&entry, out);
	fprintf(out, "\n");
	return RECOURSE_OK;
}

static enum recourse_error list_refusals(
	const char *mode, const struct submission *submission, const struct request *request, FILE *out)
{
	slice reader = submission->refusals;
	struct recourse_refusal refusal;
	struct item list;
	TRY(item_read_type(&reader, ITEM_ARRAY, &list));
	for (uint64_t index = 0; index < list.count; index++) {
		TRY(refusal_decode(&reader, &refusal));
		if ((uint64_t)refusal.command >= request->count)
			return RECOURSE_MALFORMED;
		fprintf(out, "%s refuse %s %s %s\n", mode,
			request->commands[refusal.command].command->method.name,
			recourse_error_name(refusal.error), refusal.field);
	}
	return RECOURSE_OK;
}

static enum recourse_error list_request(
	const struct recording *recording, const struct recording_request *row, FILE *out)
{
	SCOPED(arena_free) struct arena arena = {0};
	struct recourse_refusal refusal;
	struct request request;
	struct submission submission;
	TRY(submission_decode(row->record, &submission));
	TRY(request_decode(submission.payload, &arena, &request, &refusal));
	const char *mode = request.each ? "each" : "all";
	TRY(list_refusals(mode, &submission, &request, out));
	for (size_t index = 0; index < row->count; index++)
		TRY(list_entry(mode, recording->entries[row->first + index], out));
	return RECOURSE_OK;
}

enum recourse_error recording_list(const struct recording *recording, FILE *out)
{
	for (size_t index = 0; index < recording->request_count; index++)
		TRY(list_request(recording, &recording->requests[index], out));
	return RECOURSE_OK;
}

enum recourse_error recording_refusals(const struct recording *recording, size_t *count)
{
	*count = 0;
	for (size_t index = 0; index < recording->request_count; index++) {
		struct submission submission;
		struct item list;
		TRY(submission_decode(recording->requests[index].record, &submission));
		slice reader = submission.refusals;
		TRY(item_read_type(&reader, ITEM_ARRAY, &list));
		*count += (size_t)list.count;
	}
	return RECOURSE_OK;
}
