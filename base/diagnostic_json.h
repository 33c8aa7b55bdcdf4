// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"

#include <nlohmann/json_fwd.hpp>

namespace pchat {

/// {"file","errors","warnings","diagnostics":[{rule,severity,line,column,...}]}
nlohmann::ordered_json diagnostics_to_json(
    const SourceText& source, const std::vector<Diagnostic>& diagnostics
);

/// What SARIF says of a rule besides its id.
struct SarifRule {
    std::string_view id;
    std::string_view title;
    std::string_view help;
};

/// A SARIF 2.1.0 log with one run over several texts.
struct SarifInput {
    const SourceText* source;
    const std::vector<Diagnostic>* diagnostics;
};
nlohmann::ordered_json diagnostics_to_sarif(
    const std::vector<SarifInput>& inputs,
    const std::vector<SarifRule>& rules,
    std::string_view tool_version
);

}  // namespace pchat
