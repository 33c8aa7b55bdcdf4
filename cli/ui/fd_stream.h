// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <ostream>
#include <streambuf>

namespace pchat::cli {

/// Output to a file descriptor that remembers why writing stopped: a reader that went away (`| head
/// -1`) is no failure, a full disk is one.
class FdBuffer : public std::streambuf {
public:
    explicit FdBuffer(int descriptor);

    /// errno of the first write that failed; 0 when all went well.
    [[nodiscard]] int problem() const { return problem_; }

protected:
    int_type overflow(int_type character) override;
    int sync() override;

private:
    bool drain();

    int descriptor_;
    int problem_ = 0;
    std::array<char, 16384> space_{};
};

/// The exit code once the output is flushed: the command's own, or 1 with a message on `err` when
/// the result did not get where it should. Unties `err` from `out`.
int close_output(std::ostream& out, const FdBuffer& buffer, std::ostream& err, int exit_code);

}  // namespace pchat::cli
