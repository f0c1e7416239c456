-- open: finds the session or opens it. Pinned: two first requests of one id get one home, for find and create are one
-- step. Capped: what lapsed is swept first, then only an instance with room is chosen. Idempotent by the request id.
local sid, owner, lease = ARGV[11], ARGV[12], tonumber(ARGV[13])
local wish = { rid = ARGV[14], hash = ARGV[15], excluded = set(ARGV[16]), order = ARGV[17] }
sweep()
local it, over = look(sid)
if not it then
  return answer(bear(sid, owner, over, wish))
end
if it.owner == owner and it.alone and it.rid == wish.rid then
  prolong(it, lease)
  return answer(told('fresh', it))
end
return answer(hit(it, owner, lease))
