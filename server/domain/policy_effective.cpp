// SPDX-License-Identifier: Apache-2.0
#include "server/domain/policy_effective.h"

#include <algorithm>

namespace pchat {
namespace {

// The one object that fits, null when there is none.
template <class Object, class Fits>
const Object* find_object(std::span<const Object> objects, Fits fits) {
    const auto found = std::find_if(objects.begin(), objects.end(), fits);
    return found == objects.end() ? nullptr : &*found;
}

template <class Scope, class Object>
ScopeStep<Scope, Object> found_at(Scope scope, const Object* object) {
    return {scope, object ? ScopeOutcome::overridden : ScopeOutcome::absent, object};
}

// The first that is set wins.
template <class Scope, class Object>
EffectiveObject<Scope, Object> choose(std::array<ScopeStep<Scope, Object>, 3> steps) {
    const auto chosen =
        std::find_if(steps.begin(), steps.end(), [](const auto& step) { return step.object; });
    if (chosen == steps.end())
        return {nullptr, steps};
    chosen->outcome = ScopeOutcome::chosen;
    return {chosen->object, steps};
}

}  // namespace

EffectivePolicy effective_policy(
    std::span<const Policy> policies, std::optional<PolicyId> granted, std::string_view site_key
) {
    using Step = ScopeStep<PolicyScope, Policy>;
    Step tag{PolicyScope::tag, ScopeOutcome::not_asked, nullptr};
    if (granted)
        tag = found_at(PolicyScope::tag, find_object(policies, [&](const Policy& policy) {
                           return policy.scope == PolicyScope::tag && policy.id == *granted;
                       }));
    Step site{PolicyScope::site, ScopeOutcome::not_asked, nullptr};
    if (!site_key.empty())
        site = found_at(PolicyScope::site, find_object(policies, [&](const Policy& policy) {
                            return policy.scope == PolicyScope::site && policy.name_key == site_key;
                        }));
    const Step global =
        found_at(PolicyScope::global, find_object(policies, [](const Policy& policy) {
                     return policy.scope == PolicyScope::global;
                 }));
    return choose(std::array{tag, site, global});
}

bool policy_enabled(const EffectivePolicy& effective) {
    return effective.object != nullptr && effective.object->enabled;
}

EffectiveConfig effective_config(
    std::span<const ConfigObject> objects,
    ConfigKind kind,
    std::string_view service_key,
    std::string_view site_key
) {
    using Step = ScopeStep<ConfigScope, ConfigObject>;
    const auto at = [&](ConfigScope scope, std::string_view key) -> Step {
        if (scope != ConfigScope::global && key.empty())
            return {scope, ScopeOutcome::not_asked, nullptr};
        return found_at(scope, find_object(objects, [&](const ConfigObject& object) {
                            return object.kind == kind && object.scope == scope &&
                                   (scope == ConfigScope::global || object.scope_key == key);
                        }));
    };
    return choose(std::array{
        at(ConfigScope::service, service_key),
        at(ConfigScope::site, site_key),
        at(ConfigScope::global, {}),
    });
}

}  // namespace pchat
