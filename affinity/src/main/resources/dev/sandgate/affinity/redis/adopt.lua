-- adopt: bindings as a node knows them, after the table lost what was written last. Pinned: the later life wins, and what
-- has ended stays so. Capped: where there is no room left, the session is lost. No leak: nothing lives longer than the
-- node was promised. Idempotent. ARGV from 7 on, in nines: session, instance, identity, generation, owner, birth, lease,
-- for how long it may go on, in ms, and whether somebody but its opener knows it (else the opener's request).
local result = {}
sweep()
for at = 7, #ARGV, 9 do
  local sid, inst, identity, gen = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local it, over = look(sid)
  local home = instance(inst)
  local ends = now + tonumber(ARGV[at + 7])
  if it and it.gen == gen then
    redis.call('ZADD', prefix .. 'i:' .. it.inst, 'XX', 'GT', math.min(ends, it.born + policy.whole), sid)
    result[#result + 1] = 'yes ' .. it.life
  elseif it and it.gen > gen then
    result[#result + 1] = 'LOST'
  elseif over and over.gen >= gen then
    result[#result + 1] = over.why
  elseif not home and not entombed(inst, identity) then
    -- Nobody told of its instance yet, in a table that has just begun anew.
    result[#result + 1] = 'WAIT'
  else
    if it then
      unseat(it)
    end
    local back = { sid = sid, inst = inst, identity = identity, life = home and home.life or '', gen = gen,
      owner = ARGV[at + 4], born = tonumber(ARGV[at + 5]), rid = ARGV[at + 8], alone = ARGV[at + 8] ~= '',
      lease = ARGV[at + 6] }
    if not home or home.identity ~= identity or used(home) >= home.cap then
      -- Honest: whoever comes with it is told that it is lost, not that it never was.
      bury(tombstone(back, 'LOST', ends, math.max(ends, now + policy.remember)))
      result[#result + 1] = 'LOST'
    else
      redis.call('ZADD', prefix .. 'i:' .. inst, math.min(ends, back.born + policy.whole), sid)
      redis.call('ZADD', prefix .. 'g:' .. inst, text(gen), sid)
      keep(back)
      settle(home)
      if gen > tonumber(redis.call('HGET', meta, 'gen') or '0') then
        redis.call('HSET', meta, 'gen', text(gen))
      end
      result[#result + 1] = 'yes ' .. home.life
    end
  end
end
return done(result)
