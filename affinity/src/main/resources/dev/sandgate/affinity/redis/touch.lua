-- touch: tells of uses, many sessions at once. No leak: it never creates and never brings back what has lapsed; it only
-- moves deadlines away. ARGV from 7 on, in fives: session, instance, life, lease, when it ends at the latest.
local result = {}
for at = 7, #ARGV, 5 do
  local sid, inst, life = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local home = instance(inst)
  local slots = prefix .. 'i:' .. inst
  local deadline = home and home.life == life and tonumber(redis.call('ZSCORE', slots, sid) or '0') or 0
  if deadline > lapse then
    redis.call('ZADD', slots, 'XX', 'GT', math.min(now + tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])), sid)
    result[#result + 1] = 'yes ' .. redis.call('ZSCORE', slots, sid)
  else
    local _, over = look(sid)
    result[#result + 1] = over and over.why or 'ABSENT'
  end
end
return done(result)
