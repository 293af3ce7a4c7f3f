/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_stage.h"

#include "work_directory.h"
#include "base/instant.h"
#include "moment.h"
#include "outcome.h"
#include "output.h"
#include "uuid.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATUS_INTERRUPTED = 130 };

static bool problem(const char *what)
{
	output_problem("%s: %s", what, strerror(errno));
	return false;
}

bool demo_stage_path(const struct demo_stage *stage, const char *name, char path[static DEMO_STAGE_PATH_SIZE])
{
	int size = snprintf(path, DEMO_STAGE_PATH_SIZE, "%s/%s", stage->directory, name);
	if (size < DEMO_STAGE_PATH_SIZE)
		return true;
	output_problem("%s is too long a path", stage->directory);
	return false;
}

/* ---- interruption ---- */

static void *watch(void *argument)
{
	struct demo_stage *stage = argument;
	sigset_t signals;
	int number;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (sigwait(&signals, &number) != 0)
		return NULL;
	demo_child_stop(&stage->server);
	if (!stage->keep)
		work_directory_remove(stage->directory);
	_exit(STATUS_INTERRUPTED);
}

/* Threads inherit the mask: this comes before the first client. */
static bool start_watcher(struct demo_stage *stage)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	stage->watched = pthread_create(&stage->watcher, NULL, watch, stage) == 0;
	return stage->watched || problem("no thread can be made");
}

/* ---- the ledger and its server ---- */

static bool make_ledger(struct demo_stage *stage, bool test)
{
	const char *const arguments[] = {
		"init",
		"ledger",
		"--origin",
		DEMO_STAGE_ORIGIN,
		"--admin-party",
		"P",
		test ? "--test" : NULL,
		NULL,
	};
	char path[DEMO_STAGE_PATH_SIZE];
	struct recourse_bytes vkey;
	if (!demo_stage_path(stage, "server.log", path))
		return false;
	const struct demo_child_options options = {
		.arguments = arguments, .directory = stage->directory, .output = path};
	if (demo_child_run(&options) != 0) {
		output_problem("recourse init %s/ledger failed", stage->directory);
		return false;
	}
	if (!demo_stage_path(stage, "ledger/keys/log.pub", path))
		return false;
	enum recourse_error error = recourse_key_vkey(path, &vkey);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, path);
		return false;
	}
	snprintf(stage->log_key, sizeof stage->log_key, "%.*s", (int)vkey.size, (const char *)vkey.data);
	recourse_bytes_free(&vkey);
	return demo_stage_path(stage, "people", path) && (mkdir(path, 0700) == 0 || problem(path));
}

/* The administrator is one of the people. */
static bool link_admin(const struct demo_stage *stage)
{
	char key[DEMO_STAGE_PATH_SIZE];
	char path[DEMO_STAGE_PATH_SIZE];
	return demo_stage_path(stage, "ledger/keys/admin", key) &&
	       demo_stage_path(stage, "people/admin", path) && (link(key, path) == 0 || problem(path));
}

static bool open_stage(struct demo_stage *stage, const char *keep, bool test)
{
	*stage = (struct demo_stage){.keep = keep != NULL, .people = {{.name = "admin"}}, .person_count = 1};
	if (!work_directory_make(keep, stage->directory, sizeof stage->directory)) {
		work_directory_problem(keep);
		return false;
	}
	return start_watcher(stage) && make_ledger(stage, test) && link_admin(stage);
}

bool demo_stage_open(struct demo_stage *stage, const char *keep)
{
	return open_stage(stage, keep, false);
}

bool demo_stage_open_test(struct demo_stage *stage)
{
	return open_stage(stage, NULL, true);
}

/* "serving ORIGIN at URL" */
static bool read_url(struct demo_stage *stage, int descriptor)
{
	char line[256] = "";
	FILE *stream = fdopen(descriptor, "r");
	const char *found = NULL;
	if (stream != NULL && fgets(line, sizeof line, stream) != NULL)
		found = strstr(line, "tcp://");
	if (found != NULL)
		snprintf(stage->url, sizeof stage->url, "%.*s", (int)strcspn(found, "\n"), found);
	else
		output_problem("the server does not start: see %s/server.log", stage->directory);
	if (stream != NULL)
		fclose(stream);
	return found != NULL;
}

static bool connect_person(struct demo_stage *stage, struct demo_person *person)
{
	char path[DEMO_STAGE_PATH_SIZE];
	char name[64];
	snprintf(name, sizeof name, "people/%s", person->name);
	if (!demo_stage_path(stage, name, path))
		return false;
	const struct recourse_client_options options = {
		.url = stage->url, .key_file = path, .log_key = stage->log_key};
	enum recourse_error error = recourse_client_open(&options, &person->client);
	if (error == RECOURSE_OK)
		return true;
	output_error(error, NULL, person->name);
	return false;
}

bool demo_stage_serve(struct demo_stage *stage)
{
	const char *const arguments[] = {"serve", "ledger", "--listen", "tcp://127.0.0.1:0",
		stage->connections == NULL ? NULL : "--connections", stage->connections, NULL};
	char log[DEMO_STAGE_PATH_SIZE];
	int descriptor;
	if (!demo_stage_path(stage, "server.log", log))
		return false;
	const struct demo_child_options options = {
		.arguments = arguments,
		.directory = stage->directory,
		.errors = log,
		.pipe = &descriptor,
	};
	if (!demo_child_start(&options, &stage->server))
		return problem("recourse serve");
	bool good = read_url(stage, descriptor);
	for (size_t index = 0; good && index < stage->person_count; index++)
		good = connect_person(stage, &stage->people[index]);
	return good;
}

