/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_work.h"

#include "base/buffer.h"
#include "base/item.h"
#include "host_clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	WINDOW = 8, /* in flight from each worker */
	DEPOSITS_MAX = 20,
	CARDS_MAX = 12,
	DUPLICATE_ONE_IN = 10,
	ERASURE_ONE_IN = 3,
	LIFETIME_HOURS = 20,
};

/* What stands on the list, followed by the answer. */
struct listed {
	uint32_t worker;
	uint32_t request;
	uint32_t error;
	uint32_t size;
};

/* A reply, or for a refusal its text, so that both can be compared as bytes. */
struct answer {
	enum recourse_error error;
	struct buffer bytes;
};

struct flight {
	size_t request;
	struct recourse_pending *pending;
	struct recourse_pending *duplicate;
};

/* ---- making requests ---- */

static int64_t amount(struct kill_work_worker *worker, int64_t fen_max)
{
	return 1 + (int64_t)support_random_below(&worker->random, (uint64_t)fen_max);
}

static void write_fen(struct buffer *json, int64_t fen)
{
	buffer_append_format(
		json, "\"amount\":\"%lld.%02lld\",", (long long)(fen / 100), (long long)(fen % 100));
}

static void write_deposits(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	uint64_t count = 1;
	if (support_random_below(&worker->random, 2) == 0)
		count += support_random_below(&worker->random, DEPOSITS_MAX);
	request->signer = KILL_WORK_BANK;
	for (uint64_t index = 0; index < count; index++) {
		int64_t fen = amount(worker, 100000);
		buffer_append_format(json, "%s{\"command\":\"deposit.receive\",\"merchant\":\"M%u\",",
			index == 0 ? "" : ",", worker->number);
		write_fen(json, fen);
		buffer_append_format(json, "\"unit\":\"CNY\",\"bank_reference\":\"%s-%llu\"}", request->id,
			(unsigned long long)index);
		request->available += fen;
		request->cash += fen;
	}
}

static void write_hold(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	int64_t fen = amount(worker, 200000);
	buffer_append_format(json,
		"{\"command\":\"deposit.hold\",\"hold\":\"hold-%u-%llu\",\"merchant\":\"M%u\",",
		worker->number, (unsigned long long)worker->holds++, worker->number);
	write_fen(json, fen);
	buffer_append_text(json, "\"unit\":\"CNY\",\"reason\":\"dispute\"}");
	request->available = -fen;
}

/* Of any hold so far: there may be less left of it, or it may never have been. */
static void write_release(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	int64_t fen = amount(worker, 50000);
	buffer_append_format(json, "{\"command\":\"deposit.release\",\"hold\":\"hold-%u-%llu\",",
		worker->number, (unsigned long long)support_random_below(&worker->random, worker->holds + 1));
	write_fen(json, fen);
	buffer_append_text(json, "\"reason\":\"settled\"}");
	request->available = fen;
}

/* The last is the first once more, and refused for it. */
static void write_cards(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	uint64_t count = 1 + support_random_below(&worker->random, CARDS_MAX);
	request->each = true;
	for (uint64_t index = 0; index <= count; index++)
		buffer_append_format(json,
			"%s{\"command\":\"entitlement.issue\",\"entitlement\":\"%s-%llu\",\"holder\":\"h-%"
			"u\","
			"\"issuer\":\"Y\",\"merchant\":\"M%u\",\"channel\":\"app\",\"unit\":\"L\","
			"\"quantity\":\"10.000\",\"cost\":\"50.00\",\"currency\":\"CNY\"}",
			index == 0 ? "" : ",", request->id, (unsigned long long)(index % count),
			worker->number, worker->number);
}

/* A wish is approved by another person once it is there. There is more that is said than erased. */
static void write_erasure(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	if (support_random_below(&worker->random, ERASURE_ONE_IN) != 0) {
		kill_said_note(&request->said, worker->number, request->id, json);
		return;
	}
	if (worker->wish == 0) {
		kill_said_wish(&request->said, worker->number, json);
		return;
	}
	kill_said_approve(&request->said, worker->wish, json);
	request->signer = KILL_WORK_CHECKER;
	worker->wish = 0;
}

static void write_commands(
	struct kill_work_worker *worker, struct kill_work_request *request, struct buffer *json)
{
	switch (support_random_below(&worker->random, 12)) {
	case 0:
	case 1:
		write_hold(worker, request, json);
		break;
	case 2:
		write_release(worker, request, json);
		break;
	case 3:
		write_cards(worker, request, json);
		break;
	case 4:
	case 5:
		kill_said_note(&request->said, worker->number, request->id, json);
		break;
	case 6:
		write_erasure(worker, request, json);
		break;
	default:
		write_deposits(worker, request, json);
	}
}

