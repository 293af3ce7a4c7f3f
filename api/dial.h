/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * The client's connection: messages go out, each gets its reply, any number at once. A call that is on its
 * way when the connection breaks is sent again on the next one, which is why every request has an id.
 */
struct dial_options {
	const char *url;
	const char *tls_ca_file;     /* PEM; NULL trusts nobody */
	const char *tls_server_name; /* NULL: the URL's host */
	uint32_t timeout_ms;         /* for one call, and for connecting */
	const char **reason; /* of CONNECTION, where the network has one, for ever good; NULL: not asked */
};

struct dial;
struct dial_call;

/* MALFORMED (url), IO (CA file), CONNECTION, MEMORY. */
enum recourse_error dial_open(const struct dial_options *options, struct dial **dial);

/* After all calls were ended. NULL is fine. */
void dial_close(struct dial *dial);

/* Any thread. MEMORY, CONNECTION. */
enum recourse_error dial_send(struct dial *dial, slice message, struct dial_call **call);

/*
 * Waits for the reply, which is good until dial_end(). CONNECTION when the message never left, TIMED_OUT when it
 * may have arrived, MEMORY.
 */
enum recourse_error dial_wait(struct dial_call *call, slice *reply);
void dial_end(struct dial_call *call);
