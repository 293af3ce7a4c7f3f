/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"

#include "base/slice.h"

#include <arpa/inet.h>
#include <stdlib.h>

enum { PORT_DIGITS_MAX = 5 };

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool parse_port(const char *digits, uint16_t *port)
{
	size_t length = strspn(digits, "0123456789");
	if (length == 0 || length > PORT_DIGITS_MAX || digits[length] != '\0')
		return false;
	unsigned long number = strtoul(digits, NULL, 10);
	*port = (uint16_t)number;
	return number <= UINT16_MAX;
}

/* Host names, addresses, "*"; a bracketed IPv6 address loses its brackets. */
static bool parse_host(slice host, char room[static ADDRESS_HOST_SIZE])
{
	bool bracketed = host.size >= 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
	if (bracketed)
		host = slice_of(host.data + 1, host.size - 2);
	if (host.size >= ADDRESS_HOST_SIZE)
		return false;
	if (host.size > 0)
		memcpy(room, host.data, host.size);
	room[host.size] = '\0';
	const char *allowed = "0123456789abcdefABCDEF:.";
	if (!bracketed)
		allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*_";
	return strspn(room, allowed) == host.size && !(bracketed && host.size == 0);
}

enum recourse_error address_parse(const char *url, struct address *address)
{
	*address = (struct address){0};
	const char *rest = NULL;
	if (starts_with(url, "tcp://"))
		rest = url + strlen("tcp://");
	if (starts_with(url, "tls+tcp://"))
		rest = url + strlen("tls+tcp://");
	if (rest == NULL)
		return RECOURSE_MALFORMED;
	address->tls = url[1] == 'l';
	const char *colon = strrchr(rest, ':');
	if (colon == NULL || !parse_port(colon + 1, &address->port))
		return RECOURSE_MALFORMED;
	if (!parse_host(slice_of(rest, (size_t)(colon - rest)), address->host))
		return RECOURSE_MALFORMED;
	return RECOURSE_OK;
}

bool address_is_loopback(const struct address *address)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, address->host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, address->host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcmp(address->host, "localhost") == 0;
}
