-- assert: instances as a node last saw them, after the table lost what was written last. What is newer wins: a later
-- life, or a later version of the same. Pinned: one whose life is known to be over does not come back. Idempotent.
-- ARGV from 7 on, in nines: instance, identity, life, cap, single, given, order, draining, version.
local function restore(told)
  local it = instance(told.id)
  if entombed(told.id, told.identity) then
    return
  elseif not it then
    arrive(told)
  elseif it.identity == told.identity and told.ver > it.ver then
    local before = picture(it)
    it.cap, it.single, it.draining, it.ver = told.cap, told.single, told.draining, told.ver
    it.given = math.max(it.given, told.given)
    write(it, 'cap', it.cap, 'single', it.single, 'draining', it.draining, 'given', it.given, 'ver', it.ver)
    settle(it)
    compare(before, it)
  elseif it.identity ~= told.identity and tonumber(told.life) > tonumber(it.life) then
    entomb(it)
    endLife(it, now)
    arrive(told)
  end
end

for at = 7, #ARGV, 9 do
  restore({ id = ARGV[at], identity = ARGV[at + 1], life = ARGV[at + 2], cap = tonumber(ARGV[at + 3]),
    single = ARGV[at + 4], given = tonumber(ARGV[at + 5]), order = tonumber(ARGV[at + 6]), draining = ARGV[at + 7],
    ver = tonumber(ARGV[at + 8]) })
end
return done({ 'yes' })
