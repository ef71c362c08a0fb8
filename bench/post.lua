-- Reports as a client of Open311 would send them: every one different, as form data.
local key = os.getenv("BENCH_KEY") or "bench"
local items = {}
for code in (os.getenv("BENCH_ITEMS") or ""):gmatch("[^,]+") do items[#items + 1] = code end
local lat = tonumber(os.getenv("BENCH_LAT") or "34.86")
local lon = tonumber(os.getenv("BENCH_LON") or "117.55")
local sent = 0
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init()
  math.randomseed(20260712 + number)
end

function request()
  sent = sent + 1
  local body = string.format(
    "api_key=%s&service_code=%s&lat=%.6f&long=%.6f&description=%%E8%%B7%%AF%%E8%%BE%%B9%%E5%%A0%%86%%E7%%9D%%80%%E5%%9E%%83%%E5%%9C%%BE+%d-%d-%d",
    key, items[math.random(#items)], lat + (math.random() - 0.5) * 0.03, lon + (math.random() - 0.5) * 0.03,
    number, sent, math.random(1, 1000000000))
  return wrk.format("POST", "/open311/v2/requests.json", {
    ["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
  }, body)
end


function done(summary, latency)
  local seconds = summary.duration / 1e6
  io.write(string.format(
    "{\"per_second\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, \"requests\": %d, \"not_2xx\": %d, \"socket_errors\": %d}\n",
    summary.requests / seconds, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.requests, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
