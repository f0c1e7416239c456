-- reserve: holds a slot for a session without an id. Capped: what lapsed is swept first, then only an instance with room
-- is chosen. Idempotent: the same request has one slot, moved where its instance was tried in vain.
local wish = { rid = ARGV[7], hash = ARGV[8], excluded = set(ARGV[9]), order = ARGV[10] }
sweep()
local held = reservation(wish.rid)
if held and not wish.excluded[held.inst] then
  occupy(wish.rid, held.home)
  return done({ 'held', held.inst, held.identity })
end
if held then
  vacate(held)
  settle(held.home)
  freed = true
end
if closed then
  return done({ 'recovering' })
end
local home = choose(wish.hash, wish.excluded, wish.order)
if not home then
  return done(none())
end
occupy(wish.rid, home)
settle(home)
return done({ 'held', home.id, home.identity })
