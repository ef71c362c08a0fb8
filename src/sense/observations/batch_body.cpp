#include "sense/observations/batch_body.hpp"

#include <zlib.h>

#include "sense/observations/block.hpp"
#include "sense/observations/bytes.hpp"

namespace zhili::sense::observations {

namespace {

constexpr std::uint8_t batch_version = 1;
constexpr std::size_t row_bytes_min = 5;  // five numbers of one byte and none of the value
enum SideHas : std::uint8_t { side_end = 1, side_result_time = 2, side_feature = 4, side_text = 8, side_extra = 16 };

std::uint32_t batch_crc(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<Bytef const*>(bytes.data()), bytes.size()));
}

void write_side(ByteWriter& out, Side const& side) {
  out.byte(static_cast<std::uint8_t>((side.phenomenon_end ? side_end : 0) | (side.result_time ? side_result_time : 0) | (side.feature != 0 ? side_feature : 0) |
                                     (!side.text.empty() ? side_text : 0) | (!side.extra.empty() ? side_extra : 0)));
  if (side.phenomenon_end) out.number(core::to_ms(*side.phenomenon_end));
  if (side.result_time) out.number(core::to_ms(*side.result_time));
  if (side.feature != 0) out.number(side.feature);
  if (!side.text.empty()) out.text(side.text);
  if (!side.extra.empty()) out.text(side.extra);
}

Side read_side(ByteReader& in) {
  Side out;
  auto const has = in.byte();
  if (has & side_end) out.phenomenon_end = core::from_ms(in.number());
  if (has & side_result_time) out.result_time = core::from_ms(in.number());
  if (has & side_feature) out.feature = in.number();
  if (has & side_text) out.text = in.text();
  if (has & side_extra) out.extra = in.text();
  return out;
}

core::Error broken_batch() {
  return {core::Errc::corrupt, "observations.batch", {"一批刚收到的观测记录损坏，读不出来。", "A batch of observations that came lately is damaged and cannot be read."}};
}

}  // namespace

std::string encode_batch(Batch const& batch, std::span<std::int64_t const> numbers) {
  ByteWriter out;
  out.bytes().reserve(batch.rows.size() * 20 + 64);
  out.byte(batch_version);
  out.unsigned_number(batch.rows.size());
  std::int64_t datastream = 0, t = 0;
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    auto const& row = batch.rows[i];
    out.number(minus(row.datastream, datastream));
    out.number(minus(row.t, t));
    datastream = row.datastream;
    t = row.t;
    out.unsigned_number(static_cast<std::uint64_t>(numbers[i]));
    out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(row.kind) | (row.side != 0 ? 0x80U : 0U)));
    out.unsigned_number(row.flags);
    if (row.kind == ValueKind::number) out.fixed64(std::bit_cast<std::uint64_t>(row.number));
    else if (row.kind == ValueKind::truth || row.kind == ValueKind::count) out.number(row.integer);
    if (auto const* side = batch.find_side(row)) write_side(out, *side);
  }
  out.fixed32(batch_crc(out.bytes()));
  return std::move(out.bytes());
}

core::Result<NumberedBatch> decode_batch(std::string_view bytes) {
  if (bytes.size() < 4 || ByteReader(bytes.substr(bytes.size() - 4)).fixed32() != batch_crc(bytes.substr(0, bytes.size() - 4))) return core::fail(broken_batch());
  ByteReader in(bytes.substr(0, bytes.size() - 4));
  if (in.byte() != batch_version) return core::fail(broken_batch());
  auto const count = in.unsigned_number();
  if (count > in.left() / row_bytes_min) return core::fail(broken_batch());
  NumberedBatch out;
  out.batch.rows.reserve(static_cast<std::size_t>(count));
  out.numbers.reserve(static_cast<std::size_t>(count));
  std::int64_t datastream = 0, t = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Batch::Row row;
    datastream = row.datastream = plus(datastream, in.number());
    t = row.t = plus(t, in.number());
    out.numbers.push_back(static_cast<std::int64_t>(in.unsigned_number()));
    auto const kind = in.byte();
    if ((kind & 0x7fU) >= value_kinds) in.fail();
    row.kind = static_cast<ValueKind>(kind & 0x7fU);
    row.flags = static_cast<Flags>(in.unsigned_number());
    if (row.kind == ValueKind::number) row.number = std::bit_cast<double>(in.fixed64());
    else if (row.kind == ValueKind::truth || row.kind == ValueKind::count) row.integer = in.number();
    if (kind & 0x80U) out.batch.side_of(row) = read_side(in);
    out.batch.rows.push_back(row);
  }
  if (!in.ok() || in.left() != 0) return core::fail(broken_batch());
  return out;
}

std::string encode_one(Observation const& observation) { return encode_block({&observation, 1}); }

core::Result<Observation> decode_one(ObservationId id, std::string_view bytes) {
  ZHILI_TRY(auto rows, decode_block(id.datastream, bytes));
  if (rows.size() != 1) return core::fail(broken_batch());
  rows.front().id = id;
  return std::move(rows.front());
}

}  // namespace zhili::sense::observations
