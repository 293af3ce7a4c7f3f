/* SPDX-License-Identifier: Apache-2.0 */
#include "send.h"

size_t send_at_once(nng_stream *stream, nng_aio *aio, slice bytes)
{
	/* the library takes a plain pointer even for what it only reads */
	union {
		const uint8_t *given;
		void *taken;
	} data = {.given = bytes.data};
	nng_iov all = {.iov_buf = data.taken, .iov_len = bytes.size};

	nng_aio_set_iov(aio, 1, &all);
	nng_stream_send(stream, aio);
	/* What is over is not cancelled by this any more, and what is not has sent nothing yet. */
	nng_aio_cancel(aio);
	nng_aio_wait(aio);
	return nng_aio_result(aio) == 0 ? nng_aio_count(aio) : 0;
}
