// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_circles.h"

namespace pchat {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// Takes away, again and again, what nothing is in: the rest are circles and what hangs below.
std::vector<bool> GroupCircles::suspects(const Edges& edges) const {
    std::vector<std::vector<std::uint32_t>> below = members_;
    for (const auto& [group, member] : edges)
        below[group].push_back(member);
    std::vector<std::size_t> above(below.size());
    for (const auto& list : below)
        for (const std::uint32_t member : list)
            ++above[member];
    std::vector<bool> out(below.size(), true);
    std::vector<std::uint32_t> free;
    for (std::uint32_t one = 0; one < below.size(); ++one)
        if (above[one] == 0)
            free.push_back(one);
    while (!free.empty()) {
        const std::uint32_t one = free.back();
        free.pop_back();
        out[one] = false;
        for (const std::uint32_t member : below[one])
            if (--above[member] == 0)
                free.push_back(member);
    }
    return out;
}

bool GroupCircles::reaches(std::uint32_t from, std::uint32_t to, const std::vector<bool>& suspect)
    const {
    std::vector<bool> seen(members_.size());
    std::vector<std::uint32_t> todo{from};
    while (!todo.empty()) {
        const std::uint32_t one = todo.back();
        todo.pop_back();
        if (one == to)
            return true;
        if (seen[one])
            continue;
        seen[one] = true;
        for (const std::uint32_t member : members_[one])
            if (suspect[member])
                todo.push_back(member);
    }
    return false;
}

std::vector<std::size_t> GroupCircles::add_all(const Edges& edges) {
    const std::vector<bool> suspect = suspects(edges);
    std::vector<std::size_t> refused;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto [group, member] = edges[i];
        if (suspect[group] && suspect[member] && reaches(member, group, suspect))
            refused.push_back(i);
        else
            members_[group].push_back(member);
    }
    return refused;
}

}  // namespace pchat
