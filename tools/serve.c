/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "beside.h"
#include "moment.h"
#include "notify.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "recourse_ledger.h"
#include "server.h"
#include "service.h"
#include "stopper.h"

#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPARE_PRESET_MIB = 64, BALLAST_PRESET_MIB = 16, MIB_MAX = 1024 * 1024, CONNECTIONS_MAX = 100 * 1000 };

struct serve {
	const char *directory;
	struct options_repeat listen;
	const char *tls_certificate;
	const char *tls_key;
	const char *guard;
	const char *keys; /* NULL: in the directory */
	const char *workers;
	uint64_t connections; /* 0: as many as the service would */
	uint64_t spare_mib;
	uint64_t ballast_mib;
	bool no_clock;
	const char *shown;
	bool rebuild;
	bool json;
	char log_key[PATH_MAX];
	char system_key[PATH_MAX];
	struct recourse_ledger *ledger;
};

/* What the process knows (keys, requests) must not end up in files. */
static void protect(void)
{
	const struct rlimit none = {0, 0};
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
}

static void write_log(void *context, const char *line)
{
	(void)context;
	fprintf(stderr, "%s\n", line);
}

/* What is said of the files: while it is opened to whoever started it, then to the log. */
static void tell(void *context, const char *what)
{
	const struct serve *serve = context;
	SCOPED(buffer_free) struct buffer line = {0};
	if (serve->ledger == NULL) {
		output_problem("%s", what);
		return;
	}
	buffer_append_text(&line, "level=error event=files what=\"");
	output_printable(slice_text(what), "", &line);
	buffer_append(&line, "\"", 2);
	if (!buffer_failed(&line))
		write_log(context, (const char *)line.data);
}

static void say_ready(void *context, const char *const *urls)
{
	const struct serve *serve = context;
	const char *origin = recourse_ledger_origin(serve->ledger);
	for (size_t index = 0; urls[index] != NULL; index++) {
		if (serve->json)
			printf("{\"serving\":\"%s\",\"url\":\"%s\"}\n", origin, urls[index]);
		else
			printf("serving %s at %s\n", origin, urls[index]);
	}
	fflush(stdout);
	notify_state("READY=1");
}

static enum exit_code refuse_open(const struct serve *serve, enum recourse_error error)
{
	char what[300];
	snprintf(what, sizeof what, "serve %.250s", serve->directory);
	if (error == RECOURSE_ROLLBACK) {
		output_problem("%s failed: nothing may be signed there [ROLLBACK]", what);
		output_next("restore it with what was signed last: recourse restore FROM DIR --guard FILE");
		return exit_code_of(error);
	}
	enum exit_code code = output_unopened(error, what, serve->directory);
	if (error == RECOURSE_AUDIT_FAILED || error == RECOURSE_STORE_CORRUPT)
		output_next("recourse verify %s says where; then restore from a copy", serve->directory);
	return code;
}

static bool key_path(const struct serve *serve, const char *name, char path[static PATH_MAX])
{
	int size = serve->keys == NULL ? snprintf(path, PATH_MAX, "%s/keys/%s", serve->directory, name)
				       : snprintf(path, PATH_MAX, "%s/%s", serve->keys, name);
	return size < PATH_MAX;
}

static bool find_system_key(struct serve *serve)
{
	if (key_path(serve, "system", serve->system_key) && access(serve->system_key, R_OK) == 0)
		return true;
	output_problem("%s can not be read: the service's own key is missing", serve->system_key);
	output_next("put it back, or serve with --no-clock: then nothing happens because time passes");
	return false;
}

/* Whoever connected first could open it, in his own name. */
static enum exit_code refuse_unmade(struct serve *serve)
{
	recourse_ledger_close(serve->ledger);
	output_problem("%s has no first entry: `recourse init` did not come to its end", serve->directory);
	output_next("nobody used it yet: remove it, and make it again");
	return EXIT_CODE_CONFIGURATION;
}

