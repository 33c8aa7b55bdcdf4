// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/compliance.h"

#include <span>
#include <string>
#include <string_view>

namespace pchat {

/// The hash of a batch: SHA-256 over the hash of the one before and, for each event in its order,
/// one line `id uuid origin n at kind length` and the body, byte for byte. What the archive says of
/// an event beside these follows from its body. docs/DATABASE.md tells a third party how to check.
std::string batch_hash(std::string_view previous, std::span<const ArchivedEvent> events);

/// An entry of the outbox as the archive keeps it; its id is given later.
ArchivedEvent archived(const OutboxEntry& entry, Microseconds now);

}  // namespace pchat
