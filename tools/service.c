/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include "base/crypto.h"
#include "file.h"
#include "proof/key.h"
#include "output.h"
#include "base/text.h"

#include <unistd.h>

static const char *const setting_names[] = {
	"url",
	"key",
	"log-key",
	"memory",
	"tls-ca",
	"tls-name",
	"timeout",
	NULL,
};

struct options_group service_flags(struct service *service)
{
	*service = (struct service){.configuration = {.names = setting_names}};
	const struct options_flag flags[SERVICE_FLAGS] = {
		{.name = "url",
			.argument = "URL",
			.value = &service->url,
			.help = "the service (" SERVICE_URL ")"},
		{.name = "key",
			.argument = "FILE",
			.value = &service->key,
			.help = "secret key to sign with"},
		{.name = "log-key",
			.argument = "VKEY|@FILE",
			.value = &service->log_key,
			.help = "the log's public key"},
		{.name = "memory",
			.argument = "FILE",
			.value = &service->memory,
			.help = "remembers the last checkpoint seen"},
		{.name = "tls-ca",
			.argument = "FILE",
			.value = &service->tls_ca,
			.help = "authority to trust, PEM"},
		{.name = "tls-name",
			.argument = "NAME",
			.value = &service->tls_name,
			.help = "name in the certificate"},
		{.name = "timeout",
			.argument = "SECONDS",
			.value = &service->timeout,
			.help = "for one call, and for connecting (30)"},
	};
	memcpy(service->flags, flags, sizeof flags);
	return (struct options_group){.flags = service->flags, .count = SERVICE_FLAGS};
}

bool service_merge(struct service *service)
{
	char path[CONFIGURATION_PATH_MAX];
	struct configuration *configuration = &service->configuration;
	if (configuration_path(CONFIGURATION_CONFIG, "config", path) &&
		!configuration_read(configuration, path))
		return false;
	if (!configuration_environment(configuration))
		return false;
	for (size_t index = 0; index < SERVICE_FLAGS; index++) {
		const struct options_flag *flag = &service->flags[index];
		if (*flag->value == NULL)
			*flag->value = configuration_value(configuration, flag->name);
	}
	if (service->url == NULL)
		service->url = SERVICE_URL;
	return true;
}

enum exit_code service_log_key(const char *given, struct buffer *vkey)
{
	struct key_public key;
	enum recourse_error error = file_value(given, vkey);
	if (error == RECOURSE_OK)
		error = key_parse(buffer_slice(vkey), &key);
	if (error == RECOURSE_OK) {
		buffer_append(vkey, "", 1);
		return EXIT_CODE_OK;
	}
	enum exit_code code = error == RECOURSE_IO
				      ? output_unread(error, given + 1)
				      : output_error(error, NULL, given[0] == '@' ? given + 1 : "--log-key");
	output_next("the log's key is in DIR/keys/log.pub of the ledger: --log-key @DIR/keys/log.pub");
	return error == RECOURSE_IO ? code : EXIT_CODE_CONFIGURATION;
}

/* One memory for each log: a checkpoint of another log says nothing about this one. */
static void default_memory(struct service *service)
{
	struct crypto_hash hash;
	char hex[2 * 8 + 1];
	char name[64];
	crypto_sha256(slice_text((const char *)service->vkey.data), &hash);
	text_to_hex(hash.bytes, 8, hex);
	snprintf(name, sizeof name, "checkpoint-%s", hex);
	if (configuration_path(CONFIGURATION_STATE, name, service->memory_path))
		service->memory = service->memory_path;
}

static enum exit_code prepare_memory(struct service *service)
{
	if (service->memory == NULL)
		default_memory(service);
	if (service->memory == NULL) {
		output_problem("no place to remember checkpoints: neither --memory nor XDG_STATE_HOME nor "
			       "HOME is set");
		return EXIT_CODE_CONFIGURATION;
	}
	enum recourse_error error = file_make_parents(service->memory);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	return output_unwritten(error, service->memory);
}

static enum exit_code missing(const char *what, const char *next)
{
	output_problem("no %s is configured", what);
	output_next("%s", next);
	return EXIT_CODE_CONFIGURATION;
}

enum exit_code service_unknown_address(const char *url)
{
	output_problem("'%s' is no address of a service [MALFORMED]", url);
	output_next("an address looks like " SERVICE_URL " or tls+tcp://HOST:PORT");
	return EXIT_CODE_USAGE;
}

