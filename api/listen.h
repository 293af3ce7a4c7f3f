/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "address.h"
#include "journal.h"
#include "peer.h"

/*
 * The addresses that are served: TLS, a listener, and the peers that come in over it.
 *
 *   tcp://HOST:PORT      HOST must be loopback: 127.0.0.0/8, [::1] or localhost
 *   tls+tcp://HOST:PORT  any HOST, needs certificate and key; TLS 1.2, or 1.3 where nng's engine has it
 *
 * Port 0 takes a free one. ipc and WebSocket are not offered: what serves them can be stopped from outside.
 */
enum { LISTEN_URL_SIZE = ADDRESS_HOST_SIZE + 24 };

/* Descriptors that no stranger gets: they are for the stores, the guard and checkpoints. A quarter where there are few. */
enum { LISTEN_FILES_SPARE = 64 };

struct listen_options {
	const char *tls_certificate; /* PEM file */
	const char *tls_key;         /* PEM file */
	struct peer_options peer;
	struct journal *journal;
};

/* One address being served. */
struct listener {
	nng_stream_listener *streams;
	nng_aio *accepting;
	bool resting; /* before it accepts again: after an error, or while descriptors are few */
	struct peers *peers;
	char url[LISTEN_URL_SIZE]; /* as dialled: with the port that was taken */
};

/* `listener` stays where it is until it is closed. NOT_PERMITTED, MALFORMED, IO (PEM files), CONNECTION, MEMORY. */
enum recourse_error listen_open(
	const char *url, const struct listen_options *options, struct listener *listener);

/* Closes it and all that came in over it, which may hang (the caller watches). */
void listen_close(struct listener *listener);
