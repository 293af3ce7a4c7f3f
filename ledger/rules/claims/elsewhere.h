/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How money that was had elsewhere came, in the order of record_elsewhere.kind. */
extern const char *const elsewhere_kind_names[];
