/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_place.h"

#include "recourse_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PATIENT_MS = 20000, REPEATED_EACH_TIME = 8, ENTRIES_MAX = 1 << 20 };

void kill_place_path(const struct kill_place *place, const char *part, char path[static KILL_PLACE_PATH])
{
	snprintf(path, KILL_PLACE_PATH, "%s/%s", place->server.directory, part);
}

/* ---- clients ---- */

static struct recourse_client *connect_as(
	const struct kill_place *place, const char *key, const char *memory, uint32_t timeout_ms)
{
	char path[SUPPORT_PATH_MAX + 32];
	struct recourse_client *client;
	snprintf(path, sizeof path, "%s/keys/%s", place->server.directory, key);
	const struct recourse_client_options options = {
		.url = place->server.url,
		.key_file = path,
		.log_key = place->vkey,
		.memory = memory,
		.timeout_ms = timeout_ms,
	};
	enum recourse_error error = recourse_client_open(&options, &client);
	/* a busy machine may take its time over a connection */
	for (unsigned tries = 0; tries < 100 && error == RECOURSE_CONNECTION; tries++)
		error = recourse_client_open(&options, &client);
	assert_ok(error);
	return client;
}

void kill_place_connect(struct kill_place *place, uint32_t timeout_ms)
{
	place->work.clients = (struct kill_clients){
		.admin = connect_as(place, "admin", place->memory, timeout_ms),
		.bank = connect_as(place, "bank", NULL, timeout_ms),
		.maker = connect_as(place, "maker", NULL, timeout_ms),
		.checker = connect_as(place, "checker", NULL, timeout_ms),
	};
}

static void *close_clients(void *argument)
{
	SCOPED(support_free) struct kill_clients *clients = argument;
	recourse_client_close(clients->admin);
	recourse_client_close(clients->bank);
	recourse_client_close(clients->maker);
	recourse_client_close(clients->checker);
	return NULL;
}

/* Aside: closing takes its time where the service was killed. */
void kill_place_disconnect(const struct kill_place *place)
{
	pthread_t thread;
	struct kill_clients *copy = malloc(sizeof *copy);
	assert_non_null(copy);
	*copy = place->work.clients;
	assert_int_equal(pthread_create(&thread, NULL, close_clients, copy), 0);
	pthread_detach(thread);
}

static uint64_t number_in(const char *json, const char *name)
{
	const char *found = strstr(json, name);
	assert_non_null(found);
	return strtoull(found + strlen(name), NULL, 10);
}

static void read_vkey(const struct kill_place *place, char vkey[static KEY_TEXT_SIZE])
{
	char path[SUPPORT_PATH_MAX + 32];
	SCOPED(recourse_bytes_free) struct recourse_bytes text = {0};
	snprintf(path, sizeof path, "%s/keys/log", place->server.directory);
	assert_ok(recourse_key_vkey(path, &text));
	snprintf(vkey, KEY_TEXT_SIZE, "%.*s", (int)text.size, (const char *)text.data);
}

static bool audit(const struct kill_place *place, struct recourse_audit *report)
{
	const struct recourse_audit_options options = {.directory = place->server.directory};
	return recourse_ledger_audit(&options, report) == RECOURSE_OK;
}

static void must_verify(bool verified, const struct recourse_audit *report)
{
	if (!verified)
		print_error("entry %llu: %s\n", (unsigned long long)report->first_wrong, report->what);
	assert_true(verified);
}

void kill_place_audit(struct kill_place *place)
{
	struct recourse_audit report = {0};
	bool verified = audit(place, &report);
	bool passing = place->meddled || strstr(report.what, "start the service once") != NULL;
	if (!verified && passing) {
		kill_server_begin(&place->server);
		kill_server_stop(&place->server);
		place->meddled = false;
		verified = audit(place, &report);
	}
	must_verify(verified, &report);
	(void)kill_said_check(&place->work, place->server.directory);
}

static void audit_whole(const struct kill_place *place, struct recourse_audit *report)
{
	must_verify(audit(place, report), report);
	assert_true(report->state_compared);
}

/* ---- making it ---- */

static void set_up_ledger(struct kill_place *place)
{
	static const char steps[] =
		"admin party.register party=Y kinds=issuer\n"
		"admin party.register party=bank kinds=custodian\n"
		"repeat n 0 to 3\n"
		"  admin party.register party=M$n kinds=merchant\n"
		"end\n"
		"admin unit.define unit=L digits=3 name=litre\n"
		"admin key.register party=bank key=@bank roles=custodian\n"
		"admin key.register party=platform key=@maker roles=operator\n"
		"admin key.register party=platform key=@checker roles=approver\n"
		"admin key.register party=platform key=@agent roles=agent\n"
		"admin policy.publish policy=p version=1 unit=CNY scheme=deposit-only "
		"waterfall=rank:1,claim:costs\n"
		"admin party.register party=K kinds=merchant\n"
		"maker incident.declare incident=i merchant=K funder=platform custodian=bank "
		"policy=p version=1 reason=r\n"
		"repeat n 0 to 3\n"
		"  maker entitlement.issue entitlement=e-$n holder=h issuer=Y merchant=K "
		"channel=app unit=L quantity=1.000 cost=5.00 currency=CNY\n"
		"  agent claim.file claim=c-$n incident=i entitlement=e-$n channel=phone\n"
		"end\n";
	struct recourse_audit report;
	read_vkey(place, place->vkey);
	kill_server_begin(&place->server);
	kill_server_play(&place->server, steps);
	kill_server_stop(&place->server);
	audit_whole(place, &report);
	place->setup_entries = report.entries;
	place->setup_requests = report.requests;
}