static void disconnect(struct demo_stage *stage)
{
	for (size_t index = 0; index < stage->person_count; index++) {
		recourse_client_close(stage->people[index].client);
		stage->people[index].client = NULL;
	}
}

bool demo_stage_stop(struct demo_stage *stage)
{
	disconnect(stage);
	int code = demo_child_stop(&stage->server);
	if (code == 0)
		return true;
	output_problem("recourse serve ended with %d: see %s/server.log", code, stage->directory);
	return false;
}

void demo_stage_close(struct demo_stage *stage)
{
	disconnect(stage);
	demo_child_stop(&stage->server);
	if (stage->watched) {
		pthread_cancel(stage->watcher);
		pthread_join(stage->watcher, NULL);
	}
	if (!stage->keep && stage->directory[0] != '\0')
		work_directory_remove(stage->directory);
}

/* ---- people and what they say ---- */

struct recourse_client *demo_stage_client(const struct demo_stage *stage, const char *name)
{
	size_t index = 0;
	while (index < stage->person_count && strcmp(stage->people[index].name, name) != 0)
		index++;
	assert(index < stage->person_count);
	return stage->people[index].client;
}

bool demo_stage_meet(struct demo_stage *stage, const char *name)
{
	assert(stage->person_count < DEMO_STAGE_PEOPLE_MAX);
	struct demo_person *person = &stage->people[stage->person_count++];
	snprintf(person->name, sizeof person->name, "%s", name);
	return connect_person(stage, person);
}

static bool make_key(struct demo_stage *stage, const char *name, struct recourse_bytes *vkey)
{
	char path[DEMO_STAGE_PATH_SIZE];
	char file[64];
	char key[96];
	snprintf(file, sizeof file, "people/%s", name);
	snprintf(key, sizeof key, DEMO_STAGE_ORIGIN "/%s", name);
	if (!demo_stage_path(stage, file, path))
		return false;
	enum recourse_error error = recourse_key_create(path, key);
	if (error == RECOURSE_OK)
		error = recourse_key_vkey(path, vkey);
	if (error != RECOURSE_OK)
		output_error(error, NULL, path);
	return error == RECOURSE_OK;
}

bool demo_stage_hire(struct demo_stage *stage, const char *name, const char *party, const char *roles)
{
	struct recourse_bytes vkey = {0};
	struct buffer command = {0};
	if (!make_key(stage, name, &vkey))
		return false;
	buffer_append_format(&command,
		"[{\"command\":\"key.register\",\"party\":\"%s\",\"key\":\"%.*s\",\"roles\":%s}]", party,
		(int)vkey.size, (const char *)vkey.data, roles);
	buffer_append(&command, "", 1);
	recourse_bytes_free(&vkey);
	bool good = !buffer_failed(&command) &&
		    demo_stage_submit(stage, "admin", (const char *)command.data, NULL, NULL);
	buffer_free(&command);
	return good && demo_stage_meet(stage, name);
}

static enum recourse_error submit_item(struct recourse_client *client, slice commands,
	struct recourse_bytes *reply, struct recourse_refusal *refusal)
{
	char id[UUID_TEXT_SIZE];
	uint64_t now = moment_now();
	uuid_make(now / 1000000, id);
	const struct recourse_submission submission = {
		.request_id = id,
		.mode = RECOURSE_MODE_ALL,
		.expires = now + INSTANT_HOUR,
		.commands = commands,
	};
	return recourse_client_submit(client, &submission, reply, refusal);
}

struct range {
	uint64_t count;
	uint64_t first;
	uint64_t last;
};

static enum recourse_error take_entry(void *context, const struct outcome_result *result)
{
	struct range *range = context;
	if (result->refused || (range->count > 0 && result->entry != range->last + 1))
		return RECOURSE_INTERNAL;
	if (range->count++ == 0)
		range->first = result->entry;
	range->last = result->entry;
	return RECOURSE_OK;
}

static enum recourse_error check_reply(slice reply, struct range *range)
{
	struct outcome outcome;
	enum recourse_error error = outcome_read(reply, &outcome);
	if (error == RECOURSE_OK)
		error = outcome_each(&outcome, take_entry, range);
	if (error == RECOURSE_OK && (range->count == 0 || range->count != outcome.accepted))
		error = RECOURSE_INTERNAL;
	return error;
}

bool demo_stage_submit(
	struct demo_stage *stage, const char *name, const char *commands, uint64_t *first, uint64_t *last)
{
	struct recourse_bytes item = {0};
	struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	struct range range = {0};
	enum recourse_error error = recourse_item_from_json(slice_text(commands), &item, &refusal);
	if (error == RECOURSE_OK)
		error = submit_item(
			demo_stage_client(stage, name), slice_of(item.data, item.size), &reply, &refusal);
	if (error == RECOURSE_OK)
		error = check_reply(slice_of(reply.data, reply.size), &range);
	recourse_bytes_free(&reply);
	recourse_bytes_free(&item);
	if (error != RECOURSE_OK) {
		output_error(error, &refusal, name);
		fprintf(stderr, "  in %s\n", commands);
		return false;
	}
	if (first != NULL)
		*first = range.first;
	if (last != NULL)
		*last = range.last;
	return true;
}

bool demo_stage_query(struct demo_stage *stage, const char *name, const char *method, const char *params,
	struct recourse_bytes *result)
{
	struct recourse_bytes item = {0};
	struct recourse_refusal refusal;
	enum recourse_error error = recourse_item_from_json(slice_text(params), &item, &refusal);
	if (error == RECOURSE_OK)
		error = recourse_client_query(demo_stage_client(stage, name), method,
			slice_of(item.data, item.size), result, &refusal);
	recourse_bytes_free(&item);
	if (error != RECOURSE_OK)
		output_error(error, &refusal, method);
	return error == RECOURSE_OK;
}
