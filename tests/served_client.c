/* SPDX-License-Identifier: Apache-2.0 */
#include "served_client.h"

enum { PATIENCE_MS = 60000 };

struct recourse_client *served_client(const struct served *served, const struct kit *kit, const char *name)
{
	char path[SUPPORT_PATH_MAX];
	char vkey[KEY_TEXT_SIZE];
	struct recourse_client *client;
	kit_key_file(kit, name, path);
	kit_log_vkey(kit->origin, vkey);
	const struct recourse_client_options options = {
		.url = served->urls[0], .key_file = path, .log_key = vkey, .timeout_ms = PATIENCE_MS};
	assert_ok(recourse_client_open(&options, &client));
	return client;
}
