// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "server/app/settings.h"

#include <span>
#include <string_view>
#include <vector>

namespace pchat::app {

/// One rule on pchatd.yaml: its text for docs/diagnostics.md and its check in one place.
struct SettingsRule {
    std::string_view id;
    Severity severity = Severity::error;
    std::string_view title;  // what is violated, one line
    std::string_view why;
    std::string_view fix;  // the way out
    void (*check)(const Settings& settings, std::vector<Diagnostic>& findings) = nullptr;
};

std::span<const SettingsRule> settings_rules();

}  // namespace pchat::app
