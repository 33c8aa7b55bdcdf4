// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory_source.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pchat::test {

/// A directory in memory. What is changed gets the next number, which is its mark; a place can
/// change without that, as it does when a folder above it is renamed.
class FakeDirectory : public DirectorySource {
public:
    struct Thing {
        DirectoryObject object;
        std::string parent;
        std::int64_t changed = 0;
    };

    void put(DirectoryObject object, std::string parent) {
        object.external_id = "id-" + object.external_id;
        const std::string id = object.external_id;
        things[id] = {std::move(object), std::move(parent), ++last_};
    }
    void remove(const std::string& id) { things.erase("id-" + id); }
    Thing& at(const std::string& id) { return things.at("id-" + id); }
    void touch(const std::string& id) { at(id).changed = ++last_; }

    [[nodiscard]] std::string domain() const override { return "contoso.example"; }
    [[nodiscard]] std::string place() const override { return "a fake"; }
    Result<std::unique_ptr<DirectoryReading>> open(GoOn go_on) override;

    std::map<std::string, Thing> things;
    std::vector<std::string> read;  // ids that were read in full, in order
    bool away = false;
    std::string why = "nobody answers at the fake directory";
    bool silent = false;                      // it answers all the time, with nothing
    std::function<void()> meanwhile = [] {};  // after the places were told
    std::function<void()> later = [] {};      // before what changed is told

private:
    friend class FakeReading;
    std::int64_t last_ = 0;
};

class FakeReading : public DirectoryReading {
public:
    FakeReading(FakeDirectory& directory, GoOn go_on)
        : directory_(directory), go_on_(std::move(go_on)) {}

    Result<void> places(const Visit<DirectoryPlace>& visit) override {
        for (int i = 0; directory_.silent && i < 1'000; ++i)
            if (Result<void> on = go_on_(); !on)
                return on;
        for (const auto& [id, thing] : directory_.things)
            if (Result<void> done = visit({id, thing.object.dn, thing.parent}); !done)
                return done;
        mark_ = directory_.last_;
        directory_.meanwhile();
        return {};
    }
    std::string mark() override { return "fake:" + std::to_string(mark_); }
    bool continues(const std::string& mark) override { return mark.starts_with("fake:"); }
    Result<void> changed(const std::string& mark, const Visit<DirectoryObject>& visit) override {
        directory_.later();
        const std::int64_t since = mark.empty() ? -1 : std::stoll(mark.substr(5));
        return visit_all(visit, [&](const FakeDirectory::Thing& one) {
            return one.changed > since;
        });
    }
    Result<void> objects(std::span<const std::string> ids, const Visit<DirectoryObject>& visit)
        override {
        return visit_all(visit, [&](const FakeDirectory::Thing& one) {
            return std::find(ids.begin(), ids.end(), one.object.external_id) != ids.end();
        });
    }
    Result<void> groups_naming(
        std::span<const std::string> dns, const Visit<DirectoryObject>& visit
    ) override {
        return visit_all(visit, [&](const FakeDirectory::Thing& one) {
            const auto& members = one.object.members;
            return std::any_of(members.begin(), members.end(), [&](const std::string& dn) {
                return std::find(dns.begin(), dns.end(), dn) != dns.end();
            });
        });
    }

private:
    template <class Wanted>
    Result<void> visit_all(const Visit<DirectoryObject>& visit, const Wanted& wanted) {
        for (const auto& [id, thing] : directory_.things) {
            if (!wanted(thing))
                continue;
            directory_.read.push_back(id);
            if (Result<void> done = visit(thing.object); !done)
                return done;
        }
        return {};
    }

    FakeDirectory& directory_;
    GoOn go_on_;
    std::int64_t mark_ = 0;
};

inline Result<std::unique_ptr<DirectoryReading>> FakeDirectory::open(GoOn go_on) {
    if (away)
        return fail_as("directory-unavailable", Errc::unreachable, why);
    return std::make_unique<FakeReading>(*this, std::move(go_on));
}

}  // namespace pchat::test
