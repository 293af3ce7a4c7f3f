/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_request.h"

#include "base/item.h"
#include "base/note_text.h"
#include "base/text.h"
#include "base/try.h"
#include "outcome.h"
#include "play/play_argument.h"
#include "play/play_expect.h"
#include "play/play_memory.h"
#include "play/play_pair.h"
#include "texts.h"

#include <stdlib.h>

/* Words from `first` up to `end`, not with it. */
struct range {
	size_t first;
	size_t end;
};

struct command {
	const char *name; /* of its entry; NULL */
	size_t method;
	struct range arguments;
	struct range refusal; /* empty where it must be accepted */
};

struct request {
	struct play_case *play;
	const struct play_step *step;
	const char *actor;
	const char *id;
	bool each;
	bool again;
	struct command *commands;
	size_t count;
	struct range expected;
	struct buffer item;            /* the commands */
	struct texts texts;            /* what is said in them */
	const struct command *refused; /* in mode all: the one that is the reason */
};

struct play_answer {
	const char *id;
	struct recourse_bytes item;
};

/* ---- reading the step ---- */

static const char *word_at(const struct request *request, size_t word)
{
	return word < request->step->count ? request->step->words[word].text : "";
}

/* "[lost each again]" */
static void read_how(struct request *request, const char *how)
{
	struct arena *arena = &request->play->arena;
	char *rest = play_memory_text(arena, slice_of(how + 1, strlen(how) - 2));
	for (char *word = strtok_r(rest, " \t\r\n", &rest); word != NULL;
		word = strtok_r(rest, " \t\r\n", &rest)) {
		if (strcmp(word, "each") == 0)
			request->each = true;
		else if (strcmp(word, "again") == 0)
			request->again = true;
		else
			request->id = word;
	}
}

static bool is_section(const char *word)
{
	return strcmp(word, "!") == 0 || strcmp(word, ":") == 0 || strcmp(word, "+") == 0;
}

static struct range take_range(const struct request *request, size_t first)
{
	struct range range = {first, first};
	while (range.end < request->step->count && !is_section(request->step->words[range.end].text))
		range.end++;
	return range;
}

/* One command, from its name or its method on; returns the word behind it. */
static size_t read_command(struct request *request, size_t word, const char *name)
{
	struct command command = {.name = name};
	if (strcmp(word_at(request, word + 1), ":=") == 0) {
		command.name = word_at(request, word);
		word += 2;
	}
	command.method = word;
	command.arguments = take_range(request, word + 1);
	word = command.arguments.end;
	if (strcmp(word_at(request, word), "!") == 0) {
		command.refusal = take_range(request, word + 1);
		word = command.refusal.end;
	}
	request->commands[request->count++] = command;
	return word;
}

static bool read_commands(struct request *request, size_t word, const char *name)
{
	const struct play_step *step = request->step;
	request->commands = play_memory_take(&request->play->arena, step->count * sizeof *request->commands);
	if (word >= step->count) {
		play_case_mistake(request->play, step, word, "a command: who comes first, then what is said");
		return false;
	}
	word = read_command(request, word, name);
	while (word < step->count) {
		if (strcmp(step->words[word].text, "+") == 0 && word + 1 < step->count) {
			word = read_command(request, word + 1, NULL);
		} else if (strcmp(step->words[word].text, ":") == 0) {
			request->expected = take_range(request, word + 1);
			word = request->expected.end;
		} else {
			play_case_mistake(
				request->play, step, word, "one ! and one : at most, or + and a command");
			return false;
		}
	}
	return true;
}

/* The same whenever it is played: of the text alone, wherever that stands. */
static enum recourse_error make_note(void *context, size_t index, slice text, struct recourse_note *note)
{
	struct crypto_hash hash;
	(void)context;
	(void)index;
	*note = (struct recourse_note){.commitment = ""};
	crypto_sha256_labelled(slice_text("recourse-play-note\n"), text, &hash);
	memcpy(note->random, hash.bytes, sizeof note->random);
	note_text_commit(note->random, text, &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, note->commitment);
	return RECOURSE_OK;
}

/* Notes become commitments; what can not be one stays as it is, for the ledger to refuse. */
static void commit_notes(struct request *request, const struct recourse_method *method, size_t start)
{
	struct recourse_refusal refusal;
	struct buffer map = {0};
	buffer_append(&map, request->item.data + start, request->item.size - start);
	request->item.size = start;
	if (method == NULL || texts_commit(&request->texts, method, buffer_slice(&map), &request->item,
				      &refusal) != RECOURSE_OK) {
		request->item.size = start;
		buffer_append(&request->item, map.data, map.size);
	}
	buffer_free(&map);
}