static struct kill_place *begin(struct support_random *random)
{
	struct kill_place *place = calloc(1, sizeof *place);
	char list[SUPPORT_PATH_MAX];
	assert_non_null(place);
	place->random = random;
	support_directory_make(&place->directory);
	support_directory_path(&place->directory, "acknowledged", list);
	support_directory_path(&place->directory, "memory", place->memory);
	support_directory_path(&place->directory, "old-state", place->old_state);
	kill_work_make(&place->work, list, random);
	kill_server_find(&place->server, &place->directory, "ledger");
	return place;
}

struct kill_place *kill_place_make(struct support_random *random)
{
	struct kill_place *place = begin(random);
	kill_server_init(&place->server);
	assert_int_equal(kill_server_end(&place->server), 0);
	set_up_ledger(place);
	return place;
}

struct kill_place *kill_place_copy(const struct kill_place *place)
{
	struct kill_place *copy = begin(place->random);
	char command[3 * SUPPORT_PATH_MAX];
	snprintf(command, sizeof command, "cp -a '%s' '%s'", place->server.directory, copy->server.directory);
	assert_int_equal(system(command), 0);
	memcpy(copy->vkey, place->vkey, sizeof copy->vkey);
	copy->setup_entries = place->setup_entries;
	copy->setup_requests = place->setup_requests;
	return copy;
}

void kill_place_free(struct kill_place *place)
{
	kill_work_free(&place->work);
	support_directory_remove(&place->directory);
	free(place);
}

void kill_place_sleep(uint64_t microseconds)
{
	const struct timespec time = {
		.tv_sec = (time_t)(microseconds / 1000000), .tv_nsec = (long)(microseconds % 1000000) * 1000};
	nanosleep(&time, NULL);
}

/* ---- what must be ---- */

void kill_place_check(struct kill_place *place)
{
	kill_place_connect(place, PATIENT_MS);
	SCOPED(recourse_bytes_free) struct recourse_bytes note;
	assert_ok(recourse_client_checkpoint(place->work.clients.admin, &note));
	kill_work_repeat_some(&place->work, place->random, REPEATED_EACH_TIME);
	kill_place_disconnect(place);
}

static void expect_balance(struct recourse_client *client, const char *account, int64_t fen)
{
	struct recourse_refusal refusal;
	SCOPED(recourse_bytes_free) struct recourse_bytes params = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	char expected[64];
	assert_ok(recourse_item_from_json(slice_text(account), &params, &refusal));
	enum recourse_error error = recourse_client_query(
		client, "account.balance", slice_of(params.data, params.size), &result, &refusal);
	/* nothing was ever accepted for it */
	if (error == RECOURSE_QUERY_NOT_FOUND && fen == 0)
		return;
	assert_ok(error);
	assert_ok(recourse_item_to_json(slice_of(result.data, result.size), false, &json));
	snprintf(expected, sizeof expected, "\"balance\":\"%lld.%02lld\"", (long long)(fen / 100),
		(long long)(fen % 100));
	SCOPED(support_free) char *text = strndup((const char *)json.data, json.size);
	if (strstr(text, expected) == NULL)
		print_error("%s: expected %s: %s\n", account, expected, text);
	assert_non_null(strstr(text, expected));
}

static void check_balances(struct kill_place *place, struct recourse_client *admin)
{
	char account[128];
	for (uint32_t number = 0; number < KILL_WORK_WORKERS; number++) {
		snprintf(account, sizeof account, "{\"code\":2010,\"party\":\"M%u\",\"unit\":\"CNY\"}",
			number);
		expect_balance(admin, account, kill_work_available(&place->work, number));
	}
	expect_balance(
		admin, "{\"code\":1010,\"party\":\"bank\",\"unit\":\"CNY\"}", kill_work_cash(&place->work));
}

/* No two requests may claim the same entry or the same number. */
static void claim(void *context, const char *reply)
{
	struct kill_place *place = context;
	uint64_t first = number_in(reply, "\"first_entry\":");
	uint64_t accepted = number_in(reply, "\"accepted\":");
	uint64_t request = number_in(reply, "\"request\":");
	assert_true(first >= place->setup_entries && request >= place->setup_requests);
	assert_true(request < place->setup_requests + kill_work_count(&place->work));
	assert_int_equal(place->requests[request - place->setup_requests]++, 0);
	for (uint64_t entry = first; entry < first + accepted; entry++) {
		assert_true(entry < ENTRIES_MAX);
		assert_int_equal(place->entries[entry]++, 0);
		place->claimed++;
	}
}

static void serve_finally(struct kill_place *place)
{
	place->entries = calloc(ENTRIES_MAX, 1);
	place->requests = calloc(kill_work_count(&place->work) + 1, 1);
	assert_true(place->entries != NULL && place->requests != NULL);
	kill_server_begin(&place->server);
	kill_place_connect(place, PATIENT_MS);
	SCOPED(recourse_bytes_free) struct recourse_bytes note;
	kill_work_finish(&place->work);
	kill_work_repeat_all(&place->work, claim, place);
	check_balances(place, place->work.clients.admin);
	assert_ok(recourse_client_checkpoint(place->work.clients.admin, &note));
	kill_place_disconnect(place);
	kill_server_stop(&place->server);
	free(place->entries);
	free(place->requests);
}

/* Every entry is claimed by a reply, every request is on the list: there is nothing that nobody asked for. */
static void audit_finally(struct kill_place *place)
{
	struct recourse_audit report;
	audit_whole(place, &report);
	assert_int_equal(report.requests, place->setup_requests + kill_work_count(&place->work));
	assert_int_equal(report.entries, place->setup_entries + place->claimed);
	place->said = kill_said_check(&place->work, place->server.directory);
}

void kill_place_finish(struct kill_place *place)
{
	serve_finally(place);
	audit_finally(place);
}
