-- report: what the world outside tells of an instance. Pinned: a report on an incarnation that is not the current one
-- changes nothing, however late it comes; a new one ends the life of the old, whose sessions are lost at once.
local kind, id, identity = ARGV[11], ARGV[12], ARGV[13]
local FIRST_COOLING, LONGEST_COOLING, MOST_BURIED = 1000, 30000, 10000

local function entomb(it)
  redis.call('ZADD', buried, now, it.id .. '|' .. it.identity)
  redis.call('ZREMRANGEBYRANK', buried, 0, -MOST_BURIED - 1)
end

local function appear(predecessor)
  if redis.call('ZSCORE', buried, id .. '|' .. identity) then
    return
  end
  local order = nextGeneration()
  local born = { id = id, identity = identity, life = text(order), order = order, cap = tonumber(ARGV[14]),
    single = ARGV[15], given = 0 }
  if predecessor then
    born.order = predecessor.order
    entomb(predecessor)
    endLife(predecessor, now)
  end
  write(born, 'identity', identity, 'life', born.life, 'order', text(born.order), 'cap', born.cap, 'single',
    born.single, 'given', 0)
  known[id] = born
  redis.call('ZADD', fleet, born.order, id)
  settle(born)
  news[#news + 1] = { 'changed', row(born) }
  freed = true
end

local function unreachable(it)
  if it.unreachable ~= '1' then
    it.unreachable, it.since, it.coolFor = '1', now, FIRST_COOLING
  elseif it.cooling == '1' then
    return
  else
    it.coolFor = math.min(2 * it.coolFor, LONGEST_COOLING)
  end
  it.cooling, it.coolUntil = '1', now + it.coolFor
  write(it, 'unreachable', '1', 'since', text(it.since), 'cooling', '1', 'coolFor', it.coolFor, 'coolUntil',
    text(it.coolUntil))
end

sweep()
local it = instance(id)
if not it or it.identity ~= identity then
  if kind == 'ready' then
    appear(it)
  end
  return answer({ 'yes' })
end
local before = picture(it)
if kind == 'gone' then
  entomb(it)
  endLife(it, now)
elseif kind == 'unreachable' then
  unreachable(it)
  if policy.lostAfter == 0 then
    endLife(it, now)
  end
elseif kind == 'reachable' then
  it.unreachable, it.cooling = '0', '0'
  write(it, 'unreachable', '0', 'cooling', '0')
elseif kind == 'draining' then
  it.draining = '1'
  write(it, 'draining', '1')
else
  it.cap, it.single, it.draining = tonumber(ARGV[14]), ARGV[15], '0'
  write(it, 'cap', it.cap, 'single', it.single, 'draining', '0')
end
if not it.over then
  settle(it)
  compare(before, it)
end
return answer({ 'yes' })
