// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat {

/// The classes of failure. What each one means on the wire, in SIP and as an exit code stands in
/// the table of error.cpp and nowhere else.
enum class Errc : std::uint8_t {
    invalid,          // a value breaks a rule of its own
    usage,            // the command line does not say what to do
    bad_file,         // an input file cannot be read or does not hold what it must
    not_found,        // the named thing does not exist
    conflict,         // it exists already, or somebody else changed it
    denied,           // not allowed
    signed_out,       // who asks has not said who it is, or could not prove it
    too_large,        // more than a limit lets through
    too_many,         // too often or too many at once; later it may work
    unreachable,      // the other side does not answer
    timeout,          // it answered too late
    some_failed,      // several hosts were asked, some failed
    pending,          // nothing failed, changes are waiting (--exit-code)
    interrupted,      // Ctrl-C or SIGTERM
    unknown_outcome,  // a commit whose answer was lost: it may or may not have happened
    io,               // a file or disk failed us
    internal,         // our own mistake
};

/// A failure as data; only the front end that shows it turns it into text.
struct Error {
    Errc code{};
    std::string message;               // lower case, no full stop, names the object and the value
    std::string hint;                  // one thing to try, may be empty
    std::vector<std::string> context;  // innermost first: "read topology", "validate"
    bool silent = false;               // the details were shown already: only the exit code is left
    std::string_view reason = {};      // what went wrong in particular: "room-not-found"; a literal
    std::string_view field = {};       // the field of the request that is to blame; a literal
};

/// Either a value or an Error; must not be ignored.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
    using Base = tl::expected<T, Error>;

public:
    using Base::Base;
    Result(Base other) : Base(std::move(other)) {}
};

inline tl::unexpected<Error> fail(Errc code, std::string message, std::string hint = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(hint), {}, false, {}, {}}
    );
}

/// A failure that programs tell from others of its class by `reason`.
inline tl::unexpected<Error> fail_as(
    std::string_view reason,
    Errc code,
    std::string message,
    std::string hint = {},
    std::string_view field = {}
) {
    return tl::unexpected<Error>(Error{
        code, std::move(message), std::move(hint), {}, false, reason, field});
}

/// Hands an error on, adding where it happened.
inline tl::unexpected<Error> pass(Error error, std::string where = {}) {
    if (!where.empty())
        error.context.push_back(std::move(where));
    return tl::unexpected<Error>(std::move(error));
}

/// What was wrong has been printed; only the exit code is left to say.
inline tl::unexpected<Error> fail_silently(Errc code) {
    return tl::unexpected<Error>(Error{code, {}, {}, {}, true, {}, {}});
}

/// One row of the error table.
struct ErrorClass {
    Errc code;
    std::string_view token;  // on the wire and in `-o json`
    int http_status;
    int sip_status;
    int exit_code;
    std::string_view meaning;  // for `help exit-codes`
};

const ErrorClass& error_class(Errc code);

/// What programs are told: the reason, or the name of the class.
std::string_view error_token(const Error& error);

/// One exit code with its meaning, for `help exit-codes`.
struct ExitCode {
    int code;
    std::string_view meaning;
};
const std::vector<ExitCode>& exit_codes();

}  // namespace pchat
