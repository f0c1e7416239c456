-- extend: renews the lease of a reservation that has not lapsed. No leak: one that has is not brought back.
local held = reservation(ARGV[7])
if not held or held.inst ~= ARGV[8] or held.identity ~= ARGV[9] then
  return done({ 'no' })
end
occupy(held.rid, held.home)
return done({ 'yes' })
