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
-- Those whose time was over before that had expired.
local function endLife(it, from)
  local slots, grave = prefix .. 'i:' .. it.id, prefix .. 'o:' .. it.life
  if redis.call('EXISTS', slots) == 1 then
    redis.call('RENAME', slots, grave)
  end
  redis.call('ZADD', grave, now, '!', from, '!from')
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
    endLife(it, it.since + policy.lostAfter)
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
      -- What lapses after its instance was lost is lost, too.
      local horizon = it.unreachable == '1' and math.min(now, it.since + policy.lostAfter) or now
      local gone = redis.call('ZRANGEBYSCORE', prefix .. 'i:' .. id, '-inf', horizon, 'LIMIT', 0, left)
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