static bool make_request(struct kill_work_worker *worker)
{
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer json = {0};
	if (worker->count == worker->capacity) {
		size_t capacity = worker->capacity * 2 + 256;
		struct kill_work_request *grown =
			realloc(worker->requests, capacity * sizeof *worker->requests);
		if (grown == NULL)
			return false;
		worker->requests = grown;
		worker->capacity = capacity;
	}
	struct kill_work_request *request = &worker->requests[worker->count];
	*request = (struct kill_work_request){
		.expires = host_clock_now() + LIFETIME_HOURS * 3600 * HOST_CLOCK_SECOND};
	snprintf(request->id, sizeof request->id, "w%u-%zu", worker->number, worker->count);
	buffer_append_text(&json, "[");
	write_commands(worker, request, &json);
	buffer_append_text(&json, "]");
	bool made = !buffer_failed(&json) &&
		    recourse_item_from_json(buffer_slice(&json), &request->commands, &refusal) == RECOURSE_OK;
	worker->count += made;
	return made;
}

/* ---- sending ---- */

static void say_problem(struct kill_work *work, const struct kill_work_request *request, const char *what,
	enum recourse_error error)
{
	pthread_mutex_lock(&work->mutex);
	if (work->problem[0] == '\0')
		snprintf(work->problem, sizeof work->problem, "request %s: %s (%s)", request->id, what,
			recourse_error_name(error));
	pthread_mutex_unlock(&work->mutex);
}

static struct recourse_client *signer_of(const struct kill_clients *clients, enum kill_work_signer signer)
{
	switch (signer) {
	case KILL_WORK_BANK:
		return clients->bank;
	case KILL_WORK_CHECKER:
		return clients->checker;
	case KILL_WORK_MAKER:
		break;
	}
	return clients->maker;
}

static enum recourse_error send(
	struct kill_work *work, const struct kill_work_request *request, struct recourse_pending **pending)
{
	struct recourse_client *client = signer_of(&work->clients, request->signer);
	const struct recourse_text text = {
		.random = slice_of(request->said.random, sizeof request->said.random),
		.text = slice_text(request->said.text)};
	const struct recourse_submission submission = {
		.request_id = request->id,
		.mode = request->each ? RECOURSE_MODE_EACH : RECOURSE_MODE_ALL,
		.expires = request->expires,
		.commands = {request->commands.data, request->commands.size},
		.texts = &text,
		.text_count = request->said.step == KILL_SAID_NOTE,
	};
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	*pending = NULL;
	enum recourse_error error = recourse_client_sign_submission(client, &submission, &message);
	if (error == RECOURSE_OK)
		error = recourse_client_send(client, slice_of(message.data, message.size), pending);
	return error;
}

static bool is_rule(enum recourse_error error)
{
	return error >= RECOURSE_UNIT_UNKNOWN && error < RECOURSE_NOTE_MALFORMED;
}

/* Nobody knows yet: ask again. Anything else that is no rule's word must not be. */
static bool stays_open(enum recourse_error error)
{
	return error == RECOURSE_CONNECTION || error == RECOURSE_TIMED_OUT || error == RECOURSE_BUSY ||
	       error == RECOURSE_STOPPING;
}

static void receive(struct recourse_pending *pending, struct answer *answer)
{
	struct recourse_refusal refusal;
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	answer->bytes = (struct buffer){0};
	answer->error = recourse_client_wait(pending, &result, &refusal);
	if (answer->error == RECOURSE_OK)
		buffer_append(&answer->bytes, result.data, result.size);
	else
		buffer_append_format(&answer->bytes, "%d %lld %s|%s|%s|%s|%s|%s|%llu", (int)refusal.error,
			(long long)refusal.command, refusal.field, refusal.limit, refusal.account,
			refusal.needed, refusal.available, refusal.state, (unsigned long long)refusal.entry);
}

static bool is_final(const struct answer *answer)
{
	return answer->error == RECOURSE_OK || is_rule(answer->error);
}

/* Written before it counts as answered. */
static bool list(struct kill_work_worker *worker, size_t index, const struct answer *answer)
{
	struct kill_work *work = worker->work;
	const struct listed listed = {
		.worker = worker->number,
		.request = (uint32_t)index,
		.error = (uint32_t)answer->error,
		.size = (uint32_t)answer->bytes.size,
	};
	SCOPED(buffer_free) struct buffer record = {0};
	buffer_append(&record, &listed, sizeof listed);
	buffer_append(&record, answer->bytes.data, answer->bytes.size);
	pthread_mutex_lock(&work->mutex);
	bool written = !buffer_failed(&record) &&
		       write(work->list, record.data, record.size) == (ssize_t)record.size;
	pthread_mutex_unlock(&work->mutex);
	return written;
}

