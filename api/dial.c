/* SPDX-License-Identifier: Apache-2.0 */
#include "dial.h"

#include "address.h"
#include "base/crypto.h"
#include "errand.h"
#include "host_clock.h"

#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/tls/tls.h>
#include <pthread.h>
#include <stdlib.h>

enum {
	REPLY_SIZE_MAX = 64 * 1024 * 1024,
	CLOSE_PATIENCE_MS = 1000,
};

struct dial_call {
	struct dial *dial;
	struct dial_call *next; /* among the spare ones */
	nng_ctx context;
	nng_aio *sending;
	nng_aio *receiving;
	nng_msg *reply;
	bool answered;
	uint64_t deadline;
};

struct dial {
	nng_socket socket;
	bool open;
	uint32_t timeout_ms;
	pthread_mutex_t mutex; /* for the list */
	struct dial_call *spare;
};

static enum recourse_error translate(int result)
{
	if (result == NNG_ETIMEDOUT)
		return RECOURSE_TIMED_OUT;
	return result == NNG_ENOMEM ? RECOURSE_MEMORY : RECOURSE_CONNECTION;
}

static enum recourse_error make_tls(
	const struct dial_options *options, const struct address *address, nng_tls_config **config)
{
	const char *name = options->tls_server_name;
	if (nng_tls_config_alloc(config, NNG_TLS_MODE_CLIENT) != 0)
		return RECOURSE_MEMORY;
	int result = nng_tls_config_auth_mode(*config, NNG_TLS_AUTH_MODE_REQUIRED);
	if (result == 0)
		result = nng_tls_config_server_name(*config, name == NULL ? address->host : name);
	if (result == 0 && options->tls_ca_file != NULL)
		result = nng_tls_config_ca_file(*config, options->tls_ca_file);
	if (result == 0)
		return RECOURSE_OK;
	nng_tls_config_free(*config);
	*config = NULL;
	return RECOURSE_IO;
}

static int start_dialer(nng_socket socket, nng_dialer dialer)
{
	(void)socket;
	return nng_dialer_start(dialer, 0);
}

/* Waits for the first connection, as long as a call would wait, so that a wrong address is told at once. */
static enum recourse_error connect_to(struct dial *dial, const struct dial_options *options)
{
	struct address address;
	enum recourse_error error = address_parse(options->url, &address);
	nng_tls_config *config = NULL;
	if (error == RECOURSE_OK && address.tls)
		error = make_tls(options, &address, &config);
	if (error != RECOURSE_OK)
		return error;
	nng_dialer dialer;
	int result = nng_dialer_create(&dialer, dial->socket, options->url);
	if (result == 0 && config != NULL)
		result = nng_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, config);
	if (result == 0)
		dial->open = errand_run(start_dialer, dial->socket, dialer, options->timeout_ms, &result);
	if (config != NULL)
		nng_tls_config_free(config);
	if (dial->open && result == 0)
		return RECOURSE_OK;
	if (options->reason != NULL)
		*options->reason = dial->open ? nng_strerror(result) : "no answer in time";
	return RECOURSE_CONNECTION;
}

/* Longer than any call waits: within one, nothing is sent again but over a new connection. */
static nng_duration resend_ms(uint32_t timeout_ms)
{
	return timeout_ms > INT32_MAX / 2 ? INT32_MAX : (nng_duration)(2 * timeout_ms);
}

enum recourse_error dial_open(const struct dial_options *options, struct dial **dial)
{
	struct dial *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->timeout_ms = options->timeout_ms;
	pthread_mutex_init(&made->mutex, NULL);
	made->open = nng_req0_open(&made->socket) == 0;
	enum recourse_error error = made->open ? RECOURSE_OK : RECOURSE_MEMORY;
	if (error == RECOURSE_OK &&
		(nng_socket_set_size(made->socket, NNG_OPT_RECVMAXSZ, REPLY_SIZE_MAX) != 0 ||
			nng_socket_set_ms(
				made->socket, NNG_OPT_REQ_RESENDTIME, resend_ms(options->timeout_ms)) != 0))
		error = RECOURSE_INTERNAL;
	if (error == RECOURSE_OK)
		error = connect_to(made, options);
	if (error != RECOURSE_OK) {
		dial_close(made);
		return error;
	}
	*dial = made;
	return RECOURSE_OK;
}

/* A reply may have what people said. */
static void forget_reply(struct dial_call *call)
{
	if (call->reply != NULL)
		crypto_wipe(nng_msg_body(call->reply), nng_msg_len(call->reply));
	nng_msg_free(call->reply);
	call->reply = NULL;
}

