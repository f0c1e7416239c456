-- take: gives permits of one limit and key, as many as are there, each once (GCRA: all that is kept is one moment).
-- KEYS 1 STRING when the bucket will be full again, in us; not there: it is full
-- ARGV 1 permits in each  2 so many us  3 permits of a full bucket  4 permits asked for, 0 or more
--      5 permits worth coming back for, at most a full bucket  6 now in us, in tests; else empty
-- answer {permits given, us until those worth coming back for are there, permits left}
local each, bucket = tonumber(ARGV[2]) / tonumber(ARGV[1]), tonumber(ARGV[3])
local asked, worth, now = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local test = now ~= nil
if not test then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local kept = tonumber(redis.call('GET', KEYS[1]) or now)
local full, empty = math.max(kept, now), now + bucket * each
-- Later than for an empty bucket: a clock that went back, or a limit that was changed. Nobody waits for that.
local astray = full > empty + 1
if astray then
  full = empty
end
-- what adding lost: a permit is there when its time has come, not a hair later
local hair = math.min(0.001, 0.5 / each)
local there = bucket - (full - now) / each
local given = math.max(0, math.min(asked, math.floor(there + hair)))
if given > 0 or astray then
  full = full + given * each
  -- a test's hour is over in a second, or takes two
  local keep = test and 3600000 or math.ceil((full - now) / 1000) + 1
  redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', keep)
end
local left = math.max(0, there - given)
return { given, math.max(0, math.ceil((worth - left) * each - 0.5)), math.floor(left + hair) }
