-- Sessions. A record is: name|instance|life|generation|owner|birth|opener|alone|lease; without a birth where that is the
-- generation's, and with as much of its name as shows whose record it is. What its instance is, stands with that.
local function session(sid)
  local record = redis.call('GET', prefix .. 's:' .. sid)
  if not record then
    return nil
  end
  local f = split(record)
  if f[1] ~= string.sub(sid, 1, 8) then
    error('another session stands under this name')
  end
  local gen = tonumber(f[4])
  local home = instance(f[2])
  return { sid = sid, inst = f[2], identity = home and home.life == f[3] and home.identity or '', life = f[3],
    gen = gen, owner = f[5], born = tonumber(f[6]) or math.floor(gen / 1000), rid = f[7], alone = f[8] == '1',
    lease = f[9] }
end

local function keep(it)
  local born = it.born ~= math.floor(it.gen / 1000) and text(it.born) or ''
  local record = table.concat({ string.sub(it.sid, 1, 8), it.inst, it.life, text(it.gen), it.owner, born, it.rid, it.alone and '1' or '0',
    it.lease }, '|')
  local left = math.max(1, it.born + policy.whole - now) + policy.remember + SPARE
  redis.call('SET', prefix .. 's:' .. it.sid, record, 'PX', text(left))
end

-- Under which of these names a session stands: ids are hidden with the newest key, and looked for with all. The first
-- where there is none. And its owner's, which is hidden with the same key.
local function named(names, owners)
  local all, whose = split(names), split(owners)
  for at, name in ipairs(all) do
    if redis.call('EXISTS', prefix .. 's:' .. name, prefix .. 't:' .. name) > 0 then
      return name, whose[at]
    end
  end
  return all[1], whose[1]
end

-- Takes the session off its instance's slots.
local function unseat(it)
  redis.call('ZREM', prefix .. 'i:' .. it.inst, it.sid)
  redis.call('ZREM', prefix .. 'g:' .. it.inst, it.sid)
  redis.call('DEL', prefix .. 's:' .. it.sid)
  local home = instance(it.inst)
  if home then
    settle(home)
  end
  freed = true
end

-- A tombstone remembers its home: until "ends" the id comes back there or not at all.
local function tombstone(it, why, ends, forget)
  return { sid = it.sid, inst = it.inst, identity = it.identity, gen = it.gen, owner = it.owner, why = why,
    ends = ends, forget = forget, rid = it.alone and it.rid or '' }
end

local function bury(over)
  local record = table.concat({ string.sub(over.sid, 1, 8), over.inst, over.identity, text(over.gen), over.owner, over.why,
    text(over.ends), text(over.forget), over.rid }, '|')
  redis.call('SET', prefix .. 't:' .. over.sid, record, 'PX', text(math.max(1, over.forget - now) + SPARE))
end

local function remembered(sid)
  local record = redis.call('GET', prefix .. 't:' .. sid)
  if not record then
    return nil
  end
  local f = split(record)
  if f[1] ~= string.sub(sid, 1, 8) then
    error('another session stands under this name')
  end
  local over = { sid = sid, inst = f[2], identity = f[3], gen = tonumber(f[4]), owner = f[5], why = f[6],
    ends = tonumber(f[7]), forget = tonumber(f[8]), rid = f[9] }
  return over.forget > lapse and over or nil
end

-- Frees the slot first, then remembers: a full memory refuses only the second.
local function finish(it, why, deadline)
  unseat(it)
  -- What expired did so at its deadline, however late that was noticed: during a hold, "now" has not passed.
  local ends = why == 'EXPIRED' and deadline or math.max(now, deadline)
  bury(tombstone(it, why, ends, math.max(ends, now + policy.remember)))
  news[#news + 1] = { 'ended', it.sid, text(it.gen), why, it.owner, it.inst, it.identity, text(ends) }
end

-- What became of a session whose instance's life ended: nothing was written into it then.
local function lost(it)
  local grave = prefix .. 'o:' .. it.life
  local at, ends = redis.call('ZSCORE', grave, '!'), redis.call('ZSCORE', grave, it.sid)
  if not at or not ends then
    return nil
  end
  at, ends = tonumber(at), tonumber(ends)
  local why = ends > tonumber(redis.call('ZSCORE', grave, '!from')) and 'LOST' or 'EXPIRED'
  it.identity = redis.call('GET', prefix .. 'l:' .. it.life) or ''
  local over = tombstone(it, why, ends, math.max(ends, at + policy.remember))
  over.unwritten = true
  return over.forget > lapse and over or nil
end

-- The live session of this name, nil, its deadline; or nil and what is remembered of one that is over.
local function look(sid)
  local it = session(sid)
  if it then
    local home = instance(it.inst)
    if home and home.life == it.life then
      local deadline = tonumber(redis.call('ZSCORE', prefix .. 'i:' .. it.inst, sid) or '0')
      if deadline > lapse then
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
  return math.min(now + (it.lease == 'STREAM' and policy.stream or lease), it.born + policy.whole)
end

-- A hit is a use: it only ever moves the deadline away.
local function prolong(it, lease)
  redis.call('ZADD', prefix .. 'i:' .. it.inst, 'XX', 'GT', deadline(it, lease), it.sid)
end

local function told(word, it)
  return { word, it.sid, it.inst, it.identity, it.life, text(it.gen), text(it.born), it.lease,
    redis.call('ZSCORE', prefix .. 'i:' .. it.inst, it.sid), it.alone and it.rid or '' }
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