static enum exit_code open_ledger(struct serve *serve)
{
	struct progress progress;
	struct beside thread;
	struct cause cause;
	const struct recourse_beside beside = beside_place(&thread);
	if (!progress_start(&progress, serve->shown, "replay", "entries"))
		return output_usage("serve: --progress is bar, json or none");
	if (!key_path(serve, "log", serve->log_key))
		return output_usage("serve: the directory's name is too long");
	cause_of_ledger(serve->directory, &cause);
	if (cause.what[0] != '\0')
		return output_unopened(RECOURSE_IO, "serve", serve->directory);
	if (access(serve->log_key, R_OK) != 0) {
		enum exit_code code = output_unfit_key(RECOURSE_IO, serve->log_key);
		output_next("--keys PLACE, where `recourse init` put them");
		return code;
	}
	if (!serve->no_clock && !find_system_key(serve))
		return EXIT_CODE_CONFIGURATION;
	const struct recourse_ledger_options options = {
		.directory = serve->directory,
		.guard = serve->guard,
		.log_key = serve->log_key,
		.system_key = serve->no_clock ? NULL : serve->system_key,
		.rebuild = serve->rebuild,
		.spare_bytes = serve->spare_mib << 20,
		.ballast_bytes = serve->ballast_mib << 20,
		.progress = progress_update,
		.progress_context = &progress,
		.beside = &beside,
		.tell = tell,
		.tell_context = serve,
	};
	enum recourse_error error = recourse_ledger_open(&options, &serve->ledger);
	progress_finish(&progress);
	if (error != RECOURSE_OK)
		return refuse_open(serve, error);
	return recourse_ledger_origin(serve->ledger)[0] == '\0' ? refuse_unmade(serve) : EXIT_CODE_OK;
}

/* The service's own log says why, as "Address in use". */
static enum exit_code refuse_address(const char *url)
{
	output_problem("serve failed: it can not listen at %s, as is said above [CONNECTION]", url);
	output_next("end what listens there, or choose another address: --listen URL");
	return EXIT_CODE_UNAVAILABLE;
}

/* The certificate, or its key, of which the transport says no more than that. */
static enum exit_code refuse_certificate(const struct serve *serve)
{
	const char *const files[] = {serve->tls_certificate, serve->tls_key};
	if (files[0] == NULL || files[1] == NULL)
		return output_usage("serve: tls+tcp:// needs --tls-cert FILE and --tls-key FILE");
	for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
		struct cause cause;
		cause_of_file(files[index], &cause);
		if (cause.what[0] != '\0')
			return output_unread(RECOURSE_IO, files[index]);
	}
	output_problem("%s is no certificate in PEM, or %s not its private key [IO]", files[0], files[1]);
	return EXIT_CODE_CONFIGURATION;
}

static enum exit_code refuse_run(const struct serve *serve, enum recourse_error error, const char *url)
{
	if (error == RECOURSE_IO && strncmp(url, "tls", 3) == 0)
		return refuse_certificate(serve);
	if (error == RECOURSE_MALFORMED)
		return service_unknown_address(url);
	if (error == RECOURSE_CONNECTION)
		return refuse_address(url);
	enum exit_code code = output_error(error, NULL, "serve");
	if (error == RECOURSE_STORE_CORRUPT)
		output_next("start it again: a damaged state is made again from the log. Is it the log, "
			    "`recourse "
			    "verify` says where; then restore from a copy that verifies");
	if (error == RECOURSE_NOT_PERMITTED) {
		output_next("plain tcp is for this machine only: listen on tls+tcp:// with --tls-cert and "
			    "--tls-key");
		return EXIT_CODE_CONFIGURATION;
	}
	return code;
}

