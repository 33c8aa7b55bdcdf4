// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pchat::sql {

/// Takes out of this process's environment what libpq, inside psqlODBC, would read from it, and
/// puts into it the one thing that both must find there.
/// PGHOSTADDR sends a connection to another server than the one that the topology names, PGSERVICE
/// and PGOPTIONS bring settings of their own, and the driver has no way to be told otherwise: it
/// drops options that are empty. What the topology says is all that counts.
///
/// The first thing in main(): the environment may only be changed while there is one thread.
/// PGPASSWORD stays: a connection has always a password of its own, and a reference may name it.
void forget_libpq_environment();

}  // namespace pchat::sql
