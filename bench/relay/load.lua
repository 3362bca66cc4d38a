-- wrk script: every request carries statements that no request carried before.
-- Environment: BENCH_DOOR (post | xapi), BENCH_BATCH (statements a request), BENCH_ORIGIN, BENCH_PATH.
local door = os.getenv("BENCH_DOOR") or "post"
local batch = tonumber(os.getenv("BENCH_BATCH") or "1")
local origin = os.getenv("BENCH_ORIGIN")
local path = os.getenv("BENCH_PATH")

local threads = 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

-- A plausible statement of about 1 KB: what a quiz reports of one question.
local statement = [[{"id":"%s","actor":{"objectType":"Agent","name":"Ada Example","account":{"homePage":"]]
  .. origin .. [[/waypost/self-declared","name":"learner-%d"}},"verb":{"id":"http://adlnet.gov/expapi/verbs/answered","display":{"en":"answered","de":"beantwortete"}},"object":{"objectType":"Activity","id":"https://courses.example.org/first-aid/quiz/question-3","definition":{"name":{"en":"Question 3","de":"Frage 3"},"description":{"en":"How many compressions a minute does an adult need?"},"type":"http://adlnet.gov/expapi/activities/cmi.interaction","interactionType":"numeric","correctResponsesPattern":["100[:]120"]}},"result":{"score":{"scaled":0.75,"raw":3,"min":0,"max":4},"success":true,"response":"110","duration":"PT12.5S"},"context":{"registration":"%s","language":"en","platform":"Example Learning","contextActivities":{"parent":[{"id":"https://courses.example.org/first-aid/quiz"}],"grouping":[{"id":"https://courses.example.org/first-aid"}]}},"timestamp":"2026-11-23T08:00:00.000Z"}]]

local counter = 0
local run = 0

function init(args)
  math.randomseed(os.time() * 10 + thread_number)
  run = math.random(0, 0x7fffffff)
end

local function uuid()
  counter = counter + 1
  return string.format("%08x-%04x-4%03x-8%03x-%04x%08x", run, thread_number,
    math.floor(counter / 0x100000) % 0x1000, math.random(0, 0xfff), math.random(0, 0xffff),
    counter % 0x100000000)
end

local function statements()
  local list = {}
  for i = 1, batch do
    local learner = math.random(1, 500)
    local registration = string.format("00000000-0000-4000-8000-%012x", learner)
    list[i] = string.format(statement, uuid(), learner, registration)
  end
  return table.concat(list, ",")
end

function request()
  if door == "xapi" then
    return wrk.format("POST", path, {
      ["Content-Type"] = "application/json",
      ["X-Experience-API-Version"] = "1.0.3",
      ["Origin"] = origin,
    }, "[" .. statements() .. "]")
  end
  return wrk.format("POST", path, { ["Content-Type"] = "text/plain", ["Origin"] = origin },
    string.format('{"v":1,"nonce":"%016x","sent_ms":1795420800000,"offset_ms":0,"kind":"statements","entries":[%s]}',
      counter, statements()))
end
