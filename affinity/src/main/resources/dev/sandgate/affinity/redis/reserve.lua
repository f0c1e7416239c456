-- reserve: holds a slot for a session without an id. Capped: what lapsed is swept first, then only an instance with room
-- is chosen. Idempotent: the same request has one slot, moved where its instance was tried in vain.
local wish = { rid = ARGV[11], hash = ARGV[12], excluded = set(ARGV[13]), order = ARGV[14] }
sweep()
local held = reservation(wish.rid)
if held and not wish.excluded[held.inst] then
  hold(wish.rid, held.home)
  return answer({ 'held', held.inst, held.identity })
end
if held then
  unhold(held)
  settle(held.home)
  freed = true
end
local home = choose(wish.hash, wish.excluded, wish.order)
if not home then
  return answer({ 'full' })
end
hold(wish.rid, home)
settle(home)
return answer({ 'held', home.id, home.identity })
