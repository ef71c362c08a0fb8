#pragma once
// What can go wrong in an engine, in words that people can act on.

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::store {

/// Every way in which an engine fails, engine-independent.
enum class Trouble {
  busy,            ///< another process holds the lock
  constraint,      ///< a rule of the schema says no
  full,            ///< no room left
  io,              ///< the disk fails
  corrupt,         ///< the file is damaged
  read_only,       ///< not allowed to write
  disconnected,    ///< the server is gone
  commit_unknown,  ///< the server went away during the commit: nobody knows
  statement        ///< the SQL is wrong: a defect of the program
};

/// `detail` is the engine's own message and the SQL; it goes to the log only.
core::Error error_of(Trouble trouble, std::string detail);

/// A piece of work threw something that is not a Failure.
core::Error work_threw(std::string detail);

/// Throws it as a Failure.
[[noreturn]] void raise(Trouble trouble, std::string_view message, std::string_view sql = {});
/// A column that must have a value has none.
[[noreturn]] void raise_null(std::size_t column);

}  // namespace zhili::store