/* It is read by the transport, which does not say what it did not like. */
static enum exit_code refuse_authority(const struct service *service)
{
	struct cause cause;
	cause_of_file(service->tls_ca, &cause);
	if (cause.what[0] != '\0')
		return output_unread(RECOURSE_IO, service->tls_ca);
	output_problem("the authority file %s is no certificate in PEM [IO]", service->tls_ca);
	output_next("name the certificate, or the chain, that signed the service's: --tls-ca FILE");
	return EXIT_CODE_CONFIGURATION;
}

/* By the network's own words, as nng has them. */
static const struct unreached {
	const char *reason;
	const char *next;
} unreached[] = {
	{"Connection refused", "start the service with `recourse serve DIR`, or name where it is with --url "
			       "or RECOURSE_URL"},
	{"Address invalid", "no host is known by that name"},
	{"Peer could not be authenticated", "name the authority that signed its certificate: --tls-ca FILE"},
	{"Cryptographic error", "its certificate is not by the authority of --tls-ca, is out of date or "
				"names another host than "
				"--tls-name; or no TLS is spoken there. `openssl s_client -connect HOST:PORT "
				"-CAfile FILE` says "
				"which"},
	{"Connection shutdown",
		"something is there that ends the connection: is TLS spoken, tls+tcp://HOST:PORT?"},
	{"no answer in time", "is a firewall between, or is the host down? --timeout SECONDS waits longer"},
};

static enum exit_code refuse_connection(const char *url, const char *reason)
{
	output_problem("the service at %s can not be reached: %s [CONNECTION]", url, reason);
	for (size_t index = 0; index < sizeof unreached / sizeof unreached[0]; index++) {
		if (strcmp(reason, unreached[index].reason) == 0)
			output_next("%s", unreached[index].next);
	}
	return EXIT_CODE_UNAVAILABLE;
}

static enum exit_code connect_client(struct service *service, uint64_t timeout_s)
{
	struct recourse_refusal refusal;
	struct recourse_client_options options = {
		.refusal = &refusal,
		.url = service->url,
		.key_file = service->key,
		.log_key = service->vkey.size > 0 ? (const char *)service->vkey.data : NULL,
		.memory = service->vkey.size > 0 ? service->memory : NULL,
		.tls_ca_file = service->tls_ca,
		.tls_server_name = service->tls_name,
		.timeout_ms = (uint32_t)timeout_s * 1000,
	};
	enum recourse_error error = recourse_client_open(&options, &service->client);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	if (service->key != NULL && output_is_unfit_key(error, service->key))
		return output_unfit_key(error, service->key);
	if (error == RECOURSE_IO && service->tls_ca != NULL)
		return refuse_authority(service);
	return error == RECOURSE_MALFORMED    ? service_unknown_address(service->url)
	       : error == RECOURSE_CONNECTION ? refuse_connection(service->url, refusal.limit)
					      : output_error(error, NULL, service->url);
}

enum exit_code service_open(struct service *service, enum service_need need)
{
	uint64_t timeout_s = 30;
	enum exit_code code = EXIT_CODE_OK;
	const bool given = service->timeout != NULL; /* on the command line */
	if (!service_merge(service))
		return EXIT_CODE_CONFIGURATION;
	if (!options_number("timeout", service->timeout, 1, 86400, &timeout_s))
		return given ? EXIT_CODE_USAGE : EXIT_CODE_CONFIGURATION;
	if (need == SERVICE_SIGNED && service->key == NULL)
		return missing("key to sign with", "name the secret key file with --key or RECOURSE_KEY");
	if (need == SERVICE_VERIFIED && service->log_key == NULL)
		return missing("log key to verify with",
			"name it with --log-key @DIR/keys/log.pub or RECOURSE_LOG_KEY");
	if (service->log_key != NULL)
		code = service_log_key(service->log_key, &service->vkey);
	if (code == EXIT_CODE_OK && service->log_key != NULL)
		code = prepare_memory(service);
	return code == EXIT_CODE_OK ? connect_client(service, timeout_s) : code;
}

void service_close(struct service *service)
{
	if (service->client != NULL)
		recourse_client_close(service->client);
	service->client = NULL;
	buffer_free(&service->vkey);
	configuration_free(&service->configuration);
}
