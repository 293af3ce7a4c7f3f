/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "base/instant.h"
#include "base/item.h"
#include "proof/key.h"
#include "moment.h"
#include "options.h"
#include "output.h"
#include "recourse_client.h"
#include "uuid.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define REQUEST_LABEL "recourse-request-v1\n"

/* Two keys are called ORIGIN/system and ORIGIN/admin, in 100 bytes. */
enum { ORIGIN_SIZE_MAX = KEY_NAME_SIZE - 7 };

struct init {
	const char *directory;
	const char *origin;
	const char *party;
	const char *keys; /* NULL: in the directory */
	bool json;
	bool test;
	char log[PATH_MAX];
	char admin[PATH_MAX];
	char system[PATH_MAX];
};

static bool origin_valid(const char *origin)
{
	slice name = slice_text(origin);
	return name.size <= ORIGIN_SIZE_MAX && key_name_valid(name) && strstr(origin, "://") == NULL;
}

/* ---- the keys ---- */

static bool join(char path[static PATH_MAX], const char *directory, const char *name)
{
	return (size_t)snprintf(path, PATH_MAX, "%s/%s", directory, name) < PATH_MAX;
}

static enum recourse_error make_key(const char *path, const char *origin, const char *suffix)
{
	char name[KEY_NAME_SIZE + 1];
	snprintf(name, sizeof name, "%s%s", origin, suffix);
	return recourse_key_create(path, name);
}

static enum recourse_error make_keys(struct init *init)
{
	char keys[PATH_MAX];
	const bool inside = init->keys == NULL;
	if ((size_t)snprintf(keys, sizeof keys, "%s%s", inside ? init->directory : init->keys,
		    inside ? "/keys" : "") >= sizeof keys)
		return RECOURSE_FIELD_LIMIT;
	if (!join(init->log, keys, "log") || !join(init->admin, keys, "admin") ||
		!join(init->system, keys, "system"))
		return RECOURSE_FIELD_LIMIT;
	if (mkdir(keys, 0700) != 0)
		return RECOURSE_IO;
	TRY(make_key(init->log, init->origin, ""));
	TRY(make_key(init->admin, init->origin, "/admin"));
	return make_key(init->system, init->origin, "/system");
}

/* ---- the first request ---- */

static enum recourse_error write_vkey(const char *path, const char *name, struct buffer *out)
{
	struct recourse_bytes vkey = {0};
	enum recourse_error error = recourse_key_vkey(path, &vkey);
	if (error == RECOURSE_OK)
		item_write_pair_text(out, name, slice_of(vkey.data, vkey.size));
	recourse_bytes_free(&vkey);
	return error;
}

static enum recourse_error write_command(const struct init *init, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "command", slice_text("ledger.open"));
	item_write_pair_text(out, "origin", slice_text(init->origin));
	item_write_pair_text(out, "party", slice_text(init->party));
	if (init->test)
		item_write_pair_text(out, "purpose", slice_text("test"));
	enum recourse_error error = write_vkey(init->log, "log_key", out);
	if (error == RECOURSE_OK)
		error = write_vkey(init->admin, "key", out);
	if (error == RECOURSE_OK)
		error = write_vkey(init->system, "system_key", out);
	if (error == RECOURSE_OK)
		item_map_close(map, out);
	return error;
}

