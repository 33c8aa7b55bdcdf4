// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <array>
#include <cstddef>

namespace pchat {
namespace {

// The one error table: nothing else chooses a status or an exit code by Errc.
constexpr std::array table{
    ErrorClass{Errc::invalid, "invalid", 422, 488, 1, "a value was refused"},
    ErrorClass{Errc::usage, "usage", 400, 400, 2, "the command line was not understood"},
    ErrorClass{Errc::bad_file, "bad-file", 400, 400, 3, "an input file is invalid"},
    ErrorClass{Errc::not_found, "not-found", 404, 404, 1, "a named thing does not exist"},
    ErrorClass{
        Errc::conflict, "conflict", 409, 491, 1, "it exists already, or was changed meanwhile"},
    ErrorClass{Errc::denied, "denied", 403, 403, 4, "sign-in or permission is missing"},
    ErrorClass{Errc::signed_out, "signed-out", 401, 401, 4, "sign-in is missing or was refused"},
    ErrorClass{Errc::too_large, "too-large", 413, 413, 1, "more than a limit lets through"},
    ErrorClass{Errc::too_many, "too-many", 429, 503, 1, "too often, or too many at once"},
    ErrorClass{Errc::unreachable, "unreachable", 503, 503, 1, "the other side does not answer"},
    ErrorClass{Errc::timeout, "timeout", 504, 504, 1, "the other side answered too late"},
    ErrorClass{Errc::some_failed, "some-failed", 500, 500, 5, "some hosts failed"},
    ErrorClass{Errc::pending, "pending", 200, 200, 8, "changes are pending"},
    ErrorClass{Errc::interrupted, "interrupted", 503, 487, 130, "interrupted"},
    ErrorClass{
        Errc::unknown_outcome, "unknown-outcome", 503, 504, 1, "it may or may not have happened"},
    ErrorClass{Errc::io, "io", 500, 500, 1, "a file or disk could not be read or written"},
    ErrorClass{Errc::internal, "internal", 500, 500, 1, "an error of the program itself"},
};

}  // namespace

const ErrorClass& error_class(Errc code) {
    return table.at(static_cast<std::size_t>(code));
}

std::string_view error_token(const Error& error) {
    return error.reason.empty() ? error_class(error.code).token : error.reason;
}

const std::vector<ExitCode>& exit_codes() {
    static const std::vector<ExitCode> codes{
        {0, "done"},
        {1, "failed"},
        {2, "usage: the command line was not understood"},
        {3, "an input file is invalid"},
        {4, "sign-in or permission is missing"},
        {5, "some hosts failed"},
        {8, "changes are pending (with --exit-code)"},
        {130, "interrupted"},
    };
    return codes;
}

}  // namespace pchat
