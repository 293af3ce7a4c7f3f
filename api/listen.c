/* SPDX-License-Identifier: Apache-2.0 */
#include "listen.h"

#include "base/buffer.h"
#include "base/try.h"
#include "host_clock.h"
#include "base/crypto.h"

#include <nng/supplemental/tls/tls.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	PEM_SIZE_MAX = 256 * 1024,
	REST_MS = 20,
};

static enum recourse_error read_pem(const char *path, struct buffer *text)
{
	FILE *file = path == NULL ? NULL : fopen(path, "rbe");
	if (file == NULL)
		return RECOURSE_IO;
	uint8_t *room = buffer_reserve(text, PEM_SIZE_MAX);
	if (room != NULL)
		text->size = fread(room, 1, PEM_SIZE_MAX - 1, file);
	bool whole = room != NULL && ferror(file) == 0 && feof(file) != 0;
	fclose(file);
	if (room == NULL)
		return RECOURSE_MEMORY;
	buffer_append(text, "", 1);
	return whole ? RECOURSE_OK : RECOURSE_IO;
}

static void wipe(struct buffer *secret)
{
	if (secret->data != NULL)
		crypto_wipe(secret->data, secret->capacity);
	buffer_free(secret);
}

static enum recourse_error make_tls(const struct listen_options *options, nng_tls_config **config)
{
	SCOPED(buffer_free) struct buffer certificate = {0};
	SCOPED(wipe) struct buffer key = {0};
	TRY(read_pem(options->tls_certificate, &certificate));
	TRY(read_pem(options->tls_key, &key));
	if (nng_tls_config_alloc(config, NNG_TLS_MODE_SERVER) != 0)
		return RECOURSE_MEMORY;
	if (nng_tls_config_own_cert(*config, (const char *)certificate.data, (const char *)key.data, NULL) ==
		0)
		return RECOURSE_OK;
	nng_tls_config_free(*config);
	*config = NULL;
	return RECOURSE_IO;
}

/*
 * Whether one more may come. The table counts connections, and one that is closed leaves it at once, but its descriptor
 * is closed when the library comes to it: who knocks and goes faster than that would take the last one there is.
 */
static bool has_descriptors(void)
{
	struct rlimit files;
	int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (next < 0 || getrlimit(RLIMIT_NOFILE, &files) != 0)
		return false;
	close(next);
	rlim_t spare = files.rlim_cur / 4 < LISTEN_FILES_SPARE ? files.rlim_cur / 4 : LISTEN_FILES_SPARE;
	return (rlim_t)next + spare < files.rlim_cur;
}

static void on_accepted(void *argument)
{
	struct listener *listener = argument;
	int result = nng_aio_result(listener->accepting);
	bool rested = listener->resting;
	if (result == NNG_ECLOSED || result == NNG_ECANCELED)
		return;
	if (result == 0 && !rested)
		peer_start(listener->peers, nng_aio_get_output(listener->accepting, 0));
	/* no memory, no descriptors: not again at once */
	listener->resting = result != 0 || !has_descriptors();
	if (listener->resting)
		nng_sleep_aio(REST_MS, listener->accepting);
	else
		nng_stream_listener_accept(listener->streams, listener->accepting);
}

static enum recourse_error start(const char *url, const struct address *address,
	const struct listen_options *options, struct listener *listener)
{
	nng_tls_config *config = NULL;
	if (address->tls)
		TRY(make_tls(options, &config));
	int result = nng_stream_listener_alloc(&listener->streams, url);
	if (result == 0 && config != NULL)
		result = nng_stream_listener_set_ptr(listener->streams, NNG_OPT_TLS_CONFIG, config);
	if (result == 0)
		result = nng_stream_listener_set_bool(listener->streams, NNG_OPT_TCP_KEEPALIVE, true);
	/* Else an answer that is smaller than a segment waits until what was sent before it is acknowledged. */
	if (result == 0)
		result = nng_stream_listener_set_bool(listener->streams, NNG_OPT_TCP_NODELAY, true);
	if (result == 0)
		result = nng_stream_listener_listen(listener->streams);
	if (config != NULL)
		nng_tls_config_free(config);
	if (result != 0)
		journal_line(options->journal, "level=error event=listen url=%s reason=\"%s\"", url,
			nng_strerror(result));
	return result == 0 ? RECOURSE_OK : RECOURSE_CONNECTION;
}

static void name_url(
	const struct address *address, nng_stream_listener *streams, char url[static LISTEN_URL_SIZE])
{
	int port = 0;
	if (nng_stream_listener_get_int(streams, NNG_OPT_TCP_BOUND_PORT, &port) != 0 || port == 0)
		port = address->port;
	bool six = strchr(address->host, ':') != NULL;
	snprintf(url, LISTEN_URL_SIZE, "%s://%s%s%s:%d", address->tls ? "tls+tcp" : "tcp", six ? "[" : "",
		address->host, six ? "]" : "", port);
}

static enum recourse_error open_parts(const char *url, const struct address *address,
	const struct listen_options *options, struct listener *listener)
{
	struct peer_options peer = options->peer;
	peer.tls = address->tls;
	TRY(peer_group_make(&peer, &listener->peers));
	if (nng_aio_alloc(&listener->accepting, on_accepted, listener) != 0)
		return RECOURSE_MEMORY;
	return start(url, address, options, listener);
}

enum recourse_error listen_open(
	const char *url, const struct listen_options *options, struct listener *listener)
{
	struct address address;
	TRY(address_parse(url, &address));
	if (!address.tls && !address_is_loopback(&address))
		return RECOURSE_NOT_PERMITTED;
	*listener = (struct listener){0};
	enum recourse_error error = open_parts(url, &address, options, listener);
	if (error != RECOURSE_OK) {
		listen_close(listener);
		return error;
	}
	name_url(&address, listener->streams, listener->url);
	nng_stream_listener_accept(listener->streams, listener->accepting);
	return RECOURSE_OK;
}

void listen_close(struct listener *listener)
{
	if (listener->streams != NULL)
		nng_stream_listener_close(listener->streams);
	if (listener->accepting != NULL) {
		nng_aio_stop(listener->accepting);
		nng_aio_free(listener->accepting);
	}
	if (listener->streams != NULL)
		nng_stream_listener_free(listener->streams);
	peer_group_close(listener->peers);
	*listener = (struct listener){0};
}
