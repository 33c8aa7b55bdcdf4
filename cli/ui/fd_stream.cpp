// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/fd_stream.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace pchat::cli {

FdBuffer::FdBuffer(int descriptor) : descriptor_(descriptor) {
    setp(space_.data(), space_.data() + space_.size());
}

FdBuffer::int_type FdBuffer::overflow(int_type character) {
    if (!drain())
        return traits_type::eof();
    if (traits_type::eq_int_type(character, traits_type::eof()))
        return traits_type::not_eof(character);
    return sputc(traits_type::to_char_type(character));
}

int FdBuffer::sync() {
    return drain() ? 0 : -1;
}

bool FdBuffer::drain() {
    std::string_view rest(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    while (!rest.empty() && problem_ == 0) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written >= 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            problem_ = errno;
    }
    setp(space_.data(), space_.data() + space_.size());
    return problem_ == 0;
}

int close_output(std::ostream& out, const FdBuffer& buffer, std::ostream& err, int exit_code) {
    out.flush();
    err.tie(nullptr);  // std::cerr is flushed once more when `out` is gone
    if (buffer.problem() == 0 || buffer.problem() == EPIPE)
        return exit_code;
    err << "pchatctl: cannot write the result: " << std::strerror(buffer.problem()) << '\n';
    return exit_code == 0 ? 1 : exit_code;
}

}  // namespace pchat::cli
