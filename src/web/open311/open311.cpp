#include "web/open311/open311.hpp"

#include <memory>

#include "web/base_url.hpp"
#include "web/form.hpp"
#include "web/open311/read.hpp"
#include "web/open311/request_digest.hpp"
#include "web/open311/show.hpp"

namespace zhili::web::open311 {

using core::Errc;
using core::Error;

namespace {

/// What every handler needs.
struct Service311 {
  Backend& backend;
  Options options;
  PhotoStore* photos;
  core::TimeSource const& time;
};
using Shared311 = std::shared_ptr<Service311 const>;

Response answer(Node const& node, Format format, int status = 200) {
  auto const* const type =
      format == Format::xml ? "text/xml; charset=utf-8" : "application/json; charset=utf-8";
  return {.status = status, .type = type, .body = node.write(format)};
}

Response answer_errors(Errors const& errors, Format format, core::Lang lang) {
  return answer(show_errors(errors, lang), format, open311_status(errors.front()));
}

Response answer_error(Error const& error, Format format, core::Lang lang) {
  return answer_errors({error}, format, lang);
}

/// A GET handler that first checks the jurisdiction and then turns `make`'s Result<Node> into a response.
template <class Make>
Handler reading(Shared311 const& service, Format format, Make make) {
  return [service, format, make](Request const& request) {
    if (auto const error = check_jurisdiction(request.query, service->options))
      return answer_error(*error, format, request.lang());
    core::Result<Node> const node = make(*service, request);
    return node ? answer(*node, format) : answer_error(node.error(), format, request.lang());
  };
}

core::Result<Node> get_services(Service311 const& service, Request const& request) {
  ZHILI_TRY(auto const services, service.backend.services(request.lang()));
  return show_services(services);
}

core::Result<Node> get_definition(Service311 const& service, Request const& request) {
  ZHILI_TRY(auto const definition, service.backend.definition(request.param("code"), request.lang()));
  return show_definition(definition);
}

core::Result<Node> get_token(Service311 const& service, Request const& request) {
  auto const token = request.param("token");
  ZHILI_TRY(auto const id, service.backend.id_of_token(token));
  return show_token(std::string(token), id);
}

core::Result<Node> get_one(Service311 const& service, Request const& request) {
  Query query;
  query.ids = {std::string(request.param("id"))};
  query.extensions = request.query.get("extensions") == "true";
  ZHILI_TRY(auto found, service.backend.find(query, request.lang()));
  std::erase_if(found, [](Found const& one) { return one.is_private; });
  if (found.empty()) {
    return core::fail(
        Errc::not_found, "open311.request_unknown",
        {"没有这一编号的请求，或尚未公开。", "There is no request of that id, or it is not public."},
        "service_request_id");
  }
  return show_requests(found, base_url(request), query.extensions);
}

Response get_requests(Service311 const& service, Format format, Request const& request) {
  auto const lang = request.lang();
  if (auto const error = check_jurisdiction(request.query, service.options))
    return answer_error(*error, format, lang);
  auto const query = read_query(request.query, service.time.now());
  if (!query) return answer_errors(query.error(), format, lang);
  auto const found = service.backend.find(*query, lang);
  if (!found) return answer_error(found.error(), format, lang);
  return answer(show_requests(*found, base_url(request), query->extensions), format);
}

core::Result<Form> read_post(Service311 const& service, Request const& request) {
  if (!request.secure && !request.loopback && !service.options.plain_post) {
    return core::fail(Errc::invalid, "open311.https",
                      {"提交请求须用 HTTPS。", "Requests are only taken over HTTPS."});
  }
  Form form;
  if (!request.body.empty() || !request.content_type().empty()) {
    MultipartLimits limits;
    limits.part_bytes_max = PhotoLimits{}.bytes_max;
    ZHILI_TRY(form, read_form(request, limits));
  }
  // Some clients put the key and the jurisdiction into the address.
  for (auto const& [name, value] : request.query) form.fields.add(name, value);
  return form;
}

core::Result<ServiceDefinition> wanted_service(Service311 const& service, Fields const& fields,
                                               core::Lang lang) {
  auto const code = fields.get("service_code");
  if (!code) {
    return core::fail(Errc::invalid, "open311.service_code",
                      {"缺少 service_code。", "service_code is missing."}, "service_code");
  }
  return service.backend.definition(*code, lang);
}

core::Result<std::vector<KeptPhoto>> keep_photos(Service311 const& service, std::vector<Part> const& files) {
  std::vector<KeptPhoto> kept;
  for (auto const& file : files) {
    if (file.content.empty() && file.filename == "") continue;  // a form's file field that was left empty
    auto const most = std::to_string(photos_max);
    if (service.photos == nullptr || kept.size() == photos_max)
      return core::fail(Errc::limit, "open311.photos",
                        {"最多 " + most + " 张照片。", "At most " + most + " photos."}, "photo");
    ZHILI_TRY(auto one, service.photos->keep(file.content));
    kept.push_back(std::move(one));
  }
  return kept;
}

/// Everything that has to hold before a request is made.
tl::expected<NewRequest, Errors> prepare_request(Service311 const& service, Request const& request) {
  auto const failed = [](Error const& error) { return tl::unexpected(Errors{error}); };
  auto const form = read_post(service, request);
  if (!form) return failed(form.error());
  if (auto const error = check_jurisdiction(form->fields, service.options)) return failed(*error);
  auto const holder = service.backend.key_holder(form->fields.get("api_key").value_or(""));
  if (!holder) return failed(holder.error());
  auto const definition = wanted_service(service, form->fields, request.lang());
  if (!definition) return failed(definition.error());
  auto wanted = read_new_request(form->fields, *definition);
  if (!wanted) return wanted;
  auto photos = keep_photos(service, form->files);
  if (!photos) return failed(photos.error());
  wanted->photos = std::move(*photos);
  wanted->key_holder = *holder;
  wanted->digest = request_digest(*wanted);
  if (auto const own = form->fields.get("service_request_id_ext")) wanted->sent_as = sent_as(form->fields.get("api_key").value_or(""), *own);
  return wanted;
}

void post_request(Shared311 const& service, Format format, Request const& request,
                  Responder const& responder) {
  auto const lang = request.lang();
  auto wanted = prepare_request(*service, request);
  if (!wanted) return responder(answer_errors(wanted.error(), format, lang));
  service->backend.create(std::move(*wanted), [format, lang,
                                               responder](core::Result<Created> const& created) {
    responder(created ? answer(show_created(*created), format) : answer_error(created.error(), format, lang));
  });
}

Response get_updates(Service311 const& service, Format format, Request const& request) {
  auto const lang = request.lang();
  if (auto const error = check_jurisdiction(request.query, service.options)) return answer_error(*error, format, lang);
  auto const query = read_updates_query(request.query, service.time.now());
  if (!query) return answer_errors(query.error(), format, lang);
  auto const updates = service.backend.updates(query->from, query->to, query->ids, updates_max, lang);
  return updates ? answer(show_updates(*updates, base_url(request)), format) : answer_error(updates.error(), format, lang);
}

tl::expected<NewUpdate, Errors> prepare_update(Service311 const& service, Request const& request) {
  auto const failed = [](Error const& error) { return tl::unexpected(Errors{error}); };
  auto const form = read_post(service, request);
  if (!form) return failed(form.error());
  if (auto const error = check_jurisdiction(form->fields, service.options)) return failed(*error);
  auto const holder = service.backend.key_holder(form->fields.get("api_key").value_or(""));
  if (!holder) return failed(holder.error());
  auto update = read_new_update(form->fields);
  if (update) update->key_holder = *holder;
  return update;
}

Response post_update(Service311 const& service, Format format, Request const& request) {
  auto const lang = request.lang();
  auto const update = prepare_update(service, request);
  if (!update) return answer_errors(update.error(), format, lang);
  auto const heard = service.backend.hear(*update);
  return heard ? answer(show_heard(update->update_id), format) : answer_error(heard.error(), format, lang);
}

}  // namespace

void mount(Router& router, Backend& backend, Options options, PhotoStore* photos,
           core::TimeSource const& time) {
  auto const service =
      std::make_shared<Service311 const>(Service311{backend, std::move(options), photos, time});
  RouteOptions const open{.any_origin = true};
  RouteOptions const post{.body_bytes_max = post_body_bytes_max, .any_origin = true};
  for (auto const format : {Format::xml, Format::json}) {
    auto const at = [format](std::string const& path) {
      return "/open311/v2/" + path + (format == Format::xml ? ".xml" : ".json");
    };
    router.get(
        at("discovery"),
        [service, format](Request const& r) {
          return answer(show_discovery(service->options, base_url(r)), format);
        },
        open);
    router.get(at("services"), reading(service, format, get_services), open);
    router.get(at("services/{code}"), reading(service, format, get_definition), open);
    router.get(at("tokens/{token}"), reading(service, format, get_token), open);
    router.get(at("requests/{id}"), reading(service, format, get_one), open);
    router.get(
        at("requests"), [service, format](Request const& r) { return get_requests(*service, format, r); },
        open);
    router.get(
        at("servicerequestupdates"), [service, format](Request const& r) { return get_updates(*service, format, r); }, open);
    router.post(
        at("servicerequestupdates"), [service, format](Request const& r) { return post_update(*service, format, r); }, post);
    router.on_later(
        Method::post, at("requests"),
        [service, format](Request const& r, Responder const& answer_later) {
          post_request(service, format, r, answer_later);
        },
        post);
  }
}

}  // namespace zhili::web::open311
