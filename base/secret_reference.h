// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pchat {

/// "env:NAME" or "file:PATH": says where a secret is, and is none itself.
bool is_secret_reference(std::string_view text);

using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// The secret that a reference leads to, without a line end. A path that is not absolute begins at
/// `folder`; `named_in` is what the reference stands in, as people call it ("the topology").
/// Messages name the reference, never the secret.
Result<Secret> read_secret(
    const std::string& reference,
    const std::string& folder,
    const EnvironmentLookup& environment,
    std::string_view named_in
);

/// What everybody may read but stands beside secrets, such as a certificate; ends with a line end.
Result<std::string> read_referred_text(
    const std::string& reference,
    const std::string& folder,
    const EnvironmentLookup& environment,
    std::string_view named_in
);

}  // namespace pchat
