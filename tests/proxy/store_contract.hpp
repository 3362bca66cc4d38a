#pragma once

// What every store must do. A backend's test file says
//
//   struct MyBackend {                      // one storage, empty when constructed
//     std::unique_ptr<Store> open();        // opens it, again and again; one at a time
//   };
//   using StoreBackends = std::tuple<MyBackend>;
//   #include "store_contract.hpp"
//
// and every case below runs against it.

#include "store_contract/append_cases.hpp"
#include "store_contract/dead_letter_cases.hpp"
#include "store_contract/forget_cases.hpp"
#include "store_contract/model_cases.hpp"
#include "store_contract/queue_cases.hpp"
#include "store_contract/quota_cases.hpp"
#include "store_contract/registration_cases.hpp"
#include "store_contract/settlement_cases.hpp"
