#pragma once

#include <string>
#include <string_view>

namespace waypost::relay {

// A password or API secret in memory: never printed, overwritten when it is no longer needed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  // For the one place that sends it; never for a log or an error message.
  std::string_view reveal() const { return text_; }

  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

// Overwrites what `text` holds, in a way that the compiler does not remove, and empties it.
void wipe(std::string& text);

}  // namespace waypost::relay
