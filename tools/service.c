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
	output_file_error(error, given[0] == '@' ? given + 1 : "--log-key");
	output_next("the log's key is in DIR/keys/log.pub of the ledger: --log-key @DIR/keys/log.pub");
	return EXIT_CODE_CONFIGURATION;
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
	output_file_error(error, service->memory);
	return EXIT_CODE_CREATE;
}

static enum exit_code missing(const char *what, const char *next)
{
	output_problem("no %s is configured", what);
	output_next("%s", next);
	return EXIT_CODE_CONFIGURATION;
}

static enum exit_code connect_client(struct service *service, uint64_t timeout_s)
{
	struct recourse_client_options options = {
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
	bool unreadable = error == RECOURSE_IO && service->key != NULL && access(service->key, R_OK) != 0;
	bool unfit = error == RECOURSE_KEY_MALFORMED || error == RECOURSE_NOT_PERMITTED;
	if (service->key != NULL && (unreadable || unfit)) {
		output_problem("the key file %s can not be used: %s [%s]", service->key,
			recourse_error_text(error), recourse_error_name(error));
		output_next("it must be a secret key that nobody else may read: chmod 600 %s", service->key);
		return EXIT_CODE_CONFIGURATION;
	}
	if (error == RECOURSE_IO && service->tls_ca != NULL) {
		output_problem("the authority file %s can not be used [IO]", service->tls_ca);
		return EXIT_CODE_CONFIGURATION;
	}
	enum exit_code code = output_error(error, NULL, service->url);
	return error == RECOURSE_MALFORMED ? EXIT_CODE_CONFIGURATION : code;
}

enum exit_code service_open(struct service *service, enum service_need need)
{
	uint64_t timeout_s = 30;
	enum exit_code code = EXIT_CODE_OK;
	if (!service_merge(service) || !options_number("timeout", service->timeout, 1, 86400, &timeout_s))
		return EXIT_CODE_CONFIGURATION;
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
