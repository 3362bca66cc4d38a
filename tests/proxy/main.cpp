#define BOOST_TEST_MODULE waypost_relay
#include <boost/test/included/unit_test.hpp>
