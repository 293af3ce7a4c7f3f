/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_echo.h"

#include "bench/bench_commit.h"
#include "output.h"

#include <arpa/inet.h>
#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	EXCHANGES = 256,
	LARGEST = 2 * 1024 * 1024,
	MESSAGE_SIZE = 400, /* as a signed request with one command */
	TIMEOUT_MS = 30000,
	BESIEGED_TIMEOUT_MS = 3000,
};

/* ---- the process that echoes ---- */

struct exchange {
	nng_ctx context;
	nng_aio *aio;
	bool sending;
};

/* What begins with that byte is answered when a page is committed: of one client, never two at a time. */
static struct MDB_env *pages;
static const uint8_t wants_commit = 1;

static bool is_done(nng_msg *message)
{
	bool wanted = nng_msg_len(message) > 0 && memcmp(nng_msg_body(message), &wants_commit, 1) == 0;
	if (wanted && pages == NULL)
		pages = bench_commit_open();
	return !wanted || (pages != NULL && bench_commit_next(pages));
}

static void turn(void *argument)
{
	struct exchange *exchange = argument;
	if (nng_aio_result(exchange->aio) != 0)
		return;
	exchange->sending = !exchange->sending;
	if (exchange->sending && !is_done(nng_aio_get_msg(exchange->aio)))
		_exit(EXIT_FAILURE);
	if (exchange->sending)
		nng_ctx_send(exchange->context, exchange->aio);
	else
		nng_ctx_recv(exchange->context, exchange->aio);
}

static bool listen_anywhere(nng_socket socket, uint16_t *port)
{
	nng_listener listener;
	nng_sockaddr address;
	if (nng_listener_create(&listener, socket, "tcp://127.0.0.1:0") != 0 ||
		nng_listener_start(listener, 0) != 0 ||
		nng_listener_get_addr(listener, NNG_OPT_LOCADDR, &address) != 0)
		return false;
	*port = ntohs(address.s_in.sa_port);
	return true;
}

static bool open_exchange(nng_socket socket, struct exchange *exchange)
{
	if (nng_ctx_open(&exchange->context, socket) != 0 ||
		nng_aio_alloc(&exchange->aio, turn, exchange) != 0)
		return false;
	nng_ctx_recv(exchange->context, exchange->aio);
	return true;
}

static void serve(int descriptor)
{
	static struct exchange exchanges[EXCHANGES];
	nng_socket socket;
	uint16_t port = 0;
	bool good =
		nng_rep0_open(&socket) == 0 && nng_socket_set_size(socket, NNG_OPT_RECVMAXSZ, LARGEST) == 0;
	for (size_t index = 0; good && index < EXCHANGES; index++)
		good = open_exchange(socket, &exchanges[index]);
	good = good && listen_anywhere(socket, &port);
	if (!good || write(descriptor, &port, sizeof port) != sizeof port)
		_exit(EXIT_FAILURE);
	close(descriptor);
	for (;;)
		pause();
}

bool bench_echo_start(struct bench_echo *echo)
{
	int ends[2];
	uint16_t port = 0;
	pid_t parent = getpid();
	if (pipe(ends) != 0)
		return false;
	echo->pid = fork();
	if (echo->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		if (getppid() == parent)
			serve(ends[1]);
		_exit(EXIT_FAILURE);
	}
	close(ends[1]);
	bool good = echo->pid > 0 && read(ends[0], &port, sizeof port) == sizeof port;
	close(ends[0]);
	snprintf(echo->url, sizeof echo->url, "tcp://127.0.0.1:%u", port);
	if (!good)
		output_problem("bench: the echo does not start");
	return good;
}

void bench_echo_stop(struct bench_echo *echo)
{
	if (echo->pid <= 0)
		return;
	kill(echo->pid, SIGKILL);
	waitpid(echo->pid, NULL, 0);
	echo->pid = 0;
}

/* ---- its clients: what the client library does, without what it is for ---- */

