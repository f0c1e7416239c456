-- release: gives a reserved slot back. Idempotent: only where this very reservation still holds it.
local held = reservation(ARGV[7])
if held and held.inst == ARGV[8] and held.identity == ARGV[9] then
  vacate(held)
  settle(held.home)
  freed = true
end
return done({ 'yes' })
