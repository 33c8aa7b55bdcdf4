// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

namespace pchat::net {

class IoThread;

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;

    [[nodiscard]] int number() const { return number_; }
    int release();

private:
    int number_;
};

/// Who waits for a socket. Called on the thread of the socket.
class Waiter {
public:
    virtual ~Waiter() = default;
    virtual void ready_to_read() = 0;
    virtual void ready_to_write() = 0;
};

/// Waits until the kernel is ready; reading and writing are done on the number itself. A waiter
/// lives at least until it was called or the socket has been closed.
class Socket {
public:
    Socket(IoThread& thread, Descriptor descriptor);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] int number() const;
    void wait_to_read(std::shared_ptr<Waiter> waiter);
    void wait_to_write(std::shared_ptr<Waiter> waiter);
    /// Nobody who waits is called any more.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pchat::net
