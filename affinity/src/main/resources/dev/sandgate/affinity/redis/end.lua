-- end: ends a session of this generation or an older one. Honest: it is remembered as ended, with its home. Idempotent:
-- a later life has a greater generation.
local sid, owner = named(ARGV[7], ARGV[8])
local gen = tonumber(ARGV[9])
local it, _, deadline = look(sid)
if not it or it.gen > gen or (owner ~= '*' and it.owner ~= owner) then
  return done({ 'no' })
end
-- ARGV 10: the lease of a use that was not told yet; requests of this life may still be on their way out.
finish(it, 'ENDED', math.max(deadline, math.min(now + tonumber(ARGV[10]), it.born + policy.whole)))
return done({ 'yes' })
