// SPDX-License-Identifier: Apache-2.0
#include "server/net/socket.h"

#include "server/net/io_pool.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <unistd.h>

#include <utility>

namespace pchat::net {

Descriptor::~Descriptor() {
    if (number_ >= 0)
        ::close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

int Descriptor::release() {
    return std::exchange(number_, -1);
}

// The executor of the io_context by its own type: the erased one costs 40 bytes more in each.
struct Socket::Impl {
    using Stream =
        boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

    Impl(IoThread& thread, Descriptor taken) : stream(thread.context(), taken.release()) {}

    void wait(Stream::wait_type what, std::shared_ptr<Waiter> waiter, void (Waiter::*ready)()) {
        stream.async_wait(
            what,
            [waiter = std::move(waiter), ready](boost::system::error_code failed) {
                if (!failed)
                    (*waiter.*ready)();
            }
        );
    }

    Stream stream;
};

Socket::Socket(IoThread& thread, Descriptor descriptor)
    : impl_(std::make_unique<Impl>(thread, std::move(descriptor))) {}

Socket::~Socket() = default;

int Socket::number() const {
    return impl_->stream.native_handle();
}

void Socket::wait_to_read(std::shared_ptr<Waiter> waiter) {
    impl_->wait(Impl::Stream::wait_read, std::move(waiter), &Waiter::ready_to_read);
}

void Socket::wait_to_write(std::shared_ptr<Waiter> waiter) {
    impl_->wait(Impl::Stream::wait_write, std::move(waiter), &Waiter::ready_to_write);
}

void Socket::close() {
    boost::system::error_code ignored;
    impl_->stream.close(ignored);
}

}  // namespace pchat::net
