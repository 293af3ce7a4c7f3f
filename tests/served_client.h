/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"
#include "recourse_client.h"
#include "served.h"

/* A client of that service with the key of that name of the kit, which knows the ledger by its log's key. The caller closes it. */
struct recourse_client *served_client(const struct served *served, const struct kit *kit, const char *name);