static bool write_command(struct request *request, const struct command *command)
{
	size_t start = request->item.size;
	const struct play_step *step = request->step;
	const char *name = step->words[command->method].text;
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	const char *wrong = play_argument_write(&request->play->ledger->people, name, method,
		step->words + command->arguments.first, command->arguments.end - command->arguments.first,
		&request->play->arena, &request->item);
	if (wrong != NULL)
		play_case_mistake(request->play, step, command->method, wrong);
	else
		commit_notes(request, method, start);
	return wrong == NULL;
}

static bool write_commands(struct request *request)
{
	item_write_array(&request->item, request->count);
	for (size_t index = 0; index < request->count; index++) {
		if (!write_command(request, &request->commands[index]))
			return false;
		if (request->commands[index].refusal.end > 0 && request->refused == NULL)
			request->refused = &request->commands[index];
	}
	return true;
}

/* ---- what came ---- */

static void send(struct request *request, bool each, const char *id, struct play_reply *reply)
{
	const struct play_submission submission = {
		.actor = request->actor,
		.id = id,
		.each = each,
		.commands = buffer_slice(&request->item),
		.texts = request->texts.rows,
		.text_count = request->texts.count,
	};
	play_ledger_submit(request->play->ledger, &submission, reply);
}

static uint32_t line_of(const struct request *request, const struct command *command)
{
	return request->step->words[command->method].line;
}

/* The step did not do what it had to; nothing after it can be judged. */
static void stop_at(struct request *request, const struct command *command, const char *came)
{
	const struct range *refusal = &command->refusal;
	const char *expected = refusal->end == 0 ? "accepted"
						 : play_memory_format(&request->play->arena, "! %s",
							   play_expect_words(request->play, request->step,
								   refusal->first, refusal->end));
	play_case_stop(request->play, request->step, line_of(request, command), expected, came);
}

static void stop_with(struct request *request, const struct command *command, const struct play_reply *reply)
{
	stop_at(request, command, play_expect_show(request->play, reply->error, &reply->refusal));
}

static void check_refusal(struct request *request, const struct command *command, enum recourse_error error,
	const struct recourse_refusal *refusal)
{
	const char *came;
	if (!play_expect_refusal(request->play, request->step, command->refusal.first, command->refusal.end,
		    error, refusal, &came))
		stop_at(request, command, came);
}

static enum recourse_error check_result(void *context, const struct outcome_result *result)
{
	struct request *request = context;
	if (result->index >= request->count || request->play->stopped)
		return RECOURSE_OK;
	const struct command *command = &request->commands[result->index];
	if (command->refusal.end > 0)
		check_refusal(request, command, result->refused ? result->refusal.error : RECOURSE_OK,
			&result->refusal);
	else if (result->refused)
		stop_at(request, command,
			play_expect_show(request->play, result->refusal.error, &result->refusal));
	if (!result->refused) {
		play_case_name(request->play, command->name, result->entry);
		play_case_name(request->play, "last", result->entry);
	}
	return RECOURSE_OK;
}

static void check_results(struct request *request, const struct play_reply *reply)
{
	struct outcome outcome;
	enum recourse_error error = outcome_read(slice_of(reply->item.data, reply->item.size), &outcome);
	if (error == RECOURSE_OK)
		error = outcome_each(&outcome, check_result, request);
	if (error != RECOURSE_OK)
		play_case_fault(request->play, request->step, error);
}

/* ---- what a refusal leaves ---- */

static bool stand(struct request *request, struct recourse_standing *standing)
{
	memset(standing, 0, sizeof *standing);
	enum recourse_error error = play_ledger_stand(request->play->ledger, standing);
	if (error != RECOURSE_OK)
		play_case_fault(request->play, request->step, error);
	return error == RECOURSE_OK;
}

static void check_untouched(
	struct request *request, const struct command *command, const struct recourse_standing *before)
{
	struct recourse_standing after;
	if (request->play->stopped || !stand(request, &after))
		return;
	if (memcmp(before, &after, sizeof after) != 0)
		play_case_stop(request->play, request->step, line_of(request, command),
			"an answer that leaves the ledger as it was",
			before->entries == after.entries ? "something changed without an entry"
							 : "there are more entries");
}

