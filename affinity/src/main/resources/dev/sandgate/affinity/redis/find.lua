-- find: where a session lives, or what became of it. Owned: to another principal it does not exist. Writes no more than
-- the end of a session that has lapsed, and that somebody looked.
local sid, owner, lease = ARGV[11], ARGV[12], tonumber(ARGV[13])
return answer(find(sid, owner, lease, look(sid)))
