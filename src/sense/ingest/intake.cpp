#include "sense/ingest/intake.hpp"

#include <future>

#include "sense/ingest/intake_inside.hpp"

namespace zhili::sense::ingest {

Intake::Intake(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Intake::~Intake() = default;

core::Result<std::unique_ptr<Intake>> Intake::open(Parts parts, Options options) {
  auto inside = std::make_unique<Inside>(parts, options);
  ZHILI_CHECK(inside->reload());
  return std::unique_ptr<Intake>(new Intake(std::move(inside)));
}

core::Result<> Intake::admit(Source const& source) { return inside_->admit(source); }

void Intake::take_later(Source const& source, Batch batch, Done done, bool wants_ids) { inside_->take_later(source, std::move(batch), std::move(done), wants_ids); }

core::Result<Receipt> Intake::take(Source const& source, Batch batch, bool wants_ids) {
  std::promise<core::Result<Receipt>> promised;
  auto answer = promised.get_future();
  inside_->take_later(source, std::move(batch), [&promised](core::Result<Receipt> result) { promised.set_value(std::move(result)); }, wants_ids);
  return answer.get();
}

core::Result<> Intake::charge(Source const& source, std::size_t observations) { return inside_->charge(source, observations); }

core::Result<std::chrono::milliseconds> Intake::reserve(Source const& source, std::size_t observations) { return inside_->reserve(source, observations); }

std::chrono::seconds Intake::retry_after(Source const& source) { return inside_->retry_after(source); }

void Intake::put(StreamFact fact) {
  inside_->change([&](StreamTable& table) { table.put(std::move(fact)); });
}
void Intake::forget_stream(std::int64_t datastream) {
  inside_->change([&](StreamTable& table) { table.forget_stream(datastream); });
}
void Intake::put(DeviceFact fact) {
  inside_->change([&](StreamTable& table) { table.put(std::move(fact)); });
}
void Intake::forget_device(std::int64_t device) {
  inside_->change([&](StreamTable& table) { table.forget_device(device); });
}
core::Result<> Intake::reload() { return inside_->reload(); }

std::int64_t Intake::named(std::int64_t device, std::string_view stream) const {
  return inside_->ask([&](StreamTable const& table) { return table.named(device, stream); });
}
std::int64_t Intake::device_with(std::string_view serial) const {
  return inside_->ask([&](StreamTable const& table) { return table.device_with(serial); });
}
std::int64_t Intake::owner(std::int64_t datastream) const {
  return inside_->ask([&](StreamTable const& table) {
    auto const* stream = table.find(datastream);
    return stream ? stream->fact.device : std::int64_t{0};
  });
}

core::Result<Receipt> Intake::release(std::int64_t quarantined, bool at_its_time, std::string const& actor) {
  auto& quarantine = inside_->parts().quarantine;
  ZHILI_TRY(auto const suspect, quarantine.find(quarantined));
  if (suspect.state != Quarantined::State::waiting)
    return core::fail(core::Errc::conflict, "quarantine.decided", {"这一条已经处理过了。", "This entry was decided before."}, "id");
  if (suspect.what.message)
    return core::fail(core::Errc::conflict, "quarantine.message",
                      {"这是一条读不懂的报文，不能放行，只能丢弃。", "This is a message that could not be read: it can be dropped, not released."}, "id");
  ZHILI_TRY(auto batch, observation_from(suspect.what.sent));
  if (!at_its_time)
    for (auto& row : batch.rows) {
      row.phenomenon_ms = core::to_ms(suspect.at);
      if (row.more != 0) batch.more[row.more - 1].phenomenon_end = batch.more[row.more - 1].result_time = std::nullopt;
    }
  ZHILI_TRY(auto receipt, take({.way = Way::inside, .any_stream = true, .believed = true}, std::move(batch)));
  if (!receipt.problems.empty()) {
    auto const& problem = receipt.problems.front();
    return core::fail(core::Errc::invalid, problem.key, problem.text, problem.field);
  }
  ZHILI_CHECK(quarantine.decide(quarantined, Quarantined::State::released, actor));
  return receipt;
}

void Intake::on_stored(std::function<bool()> wants, std::function<void(Batch const&, std::vector<std::int64_t> const&)> tell) { inside_->on_stored(std::move(wants), std::move(tell)); }

Counters& Intake::counters() { return inside_->counters(); }
std::size_t Intake::waiting() const { return inside_->waiting(); }

}  // namespace zhili::sense::ingest
