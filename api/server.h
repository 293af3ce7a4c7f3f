/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_ledger.h"

/*
 * The RPC service: nng streams in front of one ledger.
 *
 *   nng callbacks ──> intake queue ──> workers ──> writer queue ──> writer ──> workers ──> replies
 *   (size, caps)      (bounded)        (verify,    (bounded)        (commit)   (build the reply)
 *                                      decode, read)
 *
 * Callbacks never touch the disk. A full queue answers BUSY at once. One writer commits all that waits as a
 * group, and signs a checkpoint about once a second while the log grows. A small submit, while
 * nothing else is asked, is committed by its worker, at the writer's turn; where there is one worker alone it never is.
 */
struct server_options {
	struct recourse_ledger *ledger;   /* opened for writing; stays the caller's */
	const char *const *listen;        /* URLs, NULL-terminated: tcp://127.0.0.1:7790, tls+tcp://… */
	const char *tls_certificate;      /* PEM: certificate and chain, for tls+tcp */
	const char *tls_key;              /* PEM: private key */
	bool clocks;                      /* what is due strikes: the ledger has its system key */
	uint32_t workers;                 /* 0: twice the number of processors */
	uint32_t connections_max;         /* 0: 1024 */
	uint32_t connection_requests_max; /* in flight for each connection; 0: 64 */
	uint32_t send_timeout_ms;         /* 0: 5,000: then the connection is closed */
	uint32_t idle_timeout_s;          /* 0: 300: then the connection is closed */
	int stop_descriptor;              /* readable when the service shall drain and stop */
	void (*log)(void *context, const char *line); /* logfmt lines, no personal data */
	void *log_context;
	/* Called once, when every address is being served, with the addresses as dialled. */
	void (*ready)(void *context, const char *const *urls);
};

/*
 * Serves until told to stop; then refuses new requests (STOPPING), finishes what it took, signs a last
 * checkpoint and returns OK. NOT_PERMITTED for plain tcp off loopback, MALFORMED for a bad URL,
 * NOT_FOUND for a ledger without its first entry: who makes a ledger opens it, before anybody can reach it, or it
 * would be whose who comes first.
 * CONNECTION when an address can not be listened on; and OUTCOME_UNKNOWN, ROLLBACK, FORK or a store fault
 * when it had to stop: nothing was acknowledged that is not durable.
 */
enum recourse_error server_run(const struct server_options *options);
