/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include "clock.h"

#include <stdlib.h>

enum stage { STAGE_RECEIVING, STAGE_WORKING, STAGE_SENDING };

/* The job comes first, so that it leads back to its exchange. */
struct exchange {
	struct job job;
	const struct exchange_options *options;
	nng_ctx context;
	nng_aio *aio;
	nng_msg *message; /* the request while working */
	nng_pipe pipe;
	size_t size;      /* of the request, as it was counted */
	enum stage stage;
	bool taken;       /* counted by connection_enter() as taken; otherwise as refused */
	bool open;
};

struct exchanges {
	struct exchange_options options;
	size_t count;
	struct exchange list[];
};

static uint64_t now_ms(void)
{
	return clock_monotonic() / CLOCK_MILLISECOND;
}

static void receive(struct exchange *exchange)
{
	exchange->stage = STAGE_RECEIVING;
	nng_aio_set_timeout(exchange->aio, NNG_DURATION_INFINITE);
	nng_ctx_recv(exchange->context, exchange->aio);
}

static uint32_t number_of(nng_pipe pipe)
{
	int number = nng_pipe_id(pipe);
	return number < 0 ? 0 : (uint32_t)number;
}

/* Closed by the sweep and not here: a close amid the transport's own callbacks can hang it for good. */
static void condemn(struct exchange *exchange)
{
	connection_condemn(exchange->options->connections, number_of(exchange->pipe));
}

/* The request is over, whether its reply arrived or not. */
static void finish(struct exchange *exchange)
{
	struct connections *connections = exchange->options->connections;
	uint32_t number = number_of(exchange->pipe);
	if (exchange->taken)
		connection_leave(connections, number, exchange->size, now_ms());
	else
		connection_leave_refused(connections, number, now_ms());
	nng_msg_free(exchange->message);
	exchange->message = NULL;
	job_clear(&exchange->job);
}

void exchange_reply(struct job *job)
{
	struct exchange *exchange = (struct exchange *)job;
	if (exchange->taken)
		connection_reply(exchange->options->connections, number_of(exchange->pipe));
	/* The request's own message carries the reply: its memory is there already. */
	nng_msg_clear(exchange->message);
	job->message = (slice){0};
	if (job->reply.size == 0 ||
		nng_msg_append(exchange->message, job->reply.data, job->reply.size) != 0) {
		condemn(exchange);
		finish(exchange);
		receive(exchange);
		return;
	}
	exchange->stage = STAGE_SENDING;
	nng_aio_set_timeout(exchange->aio, (nng_duration)exchange->options->send_timeout_ms);
	nng_aio_set_msg(exchange->aio, exchange->message);
	exchange->message = NULL;
	nng_ctx_send(exchange->context, exchange->aio);
}

static void on_message(struct exchange *exchange)
{
	nng_msg *message = nng_aio_get_msg(exchange->aio);
	exchange->message = message;
	exchange->pipe = nng_msg_get_pipe(message);
	exchange->size = nng_msg_len(message);
	enum connection_verdict verdict = connection_enter(exchange->options->connections,
		number_of(exchange->pipe), exchange->size, now_ms());
	if (verdict == CONNECTION_DROP) {
		nng_msg_free(message);
		exchange->message = NULL;
		receive(exchange);
		return;
	}
	exchange->stage = STAGE_WORKING;
	exchange->taken = verdict == CONNECTION_TAKEN;
	exchange->job.message = slice_of(nng_msg_body(message), exchange->size);
	if (exchange->taken) {
		/* The queue has room for all that is ever taken: it refuses only when everything ends. */
		(void)queue_offer(exchange->options->intake, &exchange->job);
		return;
	}
	job_refuse(&exchange->job, verdict == CONNECTION_BUSY ? RECOURSE_BUSY : RECOURSE_STOPPING);
	exchange_reply(&exchange->job);
}

static void on_sent(struct exchange *exchange, int result)
{
	if (result != 0) {
		nng_msg_free(nng_aio_get_msg(exchange->aio));
		nng_aio_set_msg(exchange->aio, NULL);
	}
	if (result == NNG_ETIMEDOUT)
		condemn(exchange);
	finish(exchange);
	if (result != NNG_ECLOSED && result != NNG_ECANCELED)
		receive(exchange);
}

static void on_event(void *argument)
{
	struct exchange *exchange = argument;
	int result = nng_aio_result(exchange->aio);
	if (exchange->stage == STAGE_SENDING)
		on_sent(exchange, result);
	else if (result == 0)
		on_message(exchange);
	else if (result != NNG_ECLOSED && result != NNG_ECANCELED)
		receive(exchange);
}

static bool open_one(nng_socket socket, struct exchange *exchange)
{
	if (nng_aio_alloc(&exchange->aio, on_event, exchange) != 0)
		return false;
	if (nng_ctx_open(&exchange->context, socket) != 0) {
		nng_aio_free(exchange->aio);
		return false;
	}
	exchange->open = true;
	return true;
}

enum recourse_error exchange_open(nng_socket socket, size_t count, const struct exchange_options *options,
	struct exchanges **exchanges)
{
	struct exchanges *made = calloc(1, sizeof *made + count * sizeof made->list[0]);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->options = *options;
	made->count = count;
	for (size_t index = 0; index < count; index++) {
		made->list[index].options = &made->options;
		if (!open_one(socket, &made->list[index])) {
			exchange_close(made);
			return RECOURSE_MEMORY;
		}
	}
	for (size_t index = 0; index < count; index++)
		receive(&made->list[index]);
	*exchanges = made;
	return RECOURSE_OK;
}

void exchange_close(struct exchanges *exchanges)
{
	if (exchanges == NULL)
		return;
	for (size_t index = 0; index < exchanges->count; index++) {
		struct exchange *exchange = &exchanges->list[index];
		if (!exchange->open)
			continue;
		nng_ctx_close(exchange->context);
		nng_aio_free(exchange->aio);
		nng_msg_free(exchange->message);
		job_clear(&exchange->job);
	}
	free(exchanges);
}
