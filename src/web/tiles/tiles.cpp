#include "web/tiles/tiles.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

#include "web/tiles/layers.hpp"

namespace zhili::web {
namespace {

using Bytes = std::shared_ptr<std::string const>;

/// Tiles by their place, the last used first.
class Kept {
 public:
  explicit Kept(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  Bytes find(std::uint64_t key) {
    auto const it = by_key_.find(key);
    if (it == by_key_.end()) return nullptr;
    order_.splice(order_.begin(), order_, it->second);
    return it->second->second;
  }

  void put(std::uint64_t key, Bytes tile) {
    if (by_key_.contains(key)) return;
    bytes_ += cost(tile);
    order_.emplace_front(key, std::move(tile));
    by_key_[key] = order_.begin();
    while (bytes_ > bytes_max_ && order_.size() > 1) {
      bytes_ -= cost(order_.back().second);
      by_key_.erase(order_.back().first);
      order_.pop_back();
    }
  }

  void clear() {
    by_key_.clear();
    order_.clear();
    bytes_ = 0;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  static std::size_t cost(Bytes const& tile) {
    constexpr std::size_t book_keeping = 160;  // what one entry takes besides its bytes
    return tile->size() + book_keeping;
  }
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::list<std::pair<std::uint64_t, Bytes>> order_;
  std::unordered_map<std::uint64_t, decltype(order_)::iterator> by_key_;
};

}  // namespace

struct Tiles::State {
  State(sense::places::LivePlaces const& p, std::size_t bytes) : places(p), kept(bytes) {}
  sense::places::LivePlaces const& places;
  std::mutex mutex;
  std::shared_ptr<tile::Prepared const> prepared;
  Kept kept;

  /// The city of now, prepared. Preparing takes some milliseconds and happens once for each edit.
  std::shared_ptr<tile::Prepared const> current() {
    auto const now = places.now();
    if (!prepared || prepared->places != now) {
      prepared = std::make_shared<tile::Prepared const>(tile::prepare(now));
      kept.clear();
    }
    return prepared;
  }
};

Tiles::Tiles(sense::places::LivePlaces const& places, std::size_t cache_bytes)
    : state_(std::make_unique<State>(places, cache_bytes)) {}
Tiles::~Tiles() = default;

core::Result<Bytes> Tiles::tile(std::uint32_t z, std::uint32_t x, std::uint32_t y) const {
  if (z > zoom_max || x >> z != 0 || y >> z != 0)
    return core::fail(
        core::Errc::invalid, "tile.number",
        {"没有这块地图瓦片。z 从 0 到 22，x 和 y 从 0 到 2 的 z 次方减 1。",
         "There is no such tile. z runs from 0 to 22, x and y from 0 to 2 to the power of z, less 1."},
        "z/x/y");
  auto const key = std::uint64_t{z} << 58 | std::uint64_t{x} << 29 | y;
  std::shared_ptr<tile::Prepared const> prepared;
  {
    std::scoped_lock lock(state_->mutex);
    prepared = state_->current();
    if (auto found = state_->kept.find(key)) return found;
  }
  auto made = std::make_shared<std::string const>(tile::encode(*prepared, z, x, y));
  std::scoped_lock lock(state_->mutex);
  if (state_->prepared == prepared) state_->kept.put(key, made);
  return made;
}

std::size_t Tiles::cached_bytes() const {
  std::scoped_lock lock(state_->mutex);
  return state_->kept.bytes();
}

}  // namespace zhili::web
