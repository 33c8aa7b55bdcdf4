// SPDX-License-Identifier: Apache-2.0
// The body of Asio, compiled once (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
