// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "base/result.h"
#include "server/app/settings.h"

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace pchat::app {

/// pchatd.yaml as far as it could be read, and all that is wrong with it, sorted by place.
struct SettingsFile {
    std::shared_ptr<const SourceText> source;
    Settings settings;
    std::vector<Diagnostic> findings;
};

/// `name` is how messages call the file; its folder is where relative paths begin.
SettingsFile parse_settings(std::string name, std::string text);

/// For starting the server. Findings, warnings too, go to `err` as people read them; with an error
/// among them the failure is silent (Errc::bad_file).
Result<Settings> read_settings(const std::string& path, std::ostream& err);

/// `pchatd --check`: the findings and the closing count go to `out`. Returns the exit code.
int check_config(const std::string& path, std::ostream& out, std::ostream& err);

}  // namespace pchat::app
