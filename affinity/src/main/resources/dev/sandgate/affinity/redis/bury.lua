-- bury: ends that a node told before the table lost what was written last are told again. Honest: before anybody's
-- binding comes back, so that none comes back that had ended. Idempotent. ARGV from 7 on, in sevens: session, owner,
-- instance, identity, generation, why, for how long its lease goes on, in ms.
for at = 7, #ARGV, 7 do
  local gone = { sid = ARGV[at], owner = ARGV[at + 1], inst = ARGV[at + 2], identity = ARGV[at + 3],
    gen = tonumber(ARGV[at + 4]), rid = '' }
  local why, ends = ARGV[at + 5], now + tonumber(ARGV[at + 6])
  local it, over = look(gone.sid)
  if it and it.gen <= gone.gen then
    finish(it, why, ends)
  elseif not it and (not over or over.gen < gone.gen) then
    bury(tombstone(gone, why, ends, math.max(ends, now + policy.remember)))
  end
end
return done({ 'yes' })
