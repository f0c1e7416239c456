-- find: where a session lives, or what became of it. Owned: to another principal it does not exist. Writes no more than
-- the end of a session that has lapsed, and that somebody looked.
local sid, owner = named(ARGV[7], ARGV[8])
local lease = tonumber(ARGV[9])
return done(find(sid, owner, lease, look(sid)))
