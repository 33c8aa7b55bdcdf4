// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/libpq_environment.h"

#include <cstdlib>
#include <initializer_list>

namespace pchat::sql {

void forget_libpq_environment() {
    // The list of libpq's manual. Not everything that begins with PG: PG_OWNER may be somebody's
    // reference.
    for (const char* name :
         {"PGHOST",
          "PGHOSTADDR",
          "PGPORT",
          "PGDATABASE",
          "PGUSER",
          "PGPASSFILE",
          "PGCHANNELBINDING",
          "PGREQUIREAUTH",
          "PGSERVICE",
          "PGSERVICEFILE",
          "PGSYSCONFDIR",
          "PGOPTIONS",
          "PGAPPNAME",
          "PGSSLMODE",
          "PGREQUIRESSL",
          "PGSSLNEGOTIATION",
          "PGSSLCOMPRESSION",
          "PGSSLCERT",
          "PGSSLKEY",
          "PGSSLCERTMODE",
          "PGSSLROOTCERT",
          "PGSSLCRL",
          "PGSSLCRLDIR",
          "PGSSLSNI",
          "PGSSLMINPROTOCOLVERSION",
          "PGSSLMAXPROTOCOLVERSION",
          "PGREQUIREPEER",
          "PGGSSENCMODE",
          "PGGSSDELEGATION",
          "PGKRBSRVNAME",
          "PGGSSLIB",
          "PGCONNECT_TIMEOUT",
          "PGTARGETSESSIONATTRS",
          "PGLOADBALANCEHOSTS",
          "PGMINPROTOCOLVERSION",
          "PGMAXPROTOCOLVERSION",
          "PGDATESTYLE",
          "PGTZ",
          "PGGEQO",
          "PGLOCALEDIR"})
        ::unsetenv(name);
    // Where it says nothing, the driver calls setlocale() from the environment each time it
    // connects, and goes on reading a name that another thread's call may have freed.
    ::setenv("PGCLIENTENCODING", "UTF8", 1);
}

}  // namespace pchat::sql
