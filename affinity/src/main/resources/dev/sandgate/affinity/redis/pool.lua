-- What every script of the table begins with: one pool's records, under one hash tag, and how they are read and written.
--
-- KEYS  1 meta   HASH  last: the latest moment seen, in ms; run: the server that wrote it; epoch: the latest time that
--                      the table began anew; seq: news told in this epoch; hold, kind, from: see below; gen: the latest
--                      generation given
--       2 fleet  ZSET  instance -> order in which it came
--       3 free   ZSET  instance -> slots in use; only those that are ready and have room
--       4 due    ZSET  instance -> when to look at it, no later than its earliest deadline
--       5 buried ZSET  instance|identity -> when it was declared over, against late reports
--       6 log    STREAM  news, numbered epoch-seq without a gap
--       7 nodes  ZSET  node -> when it was heard of
--       8 none   never there: while a cluster moves this slot, whatever names a missing key is refused before it begins,
--                so no script is ever half done
-- found on the way, under the same tag:
--       n:<instance>  HASH  its state: identity, life, cap, ...; x:<node>: since when that node cannot reach it
--       i:<instance>  ZSET  session -> deadline in ms: the slots that sessions hold, and the only deadline they have
--       h:<instance>  ZSET  request -> deadline in ms: the slots that reservations hold
--       g:<instance>  ZSET  session -> generation
--       o:<life>      ZSET  what i:<instance> was when this life of it ended; "!" -> when that was told,
--                     "!from" -> when it was so
--       l:<life>      STRING  what the instance was
--       s:<session>   a session: its name, home, generation, owner, birth, opener
--       t:<session>   what is remembered of one that is over
--       r:<request>   where a reservation is
-- ARGV  1 prefix of the keys  2 now in ms, in tests only  3 the pool's rules  4 run: the server's name for itself
--       5 when the asker will have given up, in ms; else empty  6 the asking node, a bar, the latest epoch that it knows
--       of this server; from 7 on what the script itself wants
-- answer {result, instances that changed, news, whether a slot became free, now, epoch, seq, ms of the hold left, kind,
--       run where the epoch is another than the asker knew, else empty}
local prefix, meta, fleet, free, due, buried, log, nodes =
  ARGV[1], KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local run, notAfter = ARGV[4], tonumber(ARGV[5])
local node, believed = string.match(ARGV[6], '^(.*)|(%d+)$')
believed = tonumber(believed)
-- Added to what is kept in order to be told, so that Redis forgets it after the table does, not before.
local SPARE = 60000
local NEWS_KEPT = 50000
local news, touched, freed = {}, {}, false
local row

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

local rules = split(ARGV[3])
local policy = {
  unused = tonumber(rules[1]), idle = tonumber(rules[2]), whole = tonumber(rules[3]), remember = tonumber(rules[4]),
  lostAfter = tonumber(rules[5]), reuse = rules[6] == '1', rebind = rules[7] == '1', placement = rules[8],
  stream = tonumber(rules[9]), reservation = tonumber(rules[10]), hold = tonumber(rules[11]), gap = tonumber(rules[12]),
  away = tonumber(rules[13]) }

