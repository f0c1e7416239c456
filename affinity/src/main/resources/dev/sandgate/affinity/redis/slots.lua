-- Reservations.
local function reservation(rid)
  local record = redis.call('GET', prefix .. 'r:' .. rid)
  if not record then
    return nil
  end
  local f = split(record)
  local home = instance(f[2])
  local ends = home and home.life == f[4] and redis.call('ZSCORE', prefix .. 'h:' .. f[2], rid)
  if f[1] ~= rid or not ends or tonumber(ends) <= lapse then
    return nil
  end
  return { rid = rid, inst = f[2], identity = f[3], home = home }
end

local function occupy(rid, home)
  local record = table.concat({ rid, home.id, home.identity, home.life }, '|')
  redis.call('ZADD', prefix .. 'h:' .. home.id, now + policy.reservation, rid)
  redis.call('SET', prefix .. 'r:' .. rid, record, 'PX', text(policy.reservation + SPARE))
end

local function vacate(held)
  redis.call('ZREM', prefix .. 'h:' .. held.inst, held.rid)
  redis.call('DEL', prefix .. 'r:' .. held.rid)
end

-- The end of an instance's life, in one step however many sessions it held: they are lost because its life is over.
-- Those whose time was over before that had expired.
local function endLife(it, from)
  local slots, grave = prefix .. 'i:' .. it.id, prefix .. 'o:' .. it.life
  if redis.call('EXISTS', slots) == 1 then
    redis.call('RENAME', slots, grave)
  end
  -- What time stands still for has not expired.
  redis.call('ZADD', grave, now, '!', math.min(from, lapse), '!from')
  local kept = text(math.max(policy.remember, policy.idle) + SPARE)
  redis.call('PEXPIRE', grave, kept)
  redis.call('SET', prefix .. 'l:' .. it.life, it.identity, 'PX', kept)
  redis.call('UNLINK', prefix .. 'h:' .. it.id, prefix .. 'g:' .. it.id, prefix .. 'n:' .. it.id)
  redis.call('ZREM', fleet, it.id)
  redis.call('ZREM', free, it.id)
  redis.call('ZREM', due, it.id)
  it.over = true
  known[it.id] = false
  touched[it.id] = it
  news[#news + 1] = { 'changed', row(it) }
end

-- This life of an instance is over for good: no report brings it back.
local function entomb(it)
  redis.call('ZADD', buried, now, it.id .. '|' .. it.identity)
  redis.call('ZREMRANGEBYRANK', buried, 0, -10001)
end

local function entombed(id, identity)
  return redis.call('ZSCORE', buried, id .. '|' .. identity)
end

-- An instance begins: as one that holds nothing yet.
local function arrive(it)
  it.missedBy = {}
  write(it, 'identity', it.identity, 'life', it.life, 'order', text(it.order), 'cap', it.cap, 'single', it.single,
    'given', it.given, 'draining', it.draining, 'ver', it.ver)
  known[it.id] = it
  redis.call('ZADD', fleet, text(it.order), it.id)
  settle(it)
  news[#news + 1] = { 'changed', row(it) }
  freed = true
end

local function picture(it)
  return { state = state(it), cap = it.cap, open = open(it), missed = next(it.missedBy) ~= nil }
end

-- Tells a change of state or cap, or that a first node cannot reach it: all find out then whether they can, also where it
-- drains and so does not cool. And whether there is room now where there was none.
local function compare(before, it)
  local after = picture(it)
  if after.state == before.state and after.cap == before.cap and (before.missed or not after.missed) then
    return
  end
  news[#news + 1] = { 'changed', row(it) }
  freed = freed or (after.open and (not before.open or after.cap > before.cap))
end

-- What time does to an instance that somebody cannot reach: its cool-down ends; or its life, where nobody reached it for
-- too long. Pinned: one node that cannot is not enough, for sessions may go on through the others.
local function watch(it)
  if not next(it.missedBy) then
    return
  end
  local since = missedSince(it)
  if since and now - since >= policy.lostAfter and hold.ends <= now then
    endLife(it, since + policy.lostAfter)
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
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', lapse, 'LIMIT', 0, 4)) do
    local it = instance(id)
    if it then
      -- Who is due and missed by nobody holds something.
      if not next(it.missedBy) and used(it) == 0 then
        startOver()
      end
      -- What lapses after its instance was lost is lost, too.
      local since = missedSince(it)
      local horizon = since and math.min(lapse, since + policy.lostAfter) or lapse
      local gone = redis.call('ZRANGEBYSCORE', prefix .. 'i:' .. id, '-inf', horizon, 'LIMIT', 0, left)
      left = left - #gone
      for _, sid in ipairs(gone) do
        look(sid)
        -- Whatever its record says: a member that nobody can look up must not hold its slot for ever.
        redis.call('ZREM', prefix .. 'i:' .. id, sid)
        redis.call('ZREM', prefix .. 'g:' .. id, sid)
      end
      local lapsed = redis.call('ZRANGEBYSCORE', prefix .. 'h:' .. id, '-inf', lapse, 'LIMIT', 0, left)
      left = left - #lapsed
      for _, rid in ipairs(lapsed) do
        vacate({ rid = rid, inst = id })
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
  return #redis.call('ZRANGEBYSCORE', due, '-inf', lapse, 'LIMIT', 0, 1) > 0
end

