-- undo: takes back what a request got whose asker heard no answer: its reservation, or the session it opened, unless
-- somebody else has seen that. Sent when the request itself can no longer come (its notAfter is over). Idempotent.
-- ARGV 7 the request, 8 the session's name or empty, 9 whether its id was learned, and told to nobody
local held = reservation(ARGV[7])
if held then
  vacate(held)
  settle(held.home)
  freed = true
end
local it = ARGV[8] ~= '' and look((named(ARGV[8], '')))
if it and it.rid == ARGV[7] and (it.alone or ARGV[9] == '1') then
  unseat(it)
end
return done({ 'yes' })