static uint64_t entry_of(const struct answer *answer)
{
	slice member;
	struct item entry;
	bool there = item_find(buffer_slice(&answer->bytes), "first_entry", &member) == RECOURSE_OK &&
		     item_read_type(&member, ITEM_INTEGER, &entry) == RECOURSE_OK;
	return there ? (uint64_t)entry.integer : 0;
}

static void take_said(struct kill_work_worker *worker, struct kill_said *said, const struct answer *answer)
{
	if (said->step == KILL_SAID_NOTHING || answer->error != RECOURSE_OK)
		return;
	said->entry = entry_of(answer);
	if (said->step == KILL_SAID_WISH)
		worker->wish = said->entry;
}

static void take_answer(struct kill_work_worker *worker, size_t index, const struct answer *answer)
{
	struct kill_work_request *request = &worker->requests[index];
	struct crypto_hash hash;
	if (!is_final(answer)) {
		if (!stays_open(answer->error))
			say_problem(worker->work, request, "an error that is none of its own", answer->error);
		return;
	}
	crypto_sha256(buffer_slice(&answer->bytes), &hash);
	if (!request->answered) {
		if (!list(worker, index, answer))
			say_problem(worker->work, request, "the list can not be written", RECOURSE_IO);
		request->answered = true;
		atomic_fetch_add(&worker->answered, 1);
		request->error = answer->error;
		request->answer = hash;
		take_said(worker, &request->said, answer);
	} else if (request->error != answer->error || !crypto_hash_equal(&request->answer, &hash)) {
		say_problem(worker->work, request, "another answer than before", answer->error);
	}
}

static void wait_for(struct kill_work_worker *worker, size_t index, struct recourse_pending *pending)
{
	struct answer answer;
	if (pending == NULL)
		return;
	receive(pending, &answer);
	take_answer(worker, index, &answer);
	buffer_free(&answer.bytes);
}

static void launch(struct kill_work_worker *worker, struct flight *flight)
{
	struct kill_work *work = worker->work;
	const struct kill_work_request *request = &worker->requests[flight->request];
	enum recourse_error error = send(work, request, &flight->pending);
	if (error == RECOURSE_OK && support_random_below(&worker->random, DUPLICATE_ONE_IN) == 0) {
		error = send(work, request, &flight->duplicate);
		pthread_mutex_lock(&work->mutex);
		work->duplicates++;
		pthread_mutex_unlock(&work->mutex);
	}
	if (error != RECOURSE_OK && error != RECOURSE_CONNECTION)
		say_problem(work, request, "can not be sent", error);
}

/* Open ones first, then new ones if wanted. Returns how many are in flight. */
static size_t launch_window(struct kill_work_worker *worker, struct flight *flights, bool new_ones)
{
	size_t count = 0;
	while (worker->open < worker->count && worker->requests[worker->open].answered)
		worker->open++;
	for (size_t index = worker->open; index < worker->count && count < WINDOW; index++) {
		if (!worker->requests[index].answered)
			flights[count++] = (struct flight){.request = index};
	}
	while (new_ones && count < WINDOW && make_request(worker))
		flights[count++] = (struct flight){.request = worker->count - 1};
	for (size_t index = 0; index < count; index++)
		launch(worker, &flights[index]);
	return count;
}

static size_t run_window(struct kill_work_worker *worker, bool new_ones)
{
	struct flight flights[WINDOW];
	size_t count = launch_window(worker, flights, new_ones);
	for (size_t index = 0; index < count; index++) {
		wait_for(worker, flights[index].request, flights[index].pending);
		wait_for(worker, flights[index].request, flights[index].duplicate);
	}
	if (count > 0 && fdatasync(worker->work->list) != 0)
		say_problem(worker->work, &worker->requests[0], "the list can not be synced", RECOURSE_IO);
	return count;
}

static void *run(void *argument)
{
	struct kill_work_worker *worker = argument;
	while (!atomic_load(&worker->work->stop))
		run_window(worker, true);
	return NULL;
}

/* ---- from outside ---- */

void kill_work_make(struct kill_work *work, const char *path, struct support_random *random)
{
	memset(work, 0, sizeof *work);
	pthread_mutex_init(&work->mutex, NULL);
	work->list = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	assert_true(work->list >= 0);
	for (uint32_t index = 0; index < KILL_WORK_WORKERS; index++)
		work->workers[index] = (struct kill_work_worker){
			.work = work, .number = index, .random.state = support_random(random)};
}