static enum recourse_error write_payload(const struct init *init, uint64_t now, struct buffer *out)
{
	char request[UUID_TEXT_SIZE];
	char expires[INSTANT_TEXT_SIZE];
	uuid_make(now / 1000000, request);
	instant_format(now + INSTANT_HOUR, expires);
	struct item_map payload = item_map_open(out);
	item_write_pair_text(out, "method", slice_text("submit"));
	item_write_pair_text(out, "origin", slice_text(init->origin));
	item_write_pair_text(out, "request", slice_text(request));
	item_write_pair_text(out, "expires", slice_text(expires));
	item_write_key(out, "params");
	struct item_map params = item_map_open(out);
	item_write_pair_text(out, "mode", slice_text("all"));
	item_write_key(out, "commands");
	item_write_array(out, 1);
	enum recourse_error error = write_command(init, out);
	if (error != RECOURSE_OK)
		return error;
	item_map_close(params, out);
	item_map_close(payload, out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error commit(struct recourse_ledger *ledger, const struct recourse_signed *call,
	uint64_t now, struct recourse_refusal *refusal)
{
	struct recourse_request *request = NULL;
	struct recourse_bytes reply = {0};
	uint8_t salts[1][RECOURSE_SALT_SIZE];
	enum recourse_error error = recourse_request_prepare(ledger, call, now, &request, refusal);
	if (error != RECOURSE_OK)
		return error;
	crypto_random(salts, sizeof salts);
	error = recourse_ledger_commit(ledger, &request, 1, now, (const uint8_t(*)[RECOURSE_SALT_SIZE])salts);
	if (error == RECOURSE_OK)
		error = recourse_request_reply(ledger, request, &reply, refusal);
	if (error == RECOURSE_OK)
		error = recourse_ledger_sign(ledger);
	recourse_bytes_free(&reply);
	recourse_request_release(request);
	return error;
}

static enum recourse_error sign_and_commit(
	const struct init *init, struct recourse_ledger *ledger, struct recourse_refusal *refusal)
{
	struct key_secret admin;
	struct buffer payload = {0};
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	uint64_t now = moment_now();
	enum recourse_error error = key_open_file(init->admin, &admin);
	if (error != RECOURSE_OK)
		return error;
	error = write_payload(init, now, &payload);
	if (error == RECOURSE_OK)
		error = crypto_key_sign(
			admin.signer, slice_text(REQUEST_LABEL), buffer_slice(&payload), signature);
	if (error == RECOURSE_OK) {
		const struct recourse_signed call = {
			.key = slice_of(handle, key_handle(&admin.public_key, handle)),
			.payload = buffer_slice(&payload),
			.signature = slice_of(signature, sizeof signature),
		};
		error = commit(ledger, &call, now, refusal);
	}
	buffer_free(&payload);
	key_close(&admin);
	return error;
}

static void tell(void *context, const char *what)
{
	(void)context;
	output_problem("%s", what);
}

static enum recourse_error open_ledger(const struct init *init, struct recourse_refusal *refusal)
{
	struct recourse_ledger *ledger = NULL;
	const struct recourse_ledger_options options = {
		.directory = init->directory, .log_key = init->log, .tell = tell};
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	if (error != RECOURSE_OK)
		return error;
	error = sign_and_commit(init, ledger, refusal);
	recourse_ledger_close(ledger);
	return error;
}

/* ---- what is said ---- */

static enum exit_code say_json(const struct init *init)
{
	struct buffer item = {0};
	struct item_map map = item_map_open(&item);
	item_write_pair_text(&item, "origin", slice_text(init->origin));
	item_write_pair_text(&item, "directory", slice_text(init->directory));
	item_write_pair_text(&item, "party", slice_text(init->party));
	item_write_pair_text(&item, "admin_key_file", slice_text(init->admin));
	enum recourse_error error = write_vkey(init->log, "log_key", &item);
	item_map_close(map, &item);
	if (error == RECOURSE_OK && buffer_failed(&item))
		error = RECOURSE_MEMORY;
	enum exit_code code =
		error == RECOURSE_OK ? output_json(buffer_slice(&item)) : output_error(error, NULL, "init");
	buffer_free(&item);
	return code;
}

static enum exit_code say_made(const struct init *init)
{
	if (init->json)
		return say_json(init);
	output_text(stdout, "made the ledger %s in %s, run by the party %s\n\n", init->origin,
		init->directory, init->party);
	output_text(stdout, "keys, secret; keep copies in safe places, away from this machine:\n");
	output_text(stdout,
		"  %s\n    signs checkpoints. Lost: the history can not be signed any further under this "
		"name.\n"
		"    Stolen: others can sign histories in its name.\n",
		init->log);
	output_text(stdout,
		"  %s\n    registers parties and keys, publishes policies. Lost: nobody can any more, unless "
		"another\n"
		"    admin key was registered. Stolen: revoke it at once. Move it away from the service.\n",
		init->admin);
	output_text(stdout, "  %s\n    the service's own, for clocks only. Lost: register another.\n\n",
		init->system);
	output_text(stdout, "public, give it to everybody who shall verify: %s.pub\n\n", init->log);
	output_text(stdout, "next:\n  recourse serve %s%s%s\n", init->directory,
		init->keys == NULL ? "" : " --keys ", init->keys == NULL ? "" : init->keys);
	output_text(stdout, "and beside it:\n  export RECOURSE_KEY=%s RECOURSE_LOG_KEY=@%s.pub\n",
		init->admin, init->log);
	output_text(stdout, "  recourse checkpoint\n");
	return EXIT_CODE_OK;
}

static enum exit_code run(struct init *init)
{
	struct recourse_refusal refusal = {.command = -1};
	char what[300];
	snprintf(what, sizeof what, "init %.250s", init->directory);
	if (init->keys != NULL && access(init->keys, F_OK) == 0) {
		output_problem("%s is there already, and keys are never overwritten [EXISTS]", init->keys);
		output_next("choose another path");
		return EXIT_CODE_CREATE;
	}
	enum recourse_error error = recourse_ledger_create(init->directory);
	if (error == RECOURSE_EXISTS) {
		output_problem(
			"%s is there and not empty, and init never overwrites [EXISTS]", init->directory);
		output_next(
			"choose another directory, or serve that one: recourse serve %s", init->directory);
		return EXIT_CODE_CREATE;
	}
	if (error == RECOURSE_IO)
		return output_unwritten(error, init->directory);
	if (error != RECOURSE_OK) {
		output_error(error, NULL, what);
		return EXIT_CODE_CREATE;
	}
	error = make_keys(init);
	if (error == RECOURSE_OK)
		error = open_ledger(init, &refusal);
	if (error == RECOURSE_OK)
		return say_made(init);
	enum exit_code code = output_error(error, &refusal, what);
	output_next("%s is incomplete: remove it before you try again", init->directory);
	return error == RECOURSE_IO || error == RECOURSE_STORE_FULL ? EXIT_CODE_CREATE : code;
}

int init_main(int argc, char **argv)
{
	struct init init = {.origin = "localhost/ledger", .party = "platform"};
	const struct options_flag flags[] = {
		{.name = "origin",
			.argument = "NAME",
			.value = &init.origin,
			.help = "the ledger's name for ever, a schema-less URL (localhost/ledger)"},
		{.name = "test", .given = &init.test, .help = "a test ledger: clock.advance lets time jump"},
		{.name = "admin-party",
			.argument = "ID",
			.value = &init.party,
			.help = "the party that runs it (platform)"},
		{.name = "keys",
			.argument = "PLACE",
			.value = &init.keys,
			.help = "a new directory for its keys, away from what one copies (DIR/keys)"},
		{.name = "json", .given = &init.json, .help = "what was made as one JSON object"},
	};
	const struct options options = {
		.name = "init",
		.usage = "DIR [--origin NAME] [--admin-party ID] [--keys PLACE]",
		.about = "Makes a ledger in a new directory, with its keys. Never overwrites.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count != 1)
		return (int)output_usage("init: name one directory to make");
	if (!origin_valid(init.origin))
		return (int)output_usage("init: --origin is a URL without its schema, such as "
					 "example.com/ledger, of at most %d bytes",
			ORIGIN_SIZE_MAX);
	init.directory = rest.arguments[0];
	umask(077);
	return (int)run(&init);
}
