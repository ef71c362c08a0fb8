#include <fmt/format.h>

#include <algorithm>

#include "sense/things/rows.hpp"
#include "web/sensorthings/answers.hpp"
#include "web/sensorthings/body.hpp"
#include "web/sensorthings/routes.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;
using things::EntityType;

namespace {

/// One entity that is to be changed or removed.
core::Result<Target> one_target(SensorThingsParts const& parts, Request const& request, things::Author const& author) {
  ZHILI_TRY(auto const path, read_path(request.param("rest")));
  if (path.steps.back().many()) return fail(no_method("GET, POST"));
  if (path.property != nullptr || path.own_id || path.ref || path.value) return fail(no_method("GET"));
  auto const with = reading_parts(parts, {.staff = author.staff});
  return parts.db->read([&](store::Reader& reader) {
    things::Reading reading(reader, with);
    return resolve(reading, path);
  });
}

/// The entity as it is now; if it may not be seen, nothing but that it was done.
core::Result<Response> shown(SensorThingsParts const& parts, Request const& request, things::Author const& author, EntityType type, things::Id id, int status) {
  auto const with = reading_parts(parts, {.staff = author.staff});
  Renderer const renderer(root_of(request));
  ZHILI_TRY(auto out, parts.db->read([&](store::Reader& reader) -> core::Result<std::string> {
    things::Reading reading(reader, with);
    things::Query const query;
    ZHILI_TRY(auto const found, reading.one(type, id, query));
    std::string json;
    if (found) {
      renderer.entity(json, *found, query);
    } else {
      json = fmt::format("{{\"@iot.id\":{},\"@iot.selfLink\":", id);
      write_text(json, renderer.self_link(type, id));
      json += '}';
    }
    return json;
  }));
  return Response::json(std::move(out), status);
}

/// A link back from what hangs in a collection to what it hangs on.
void add_link_back(things::Draft& draft, things::From const& from) {
  for (auto const& link : things::entity(draft.type).links) {
    bool const back = link.to == from.type && (!from.link->by.empty()      ? link.by == from.link->by
                                                : !from.link->other.empty() ? link.own == from.link->other && link.by.empty()
                                                                            : draft.type == EntityType::observation);
    if (!back) continue;
    std::erase_if(draft.links, [&](auto const& said) { return said.link == &link; });
    draft.link_to(link.name, from.id);
    return;
  }
}

/// Observations that came inside of an entity: stored all, or the whole request is undone.
core::Result<> store_inside(SensorThingsParts const& parts, things::Made const& made) {
  sense::ingest::Batch batch;
  for (auto const& one : made.observations) ZHILI_CHECK(add_observation(batch, *one.draft, one.datastream, one.feature));
  if (batch.rows.empty()) return {};
  sense::ingest::Source const source{.way = sense::ingest::Way::sensorthings, .any_stream = true};
  auto const receipt = parts.intake->take(source, std::move(batch), true);
  if (receipt && receipt->refused + receipt->quarantined == 0) return {};
  if (receipt)
    for (auto const id : receipt->ids)
      if (id != 0) ZHILI_CHECK(parts.observations->remove(id));
  if (!receipt) return fail(receipt.error());
  auto const& problem = receipt->problems.front();
  return fail(Errc::invalid, problem.key, problem.text, problem.line > 0 && problem.line <= made.observations.size() ? made.observations[problem.line - 1].draft->where : problem.field);
}

core::Result<Response> make_entity(SensorThingsParts const& parts, Request const& request, things::Draft const& draft, things::Author const& author) {
  ZHILI_TRY(auto const made, parts.things->make(draft, author));
  if (auto const stored = store_inside(parts, made); !stored) {
    ZHILI_CHECK(parts.things->unmake(made, author));
    return fail(stored.error());
  }
  ZHILI_TRY(auto out, shown(parts, request, author, draft.type, made.id, 201));
  out.headers.set("Location", Renderer(root_of(request)).self_link(draft.type, made.id));
  return out;
}

bool has_whole_entities(things::Draft const& draft) {
  return std::ranges::any_of(draft.links, [](auto const& link) { return std::ranges::any_of(link.to, [](auto const& to) { return !to.existing; }); });
}

things::Id linked_id(things::Draft const& draft, std::string_view name) {
  auto const* const said = draft.find(*things::entity(draft.type).link(name));
  return said != nullptr && said->to.size() == 1 && said->to.front().existing ? *said->to.front().existing : 0;
}

/// Its own answer comes when it is on the disk.
void send_observation(SensorThingsParts const& parts, Request const& request, things::Draft const& draft, things::Id datastream, things::Id feature,
                      sense::ingest::Source const& source, std::function<void()> undo, Responder const& respond) {
  sense::ingest::Batch batch;
  auto const give_up = [&](core::Error error) {
    if (undo) undo();
    respond(refused(std::move(error)));
  };
  if (auto const added = add_observation(batch, draft, datastream, feature); !added) return give_up(added.error());
  auto const root = root_of(request);
  parts.intake->take_later(source, std::move(batch), [respond, root, undo = std::move(undo), &intake = *parts.intake, source](core::Result<sense::ingest::Receipt> receipt) {
    if (receipt && !receipt->problems.empty()) {
      auto const& problem = receipt->problems.front();
      receipt = fail(Errc::invalid, problem.key, problem.text, problem.field);
    }
    if (!receipt) {
      if (undo) undo();
      auto out = refused(receipt.error());
      if (out.status == 429) out.headers.set("Retry-After", std::to_string(intake.retry_after(source).count()));
      return respond(std::move(out));
    }
    auto const id = receipt->ids.empty() ? 0 : receipt->ids.front();
    auto const self = Renderer(root).self_link(EntityType::observation, id);
    auto body = fmt::format("{{\"@iot.id\":{},\"@iot.selfLink\":", id);
    write_text(body, self);
    auto out = Response::json(body + "}", 201);
    out.headers.set("Location", self);
    respond(std::move(out));
  }, true);
}

core::Result<> post_observation(SensorThingsParts const& parts, Request const& request, things::Draft const& draft, sense::ingest::Source const& source,
                                Responder const& respond) {
  ZHILI_CHECK(parts.intake->admit(source));
  ZHILI_CHECK(things::check_values(draft, true));
  auto const datastream = linked_id(draft, "Datastream"), feature = linked_id(draft, "FeatureOfInterest");
  if (datastream != 0 && !has_whole_entities(draft)) {
    if (feature != 0) ZHILI_CHECK(parts.things->use_feature(datastream, feature, {.ref = "system", .staff = false}));
    send_observation(parts, request, draft, datastream, feature, source, {}, respond);
    return {};
  }
  // It brings entities with it: for these somebody must be allowed to make entities.
  ZHILI_TRY(auto const author, parts.access.author(request));
  ZHILI_TRY(auto made, parts.things->make(draft, author));
  auto const one = made.observations.front();
  auto undo = [&parts_things = *parts.things, made = std::move(made), author] { (void)parts_things.unmake(made, author); };
  send_observation(parts, request, draft, one.datastream, one.feature, source, std::move(undo), respond);
  return {};
}

core::Result<> post_to(SensorThingsParts const& parts, Request const& request, Responder const& respond) {
  ZHILI_TRY(auto const path, read_path(request.param("rest")));
  if (path.property != nullptr || path.own_id || path.ref || path.value || !path.steps.back().many()) return fail(no_method("GET, PATCH, PUT, DELETE"));
  auto const type = path.entity().type;
  bool const observation = type == EntityType::observation;
  // Who may: before anything is read, so that nobody learns by errors what there is.
  things::Author author;
  sense::ingest::Source source;
  if (observation) {
    ZHILI_TRY(source, parts.access.sender(request));
  } else {
    ZHILI_TRY(author, parts.access.author(request));
  }
  // Whoever may send observations may do so to private datastreams, too, without seeing them.
  auto const with = reading_parts(parts, {.staff = author.staff || observation});
  ZHILI_TRY(auto const target, parts.db->read([&](store::Reader& reader) {
    things::Reading reading(reader, with);
    return resolve(reading, path);
  }));
  ZHILI_TRY(auto draft, read_entity(type, request.body));
  if (target.from) add_link_back(draft, *target.from);
  if (observation) return post_observation(parts, request, draft, source, respond);
  ZHILI_TRY(auto out, make_entity(parts, request, draft, author));
  respond(std::move(out));
  return {};
}

core::Result<> change_observation(SensorThingsParts const& parts, things::Id id, std::function<core::Result<things::Draft>(things::Found const&)> const& changes, bool whole,
                                  things::Author const& author) {
  auto const with = reading_parts(parts, {.staff = author.staff});
  ZHILI_TRY(auto found, parts.db->read([&](store::Reader& reader) {
    things::Reading reading(reader, with);
    return reading.one(EntityType::observation, id, {});
  }));
  if (!found) return fail(Errc::not_found, "sensorthings.none", {"没有这条观测。", "There is no such Observation."});
  ZHILI_TRY(auto const draft, changes(*found));
  auto row = *found->observation;
  ZHILI_CHECK(things::check_values(draft, whole));
  if (has_whole_entities(draft)) return fail(Errc::invalid, "sensorthings.inline", {"修改时只能联系已有的实体。", "A change can link to existing entities only."}, "FeatureOfInterest");
  if (auto const to = linked_id(draft, "Datastream"); to != 0 && to != row.datastream)
    return fail(Errc::invalid, "sensorthings.move", {"观测不能换到别的数据流。", "An Observation cannot be moved to another Datastream."}, "Datastream");
  if (whole) {
    row.result_time = {};
    row.valid = {};
    row.parameters = row.quality = {};
  }
  ZHILI_CHECK(apply(row, draft));
  if (auto const feature = linked_id(draft, "FeatureOfInterest"); feature != 0) {
    ZHILI_CHECK(parts.things->use_feature(row.datastream, feature, author));
    row.feature = feature;
  }
  ZHILI_CHECK(parts.things->note_observation(row.datastream, id, false, author));
  ZHILI_CHECK(parts.observations->change(row));
  parts.extents->note(row.datastream, row.phenomenon, row.result_time ? std::optional(things::Span{*row.result_time}) : std::nullopt);
  return {};
}

/// The observations that are about a feature, by datastream; `all`: the datastream has no others.
struct AboutFeature {
  things::Id datastream = 0;
  std::vector<things::Id> ids;
  bool all = true;
};

core::Result<std::vector<AboutFeature>> about_feature(SensorThingsParts const& parts, things::Id feature) {
  return parts.db->read([&](store::Reader& reader) -> core::Result<std::vector<AboutFeature>> {
    std::vector<AboutFeature> out;
    things::Features features(reader);
    for (auto const& [datastream] : reader.rows<things::Id>("SELECT DISTINCT datastream FROM datastream_feature WHERE feature = ?", feature)) {
      AboutFeature here;
      here.datastream = datastream;
      auto budget = things::observations_looked_at_max;
      ZHILI_CHECK(things::any_observation(*parts.observations, datastream, {}, budget, [&](things::ObservationRow const& row) {
        if (features.of(row) == feature) here.ids.push_back(row.id);
        else here.all = false;
        return false;
      }));
      if (budget == 0) return fail(Errc::limit, "sensorthings.filter_limit", {"关于它的观测太多，请先删除数据流。", "Too many Observations are about it: delete their Datastreams first."});
      out.push_back(std::move(here));
    }
    return out;
  });
}

core::Result<> remove_observation(SensorThingsParts const& parts, things::Id id, things::Author const& author) {
  ZHILI_TRY(auto const row, parts.observations->find(id));
  if (!row) return fail(Errc::not_found, "sensorthings.none", {"没有这条观测。", "There is no such Observation."});
  ZHILI_CHECK(parts.things->note_observation(row->datastream, id, true, author));
  ZHILI_CHECK(parts.observations->remove(id));
  ZHILI_TRY(auto const left, parts.observations->extents(row->datastream));
  return parts.extents->renew(row->datastream, left);
}

core::Result<> remove_entity(SensorThingsParts const& parts, EntityType type, things::Id id, things::Author const& author) {
  std::vector<AboutFeature> about;
  if (type == EntityType::feature_of_interest) {
    ZHILI_TRY(about, about_feature(parts, id));
  }
  ZHILI_TRY(auto const removed, parts.things->remove(type, id, author));
  for (auto const stream : removed.datastreams) ZHILI_CHECK(parts.observations->remove_datastream(stream));
  for (auto const& here : about) {
    if (here.all) {
      ZHILI_CHECK(parts.observations->remove_datastream(here.datastream));
    } else {
      for (auto const one : here.ids) ZHILI_CHECK(parts.observations->remove(one));
    }
    ZHILI_TRY(auto const left, parts.observations->extents(here.datastream));
    ZHILI_CHECK(parts.extents->renew(here.datastream, left));
  }
  return {};
}

}  // namespace