-- The server's clock, and never backwards, whatever is done to it.
local kept = redis.call('HMGET', meta, 'last', 'run', 'epoch', 'seq', 'hold', 'kind', 'from')
local time = redis.call('TIME')
local last, epoch, seq = tonumber(kept[1] or '0'), tonumber(kept[3] or '0'), tonumber(kept[4] or '0')
local now = tonumber(ARGV[2]) or (tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
now = math.max(now, last)

-- A hold: for so long nothing lapses, as if time stood still since "from". Kind "prune": nobody was here for a while, so
-- uses are told first. Kind "admit": another server speaks, which may lack what was written last, so nobody is admitted
-- until all nodes told what they know.
local hold = { ends = tonumber(kept[5] or '0'), kind = kept[6] or '', from = tonumber(kept[7] or '0') }

local function suspend(kind)
  if hold.ends <= now then
    hold.kind, hold.from = kind, last > 0 and last or now
  elseif kind == 'admit' then
    hold.kind = kind
  end
  hold.ends = now + policy.hold
end

local function answer(result)
  local rows = {}
  for _, it in pairs(touched) do
    if not it.over then
      rows[#rows + 1] = row(it)
    end
  end
  return { result, rows, news, freed and 1 or 0, text(now), text(epoch), text(seq),
    text(math.max(0, hold.ends - now)), hold.kind, epoch ~= believed and run or '' }
end

-- Nobody waits for the answer any more: what admits would take slots for nobody.
if notAfter and now > notAfter then
  return answer({ 'late' })
end

local begun
if kept[2] ~= run or believed > epoch then
  -- Later than any that was known, wherever the clock stands: else those who know more would believe nothing of this.
  epoch, seq = math.max(epoch + 1, now, believed + 1), 0
  suspend('admit')
  begun = redis.pcall('HSET', meta, 'last', text(now), 'run', run, 'epoch', text(epoch), 'seq', '0', 'hold',
    text(hold.ends), 'kind', hold.kind, 'from', text(hold.from))
  redis.pcall('DEL', log)
elseif policy.gap > 0 and now - last > policy.gap then
  suspend('prune')
  begun = redis.pcall('HSET', meta, 'last', text(now), 'hold', text(hold.ends), 'kind', hold.kind, 'from',
    text(hold.from))
else
  begun = redis.pcall('HSET', meta, 'last', text(now))
end
-- The first write of every script: refused by a replica, and when memory is full, before anything is half done.
if type(begun) == 'table' and begun.err and not string.find(begun.err, 'OOM', 1, true) then
  return begun
end
local full = type(begun) == 'table' and begun.err

-- Deadlines up to this moment have passed.
local lapse = hold.ends > now and math.min(now, hold.from) or now
local closed = hold.ends > now and hold.kind == 'admit'
local hadRoom = redis.call('ZCARD', free) > 0

-- Slots are gone that nobody gave back: Redis threw them out for want of memory. As after a loss, nobody is admitted until
-- all nodes told what they know.
local function startOver()
  epoch, seq = math.max(epoch + 1, now), 0
  suspend('admit')
  redis.call('HSET', meta, 'epoch', text(epoch), 'seq', '0', 'hold', text(hold.ends), 'kind', hold.kind, 'from',
    text(hold.from))
  redis.call('DEL', log)
  closed = true
end

-- What admits or frees by time does neither while memory is full, for live sessions cannot be prolonged then.
local function begin()
  if full then
    error('OOM memory is full')
  end
end

-- Greater than every earlier one of the pool, hence than that of any earlier life of an id.
local function nextGeneration()
  local given = tonumber(redis.call('HGET', meta, 'gen') or '0')
  local generation = math.max(given + 1, now * 1000)
  redis.call('HSET', meta, 'gen', text(generation))
  return generation
end

-- Instances: read once a script.
local known = {}

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

function row(it)
  local gone = it.over
  local held = gone and 0 or redis.call('ZCARD', prefix .. 'h:' .. it.id)
  return { it.id, it.identity, it.life, state(it), it.cap, gone and 0 or sessionsOf(it), held, text(it.order), it.ver,
    it.single, it.given, it.draining or '0', next(it.missedBy) and '1' or '0' }
end

local function instance(id)
  if known[id] == nil then
    local flat = redis.call('HGETALL', prefix .. 'n:' .. id)
    local found = false
    if #flat > 0 then
      found = { id = id, missedBy = {} }
      for at = 1, #flat, 2 do
        local field = flat[at]
        if string.sub(field, 1, 2) == 'x:' then
          found.missedBy[string.sub(field, 3)] = tonumber(flat[at + 1])
        else
          found[field] = flat[at + 1]
        end
      end
      for _, field in ipairs({ 'cap', 'given', 'order', 'coolUntil', 'coolFor', 'ver' }) do
        found[field] = tonumber(found[field] or '0')
      end
    end
    known[id] = found
  end
  return known[id] or nil
end

local function write(it, ...)
  redis.call('HSET', prefix .. 'n:' .. it.id, ...)
end

-- Since when all nodes that may serve cannot reach it; nil where one of them can, or has not said. A node that was not
-- heard of for so long that it stopped serving by itself has no say.
local function missedSince(it)
  local since
  for name, from in pairs(it.missedBy) do
    since = math.max(since or 0, from)
  end
  if since then
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', nodes, '(' .. text(now - policy.away), '+inf')) do
      if not it.missedBy[name] then
        return nil
      end
    end
  end
  return since
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
  if next(it.missedBy) then
    local since = missedSince(it)
    local look = since and since + policy.lostAfter or now + 1000
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

-- Tells all nodes, in the order in which it happened.
local function publish()
  local entry = {}
  for _, item in ipairs(news) do
    if item[1] == 'changed' then
      local words = {}
      for at, word in ipairs(item[2]) do
        words[at] = tostring(word)
      end
      entry[#entry + 1] = 'i'
      entry[#entry + 1] = table.concat(words, '|')
    else
      entry[#entry + 1] = 'e'
      entry[#entry + 1] = item[2] .. '|' .. item[3] .. '|' .. item[4]
    end
  end
  if freed and not hadRoom and redis.call('ZCARD', free) > 0 then
    entry[#entry + 1] = 'f'
    entry[#entry + 1] = '1'
  end
  if #entry > 0 then
    seq = seq + 1
    redis.call('HSET', meta, 'seq', text(seq))
    redis.call('XADD', log, 'MAXLEN', '~', NEWS_KEPT, text(epoch) .. '-' .. text(seq), unpack(entry))
  end
end

local function done(result)
  publish()
  return answer(result)
end

