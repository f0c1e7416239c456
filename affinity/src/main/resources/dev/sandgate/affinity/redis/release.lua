-- release: gives a reserved slot back. Idempotent: only where this very reservation still holds it.
local held = reservation(ARGV[11])
if held and held.inst == ARGV[12] and held.identity == ARGV[13] then
  unhold(held)
  settle(held.home)
  freed = true
end
return answer({ 'yes' })
