#pragma once
// A body that is made while it is sent: exports that are longer than memory, events that go on for hours.

#include <functional>
#include <memory>
#include <string>

namespace zhili::web {

/// Where the pieces of such a body come from; one of the two is set. The transport asks for the next piece when the client
/// has taken the one before, so a slow client holds one piece and no more. It is destroyed when the connection ends, whoever
/// ended it. A client that takes longer than `write_ms` for one piece is cut off.
struct Stream {
  /// Bytes that several clients may share. Null: the body ends here. Never empty.
  using Piece = std::shared_ptr<std::string const>;
  /// May be called on any thread, also at once; the first call counts. Never blocks.
  using Give = std::function<void(Piece)>;

  /// Called on a worker; may block for `handler_ms`. What it throws cuts the connection, so that the client sees that the
  /// body is not whole.
  std::function<Piece()> pull = {};
  /// Called on the connection's own thread, so it never blocks; it keeps `give` and calls it when there is something.
  /// There is no deadline: whoever lets clients wait for long sends something now and then.
  std::function<void(Give)> wait = {};
};

}  // namespace zhili::web
