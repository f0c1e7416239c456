-- abandon: undoes an opening that reached no instance. Pinned: only this generation, by its opener, while nobody else
-- saw it. Idempotent.
local it = look(ARGV[11])
if it and it.gen == tonumber(ARGV[12]) and it.alone and it.rid == ARGV[13] then
  unseat(it)
  return answer({ 'yes' })
end
return answer({ 'no' })