void kill_work_free(struct kill_work *work)
{
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++) {
		struct kill_work_worker *worker = &work->workers[index];
		for (size_t request = 0; request < worker->count; request++)
			recourse_bytes_free(&worker->requests[request].commands);
		free(worker->requests);
	}
	close(work->list);
	pthread_mutex_destroy(&work->mutex);
}

static void assert_no_problem(const struct kill_work *work)
{
	if (work->problem[0] != '\0')
		fail_msg("%s", work->problem);
}

void kill_work_begin(struct kill_work *work)
{
	atomic_store(&work->stop, false);
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++)
		assert_int_equal(
			pthread_create(&work->workers[index].thread, NULL, run, &work->workers[index]), 0);
}

void kill_work_end(struct kill_work *work)
{
	atomic_store(&work->stop, true);
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++)
		pthread_join(work->workers[index].thread, NULL);
	assert_no_problem(work);
}

void kill_work_finish(struct kill_work *work)
{
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++) {
		while (run_window(&work->workers[index], false) > 0)
			assert_no_problem(work);
	}
	assert_int_equal(kill_work_answered(work), kill_work_count(work));
}

void kill_work_repeat_some(struct kill_work *work, struct support_random *random, size_t count)
{
	for (size_t turn = 0; turn < count; turn++) {
		struct kill_work_worker *worker =
			&work->workers[support_random_below(random, KILL_WORK_WORKERS)];
		if (worker->open == 0)
			continue;
		/* half of them of the last: those that the kill was closest to */
		size_t recent = worker->open > 16 && turn % 2 == 0 ? worker->open - 16 : 0;
		size_t index = recent + (size_t)support_random_below(random, worker->open - recent);
		struct recourse_pending *pending;
		assert_ok(send(work, &worker->requests[index], &pending));
		wait_for(worker, index, pending);
	}
	assert_no_problem(work);
}

static void compare(struct kill_work *work, const struct listed *listed, slice bytes,
	void (*accepted)(void *context, const char *reply), void *context)
{
	struct kill_work_worker *worker = &work->workers[listed->worker];
	struct recourse_pending *pending;
	struct recourse_bytes json;
	struct answer answer;
	assert_true(listed->request < worker->count);
	assert_ok(send(work, &worker->requests[listed->request], &pending));
	receive(pending, &answer);
	assert_error(answer.error, listed->error);
	assert_true(slice_equal(buffer_slice(&answer.bytes), bytes));
	if (answer.error == RECOURSE_OK) {
		assert_ok(recourse_item_to_json(bytes, false, &json));
		SCOPED(support_free) char *text = strndup((const char *)json.data, json.size);
		assert_non_null(text);
		accepted(context, text);
		recourse_bytes_free(&json);
	}
	buffer_free(&answer.bytes);
}

void kill_work_repeat_all(
	struct kill_work *work, void (*accepted)(void *context, const char *reply), void *context)
{
	static uint8_t bytes[1 << 20];
	struct listed listed;
	size_t count = 0;
	off_t place = 0;
	while (pread(work->list, &listed, sizeof listed, place) == (ssize_t)sizeof listed) {
		assert_true(listed.worker < KILL_WORK_WORKERS && listed.size <= sizeof bytes);
		place += (off_t)sizeof listed;
		assert_int_equal(pread(work->list, bytes, listed.size, place), listed.size);
		place += listed.size;
		compare(work, &listed, slice_of(bytes, listed.size), accepted, context);
		count++;
	}
	assert_int_equal(count, kill_work_answered(work));
}

size_t kill_work_count(const struct kill_work *work)
{
	size_t count = 0;
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++)
		count += work->workers[index].count;
	return count;
}

size_t kill_work_answered(struct kill_work *work)
{
	size_t count = 0;
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++)
		count += atomic_load(&work->workers[index].answered);
	return count;
}

static bool was_accepted(const struct kill_work_request *request)
{
	return request->answered && request->error == RECOURSE_OK;
}

int64_t kill_work_available(const struct kill_work *work, uint32_t number)
{
	const struct kill_work_worker *worker = &work->workers[number];
	int64_t sum = 0;
	for (size_t request = 0; request < worker->count; request++)
		sum += was_accepted(&worker->requests[request]) ? worker->requests[request].available : 0;
	return sum;
}

int64_t kill_work_cash(const struct kill_work *work)
{
	int64_t sum = 0;
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++) {
		const struct kill_work_worker *worker = &work->workers[index];
		for (size_t request = 0; request < worker->count; request++)
			sum += was_accepted(&worker->requests[request]) ? worker->requests[request].cash : 0;
	}
	return sum;
}
