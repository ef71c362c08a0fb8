#pragma once
// What things do with every observation on its way into the store, whichever way it came: it is about where its Thing stands, and its
// datastream covers its time.

#include "sense/ingest/sink.hpp"
#include "sense/things/extents.hpp"
#include "sense/things/things.hpp"

namespace zhili::sense::things {

/// Stands before the store's own sink. A datastream's first observation costs a write in the main database, all others a look into memory.
class ThingsSink final : public ingest::Sink {
 public:
  ThingsSink(ingest::Sink& inner, Things& things, ExtentsKeeper& extents) : inner_(inner), things_(things), extents_(extents) {}
  void append(std::span<ingest::Accepted> batches) override;

 private:
  ingest::Sink& inner_;
  Things& things_;
  ExtentsKeeper& extents_;
};

}  // namespace zhili::sense::things
