-- confirm: makes a reservation the session of a learned id, in the same slot. Capped: where the lease was over, the cap
-- is looked at again. Known before told: the id is told only after this. Idempotent by the request id.
local rid, inst, identity, lease = ARGV[7], ARGV[8], ARGV[9], ARGV[12]
local sid, owner = named(ARGV[10], ARGV[11])
sweep()
local it, over = look(sid)
if it and it.rid == rid and it.owner == owner then
  return done(told('bound', it))
end
local held = reservation(rid)
if held and (held.inst ~= inst or held.identity ~= identity) then
  held = nil
end
local home = instance(inst)
if home and home.identity ~= identity then
  home = nil
end
-- Whose an id still is though its session is over: its home's while its lease runs there, its owner's while it is lost.
local taken = it
if over then
  local old = instance(over.inst)
  local lives = old and old.identity == over.identity
  local leased = lives and over.ends > lapse and not (over.inst == inst and over.identity == identity)
  local claimed = over.owner ~= owner
  if over.why ~= 'LOST' then
    claimed = not policy.reuse
  end
  taken = (leased or claimed) and over or nil
end
-- Who else holds slots here is not known yet.
if closed and not held then
  return done({ 'recovering' })
end
if held then
  vacate(held)
end
if taken then
  if held then
    settle(held.home)
    freed = true
  end
  return done({ 'taken', taken.inst, taken.identity })
end
if not home or (not held and used(home) >= home.cap) then
  if held then
    settle(held.home)
  end
  return done({ 'lapsed' })
end
if over and over.unwritten then
  bury(over)
end
-- The instance made this id, so it has answered: the opener has no reason to move it any more.
return done(told('bound', seat({ sid = sid, owner = owner, born = now, rid = rid, alone = false, lease = lease }, home)))