static enum exit_code run(struct serve *serve, uint32_t workers)
{
	static const char *const preset[] = {SERVICE_URL, NULL};
	struct stopper stopper;
	enum exit_code code = open_ledger(serve);
	if (code != EXIT_CODE_OK)
		return code;
	if (!stopper_start(&stopper)) {
		recourse_ledger_close(serve->ledger);
		return output_error(RECOURSE_MEMORY, NULL, "serve");
	}
	const struct server_options options = {
		.ledger = serve->ledger,
		.listen = serve->listen.count > 0 ? serve->listen.values : preset,
		.tls_certificate = serve->tls_certificate,
		.tls_key = serve->tls_key,
		.clocks = !serve->no_clock,
		.workers = workers,
		.connections_max = (uint32_t)serve->connections,
		.stop_descriptor = stopper.event,
		.log = write_log,
		.log_context = serve,
		.ready = say_ready,
	};
	enum recourse_error error = server_run(&options);
	stopper_end(&stopper);
	if (error != RECOURSE_OK)
		recourse_ledger_doubt(serve->ledger);
	recourse_ledger_close(serve->ledger);
	return error == RECOURSE_OK ? EXIT_CODE_OK : refuse_run(serve, error, options.listen[0]);
}

int serve_main(int argc, char **argv)
{
	struct serve serve = {.spare_mib = SPARE_PRESET_MIB, .ballast_mib = BALLAST_PRESET_MIB};
	uint64_t workers = 0;
	const char *connections = NULL;
	const char *spare = NULL;
	const char *ballast = NULL;
	const struct options_flag flags[] = {
		{.name = "listen",
			.argument = "URL",
			.repeat = &serve.listen,
			.help = "repeatable (" SERVICE_URL "); port 0: any"},
		{.name = "tls-cert",
			.argument = "FILE",
			.value = &serve.tls_certificate,
			.help = "certificate and chain, PEM, for tls+tcp"},
		{.name = "tls-key", .argument = "FILE", .value = &serve.tls_key, .help = "its key, PEM"},
		{.name = "keys",
			.argument = "PLACE",
			.value = &serve.keys,
			.help = "where `recourse init --keys` put them (DIR/keys)"},
		{.name = "guard",
			.argument = "PATH",
			.value = &serve.guard,
			.help = "remembers what was signed last (DIR/last-signed)"},
		{.name = "rebuild",
			.given = &serve.rebuild,
			.help = "make the derived state again from the log"},
		{.name = "no-clock", .given = &serve.no_clock, .help = "nothing happens because time passes"},
		{.name = "workers",
			.argument = "N",
			.value = &serve.workers,
			.help = "threads (the number of processors)"},
		{.name = "connections", .argument = "N", .value = &connections, .help = "at once (1024)"},
		{.name = "spare",
			.argument = "MIB",
			.value = &spare,
			.help = "refuse what is to be written when the disk has less left (64)"},
		{.name = "ballast",
			.argument = "MIB",
			.value = &ballast,
			.help = "of a file that is given up when it is full all the same (16; 0: none)"},
		{.name = "progress",
			.argument = "bar|json|none",
			.value = &serve.shown,
			.help = "of the replay (bar, on a terminal)"},
		{.name = "json", .given = &serve.json, .help = "the addresses as JSON, one a line"},
	};
	const struct options options = {
		.name = "serve",
		.usage = "DIR [--listen URL]… [--tls-cert FILE --tls-key FILE] [--keys PLACE] [--guard PATH]",
		.about = "Serves a ledger until SIGTERM or SIGINT; then finishes what it took and stops.\n"
			 "Prints the exact addresses when it is ready; the log goes to standard error.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count != 1)
		return (int)output_usage("serve: name one directory, made by `recourse init`");
	if (!options_number("workers", serve.workers, 1, 1024, &workers) ||
		!options_number("connections", connections, 1, CONNECTIONS_MAX, &serve.connections) ||
		!options_number("spare", spare, 1, MIB_MAX, &serve.spare_mib) ||
		!options_number("ballast", ballast, 0, MIB_MAX, &serve.ballast_mib))
		return EXIT_CODE_USAGE;
	serve.directory = rest.arguments[0];
	protect();
	return (int)run(&serve, (uint32_t)workers);
}
