-- touch: tells of uses, many sessions at once. No leak: it never creates and never brings back what has lapsed; it only
-- moves deadlines away. Owned: a use of a life that is over is no use of the life that its id has now, which may be
-- another's. ARGV from 7 on, in sixes: session, instance, life, generation, lease, when it ends at the latest.
local result = {}
for at = 7, #ARGV, 6 do
  local sid, inst, life, gen = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local home = instance(inst)
  local slots = prefix .. 'i:' .. inst
  local deadline = home and home.life == life and tonumber(redis.call('ZSCORE', slots, sid) or '0') or 0
  local same = tonumber(redis.call('ZSCORE', prefix .. 'g:' .. inst, sid) or '0') == gen
  if deadline > lapse and same then
    redis.call('ZADD', slots, 'XX', 'GT', math.min(now + tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])), sid)
    result[#result + 1] = 'yes ' .. redis.call('ZSCORE', slots, sid)
  else
    local it, over = look(sid)
    over = over or (it and it.gen > gen and remembered(sid))
    result[#result + 1] = over and over.gen >= gen and over.why or 'ABSENT'
  end
end
return done(result)
