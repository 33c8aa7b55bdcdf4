// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology {

/// A commented document to begin with.
struct Template {
    std::string_view name;  // "standard-collocated"
    std::string_view summary;
    std::string_view domain;  // the directory domain in its text
};
const std::vector<Template>& templates();

/// What is put into it; what is empty stays as the template has it.
struct TemplateValues {
    std::string name;                  // of the deployment
    std::vector<std::string> domains;  // the first is the directory domain, all are SIP domains
};
Result<std::string> fill_template(std::string_view name, const TemplateValues& values);

}  // namespace pchat::topology
