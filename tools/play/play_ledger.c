/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_ledger.h"

#include "base/refusal.h"
#include "described.h"
#include "play/play_example.h"

/* What came is not what is published: that is no answer. */
static void look_at(struct play_reply *reply, slice undescribed)
{
	if (undescribed.size == 0)
		return;
	reply->error = refusal_limit(&reply->refusal, RECOURSE_INTERNAL, "description",
		"%.*s is not described", SLICE_ARGUMENTS(undescribed));
	play_ledger_forget(reply);
}

void play_ledger_submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	*reply = (struct play_reply){.refusal = {.command = -1}};
	ledger->requests++;
	ledger->kind->submit(ledger, submission, reply);
	look_at(reply,
		reply->error == RECOURSE_OK
			? described_submit(submission->commands, slice_of(reply->item.data, reply->item.size))
			: described_refusal(submission->commands, &reply->refusal));
	if (ledger->examples != NULL && reply->error == RECOURSE_OK)
		play_example_submit(
			ledger->examples, submission, slice_of(reply->item.data, reply->item.size));
}

void play_ledger_query(struct play_ledger *ledger, const char *actor, const char *method, slice params,
	struct play_reply *reply)
{
	bool nobody = actor == NULL || strcmp(actor, "-") == 0;
	*reply = (struct play_reply){.refusal = {.command = -1}};
	ledger->kind->query(ledger, nobody ? NULL : actor, method, params, reply);
	const struct recourse_method *described = recourse_method_find(method, strlen(method));
	/* of how it was asked, with a key or without, nothing stands at the method */
	if (described == NULL || reply->error == RECOURSE_SIGNATURE_REQUIRED ||
		reply->error == RECOURSE_METHOD_UNKNOWN)
		return;
	look_at(reply, reply->error == RECOURSE_OK
			       ? described_result(described, slice_of(reply->item.data, reply->item.size))
			       : described_error(described, reply->error));
	if (ledger->examples != NULL && reply->error == RECOURSE_OK)
		play_example_query(
			ledger->examples, method, params, slice_of(reply->item.data, reply->item.size));
}

void play_ledger_forget(struct play_reply *reply)
{
	recourse_bytes_free(&reply->item);
	reply->item = (struct recourse_bytes){0};
}

enum recourse_error play_ledger_wait(
	struct play_ledger *ledger, uint64_t nanoseconds, bool clocks, uint64_t *struck)
{
	*struck = 0;
	return ledger->kind->wait(ledger, nanoseconds, clocks, struck);
}

enum recourse_error play_ledger_stand(struct play_ledger *ledger, struct recourse_standing *standing)
{
	return ledger->kind->stand(ledger, standing);
}

enum recourse_error play_ledger_restart(struct play_ledger *ledger, bool rebuild)
{
	return ledger->kind->restart == NULL ? RECOURSE_NOT_PERMITTED
					     : ledger->kind->restart(ledger, rebuild);
}

enum recourse_error play_ledger_audit(struct play_ledger *ledger, struct recourse_audit *audit)
{
	return ledger->kind->audit == NULL ? RECOURSE_NOT_PERMITTED : ledger->kind->audit(ledger, audit);
}

void play_ledger_tell(struct play_ledger *ledger, const char *title)
{
	if (ledger != NULL && ledger->kind->tell != NULL)
		ledger->kind->tell(ledger, title);
}

void play_ledger_close(struct play_ledger *ledger)
{
	if (ledger != NULL)
		ledger->kind->close(ledger);
}
