#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include <boost/test/unit_test.hpp>

#include "proxy/raw_client.hpp"
#include "proxy/relay_process.hpp"

namespace {

namespace fs = std::filesystem;
using namespace waypost::tests;
using nlohmann::json;

// A folder as the tracker's build leaves it.
class BuiltTracker {
 public:
  BuiltTracker() {
    write("manifest.json", R"({"version":"abc","loader":"loader.js",)"
                           R"("files":{"tracker-abc.js":{},"core-abc.wasm":{}}})");
    write("loader.js", "const settings = __WAYPOST_SETTINGS__;");
    write("tracker-abc.js", "plain");
    write("tracker-abc.js.br", "brotli");
    write("tracker-abc.js.gz", "gzip");
    write("core-abc.wasm", "wasm");
    write("secret.txt", "not listed");
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.path() / name) << text;
  }

  std::string setting() const {
    return "[tracker]\nfolder = \"" + folder_.path().string() + "\"\n";
  }

 private:
  waypost::TemporaryFolder folder_;
};

struct Setting {
  BuiltTracker tracker;
  RelayProcess relay{"http://127.0.0.1:9/xapi/", tracker.setting()};

  Setting() { relay.start(); }

  RawAnswer get(const std::string& path, const std::string& head = {},
                const std::string& method = "GET") const {
    RawClient client(relay.port());
    client.send(method + " /waypost" + path + " HTTP/1.1\r\nHost: h\r\n" + head + "\r\n");
    return client.read(method == "HEAD");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tracker_files)

BOOST_AUTO_TEST_CASE(the_loader_carries_the_settings_of_its_organisation) {
  const Setting setting;
  const RawAnswer answer = setting.get("/waypost.js");
  BOOST_CHECK_EQUAL(answer.status, 200);
  BOOST_CHECK_EQUAL(answer.header("content-type"), "text/javascript; charset=utf-8");
  BOOST_CHECK_EQUAL(answer.header("cross-origin-resource-policy"), "cross-origin");
  BOOST_CHECK_EQUAL(answer.header("access-control-allow-origin"), "*");
  const std::string front = "const settings = ";
  BOOST_REQUIRE(answer.body.find(front) == 0 && answer.body.back() == ';');
  const json settings =
      json::parse(answer.body.substr(front.size(), answer.body.size() - front.size() - 1));
  BOOST_CHECK_EQUAL(settings["prefix"], "/waypost");
  BOOST_CHECK_EQUAL(settings["organisation"], "first-aid");
  BOOST_CHECK_EQUAL(settings["interval_ms"], 5000);
  BOOST_CHECK_EQUAL(settings["assets"], "/waypost/assets/");
  BOOST_CHECK_EQUAL(settings["xapi_version"], "1.0.3");
  BOOST_CHECK_EQUAL(settings["manifest"]["version"], "abc");
  BOOST_CHECK_EQUAL(settings["self_declared_home_page"],
                    std::string(kCourseOrigin) + "/waypost/self-declared");
  BOOST_CHECK_EQUAL(setting.get("/o/first-aid/waypost.js").body, answer.body);

  const std::string etag = answer.header("etag");
  BOOST_CHECK_EQUAL(setting.get("/waypost.js", "If-None-Match: " + etag + "\r\n").status, 304);
  BOOST_CHECK_EQUAL(setting.get("/waypost.js", "If-None-Match: \"other\"\r\n").status, 200);
}

BOOST_AUTO_TEST_CASE(files_are_immutable_and_compressed_for_who_takes_it) {
  const Setting setting;
  const auto encoding = [&](const std::string& accepted) {
    const RawAnswer answer =
        setting.get("/assets/tracker-abc.js",
                    accepted.empty() ? accepted : "Accept-Encoding: " + accepted + "\r\n");
    BOOST_CHECK_EQUAL(answer.header("vary"), "Accept-Encoding");
    return answer.header("content-encoding") + ':' + answer.body;
  };
  BOOST_CHECK_EQUAL(encoding(""), ":plain");
  BOOST_CHECK_EQUAL(encoding("gzip, deflate, br"), "br:brotli");
  BOOST_CHECK_EQUAL(encoding("gzip;q=0.5"), "gzip:gzip");
  BOOST_CHECK_EQUAL(encoding("br;q=0, gzip"), "gzip:gzip");
  BOOST_CHECK_EQUAL(encoding("brotli"), ":plain");
  const RawAnswer wasm = setting.get("/assets/core-abc.wasm", "Accept-Encoding: br\r\n");
  BOOST_CHECK_EQUAL(wasm.header("content-type"), "application/wasm");
  BOOST_CHECK_EQUAL(wasm.body, "wasm");
  BOOST_CHECK(wasm.header("cache-control").find("immutable") != std::string::npos);
  BOOST_CHECK_EQUAL(setting.get("/assets/core-abc.wasm", "", "HEAD").header("content-length"), "4");
}

BOOST_AUTO_TEST_CASE(only_listed_files_are_served) {
  const Setting setting;
  for (const char* path :
       {"/assets/secret.txt", "/assets/manifest.json", "/assets/", "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt", "/assets/loader.js"}) {
    BOOST_CHECK_MESSAGE(setting.get(path).status == 404, path);
  }
  BOOST_CHECK_EQUAL(setting.get("/assets/tracker-abc.js", "Content-Length: 0\r\n", "POST").status,
                    405);
}

BOOST_AUTO_TEST_CASE(an_incomplete_tracker_keeps_the_relay_from_starting) {
  const BuiltTracker tracker;
  tracker.write("manifest.json", R"({"loader":"loader.js","files":{"gone.js":{}}})");
  RelayProcess relay("http://127.0.0.1:9/xapi/", tracker.setting());
  BOOST_CHECK_THROW(relay.start(), std::runtime_error);
  BOOST_CHECK(relay.log().find("gone.js cannot be read") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
