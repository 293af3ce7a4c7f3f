/* SPDX-License-Identifier: Apache-2.0 */
#include "base/transcode.h"
#include "fuzz.h"

/* JSON that is accepted gives an item, and the item's JSON in either style gives the same item. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(buffer_free) struct buffer item = {0}, json = {0}, again = {0};
	struct transcode_problem problem;
	enum recourse_error error = transcode_from_json(slice_of(data, size), &item, &problem);
	require(problem.reason != NULL && (error == RECOURSE_OK || problem.reason[0] != '\0'));
	enum transcode_style style = size % 2 == 0 ? TRANSCODE_COMPACT : TRANSCODE_INDENTED;
	if (error == RECOURSE_OK) {
		require(transcode_to_json(buffer_slice(&item), style, &json) == RECOURSE_OK);
		require(transcode_from_json(buffer_slice(&json), &again, &problem) == RECOURSE_OK);
		require(slice_equal(buffer_slice(&item), buffer_slice(&again)));
	}
	/* The same bytes taken as an item must not do harm on the way to JSON either. */
	buffer_clear(&json);
	require(transcode_to_json(slice_of(data, size), style, &json) == RECOURSE_OK || json.size == 0);
	return 0;
}