void post_resource(SensorThingsParts const& parts, Request const& request, Responder const& respond) {
  if (auto const posted = post_to(parts, request, respond); !posted) respond(refused(posted.error()));
}

core::Result<Response> patch_resource(SensorThingsParts const& parts, Request const& request) {
  ZHILI_TRY(auto const author, parts.access.author(request));
  ZHILI_TRY(auto const target, one_target(parts, request, author));
  bool const steps = request.content_type() == "application/json-patch+json";
  auto const type = target.type;
  if (type == EntityType::observation) {
    ZHILI_CHECK(change_observation(parts, *target.id, [&](things::Found const& found) {
      return steps ? read_patch(type, request.body, Renderer::properties(found)) : read_entity(type, request.body);
    }, false, author));
  } else if (steps) {
    auto const with = reading_parts(parts, {.staff = author.staff});
    ZHILI_CHECK(parts.db->write([&](store::Writer& w) -> core::Result<> {
      things::Reading reading(w, with);
      ZHILI_TRY(auto const found, reading.one(type, *target.id, {}));
      if (!found) return fail(Errc::not_found, "sensorthings.none", {"没有这个实体。", "There is no such entity."});
      ZHILI_TRY(auto const draft, read_patch(type, request.body, Renderer::properties(*found)));
      return parts.things->change(w, type, *target.id, draft, author);
    }));
    ZHILI_CHECK(parts.things->changed(type, *target.id));
  } else {
    ZHILI_TRY(auto const draft, read_entity(type, request.body));
    ZHILI_CHECK(parts.things->change(type, *target.id, draft, author));
  }
  return shown(parts, request, author, type, *target.id, 200);
}

core::Result<Response> put_resource(SensorThingsParts const& parts, Request const& request) {
  ZHILI_TRY(auto const author, parts.access.author(request));
  ZHILI_TRY(auto const target, one_target(parts, request, author));
  ZHILI_TRY(auto const draft, read_entity(target.type, request.body));
  if (target.type == EntityType::observation) {
    ZHILI_CHECK(change_observation(parts, *target.id, [&](things::Found const&) { return core::Result<things::Draft>(draft); }, true, author));
  } else {
    ZHILI_CHECK(parts.things->replace(target.type, *target.id, draft, author));
  }
  return shown(parts, request, author, target.type, *target.id, 200);
}

core::Result<Response> delete_resource(SensorThingsParts const& parts, Request const& request) {
  ZHILI_TRY(auto const author, parts.access.author(request));
  ZHILI_TRY(auto const target, one_target(parts, request, author));
  if (target.type == EntityType::observation) {
    ZHILI_CHECK(remove_observation(parts, *target.id, author));
  } else {
    ZHILI_CHECK(remove_entity(parts, target.type, *target.id, author));
  }
  return Response::json("{}");
}

}  // namespace zhili::web::sensorthings
