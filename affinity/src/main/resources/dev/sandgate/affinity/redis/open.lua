-- open: finds the session or opens it. Pinned: two first requests of one id get one home, for find and create are one
-- step. Capped: what lapsed is swept first, then only an instance with room is chosen. Idempotent by the request id.
local sid, owner = named(ARGV[7], ARGV[8])
local lease = tonumber(ARGV[9])
local wish = { rid = ARGV[10], hash = ARGV[11], excluded = set(ARGV[12]), order = ARGV[13], seen = tonumber(ARGV[14]) }
sweep()
local it, over = look(sid)
if not it then
  return done(bear(sid, owner, over, wish))
end
if it.owner == owner and it.alone and it.rid == wish.rid then
  prolong(it, lease)
  return done(told('fresh', it))
end
return done(hit(it, owner, lease))