/* In mode `each` what the rules refuse stands among the results; what can not be read is refused whole. */
static void try_each(struct request *request, const struct recourse_standing *before)
{
	struct play_reply reply;
	send(request, true, NULL, &reply);
	if (reply.error == RECOURSE_OK)
		check_results(request, &reply);
	else
		check_refusal(request, request->refused, reply.error, &reply.refusal);
	play_ledger_forget(&reply);
	check_untouched(request, request->refused, before);
}

static void play_refused(struct request *request)
{
	struct recourse_standing before;
	struct play_reply reply;
	if (!stand(request, &before))
		return;
	send(request, false, request->id, &reply);
	int64_t at = request->refused - request->commands;
	if (reply.error != RECOURSE_OK && reply.refusal.command >= 0 && reply.refusal.command != at &&
		reply.refusal.command < (int64_t)request->count)
		stop_with(request, &request->commands[reply.refusal.command], &reply);
	else
		check_refusal(request, request->refused, reply.error, &reply.refusal);
	play_ledger_forget(&reply);
	check_untouched(request, request->refused, &before);
	if (request->count == 1 && request->id == NULL && !request->play->stopped)
		try_each(request, &before);
}

/* ---- the same again ---- */

static struct play_answer *find_answer(const struct play_case *play, const char *id)
{
	struct play_answer *answers = (struct play_answer *)(void *)play->answers.data;
	for (size_t index = 0; id != NULL && index < play->answers.size / sizeof *answers; index++) {
		if (strcmp(answers[index].id, id) == 0)
			return &answers[index];
	}
	return NULL;
}

/* Keeps what a request with a name was answered. */
static void keep_answer(struct request *request, struct play_reply *reply)
{
	const struct play_answer answer = {.id = request->id, .item = reply->item};
	if (request->id == NULL || find_answer(request->play, request->id) != NULL)
		return;
	buffer_append(&request->play->answers, &answer, sizeof answer);
	reply->item = (struct recourse_bytes){0};
}

void play_request_forget(struct play_case *play)
{
	struct play_answer *answers = (struct play_answer *)(void *)play->answers.data;
	for (size_t index = 0; index < play->answers.size / sizeof *answers; index++)
		recourse_bytes_free(&answers[index].item);
	buffer_free(&play->answers);
}

static void play_again(struct request *request)
{
	struct recourse_standing before;
	struct play_reply reply;
	const struct play_answer *answer = find_answer(request->play, request->id);
	if (answer == NULL) {
		play_case_mistake(
			request->play, request->step, 1, "[NAME again], of a request that was accepted");
		return;
	}
	if (!stand(request, &before))
		return;
	send(request, request->each, request->id, &reply);
	if (reply.error != RECOURSE_OK)
		stop_with(request, request->commands, &reply);
	else if (!slice_equal(slice_of(reply.item.data, reply.item.size),
			 slice_of(answer->item.data, answer->item.size)))
		stop_at(request, request->commands, "another answer than the first time");
	play_ledger_forget(&reply);
	check_untouched(request, request->commands, &before);
}

static void play_accepted(struct request *request)
{
	struct play_reply reply;
	send(request, request->each, request->id, &reply);
	if (reply.error == RECOURSE_OK) {
		check_results(request, &reply);
		play_expect_reply(request->play, request->step, request->expected.first,
			request->expected.end, slice_of(reply.item.data, reply.item.size));
		keep_answer(request, &reply);
	} else if (request->refused != NULL) {
		check_refusal(request, request->refused, reply.error, &reply.refusal);
	} else {
		int64_t at = reply.refusal.command;
		stop_with(request, &request->commands[at >= 0 && at < (int64_t)request->count ? at : 0],
			&reply);
	}
	play_ledger_forget(&reply);
}

static void end_request(struct request *request)
{
	buffer_free(&request->item);
	texts_free(&request->texts);
}

void play_request_run(struct play_case *play, const struct play_step *step, size_t actor, const char *name)
{
	SCOPED(end_request)
	struct request request = {
		.play = play, .step = step, .actor = step->words[actor].text, .texts = {.make = make_note}};
	size_t word = actor + 1;
	if (play_case_ledger(play) == NULL)
		return;
	if (word < step->count && step->words[word].text[0] == '[')
		read_how(&request, step->words[word++].text);
	if (!read_commands(&request, word, name) || !write_commands(&request))
		return;
	if (request.refused != NULL && !request.each)
		play_refused(&request);
	else if (request.again)
		play_again(&request);
	else
		play_accepted(&request);
}
