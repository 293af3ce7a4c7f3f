/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tells the service manager how the service stands: one datagram to $NOTIFY_SOCKET, as in sd_notify(3).
 * Nothing happens where there is none. `state` is "READY=1" or "STOPPING=1".
 */
void notify_state(const char *state);
