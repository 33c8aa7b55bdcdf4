// SPDX-License-Identifier: Apache-2.0
#include "server/service/posting.h"

#include "base/sha256.h"

#include <fmt/format.h>

namespace pchat {

std::string key_hash(std::string_view key) {
    return sha256_hex(key);
}

std::string content_hash(const Message& message) {
    // Lengths before texts: no two messages make the same text.
    const std::string subject = message.subject.value_or("");
    return sha256_hex(fmt::format(
        "{} {} {} {} {} {}:{}{}",
        message.room.value,
        static_cast<int>(message.kind),
        static_cast<int>(message.format),
        message.file ? message.file->value : 0,
        message.subject.has_value(),
        subject.size(),
        subject,
        message.body
    ));
}

}  // namespace pchat
