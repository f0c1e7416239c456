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
  -- Capped: what free says was so after the last change.
  if tonumber(redis.call('ZSCORE', free, id)) ~= used(it) then
    startOver()
    settle(it)
    return nil
  end
  give(it)
  return it
end

-- Why there is none.
local function none(...)
  return closed and { 'recovering' } or { 'full', ... }
end

-- May an id that is over open a session, and where: its home, or a refusal, or neither where anywhere will do.
local function comeback(over, owner, wish)
  if over.owner ~= owner then
    return nil, { 'unknown' }
  end
  local may = policy.reuse
  if over.why == 'LOST' then
    may = policy.rebind or (over.rid ~= '' and over.rid == wish.rid and wish.seen < over.gen)
  end
  if not may then
    return nil, { 'over', over.why }
  end
  local home = instance(over.inst)
  if home and home.identity == over.identity and over.ends > lapse then
    if not open(home) or wish.excluded[home.id] then
      return nil, { 'ending', text(over.ends - now) }
    end
    give(home)
    return home
  end
end

-- Opens a session of this name, which does not live.
local function bear(sid, owner, over, wish)
  if closed then
    return { 'recovering' }
  end
  local home, refusal
  if over then
    home, refusal = comeback(over, owner, wish)
    if refusal then
      return refusal
    end
  end
  home = home or choose(wish.hash, wish.excluded, wish.order)
  if not home then
    return none()
  end
  if over and over.unwritten then
    bury(over)
  end
  return told('fresh', seat({ sid = sid, owner = owner, born = now, rid = wish.rid, alone = true, lease = 'USE' },
    home))
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
  if over then
    return over.owner == owner and { 'over', over.why } or { 'unknown' }
  end
  -- Known before told: what the table may have lost is not called unknown.
  return { closed and 'recovering' or 'unknown' }
end

