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
--       o:<life>      ZSET  what i:<instance> was when this life of it ended; "!" -> when that was
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

-- Sessions. A record is: name|instance|identity|life|generation|owner|birth|opener|alone
local function session(sid)
  local record = redis.call('GET', prefix .. 's:' .. sid)
  if not record then
    return nil
  end
  local f = split(record)
  if f[1] ~= sid then
    error('another session stands under this name')
  end
  return { sid = sid, inst = f[2], identity = f[3], life = f[4], gen = tonumber(f[5]), owner = f[6],
    born = tonumber(f[7]), rid = f[8], alone = f[9] == '1' }
end

local function keep(it)
  local record = table.concat({ it.sid, it.inst, it.identity, it.life, text(it.gen), it.owner, text(it.born), it.rid,
    it.alone and '1' or '0' }, '|')
  local left = math.max(1, it.born + policy.whole - now) + policy.remember + SPARE
  redis.call('SET', prefix .. 's:' .. it.sid, record, 'PX', text(left))
end

-- Takes the session off its instance's slots.
local function unseat(it)
  redis.call('ZREM', prefix .. 'i:' .. it.inst, it.sid)
  redis.call('ZREM', prefix .. 'g:' .. it.inst, it.sid)
  redis.call('DEL', prefix .. 's:' .. it.sid)
  settle(instance(it.inst))
  freed = true
end

-- A tombstone remembers its home: until "ends" the id comes back there or not at all.
local function tombstone(it, why, ends, forget)
  return { sid = it.sid, inst = it.inst, identity = it.identity, gen = it.gen, owner = it.owner, why = why,
    ends = ends, forget = forget, rid = it.alone and it.rid or '' }
end

local function bury(over)
  local record = table.concat({ over.sid, over.inst, over.identity, text(over.gen), over.owner, over.why,
    text(over.ends), text(over.forget), over.rid }, '|')
  redis.call('SET', prefix .. 't:' .. over.sid, record, 'PX', text(math.max(1, over.forget - now) + SPARE))
end

local function remembered(sid)
  local record = redis.call('GET', prefix .. 't:' .. sid)
  if not record then
    return nil
  end
  local f = split(record)
  if f[1] ~= sid then
    error('another session stands under this name')
  end
  local over = { sid = sid, inst = f[2], identity = f[3], gen = tonumber(f[4]), owner = f[5], why = f[6],
    ends = tonumber(f[7]), forget = tonumber(f[8]), rid = f[9] }
  return over.forget > now and over or nil
end

