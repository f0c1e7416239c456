-- extend: renews the lease of a reservation that has not lapsed. No leak: one that has is not brought back.
local held = reservation(ARGV[11])
if not held or held.inst ~= ARGV[12] or held.identity ~= ARGV[13] then
  return answer({ 'no' })
end
hold(held.rid, held.home)
return answer({ 'yes' })
