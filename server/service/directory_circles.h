// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace pchat {

/// Groups within groups, without circles: what would close one is refused.
class GroupCircles {
public:
    explicit GroupCircles(std::size_t groups) : members_(groups) {}

    /// What is there already, and therefore none.
    void add_known(std::uint32_t group, std::uint32_t member) { members_[group].push_back(member); }
    /// Takes one after the other; the numbers of those that are refused. Of a circle the last one
    /// goes. Linear where there is none.
    std::vector<std::size_t> add_all(
        const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges
    );

private:
    [[nodiscard]] std::vector<bool> suspects(
        const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges
    ) const;
    [[nodiscard]] bool reaches(
        std::uint32_t from, std::uint32_t to, const std::vector<bool>& suspect
    ) const;

    std::vector<std::vector<std::uint32_t>> members_;
};

}  // namespace pchat