-- Frees the slot first, then remembers: a full memory refuses only the second.
local function finish(it, why, deadline)
  unseat(it)
  local ends = why == 'EXPIRED' and now or math.max(now, deadline)
  bury(tombstone(it, why, ends, math.max(ends, now + policy.remember)))
  news[#news + 1] = { 'ended', it.sid, text(it.gen), why }
end

-- What became of a session whose instance's life ended: nothing was written into it then.
local function lost(it)
  local grave = prefix .. 'o:' .. it.life
  local at, ends = redis.call('ZSCORE', grave, '!'), redis.call('ZSCORE', grave, it.sid)
  if not at or not ends then
    return nil
  end
  at, ends = tonumber(at), tonumber(ends)
  local over = tombstone(it, ends > at and 'LOST' or 'EXPIRED', ends, math.max(ends, at + policy.remember))
  over.unwritten = true
  return over.forget > now and over or nil
end

-- The live session of this name, nil, its deadline; or nil and what is remembered of one that is over.
local function look(sid)
  local it = session(sid)
  if it then
    local home = instance(it.inst)
    if home and home.life == it.life then
      local deadline = tonumber(redis.call('ZSCORE', prefix .. 'i:' .. it.inst, sid) or '0')
      if deadline > now then
        return it, nil, deadline
      elseif deadline > 0 then
        begin()
        finish(it, 'EXPIRED', deadline)
      end
    else
      local over = lost(it)
      if over then
        return nil, over
      end
    end
  end
  return nil, remembered(sid)
end

local function deadline(it, lease)
  return math.min(now + lease, it.born + policy.whole)
end

-- A hit is a use: it only ever moves the deadline away.
local function prolong(it, lease)
  redis.call('ZADD', prefix .. 'i:' .. it.inst, 'XX', 'GT', deadline(it, lease), it.sid)
end

local function told(word, it)
  return { word, it.sid, it.inst, it.identity, it.life, text(it.gen), text(it.born), text(now),
    redis.call('ZSCORE', prefix .. 'i:' .. it.inst, it.sid) }
end

-- A session takes a slot that was chosen for it or that it has already; it has a new generation.
local function seat(it, home)
  it.inst, it.identity, it.life, it.gen = home.id, home.identity, home.life, nextGeneration()
  redis.call('ZADD', prefix .. 'i:' .. home.id, deadline(it, policy.unused), it.sid)
  redis.call('ZADD', prefix .. 'g:' .. home.id, it.gen, it.sid)
  keep(it)
  settle(home)
  return it
end

-- Reservations.
local function reservation(rid)
  local record = redis.call('GET', prefix .. 'r:' .. rid)
  if not record then
    return nil
  end
  local f = split(record)
  local home = instance(f[2])
  local ends = home and home.life == f[4] and redis.call('ZSCORE', prefix .. 'h:' .. f[2], rid)
  if f[1] ~= rid or not ends or tonumber(ends) <= now then
    return nil
  end
  return { rid = rid, inst = f[2], identity = f[3], home = home }
end

local function hold(rid, home)
  local record = table.concat({ rid, home.id, home.identity, home.life }, '|')
  redis.call('ZADD', prefix .. 'h:' .. home.id, now + RESERVATION, rid)
  redis.call('SET', prefix .. 'r:' .. rid, record, 'PX', text(RESERVATION + SPARE))
end

local function unhold(held)
  redis.call('ZREM', prefix .. 'h:' .. held.inst, held.rid)
  redis.call('DEL', prefix .. 'r:' .. held.rid)
end

-- The end of an instance's life, in one step however many sessions it held: they are lost because its life is over.
local function endLife(it)
  local slots, grave = prefix .. 'i:' .. it.id, prefix .. 'o:' .. it.life
  if redis.call('EXISTS', slots) == 1 then
    redis.call('RENAME', slots, grave)
  end
  redis.call('ZADD', grave, now, '!')
  redis.call('PEXPIRE', grave, text(math.max(policy.remember, policy.idle) + SPARE))
  redis.call('UNLINK', prefix .. 'h:' .. it.id, prefix .. 'g:' .. it.id, prefix .. 'n:' .. it.id)
  redis.call('ZREM', fleet, it.id)
  redis.call('ZREM', free, it.id)
  redis.call('ZREM', due, it.id)
  it.over = true
  known[it.id] = false
  touched[it.id] = it
  news[#news + 1] = { 'changed', row(it) }
end

-- Tells a change of state or cap, and whether there is room now where there was none.
local function compare(before, it)
  local after = { state = state(it), cap = it.cap, open = open(it) }
  if after.state == before.state and after.cap == before.cap then
    return
  end
  news[#news + 1] = { 'changed', row(it) }
  freed = freed or (after.open and (not before.open or after.cap > before.cap))
end

local function picture(it)
  return { state = state(it), cap = it.cap, open = open(it) }
end

-- What time does to an instance that nobody reaches: its cool-down ends, or its life.
local function watch(it)
  if it.unreachable ~= '1' then
    return
  end
  if now - it.since >= policy.lostAfter then
    endLife(it)
  elseif it.cooling == '1' and now >= it.coolUntil then
    local before = picture(it)
    it.cooling = '0'
    write(it, 'cooling', '0')
    compare(before, it)
  end
end

-- Does what is due, full instances too, a bounded number at a time; whether there may be more.
local function sweep()
  begin()
  local left = 64
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 4)) do
    local it = instance(id)
    if it then
      local gone = redis.call('ZRANGEBYSCORE', prefix .. 'i:' .. id, '-inf', now, 'LIMIT', 0, left)
      left = left - #gone
      for _, sid in ipairs(gone) do
        look(sid)
        -- Whatever its record says: a member that nobody can look up must not hold its slot for ever.
        redis.call('ZREM', prefix .. 'i:' .. id, sid)
        redis.call('ZREM', prefix .. 'g:' .. id, sid)
      end
      local lapsed = redis.call('ZRANGEBYSCORE', prefix .. 'h:' .. id, '-inf', now, 'LIMIT', 0, left)
      left = left - #lapsed
      for _, rid in ipairs(lapsed) do
        unhold({ rid = rid, inst = id })
        freed = true
      end
      if left > 0 then
        watch(it)
      end
      if not it.over then
        settle(it)
      end
    else
      redis.call('ZREM', due, id)
    end
    if left <= 0 then
      break
    end
  end
  return #redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 1) > 0
end

-- Placement: one open instance, of which a slot counts as given from now on.
local function set(list)
  local found = {}
  for word in string.gmatch(list, '[^|]+') do
    found[word] = true
  end
  return found
end

-- The first in this order that was not tried in vain; it looks at no more than those and one.
local function first(command, excluded)
  for at = 0, 1000, 16 do
    local page = redis.call(command, free, at, at + 15)
    for _, id in ipairs(page) do
      if not excluded[id] then
        return id
      end
    end
    if #page < 16 then
      return nil
    end
  end
end

-- Among those that hold as many, where the hash points.
local function among(id, hash, excluded)
  local score = redis.call('ZSCORE', free, id)
  local equals = redis.call('ZCOUNT', free, score, score)
  local at = tonumber(hash) % equals
  for step = 0, math.min(equals, 16) - 1 do
    local found = redis.call('ZRANGEBYSCORE', free, score, score, 'LIMIT', (at + step) % equals, 1)[1]
    if not excluded[found] then
      return found
    end
  end
  return id
end

local function choose(hash, excluded, order)
  local id
  if policy.placement == 'HASH' then
    for word in string.gmatch(order, '[^|]+') do
      if not id and not excluded[word] and redis.call('ZSCORE', free, word) then
        id = word
      end
    end
  elseif policy.placement == 'PACK' then
    id = first('ZREVRANGE', excluded)
  end
  if not id then
    id = first('ZRANGE', excluded)
    id = id and among(id, hash, excluded)
  end
  if not id then
    return nil
  end
  local it = instance(id)
  give(it)
  return it
end

-- May an id that is over open a session, and where: its home, or a refusal, or neither where anywhere will do.
local function comeback(over, owner, rid, excluded)
  if over.owner ~= owner then
    return nil, { 'unknown' }
  end
  local may = policy.reuse
  if over.why == 'LOST' then
    may = policy.rebind or (over.rid ~= '' and over.rid == rid)
  end
  if not may then
    return nil, { 'over', over.why }
  end
  local home = instance(over.inst)
  if home and home.identity == over.identity and over.ends > now then
    if not open(home) or excluded[home.id] then
      return nil, { 'ending', text(over.ends - now) }
    end
    give(home)
    return home
  end
end

-- Opens a session of this name, which does not live.
local function bear(sid, owner, over, wish)
  local home, refusal
  if over then
    home, refusal = comeback(over, owner, wish.rid, wish.excluded)
    if refusal then
      return refusal
    end
  end
  home = home or choose(wish.hash, wish.excluded, wish.order)
  if not home then
    return { 'full' }
  end
  if over and over.unwritten then
    bury(over)
  end
  return told('fresh', seat({ sid = sid, owner = owner, born = now, rid = wish.rid, alone = true }, home))
end

-- A known session for somebody else than its opener, who may not move it from now on.
local function hit(it, owner, lease)
  if it.owner ~= owner then
    return { 'unknown' }
  end
  if it.alone then
    it.alone = false
    keep(it)
  end
  prolong(it, lease)
  return told('kept', it)
end

local function find(sid, owner, lease, it, over)
  if it then
    return hit(it, owner, lease)
  end
  return over and over.owner == owner and { 'over', over.why } or { 'unknown' }
end

local function answer(result)
  local rows = {}
  for _, it in pairs(touched) do
    if not it.over then
      rows[#rows + 1] = row(it)
    end
  end
  return { result, rows, news, freed and 1 or 0 }
end

