// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/touched.h"
#include "server/store/content_database.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pchat {

/// Reads the origin logs of the pool's servers from where it stopped last time. Each has one
/// writer, so nothing ever appears behind that place.
class LogReader {
public:
    /// `beyond`: whose log is not read, for what stands there is known already.
    explicit LogReader(std::optional<ServerId> beyond = {}) : beyond_(beyond) {}

    /// Without reading anything: what comes after now is what will be read.
    Result<void> begin(ContentTransaction& tx);
    /// What is new, in the order of each log. False: some of it is lost to us, having been trimmed
    /// before we came or being no entry, or this is the first time; anything may have changed. The
    /// next one reads the same again unless keep() was called: the transaction may have to be
    /// repeated.
    Result<bool> read(
        ContentTransaction& tx, const std::function<void(const Server&, const LogBody&)>& use
    );
    void keep() { cursors_ = reached_; }
    /// The pool's servers, as the last read() found them.
    [[nodiscard]] const std::vector<Server>& servers() const { return servers_; }
    /// Where the last read() found what nobody can read.
    struct Unreadable {
        std::string server;
        std::int64_t n = 0;
        std::string why;
    };
    [[nodiscard]] const std::vector<Unreadable>& unreadable() const { return unreadable_; }
    /// An entry that came another way.
    enum class Place : std::uint8_t {
        next,    // now it is read
        known,   // it was read before
        beyond,  // what stands before it has to be read
    };
    Place take(ServerId server, std::int64_t n);
    /// As if nothing had been read yet.
    void forget() { cursors_.clear(); }
    [[nodiscard]] bool knows_nothing() const { return cursors_.empty(); }

private:
    using Cursors = std::map<ServerId, std::int64_t>;  // the last entry that was read

    Result<bool> read_one(
        ContentTransaction& tx,
        const Server& server,
        std::int64_t& cursor,
        const std::function<void(const Server&, const LogBody&)>& use
    );

    std::optional<ServerId> beyond_;
    Cursors cursors_;
    Cursors reached_;
    std::vector<Server> servers_;
    std::vector<Unreadable> unreadable_;
};

}  // namespace pchat
