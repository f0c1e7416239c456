-- beat: this node lives; sweeps; tells a page of the pool's instances, those after order ARGV[7], at most ARGV[8]. No
-- leak: slots of full and forgotten instances are freed as well, a bounded number at a time. Whether there may be more
-- to sweep; the order of the last one told, empty where that is the last of all; and the key that hides new ids, where
-- this node, which has the keys ARGV[9], lacks it; and how many nodes were heard of lately.
redis.call('ZADD', nodes, now, node)
redis.call('ZREMRANGEBYSCORE', nodes, '-inf', now - 2 * policy.away)
local more = sweep()
local limit, order = tonumber(ARGV[8]), ''
local page = redis.call('ZRANGEBYSCORE', fleet, '(' .. ARGV[7], '+inf', 'LIMIT', 0, limit)
for _, id in ipairs(page) do
  local it = instance(id)
  if it then
    touched[id] = it
  end
end
-- Pinned: who lacks a key would open a second session for an id that it cannot find.
local keys, current = set(ARGV[9]), redis.call('HGET', meta, 'key')
local lacks = current and not keys[current] and current or ''
if lacks == '' then
  redis.call('HSET', meta, 'key', string.match(ARGV[9], '[^|]+'))
end
if #page == limit then
  order = redis.call('ZSCORE', fleet, page[limit])
end
return done({ more and 'yes' or 'no', order, lacks, text(redis.call('ZCARD', nodes)) })
