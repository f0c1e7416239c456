-- beat: sweeps, and tells every instance of the pool. No leak: slots of full and forgotten instances are freed as well,
-- a bounded number at a time. Whether there may be more to do.
local more = sweep()
for _, id in ipairs(redis.call('ZRANGE', fleet, 0, -1)) do
  local it = instance(id)
  if it then
    touched[id] = it
  end
end
return answer({ more and 'yes' or 'no' })
