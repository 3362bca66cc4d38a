#pragma once

#include <cstdint>

// The C functions of waypost.wasm, called by js/core.js alone. They decode, call the core, and
// encode; they decide nothing.
//
// Memory. What is passed in stays the caller's: it comes from waypost_allocate_bytes() and goes
// with waypost_free_bytes() once the call is back. A handle belongs to the caller from its create
// function to its destroy function, and its reply belongs to the handle: it holds until the next
// call with that handle. Any call may make the memory grow, so every view of it must be taken
// afresh after it.
//
// Results. Functions that can fail return a waypost::ErrorCode (core/include/waypost/error.hpp), 0
// for success. There are no globals. Not thread-safe. Time is milliseconds since 1970; numbers that
// may exceed 32 bits are doubles, exact to 2^53, as JavaScript has them.

extern "C" {

// Every handle begins with its reply.
struct WaypostReply {
  const void* data;
  std::uint32_t bytes;
};

struct WaypostChecker;  // applies the statement rules of one version
struct WaypostEngine;   // one delivery engine

// Aligned to 8 bytes; null where there is no more memory.
void* waypost_allocate_bytes(std::uint32_t bytes);
void waypost_free_bytes(void* address);

// The stable word of an error, NUL-terminated, in static storage.
const char* waypost_read_error_word(std::int32_t error);

// --- Statements

enum WaypostRules : std::uint32_t {
  WaypostRulesVersion2 = 1,   // else 1.0.3
  WaypostRulesUnstamped = 2,  // the actor may be absent: the relay stamps it
  WaypostRulesJsonOnly = 4,   // every attachment needs its fileUrl
};

WaypostChecker* waypost_create_checker(std::uint32_t rules);
void waypost_destroy_checker(WaypostChecker* checker);

// `input` is the 16 bytes of a UUID, then event_bytes of JSON, then defaults_bytes of JSON (or
// none). Success: the reply is the statement. StatementInvalid: it is a JSON array of violations.
std::int32_t waypost_complete_event(WaypostChecker* checker, const char* input,
                                    std::uint32_t event_bytes, std::uint32_t defaults_bytes,
                                    double now_ms);

// Success: there is no reply. StatementInvalid: the reply is a JSON array of violations.
std::int32_t waypost_validate_statement(WaypostChecker* checker, const char* text,
                                        std::uint32_t bytes);

// A statement or an array of them. The reply is [{"index","valid","violations"}]. MalformedJson:
// the text is not JSON, or no list of statements; the reply is a JSON array of the one violation.
std::int32_t waypost_validate_list(WaypostChecker* checker, const char* text, std::uint32_t bytes);

// --- Delivery

// `settings`: hop, interval_ms, batch_count_max, batch_count_soon, batch_bytes_max,
// backoff_base_ms. Null where a number is out of its range.
WaypostEngine* waypost_create_engine(const double* settings, std::uint32_t seed_low,
                                     std::uint32_t seed_high);
void waypost_destroy_engine(WaypostEngine* engine);

// Facts. BadRequest: the engine has not heard of it, because it could not be read.
//
// Entries are records, one after the other, each beginning at a multiple of 8 bytes: doubles key,
// bytes, attempts, next_at_ms; 32-bit group_bytes, lane_bytes; the group; the lane.
std::int32_t waypost_tell_started(WaypostEngine* engine, double now_ms);
std::int32_t waypost_tell_enqueued(WaypostEngine* engine, const char* records, std::uint32_t bytes,
                                   double now_ms);
std::int32_t waypost_tell_loaded(WaypostEngine* engine, const char* records, std::uint32_t bytes,
                                 std::uint32_t more, double now_ms);
// `outcome`: batch, status, failure, retry_after_ms (NaN: none), extent, then key and answer of
// each result; `count` doubles in all.
std::int32_t waypost_tell_outcome(WaypostEngine* engine, const double* outcome, std::uint32_t count,
                                  double now_ms);
std::int32_t waypost_tell_timer(WaypostEngine* engine, double now_ms);
std::int32_t waypost_tell_flush(WaypostEngine* engine, double now_ms);
std::int32_t waypost_tell_online(WaypostEngine* engine, double now_ms);
std::int32_t waypost_tell_settings(WaypostEngine* engine, const double* settings, double now_ms);
std::int32_t waypost_tell_stopping(WaypostEngine* engine, double now_ms);

// The reply is the next action as doubles, empty when there is none. The first says which it is:
//   0 load: after_key, count_max · 1 send: batch, probe, keys... · 2 remove: keys...
//   3 defer: until_ms, keys... · 4 bury: keys... · 5 report: condition, raised, status, failure
std::int32_t waypost_take_action(WaypostEngine* engine);

// When to tell of the timer; NaN for no time.
double waypost_read_wakeup(const WaypostEngine* engine);

}  // extern "C"
