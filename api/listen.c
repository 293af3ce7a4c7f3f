/* SPDX-License-Identifier: Apache-2.0 */
#include "listen.h"

#include "buffer.h"
#include "clock.h"
#include "crypto.h"

#include <nng/protocol/reqrep0/rep.h>
#include <nng/supplemental/tls/tls.h>
#include <stdio.h>

enum { PEM_SIZE_MAX = 256 * 1024 };

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

static enum recourse_error make_tls(const struct listen_options *options, nng_tls_config **config)
{
	struct buffer certificate = {0};
	struct buffer key = {0};
	enum recourse_error error = read_pem(options->tls_certificate, &certificate);
	if (error == RECOURSE_OK)
		error = read_pem(options->tls_key, &key);
	if (error != RECOURSE_OK)
		goto free_text;
	error = RECOURSE_MEMORY;
	if (nng_tls_config_alloc(config, NNG_TLS_MODE_SERVER) != 0)
		goto free_text;
	error = RECOURSE_OK;
	if (nng_tls_config_own_cert(*config, (const char *)certificate.data, (const char *)key.data, NULL) != 0) {
		nng_tls_config_free(*config);
		*config = NULL;
		error = RECOURSE_IO;
	}
free_text:
	if (key.data != NULL)
		crypto_wipe(key.data, key.capacity);
	buffer_free(&key);
	buffer_free(&certificate);
	return error;
}

static void on_connection(nng_pipe pipe, nng_pipe_ev event, void *argument)
{
	struct listener *listener = argument;
	uint32_t number = (uint32_t)nng_pipe_id(pipe);
	if (event == NNG_PIPE_EV_REM_POST)
		connection_remove(listener->connections, number);
	else if (!connection_add(listener->connections, number, clock_monotonic() / CLOCK_MILLISECOND))
		nng_pipe_close(pipe);
}

/* The size limit must be set before anything listens: without it one packet ends the process. */
static bool prepare_socket(struct listener *listener)
{
	nng_socket socket = listener->socket;
	return nng_socket_set_size(socket, NNG_OPT_RECVMAXSZ, ENVELOPE_SIZE_MAX) == 0 &&
		nng_pipe_notify(socket, NNG_PIPE_EV_ADD_PRE, on_connection, listener) == 0 &&
		nng_pipe_notify(socket, NNG_PIPE_EV_REM_POST, on_connection, listener) == 0;
}

static enum recourse_error start(const char *url, const struct address *address,
	const struct listen_options *options, nng_socket socket, nng_listener *started)
{
	nng_tls_config *config = NULL;
	enum recourse_error error = RECOURSE_OK;
	if (address->tls)
		error = make_tls(options, &config);
	if (error != RECOURSE_OK)
		return error;
	int result = nng_listener_create(started, socket, url);
	if (result == 0 && config != NULL)
		result = nng_listener_set_ptr(*started, NNG_OPT_TLS_CONFIG, config);
	if (result == 0)
		result = nng_listener_set_bool(*started, NNG_OPT_TCP_KEEPALIVE, true);
	if (result == 0)
		result = nng_listener_start(*started, 0);
	if (config != NULL)
		nng_tls_config_free(config);
	if (result != 0)
		journal_line(options->journal, "level=error event=listen url=%s reason=\"%s\"", url,
			nng_strerror(result));
	return result == 0 ? RECOURSE_OK : RECOURSE_CONNECTION;
}

static void name_url(const struct address *address, nng_listener started, char url[static LISTEN_URL_SIZE])
{
	int port = 0;
	if (nng_listener_get_int(started, NNG_OPT_TCP_BOUND_PORT, &port) != 0 || port == 0)
		port = address->port;
	bool six = strchr(address->host, ':') != NULL;
	snprintf(url, LISTEN_URL_SIZE, "%s://%s%s%s:%d", address->tls ? "tls+tcp" : "tcp", six ? "[" : "",
		address->host, six ? "]" : "", port);
}

enum recourse_error listen_open(const char *url, const struct listen_options *options, struct listener *listener)
{
	struct address address;
	enum recourse_error error = address_parse(url, &address);
	if (error != RECOURSE_OK)
		return error;
	if (!address.tls && !address_is_loopback(&address))
		return RECOURSE_NOT_PERMITTED;
	listener->connections = options->exchange.connections;
	if (nng_rep0_open(&listener->socket) != 0)
		return RECOURSE_MEMORY;
	if (!prepare_socket(listener)) {
		error = RECOURSE_INTERNAL;
		goto close_socket;
	}
	error = exchange_open(listener->socket, options->exchanges, &options->exchange, &listener->exchanges);
	if (error != RECOURSE_OK)
		goto close_socket;
	nng_listener started;
	error = start(url, &address, options, listener->socket, &started);
	if (error != RECOURSE_OK)
		goto close_socket;
	name_url(&address, started, listener->url);
	return RECOURSE_OK;

close_socket:
	listen_close(listener);
	return error;
}

void listen_close(struct listener *listener)
{
	nng_close(listener->socket);
	exchange_close(listener->exchanges);
	*listener = (struct listener){0};
}

void listen_disconnect(uint32_t number)
{
	nng_pipe_close((nng_pipe){.id = number});
}