struct client {
	bool besieged;
	bool committing;
	nng_socket socket;
	nng_ctx context;
	nng_aio *sending;
	nng_aio *receiving;
};

static void close_client(void *argument)
{
	struct client *client = argument;
	nng_aio_free(client->sending);
	nng_aio_free(client->receiving);
	nng_close(client->socket);
	free(client);
}

static void *open_client(void *context, uint32_t number)
{
	const struct bench_echo *echo = context;
	struct client *client = calloc(1, sizeof *client);
	(void)number;
	if (client == NULL || nng_req0_open(&client->socket) != 0) {
		free(client);
		return NULL;
	}
	/* Where others knock all the time it may be in vain, and for ever: it is tried beside the calls, which have an end. */
	int dialled = nng_dial(client->socket, echo->url, NULL, echo->besieged ? NNG_FLAG_NONBLOCK : 0);
	bool good = dialled == 0 && nng_ctx_open(&client->context, client->socket) == 0 &&
		    nng_aio_alloc(&client->sending, NULL, NULL) == 0 &&
		    nng_aio_alloc(&client->receiving, NULL, NULL) == 0;
	if (!good) {
		close_client(client);
		return NULL;
	}
	client->besieged = echo->besieged;
	client->committing = echo->committing;
	nng_aio_set_timeout(client->sending, echo->besieged ? BESIEGED_TIMEOUT_MS : TIMEOUT_MS);
	nng_aio_set_timeout(client->receiving, echo->besieged ? BESIEGED_TIMEOUT_MS : TIMEOUT_MS);
	return client;
}

static enum recourse_error call(void *argument, uint64_t round)
{
	struct client *client = argument;
	nng_msg *message;
	(void)round;
	if (nng_msg_alloc(&message, MESSAGE_SIZE) != 0)
		return RECOURSE_MEMORY;
	memset(nng_msg_body(message), client->committing ? wants_commit : 0, MESSAGE_SIZE);
	nng_aio_set_msg(client->sending, message);
	nng_ctx_send(client->context, client->sending);
	nng_ctx_recv(client->context, client->receiving);
	nng_aio_wait(client->receiving);
	/* The reply can be here before the sender has finished with its own. */
	nng_aio_wait(client->sending);
	/* it may not answer at all then, and that is how long it takes */
	if (nng_aio_result(client->receiving) != 0)
		return client->besieged ? RECOURSE_OK : RECOURSE_CONNECTION;
	nng_msg_free(nng_aio_get_msg(client->receiving));
	return RECOURSE_OK;
}

static const struct bench_load_names names = {
	.workload = "machine",
	.rate = "nng echo",
	.median = "nng echo p50",
	.tail = "nng echo p99",
	.server = "nng echo: server",
	.client = "nng echo: clients",
};

static const struct bench_load_names commit_names = {
	.workload = "machine",
	.rate = "commit in an echo",
	.median = "commit in an echo p50",
	.tail = "commit in an echo p99",
	.server = "commit in an echo: server",
	.client = "commit in an echo: clients",
};

static bool run(const struct bench_echo *echo, uint32_t clients, const struct bench_load_names *named,
	struct bench_figures *figures)
{
	struct bench_echo copy = *echo;
	copy.besieged = named != &names && named != &commit_names;
	copy.committing = named == &commit_names;
	const struct bench_load load = {
		.name = "echo",
		.clients = clients,
		.seconds = echo->seconds,
		.context = &copy,
		.open = open_client,
		.call = call,
		.close = close_client,
	};
	return bench_load_run(&load, named, figures);
}

bool bench_echo_run(const struct bench_echo *echo, struct bench_figures *figures)
{
	return run(echo, echo->clients, &names, figures);
}

bool bench_echo_commit(const struct bench_echo *echo, struct bench_figures *figures)
{
	return run(echo, 1, &commit_names, figures);
}

bool bench_echo_besieged(
	const struct bench_echo *echo, const struct bench_load_names *named, struct bench_figures *figures)
{
	return run(echo, 1, named, figures);
}