static void free_call(struct dial_call *call)
{
	nng_ctx_close(call->context);
	nng_aio_free(call->sending);
	nng_aio_free(call->receiving);
	forget_reply(call);
	free(call);
}

static int close_socket(nng_socket socket, nng_dialer dialer)
{
	(void)dialer;
	return nng_close(socket);
}

void dial_close(struct dial *dial)
{
	if (dial == NULL)
		return;
	while (dial->spare != NULL) {
		struct dial_call *call = dial->spare;
		dial->spare = call->next;
		free_call(call);
	}
	int result;
	if (dial->open)
		errand_run(close_socket, dial->socket, (nng_dialer)NNG_DIALER_INITIALIZER, CLOSE_PATIENCE_MS,
			&result);
	pthread_mutex_destroy(&dial->mutex);
	free(dial);
}

static struct dial_call *take_spare(struct dial *dial)
{
	pthread_mutex_lock(&dial->mutex);
	struct dial_call *call = dial->spare;
	if (call != NULL)
		dial->spare = call->next;
	pthread_mutex_unlock(&dial->mutex);
	return call;
}

static struct dial_call *make_call(struct dial *dial)
{
	struct dial_call *call = calloc(1, sizeof *call);
	if (call == NULL)
		return NULL;
	call->dial = dial;
	if (nng_aio_alloc(&call->sending, NULL, NULL) != 0)
		goto free_memory;
	if (nng_aio_alloc(&call->receiving, NULL, NULL) != 0)
		goto free_sending;
	if (nng_ctx_open(&call->context, dial->socket) != 0)
		goto free_receiving;
	nng_ctx_set_ms(call->context, NNG_OPT_REQ_RESENDTIME, resend_ms(dial->timeout_ms));
	nng_aio_set_timeout(call->sending, (nng_duration)dial->timeout_ms);
	return call;

free_receiving:
	nng_aio_free(call->receiving);
free_sending:
	nng_aio_free(call->sending);
free_memory:
	free(call);
	return NULL;
}

enum recourse_error dial_send(struct dial *dial, slice message, struct dial_call **call)
{
	struct dial_call *taken = take_spare(dial);
	if (taken == NULL)
		taken = make_call(dial);
	if (taken == NULL)
		return RECOURSE_MEMORY;
	taken->answered = false;
	taken->deadline = host_clock_monotonic() + dial->timeout_ms * (uint64_t)HOST_CLOCK_MILLISECOND;
	nng_msg *request;
	if (nng_msg_alloc(&request, 0) != 0)
		goto free_taken;
	if (nng_msg_append(request, message.data, message.size) != 0)
		goto free_request;
	nng_aio_set_msg(taken->sending, request);
	nng_ctx_send(taken->context, taken->sending);
	*call = taken;
	return RECOURSE_OK;

free_request:
	nng_msg_free(request);
free_taken:
	free_call(taken);
	return RECOURSE_MEMORY;
}

static nng_duration time_left_ms(const struct dial_call *call)
{
	uint64_t now = host_clock_monotonic();
	return now < call->deadline ? (nng_duration)((call->deadline - now) / HOST_CLOCK_MILLISECOND) + 1 : 1;
}

/*
 * One half after the other: nng 1.5.2 aborts when a sending is given up while its receiving waits, and reads through
 * NULL when it is the other way round. A reply that is here before it is asked for waits in the context.
 */
enum recourse_error dial_wait(struct dial_call *call, slice *reply)
{
	nng_aio_wait(call->sending);
	int result = nng_aio_result(call->sending);
	if (result != 0) {
		nng_msg_free(nng_aio_get_msg(call->sending));
		nng_aio_set_msg(call->sending, NULL);
		return result == NNG_ENOMEM ? RECOURSE_MEMORY : RECOURSE_CONNECTION;
	}
	nng_aio_set_timeout(call->receiving, time_left_ms(call));
	nng_ctx_recv(call->context, call->receiving);
	nng_aio_wait(call->receiving);
	result = nng_aio_result(call->receiving);
	if (result != 0)
		return translate(result);
	call->reply = nng_aio_get_msg(call->receiving);
	call->answered = true;
	*reply = slice_of(nng_msg_body(call->reply), nng_msg_len(call->reply));
	return RECOURSE_OK;
}

/* A context that was answered is as good as new; one that was not may still be answered, and is closed. */
void dial_end(struct dial_call *call)
{
	if (!call->answered) {
		free_call(call);
		return;
	}
	forget_reply(call);
	pthread_mutex_lock(&call->dial->mutex);
	call->next = call->dial->spare;
	call->dial->spare = call;
	pthread_mutex_unlock(&call->dial->mutex);
}
