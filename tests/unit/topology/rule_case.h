// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace pchat::test {

/// A document without any finding: two machines behind an Enterprise Edition front end, and a pool
/// on a Standard Edition server. Each thing stands on a line of its own, so that `changed` finds
/// it.
std::string enterprise_document();
std::string standard_document();

/// The document with every occurrence of each text replaced; a text that does not occur fails the
/// test.
std::string changed(
    std::string document, const std::vector<std::pair<std::string, std::string>>& replacements
);

/// What judge() finds, in the order of the text: "error ED-01, warning POOL-03". Empty: nothing.
std::string findings(const std::string& document);

/// The messages and hints of all findings of one rule, a line each.
std::string said(const std::string& document, const std::string& rule);

}  // namespace pchat::test
