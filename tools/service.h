/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "configuration.h"
#include "options.h"
#include "recourse_client.h"

/*
 * How a sub-command reaches the service: the options they all share, from the configuration file, the
 * environment and the command line, in that order of precedence (the last wins).
 */
#define SERVICE_URL "tcp://127.0.0.1:7790"

enum { SERVICE_FLAGS = 7 };

struct service {
	const char *url;
	const char *key;
	const char *log_key;
	const char *memory;
	const char *tls_ca;
	const char *tls_name;
	const char *timeout;
	struct options_flag flags[SERVICE_FLAGS];
	struct configuration configuration;
	struct buffer vkey; /* the log's, read from @FILE */
	char memory_path[CONFIGURATION_PATH_MAX];
	struct recourse_client *client;
};

/* The rows for options_parse(); they point into `service`, which must stay where it is. Call this first. */
struct options_group service_flags(struct service *service);

/*
 * Fills in from configuration file and environment what the command line left open. False: a mistake was
 * named. service_open() does it by itself.
 */
bool service_merge(struct service *service);

/* What a sub-command needs of it. */
enum service_need {
	SERVICE_PUBLIC,   /* nothing */
	SERVICE_SIGNED,   /* a key to sign with */
	SERVICE_VERIFIED, /* the log's key */
};

/* Merges the settings and opens the client. EXIT_CODE_OK; otherwise the mistake was named. */
enum exit_code service_open(struct service *service, enum service_need need);
void service_close(struct service *service);

/* A log key from "VKEY" or "@FILE", as text; names the mistake otherwise. */
enum exit_code service_log_key(const char *given, struct buffer *vkey);

/* Names the mistake: an address that is none. */
enum exit_code service_unknown_address(const char *url);
