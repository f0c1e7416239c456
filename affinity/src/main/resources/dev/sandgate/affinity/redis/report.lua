-- report: what the world outside tells of an instance. Pinned: a report on an incarnation that is not the current one
-- changes nothing, however late it comes; a new one ends the life of the old, whose sessions are lost at once.
-- ARGV 7 kind, 8 instance, 9 identity, 10 cap, 11 whether its slots are given once
local kind, id, identity = ARGV[7], ARGV[8], ARGV[9]
local FIRST_COOLING, LONGEST_COOLING = 1000, 30000

local function appear(predecessor)
  if entombed(id, identity) then
    return
  end
  local order = nextGeneration()
  local born = { id = id, identity = identity, life = text(order), order = order, cap = tonumber(ARGV[10]),
    single = ARGV[11], given = 0, draining = '0', ver = 1 }
  if predecessor then
    born.order = predecessor.order
    entomb(predecessor)
    endLife(predecessor, now)
  end
  arrive(born)
end

-- One more node cannot reach it, or still cannot: that one node still cannot keeps no others away, who can.
local function unreachable(it)
  local first, said = not next(it.missedBy), it.missedBy[node]
  if not said then
    it.missedBy[node] = now
    write(it, 'x:' .. node, text(now))
  end
  if it.cooling ~= '1' and (not said or missedSince(it)) then
    it.coolFor = first and FIRST_COOLING or math.min(2 * it.coolFor, LONGEST_COOLING)
    it.cooling, it.coolUntil = '1', now + it.coolFor
    write(it, 'cooling', '1', 'coolFor', it.coolFor, 'coolUntil', text(it.coolUntil))
  end
end

-- This node reaches it. Others, which do not, still have their say; those that are gone have none.
local function reachable(it)
  for name in pairs(it.missedBy) do
    local heard = redis.call('ZSCORE', nodes, name)
    if name == node or not heard or tonumber(heard) <= now - policy.away then
      it.missedBy[name] = nil
      redis.call('HDEL', prefix .. 'n:' .. it.id, 'x:' .. name)
    end
  end
  if not next(it.missedBy) then
    it.cooling = '0'
    write(it, 'cooling', '0')
  end
end

sweep()
local it = instance(id)
if kind == 'gone' and not (it and it.identity == identity) then
  entomb({ id = id, identity = identity })
end
if not it or it.identity ~= identity then
  if kind == 'ready' or kind == 'found' then
    appear(it)
  end
  return done({ 'yes' })
end
local before = picture(it)
local single = it.single
if kind == 'gone' then
  entomb(it)
  endLife(it, now)
elseif kind == 'unreachable' then
  unreachable(it)
  if policy.lostAfter == 0 then
    watch(it)
  end
elseif kind == 'reachable' then
  reachable(it)
elseif kind == 'draining' then
  it.draining = '1'
else
  it.cap, it.single = tonumber(ARGV[10]), ARGV[11]
  it.draining = kind == 'ready' and '0' or it.draining
end
if not it.over then
  local after = picture(it)
  if after.state ~= before.state or after.cap ~= before.cap or single ~= it.single then
    it.ver = it.ver + 1
    write(it, 'cap', it.cap, 'single', it.single, 'draining', it.draining, 'ver', it.ver)
  end
  settle(it)
  compare(before, it)
end
return done({ 'yes' })
