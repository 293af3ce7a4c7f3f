/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/* Addresses as URLs: tcp://HOST:PORT and tls+tcp://HOST:PORT, for those who listen and those who dial. */
enum { ADDRESS_HOST_SIZE = 256 };

struct address {
	bool tls;
	char host[ADDRESS_HOST_SIZE]; /* IPv6 without its brackets; "" or "*": all addresses */
	uint16_t port;
};

/* MALFORMED for anything but the two forms; does not look the host up. */
enum recourse_error address_parse(const char *url, struct address *address);

/* Whether the host can be reached from this machine only: 127.0.0.0/8, ::1 or localhost. */
bool address_is_loopback(const struct address *address);
