/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"
#include "fuzz.h"

/* A message has one form; more bytes behind it change nothing, and fewer are never enough. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MOST = 1024 };
	struct frame frame;
	struct frame again;
	SCOPED(buffer_free) struct buffer out = {0};
	if (frame_read(slice_of(data, size), MOST, &frame) != FRAME_WHOLE)
		return 0;
	require(frame.size <= size && frame.route.size >= 4 && frame.route.size <= FRAME_ROUTE_SIZE);
	frame_write(frame.route, frame.body, &out);
	require(out.size == frame.size && memcmp(out.data, data, out.size) == 0);
	require(frame_read(buffer_slice(&out), MOST, &again) == FRAME_WHOLE);
	require(slice_equal(again.body, frame.body));
	require(frame_read(slice_of(data, frame.size - 1), MOST, &again) == FRAME_MORE);
	return 0;
}
