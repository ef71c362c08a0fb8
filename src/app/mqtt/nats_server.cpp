#include "app/mqtt/nats_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr std::chrono::milliseconds nats_start_max{10'000};
constexpr std::chrono::milliseconds nats_stop_max{5'000};
constexpr std::chrono::milliseconds nats_look_pause{10};

std::filesystem::path nats_program() {
  for (auto const* path : {"/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"})
    if (std::filesystem::exists(path)) return path;
  return {};
}

class LoopbackSocket {
 public:
  LoopbackSocket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~LoopbackSocket() { ::close(fd_); }
  LoopbackSocket(LoopbackSocket const&) = delete;
  static sockaddr_in address(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
  }
  std::uint16_t free_port() const {
    auto wanted = address(0);
    socklen_t size = sizeof wanted;
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&wanted), size) != 0 || ::getsockname(fd_, reinterpret_cast<sockaddr*>(&wanted), &size) != 0) return 0;
    return ntohs(wanted.sin_port);
  }
  bool reaches(std::uint16_t port) const {
    auto const to = address(port);
    return ::connect(fd_, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0;
  }

 private:
  int fd_;
};

/// Waits for a child to end, at most so long.
bool ends_within(pid_t child, std::chrono::milliseconds wait) {
  int const fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  if (fd < 0) return true;
  pollfd ended{fd, POLLIN, 0};
  bool const out = ::poll(&ended, 1, static_cast<int>(wait.count())) > 0;
  ::close(fd);
  return out;
}

bool nats_listens(std::uint16_t port) { return LoopbackSocket().reaches(port); }

std::string random_password() {
  std::array<unsigned char, 24> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, sodium_base64_ENCODED_LEN(24, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

/// A text in nats-server's configuration.
std::string nats_text(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

core::Result<> write_secret(std::filesystem::path const& path, std::string_view text) {
  int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool const good = fd >= 0 && ::fchmod(fd, 0600) == 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!good) return fail(Errc::unavailable, "nats.file", {"写不了 " + path.string(), "Cannot write " + path.string()});
  return {};
}

}  // namespace

core::Result<std::unique_ptr<NatsServer>> NatsServer::start(NatsServerOptions options) {
  std::unique_ptr<NatsServer> out(new NatsServer());
  out->program_ = nats_program();
  if (out->program_.empty())
    return fail(Errc::not_found, "nats.program", {"没有安装 nats-server：apt-get install nats-server。", "nats-server is not installed: apt-get install nats-server."});
  out->folder_ = std::filesystem::absolute(options.folder);
  std::error_code failed;
  std::filesystem::create_directories(out->folder_, failed);
  out->client_port_ = options.client_port != 0 ? options.client_port : LoopbackSocket().free_port();
  out->mqtt_port_ = options.mqtt_port;
  while (out->mqtt_port_ == 0 || out->mqtt_port_ == out->client_port_) out->mqtt_port_ = LoopbackSocket().free_port();
  auto const own_password = random_password();
  out->device_password_ = options.device_password.empty() ? random_password() : options.device_password;
  out->url_ = fmt::format("nats://zhili:{}@127.0.0.1:{}", own_password, out->client_port_);
  // MQTT's own subjects ($MQTT.…) are the server's affair. Devices write under devices/ and hear nothing; who they are is not known here.
  ZHILI_CHECK(write_secret(out->folder_ / "nats-server.conf",
                           fmt::format("# Written by zhili at each start.\n"
                                       "listen: \"127.0.0.1:{}\"\n"
                                       "server_name: zhili\n"
                                       "max_payload: 1MB\n"
                                       "jetstream {{ store_dir: {} }}\n"
                                       "mqtt {{ listen: \"127.0.0.1:{}\" }}\n"
                                       "authorization {{ users = [\n"
                                       "  {{ user: zhili, password: {} }}\n"
                                       "  {{ user: devices, password: {}, permissions: {{ publish: [\"devices.>\"], subscribe: [\"$MQTT.sub.>\"] }} }}\n"
                                       "] }}\n",
                                       out->client_port_, nats_text((out->folder_ / "messages").string()), out->mqtt_port_, nats_text(own_password), nats_text(out->device_password_))));
  ZHILI_CHECK(out->launch());
  return out;
}

core::Result<> NatsServer::launch() {
  auto const configuration = (folder_ / "nats-server.conf").string();
  auto const log = (folder_ / "nats-server.log").string();
  auto const program = program_.string();
  auto const parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);  // it died meanwhile
    int const out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::close_range(3, ~0U, 0);  // our sockets are not its own
    ::signal(SIGINT, SIG_IGN);  // Ctrl-C is for us, who then ask it to end
    ::execl(program.c_str(), program.c_str(), "-c", configuration.c_str(), nullptr);
    ::_exit(127);
  }
  auto const until = std::chrono::steady_clock::now() + nats_start_max;
  while (pid_ > 0 && std::chrono::steady_clock::now() < until && !ends_within(pid_, nats_look_pause))
    if (nats_listens(client_port_) && nats_listens(mqtt_port_)) return {};
  return fail(Errc::unavailable, "nats.start", {"nats-server 没有启动，原因见 " + log, "nats-server did not start; its log has the reason: " + log}, {}, log);
}

bool NatsServer::runs() const {
  if (pid_ <= 0) return false;
  if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void NatsServer::stand_still(bool still) { ::kill(pid_, still ? SIGSTOP : SIGCONT); }

void NatsServer::kill() {
  if (!runs()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

core::Result<> NatsServer::restart() {
  kill();
  return launch();
}

NatsServer::~NatsServer() {
  if (!runs()) return;
  ::kill(pid_, SIGTERM);
  ends_within(pid_, nats_stop_max);
  kill();
}

}  // namespace zhili::app
