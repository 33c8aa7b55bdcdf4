// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/ldap/connection.h"
#include "server/ldap/entry.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Of libldap: names only, so that this header needs none of its own.
struct ldap;
struct ldapmsg;

namespace pchat::ldap {

struct FreeMessage {
    void operator()(ldapmsg* message) const;
};
using Message = std::unique_ptr<ldapmsg, FreeMessage>;

/// An entry and which of its lists came in part.
struct RawEntry {
    Entry entry;
    std::vector<ValueRange> ranges;
};

enum class Wait : std::uint8_t { one, all };  // for one message, or all of an answer

/// Whether this result of a bind is about who signs in, not about the directory.
bool refuses_bind(int code);

/// libldap's connection, with what it answers as values of ours.
class Handle {
public:
    static Result<Handle> open(const Endpoint& endpoint);
    ~Handle();
    Handle(Handle&&) noexcept;
    Handle& operator=(Handle&&) noexcept;

    [[nodiscard]] ::ldap* get() const { return ld_.get(); }
    Result<Message> next(int id, Wait wait);
    Result<RawEntry> read(ldapmsg* message, const EntryLimits& limits) const;
    /// How a bind ended: `signed_out` when the directory does not let this name and password in.
    Result<void> bound(ldapmsg* answer) const;
    [[nodiscard]] tl::unexpected<Error> failure(int code, std::string_view doing) const;

private:
    struct Close {
        void operator()(::ldap* ld) const;
    };
    struct Watched;  // what cuts the connection when nothing comes
    Handle(std::unique_ptr<::ldap, Close> ld, std::string place, std::chrono::seconds patience);
    Result<void> set_up(const Endpoint& endpoint);
    [[nodiscard]] std::string detail() const;

    std::unique_ptr<Watched> watched_;  // first: the connection uses it until it is closed
    std::unique_ptr<::ldap, Close> ld_;
    std::string place_;  // the URL, for messages
    std::chrono::seconds patience_;
};

}  // namespace pchat::ldap
