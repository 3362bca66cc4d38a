// jemalloc reads this before main(): few arenas, and pages given back soon, so that a burst does
// not stay in the relay's memory.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:500,muzzy_decay_ms:0";
}
