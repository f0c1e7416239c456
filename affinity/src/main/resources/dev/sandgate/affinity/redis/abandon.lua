-- abandon: undoes an opening that reached no instance. Pinned: only this generation, by its opener, while nobody else
-- saw it. Idempotent.
local it = look((named(ARGV[7], '')))
if it and it.gen == tonumber(ARGV[8]) and it.alone and it.rid == ARGV[9] then
  unseat(it)
  return done({ 'yes' })
end
return done({ 'no' })
