-- end: ends a session of this generation or an older one. Honest: it is remembered as ended, with its home. Idempotent:
-- a later life has a greater generation.
local sid, owner, gen = ARGV[11], ARGV[12], tonumber(ARGV[13])
local it, _, deadline = look(sid)
if not it or it.gen > gen or it.owner ~= owner then
  return answer({ 'no' })
end
-- ARGV 14: the lease of a use that was not told yet; requests of this life may still be on their way out.
finish(it, 'ENDED', math.max(deadline, math.min(now + tonumber(ARGV[14]), it.born + policy.whole)))
return answer({ 'yes' })
