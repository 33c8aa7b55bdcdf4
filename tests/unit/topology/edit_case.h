// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/edit.h"

#include <string>
#include <vector>

namespace pchat::test {

/// One edit as tests write it:
///   add machine pc2.contoso.example
///     in pool pchat.contoso.example
///     active = false
///     unset ssh.user
struct EditCase {
    std::string verb;
    topology::Target target;
    std::vector<topology::Assignment> values;
    std::vector<std::string> unset;
};
EditCase parse_edit(const std::string& text);

Result<std::string> run_edit(const EditCase& edit, const std::string& before);

/// The lines that differ, "-" and "+" in front, line ends left out; without context.
std::string changed_lines(const std::string& before, const std::string& after);

}  // namespace pchat::test
