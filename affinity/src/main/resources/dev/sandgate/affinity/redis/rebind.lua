-- rebind: moves a session for its opener while nobody else saw it, or opens a lost one anew. Pinned: a session that
-- others know moves only when its instance's life is over here, never because somebody cannot connect.
local sid, owner = named(ARGV[7], ARGV[8])
local lease, gen = tonumber(ARGV[9]), tonumber(ARGV[10])
local wish = { rid = ARGV[11], hash = ARGV[12], excluded = set(ARGV[13]), order = ARGV[14],
  seen = tonumber(ARGV[16]) }
sweep()
local it, over = look(sid)
if not it then
  if over and over.why == 'LOST' then
    return done(bear(sid, owner, over, wish))
  end
  return done(find(sid, owner, lease, it, over))
end
-- ARGV 15: whether the asking node, which alone sees requests that ask nobody, saw none but the opener's.
if not it.alone or it.rid ~= wish.rid or ARGV[15] ~= '1' then
  return done({ 'inuse' })
end
if it.gen > gen and not wish.excluded[it.inst] then
  return done(told('fresh', it))
end
if closed then
  return done({ 'recovering' })
end
-- An id that came back to its old home stays there, for requests of its old life may still be on their way.
local before = remembered(sid)
local old = before and before.ends > lapse and instance(before.inst)
if old and old.identity == before.identity then
  return done({ 'ending', text(before.ends - now) })
end
wish.excluded[it.inst] = true
local home = choose(wish.hash, wish.excluded, wish.order)
if not home then
  return done(none(it.inst))
end
unseat(it)
return done(told('fresh', seat(it, home)))
