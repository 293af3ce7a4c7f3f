/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "base/refusal.h"
#include "envelope_signed.h"

#include <assert.h>

/* To refuse a larger message costs its sender more than the service: its id is null. */
enum { LOOKED_AT_MAX = 64 * 1024 };

/* A reply that can not be built has no memory: the empty one tells the caller to close the connection. */
static void reply_error(struct job *job, struct recourse_refusal *refusal, enum recourse_error error)
{
	refusal->error = error;
	buffer_clear(&job->reply);
	if (envelope_write_error(&job->envelope, refusal, &job->reply) != RECOURSE_OK)
		buffer_free(&job->reply);
}

static void reply_result(struct job *job, slice result)
{
	job->reply.secret = true; /* it may have what people said */
	enum recourse_error error = envelope_write_result(&job->envelope, result, &job->reply);
	if (error == RECOURSE_OK)
		return;
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	reply_error(job, &refusal, error);
}

/* What the ledger said of itself, and not of the request, is for the service to know. */
static enum recourse_error seen(const struct job_service *service, enum recourse_error error)
{
	if (error == RECOURSE_STORE_CORRUPT && service->damage != NULL)
		service->damage(service->context, error);
	return error;
}

/* Either the result or the error of a call; frees the result. */
static void reply_with(struct job *job, enum recourse_error error, struct recourse_bytes *result,
	struct recourse_refusal *refusal)
{
	if (error == RECOURSE_OK)
		reply_result(job, slice_of(result->data, result->size));
	else
		reply_error(job, refusal, error);
	recourse_bytes_free(result);
}

static void discover(struct job *job, const struct job_service *service, struct recourse_refusal *refusal)
{
	slice params = job->envelope.params;
	struct item map = {0};
	if (params.size > 0 && (item_read(&params, &map) != RECOURSE_OK || map.count > 0))
		reply_error(job, refusal, refusal_field(refusal, RECOURSE_FIELD_UNKNOWN, NULL, "no params"));
	else if (envelope_write_kept(&job->envelope, service->discovery, service->discovery_json,
			 &job->reply) != RECOURSE_OK)
		buffer_free(&job->reply);
}

static enum job_step begin_signed(
	struct job *job, const struct job_service *service, uint64_t now, struct recourse_refusal *refusal)
{
	struct recourse_signed call;
	enum recourse_error error = envelope_signed_read(&job->envelope, &call, refusal);
	if (error == RECOURSE_OK)
		error = seen(service,
			recourse_request_prepare(service->ledger, &call, now, &job->request, refusal));
	if (error != RECOURSE_OK) {
		reply_error(job, refusal, error);
		return JOB_REPLY;
	}
	if (recourse_request_is_submit(job->request)) {
		job->commands = recourse_request_command_count(job->request);
		return JOB_COMMIT;
	}
	struct recourse_bytes result = {0};
	error = seen(service, recourse_request_query(service->ledger, job->request, &result, refusal));
	reply_with(job, error, &result, refusal);
	return JOB_REPLY;
}

bool job_seems_submit(const struct job *job)
{
	static const char method[] = "submit";
	return memmem(job->message.data, job->message.size, method, sizeof method - 1) != NULL;
}

enum job_step job_begin(struct job *job, const struct job_service *service, uint64_t now)
{
	assert(job->request == NULL && job->reply.size == 0);
	struct recourse_refusal refusal;
	enum recourse_error error = envelope_read_request(job->message, &job->envelope, &refusal);
	if (error != RECOURSE_OK) {
		reply_error(job, &refusal, error);
		return JOB_REPLY;
	}
	refusal_clear(&refusal);
	if (slice_is(job->envelope.method, "signed"))
		return begin_signed(job, service, now, &refusal);
	if (slice_is(job->envelope.method, "rpc.discover")) {
		discover(job, service, &refusal);
		return JOB_REPLY;
	}
	struct recourse_bytes result = {0};
	error = seen(service, recourse_ledger_public(service->ledger, job->envelope.method,
				      job->envelope.params, &result, &refusal));
	reply_with(job, error, &result, &refusal);
	return JOB_REPLY;
}

void job_finish(struct job *job, const struct job_service *service)
{
	assert(job->request != NULL && job->committed);
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	struct recourse_bytes result = {0};
	enum recourse_error error = job->outcome;
	if (error == RECOURSE_OK)
		error = seen(service, (job->ahead ? recourse_request_reply_ahead : recourse_request_reply)(
					      service->ledger, job->request, &result, &refusal));
	reply_with(job, error, &result, &refusal);
}

void job_refuse(struct job *job, enum recourse_error error)
{
	/* Only for its id and codec: whatever else is wrong with it, the first thing to say is "not now". */
	struct recourse_refusal refusal;
	if (job->message.size > LOOKED_AT_MAX)
		envelope_begin_request(job->message, &job->envelope);
	else
		(void)(envelope_read_request(job->message, &job->envelope, &refusal) == RECOURSE_OK);
	refusal_clear(&refusal);
	reply_error(job, &refusal, error);
}

void job_clear(struct job *job)
{
	if (job->request != NULL)
		recourse_request_release(job->request);
	envelope_request_free(&job->envelope);
	buffer_free(&job->reply);
	*job = (struct job){0};
}
