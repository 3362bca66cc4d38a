#define BOOST_TEST_MODULE waypost_core
#include <boost/test/included/unit_test.hpp>
