// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/policy.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pchat {

/// What became of one scope when the effective object was looked for.
enum class ScopeOutcome : std::uint8_t {
    not_asked,   // no tag is granted, the site is not known
    absent,      // nothing is set at this scope; a granted tag was removed
    chosen,      // the narrowest that is set: as a whole, whatever the wider ones say
    overridden,  // is set, and a narrower one is chosen
};

/// One scope; `object` points into what was handed in, null unless chosen or overridden.
template <class Scope, class Object>
struct ScopeStep {
    Scope scope{};
    ScopeOutcome outcome = ScopeOutcome::not_asked;
    const Object* object = nullptr;
};

/// The object that counts with its derivation, narrowest scope first.
template <class Scope, class Object>
struct EffectiveObject {
    const Object* object = nullptr;  // null: nothing is set anywhere, built-in defaults count
    std::array<ScopeStep<Scope, Object>, 3> steps;
};

using EffectivePolicy = EffectiveObject<PolicyScope, Policy>;
using EffectiveConfig = EffectiveObject<ConfigScope, ConfigObject>;

/// `granted` is the tag that the user holds, `site_key` the name_key of the site that the user is
/// at home in, empty when it has none.
EffectivePolicy effective_policy(
    std::span<const Policy> policies, std::optional<PolicyId> granted, std::string_view site_key
);

/// Whether the user may use chat at all; the built-in answer is no.
bool policy_enabled(const EffectivePolicy& effective);

/// Of a pool: `service_key` is the name_key of its own name, `site_key` that of the site it stands
/// in, empty when it has none.
EffectiveConfig effective_config(
    std::span<const ConfigObject> objects,
    ConfigKind kind,
    std::string_view service_key,
    std::string_view site_key
);

}  // namespace pchat
