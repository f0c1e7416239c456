-- What every script of the table begins with: one pool's records, under one hash tag, and how they are read and written.
--
-- KEYS  1 meta   HASH  last: the latest moment seen, in ms; gen: the latest generation given
--       2 fleet  ZSET  instance -> order in which it came
--       3 free   ZSET  instance -> slots in use; only those that are ready and have room
--       4 due    ZSET  instance -> when to look at it, no later than its earliest deadline
--       5 buried ZSET  instance|identity -> when it was declared over, against late reports
-- found on the way, under the same tag:
--       n:<instance>  HASH  its state: identity, life, cap, ...
--       i:<instance>  ZSET  session -> deadline in ms: the slots that sessions hold, and the only deadline they have
--       h:<instance>  ZSET  request -> deadline in ms: the slots that reservations hold
--       g:<instance>  ZSET  session -> generation
--       o:<life>      ZSET  what i:<instance> was when this life of it ended; "!" -> when that was told,
--                     "!from" -> when it was so
--       s:<session>   a session: its name, home, generation, owner, birth, opener
--       t:<session>   what is remembered of one that is over
--       r:<request>   where a reservation is
-- ARGV  1 prefix of the keys  2 now in ms, in tests only  3 unused 4 idle 5 whole 6 remember 7 lostAfter, in ms
--       8 reuseId 9 rebind 10 placement; from 11 on what the script itself wants
-- answer {result, instances that changed, news, whether a slot became free}
local prefix, meta, fleet, free, due, buried = ARGV[1], KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local policy = {
  unused = tonumber(ARGV[3]), idle = tonumber(ARGV[4]), whole = tonumber(ARGV[5]), remember = tonumber(ARGV[6]),
  lostAfter = tonumber(ARGV[7]), reuse = ARGV[8] == '1', rebind = ARGV[9] == '1', placement = ARGV[10] }
local RESERVATION = 15000
-- Added to what is kept in order to be told, so that Redis forgets it after the table does, not before.
local SPARE = 60000
local news, touched, freed = {}, {}, false

-- Numbers are put into texts by this alone: tostring loses digits of a microsecond.
local function text(number)
  return string.format('%.0f', number)
end

local function split(record)
  local fields = {}
  for field in string.gmatch(record .. '|', '([^|]*)|') do
    fields[#fields + 1] = field
  end
  return fields
end

-- The server's clock, and never backwards, whatever is done to it.
local time = redis.call('TIME')
local now = tonumber(ARGV[2]) or (tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
now = math.max(now, tonumber(redis.call('HGET', meta, 'last') or '0'))

-- The first write of whatever admits or frees by time: refused when memory is full, before anything is half done.
local function begin()
  redis.call('HSET', meta, 'last', text(now))
end

-- Greater than every earlier one of the pool, hence than that of any earlier life of an id.
local function nextGeneration()
  local last = tonumber(redis.call('HGET', meta, 'gen') or '0')
  local generation = math.max(last + 1, now * 1000)
  redis.call('HSET', meta, 'gen', text(generation))
  return generation
end

-- Instances: read once a script.
local known = {}

local function instance(id)
  if known[id] == nil then
    local flat = redis.call('HGETALL', prefix .. 'n:' .. id)
    local found = false
    if #flat > 0 then
      found = { id = id }
      for at = 1, #flat, 2 do
        found[flat[at]] = flat[at + 1]
      end
      for _, field in ipairs({ 'cap', 'given', 'order', 'since', 'coolUntil', 'coolFor' }) do
        found[field] = tonumber(found[field] or '0')
      end
    end
    known[id] = found
  end
  return known[id] or nil
end

local function sessionsOf(it)
  return redis.call('ZCARD', prefix .. 'i:' .. it.id)
end

local function used(it)
  return sessionsOf(it) + redis.call('ZCARD', prefix .. 'h:' .. it.id)
end

local function state(it)
  if it.over then
    return 'GONE'
  elseif it.draining == '1' or (it.single == '1' and it.given >= it.cap) then
    return 'DRAINING'
  end
  return it.cooling == '1' and 'COOLING' or 'READY'
end

local function open(it)
  return state(it) == 'READY' and used(it) < it.cap
end

local function row(it)
  local gone = it.over
  local held = gone and 0 or redis.call('ZCARD', prefix .. 'h:' .. it.id)
  return { it.id, it.identity, it.life, state(it), it.cap, gone and 0 or sessionsOf(it), held, text(it.order) }
end

local function write(it, ...)
  redis.call('HSET', prefix .. 'n:' .. it.id, ...)
end

-- After any change of an instance or of who holds its slots: free and due say the truth again.
local function settle(it)
  touched[it.id] = it
  if it.over then
    return
  end
  if open(it) then
    redis.call('ZADD', free, used(it), it.id)
  else
    redis.call('ZREM', free, it.id)
  end
  local first
  for _, kind in ipairs({ 'i:', 'h:' }) do
    local earliest = redis.call('ZRANGE', prefix .. kind .. it.id, 0, 0, 'WITHSCORES')
    if earliest[2] and (not first or tonumber(earliest[2]) < first) then
      first = tonumber(earliest[2])
    end
  end
  if it.unreachable == '1' then
    local look = it.since + policy.lostAfter
    if it.cooling == '1' then
      look = math.min(look, it.coolUntil)
    end
    first = math.min(first or look, look)
  end
  if first then
    redis.call('ZADD', due, first, it.id)
  else
    redis.call('ZREM', due, it.id)
  end
end

local function give(it)
  it.given = it.given + 1
  write(it, 'given', it.given)
end

