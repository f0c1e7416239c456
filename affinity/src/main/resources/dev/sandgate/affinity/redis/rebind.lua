-- rebind: moves a session for its opener while nobody else saw it, or opens a lost one anew. Pinned: a session that
-- others know moves only when its instance's life is over here, never because somebody cannot connect.
local sid, owner, lease, gen = ARGV[11], ARGV[12], tonumber(ARGV[13]), tonumber(ARGV[14])
local wish = { rid = ARGV[15], hash = ARGV[16], excluded = set(ARGV[17]), order = ARGV[18] }
sweep()
local it, over = look(sid)
if not it then
  if over and over.why == 'LOST' then
    return answer(bear(sid, owner, over, wish))
  end
  return answer(find(sid, owner, lease, it, over))
end
-- ARGV 19: whether the asking node, which alone sees requests that ask nobody, saw none but the opener's.
if not it.alone or it.rid ~= wish.rid or ARGV[19] ~= '1' then
  return answer({ 'inuse' })
end
if it.gen > gen and not wish.excluded[it.inst] then
  return answer(told('fresh', it))
end
wish.excluded[it.inst] = true
local home = choose(wish.hash, wish.excluded, wish.order)
if not home then
  return answer({ 'full', it.inst })
end
unseat(it)
return answer(told('fresh', seat(it, home)))
